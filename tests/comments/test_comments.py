"""Threads: who said what to whom, from markups of many systems, and from hostile ones."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.comments import Thread, ThreadCount, gap_reason, read_count, read_thread
from pipelines.comments.rules.systems import find_widget
from pipelines.document import Unreadable, index_tree, open_document
from storage.records import Page

NOW = datetime(2014, 6, 18, 10, 0, tzinfo=UTC)
URL = "https://voorbeeld.nl/stuk/"


def read(html: str, head: str = "") -> Thread:
    body = (
        f"<html><head>{head}</head><body><h1>Stuk</h1><div class='entry-content'><p>De "
        f"tekst van het stuk.</p></div>{html}</body></html>"
    )
    return read_thread(
        open_document(
            Page(
                url=URL, body=body.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8"
            )
        )
    )


def outline(thread: Thread) -> list[tuple[str | None, int | None, str]]:
    return [(comment.author, comment.parent_position, comment.text) for comment in thread.comments]


NESTED = """<ol id="comments">
<li class="comment" id="comment-1"><div class="comment-body"><cite class="fn">Anna</cite> <span \
class="says">zegt:</span>
<a href="#comment-1">3 mei 2014 om 10:21</a><p>Eerste regel.</p><p>Tweede regel.</p><a \
href="?replytocom=1#respond">Beantwoorden</a></div>
<ul class="children"><li class="comment" id="comment-2"><div class="comment-body"><cite \
class="fn">Bram</cite> <a href="#comment-2">3 mei 2014 om 11:00</a>
<p>Antwoord aan Anna.</p></div></li></ul></li>
<li class="comment" id="comment-3"><div class="comment-body"><cite class="fn">Cor</cite> <a \
href="#comment-3">4 mei 2014 om 9:00</a><p>Los.</p></div></li></ol>"""
MICRODATA = """<div itemscope itemtype="https://schema.org/Comment"><span \
itemprop="author">Anna</span><time itemprop="dateCreated" \
datetime="2014-05-03T10:21:00+02:00">toen</time>
<div itemprop="text">Eerste regel.</div></div><div itemscope \
itemtype="https://schema.org/Comment"><span itemprop="author">Bram</span>
<time itemprop="dateCreated" datetime="2014-05-03T11:00:00+02:00">toen</time><div \
itemprop="text">Tweede.</div></div>"""
HOUSE = """<div id="reacties"><h3>Reacties (2)</h3><div class="reactie" id="reactie-7"><span \
class="naam">Anna</span><span class="datum">3 mei 2014, 10.21 uur</span>
<div class="reactie-tekst">Eerste regel.</div></div><div class="reactie" id="reactie-8"><span \
class="naam">Bram</span><span class="datum">3 mei 2014, 11.00 uur</span>
<a class="reactie-op" href="#reactie-7">In reactie op Anna</a><div \
class="reactie-tekst">Antwoord.</div></div></div>"""


def test_nested_lists_make_replies() -> None:
    thread = read(NESTED)
    assert outline(thread) == [
        ("Anna", None, "Eerste regel.\n\nTweede regel."),
        ("Bram", 0, "Antwoord aan Anna."),
        ("Cor", None, "Los."),
    ]
    assert [comment.source_id for comment in thread.comments] == ["1", "2", "3"]
    assert [comment.date_created_precision for comment in thread.comments] == ["minute"] * 3
    assert thread.order == "oldest"


def test_microdata() -> None:
    assert outline(read(MICRODATA)) == [("Anna", None, "Eerste regel."), ("Bram", None, "Tweede.")]


def test_a_house_made_markup_with_a_link_to_the_parent() -> None:
    thread = read(HOUSE)
    assert outline(thread) == [("Anna", None, "Eerste regel."), ("Bram", 0, "Antwoord.")]
    assert (thread.declared, thread.gap_reason) == (2, None)
    assert thread.comments[1].parent_how == "link"


def test_json_ld_comments_with_replies() -> None:
    head = """<script type="application/ld+json">\
{"@type":"Article","comment":[{"@type":"Comment","text":"<p>Eén &amp; al</p>",
    "author":{"name":"Anna"},"dateCreated":"2014-05-03T10:21:00+02:00","comment":{"text":"Ja",\
"author":"Bram"}}]}</script>"""
    thread = read("", head)
    assert outline(thread) == [("Anna", None, "Eén & al"), ("Bram", 0, "Ja")]
    assert thread.comments[0].method == "json-ld"


@pytest.mark.parametrize(
    ("name", "block"),
    [
        (
            "latest comments",
            "<aside><ul class='recentcomments'><li class='comment'><a>Anna</a> op "
            "<a href='/x'>Stuk</a></li></ul></aside>",
        ),
        (
            "a form",
            "<div id='respond'><h3>Laat een reactie "
            "achter</h3><form><textarea></textarea></form></div>",
        ),
        (
            "related",
            "<ul class='related'><li class='post'>Een stuk</li><li "
            "class='post'>Nog een</li><li class='post'>Meer</li></ul>",
        ),
        ("a quote", "<blockquote class='comment'>Zei iemand ooit.</blockquote>"),
    ],
)
def test_what_is_no_thread_gives_none(name: str, block: str) -> None:
    assert read(block).comments == (), name


def test_the_same_words_posted_twice_stay_two_comments() -> None:
    twice = NESTED.replace("Los.", "Antwoord aan Anna.")
    assert len(read(twice).comments) == 3


def test_a_withheld_comment_is_kept_as_such() -> None:
    thread = read(
        NESTED.replace("<p>Los.</p>", "<p>Deze reactie is verwijderd door de redactie.</p>")
    )
    assert [comment.status for comment in thread.comments] == ["visible", "visible", "withheld"]


def test_pingbacks_are_counted_and_no_comments() -> None:
    html = f"<h2>4 reacties</h2>{NESTED}".replace(
        "</ol>", "<li class='pingback' id='comment-9'>Pingback: <a href='/'>Elders</a></li></ol>"
    )
    thread = read(f"<div id='comments'>{html}</div>")
    assert (len(thread.comments), thread.pingbacks, thread.declared, thread.gap_reason) == (
        3,
        1,
        4,
        "pingbacks",
    )


@pytest.mark.parametrize("box", ["id=trackbacks", "id=Pingbacks", "class=trackback", "id=pinglist"])
def test_a_box_named_for_pingbacks_by_id_or_class_holds_no_comments(box: str) -> None:
    elsewhere = "".join(
        f"<li class='comment' id='comment-9{n}'><cite>Blad {n}</cite>"
        f"<time>4 mei 2019 10:0{n}</time><p>Ook bij ons draait de molen weer, deel {n}.</p></li>"
        for n in range(3)
    )
    thread = read(f"<div id='comments'>{NESTED}</div><div {box}><ol>{elsewhere}</ol></div>")
    assert (len(thread.comments), thread.pingbacks) == (3, 3)


@pytest.mark.parametrize(("box", "declared"), [("article", 3), ("div", None)])
def test_a_number_in_the_articles_own_footer_counts(box: str, declared: int | None) -> None:
    number = (
        '<footer class="kop"><p><a href="#comments"><span class="comments-link">3 '
        "reacties</span></a></p></footer>"
    )
    thread = read(
        f"<{box}><h1>De molen draait</h1>{number}<p>"
        f"{'De molen draait weer, na al die jaren. ' * 9}</p></{box}>"
    )
    assert (thread.declared, thread.gap_reason) == (declared, "unknown" if declared else None)


def test_no_mail_or_avatar_address_is_read() -> None:
    html = NESTED.replace(
        '<cite class="fn">Cor</cite>',
        "<img src='https://secure.gravatar.com/avatar/1'><cite class='fn'><a "
        "href='mailto:cor@voorbeeld.nl'>Cor</a></cite>",
    )
    (comment,) = [comment for comment in read(html).comments if comment.author == "Cor"]
    assert comment.author_url is None
    assert "gravatar" not in repr(comment)
    assert "cor@" not in repr(comment)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("11 reacties", 11), ("Eén reactie", 1), ("Reacties (4)", 4),
        ("1.204 reacties op dit stuk", 1204), ("Nog geen reacties", 0),
        ("Toon alle 12 reacties", 12), ("3 gedachten over “Stuk”", 3), ("Reageer", None),
        ("2014", None), ("Reacties", None), ("Reacties (4 van 12)", 12), ("Reacties: 4/12", None),
        ("Comments (1 of 7)", 7), ("Er is 4 keer gereageerd", 4), ("Al 12x gereageerd", 12),
        ("Er is 3 keer vergaderd", None), ("Reacties (4 mei 2012)", None),
    ],
)  # fmt: skip
def test_declared_counts(text: str, count: int | None) -> None:
    assert read_count(text) == count


@pytest.mark.parametrize(
    ("capture", "signs", "reason"),
    [
        (ThreadCount(11, 8), "", "unknown"), (ThreadCount(11, 11), "", None),
        (ThreadCount(11, 10, 1), "", "pingbacks"), (ThreadCount(11, 8), "pagination", "pagination"),
        (ThreadCount(None, 0), "widget", "widget"), (ThreadCount(0, 0), "widget", None),
        (ThreadCount(None, 3), "", None), (ThreadCount(11, 8), "top_level", "top_level"),
        (ThreadCount(11, 8), "withheld closed", "withheld"),
        (ThreadCount(4, 0), "closed", "closed"), (ThreadCount(4, 3), "closed", "unknown"),
        (ThreadCount(None, 0), "closed", None),
    ],
)  # fmt: skip
def test_reasons_of_a_gap(capture: ThreadCount, signs: str, reason: str | None) -> None:
    assert gap_reason(capture, frozenset(signs.split())) == reason


@pytest.mark.parametrize(
    ("html", "system"),
    [
        ("<div id='disqus_thread'></div>", "disqus"),
        ("<div class='fb-comments'></div>", "facebook"),
        ("<div id='coral_thread'></div>", "coral"),
        ("<fb:comments href='https://voorbeeld.nl/stuk/'></fb:comments>", "facebook"),
        ("<div id='remark42'></div>", "remark42"),
        ("<comments-ui></comments-ui>", "ghost"),
        ("<div data-spotim-module='conversation'></div>", "openweb"),
        ("<p>niets</p>", None),
    ],
)
def test_widgets_are_named(html: str, system: str | None) -> None:
    page = Page(url=URL, body=f"<html><body>{html}</body></html>".encode(), fetched_at=NOW)
    assert find_widget(index_tree(open_document(page).tree)) == system


TAGS = st.sampled_from(
    [
        "<li class='comment' id='comment-1'>",
        "<li class='comment' id='comment-2' data-parent-id='1'>",
        "<li class='comment' id='comment-3' data-parent-id='3'>",
        "<li class='comment' data-parent-id='2' id='comment-1'>", "</li>", "<ul class='children'>",
        "</ul>", "<cite class='fn'>Anna</cite>", "<div class='reactie'>",
        "</div>", "<time datetime='2014-05-03T10:21'>", "<p>woorden</p>",
        "<a href='#comment-2'>In reactie op B</a>", "</table><td>", "<!--", "-->", "<script>",
        "@Anna: ja",
        "<div class='comment-content'>",
        "<article itemtype='https://schema.org/Comment' itemscope>", "&#0;", "3 mei 2014 om 10:21",
        "<form>", "<b>",
    ]
)  # fmt: skip


@given(st.lists(TAGS, max_size=60))
@settings(max_examples=300, deadline=None)
def test_hostile_markup_never_raises_and_never_makes_a_circle(pieces: list[str]) -> None:
    try:
        comments = read("".join(pieces)).comments
    except Unreadable:
        return
    for place in range(len(comments)):
        met, parent = {place}, comments[place].parent_position
        while parent is not None:
            assert parent not in met
            met.add(parent)
            parent = comments[parent].parent_position
