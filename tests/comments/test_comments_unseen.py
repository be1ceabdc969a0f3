"""Templates never seen, and markup that means harm: the same comments without names, none where
there are none, never a fault.
"""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipelines.article import NotAnArticle, extract
from pipelines.comments import Thread, read_thread
from pipelines.comments.record.record import comment_records
from pipelines.comments.record.vocabulary import is_label, is_withheld, name_in
from pipelines.document import Unreadable, index_tree, open_document
from storage.contacts import without_addresses
from storage.records import Page
from tests.crawling import ROOT

PAGES = ROOT / "tests" / "pages"
NOW = datetime(2014, 6, 18, 10, 0, tzinfo=UTC)
URL = "https://voorbeeld.nl/stuk/"


def read(body: str) -> Thread:
    page = (
        "<html><body><h1>Stuk</h1><div><p>De tekst van het stuk, een regel "
        f"lang.</p></div>{body}</body></html>"
    )
    made = Page(
        url=URL,
        body=page.encode("utf-8", "replace"),
        fetched_at=NOW,
        content_type="text/html; charset=utf-8",
    )
    return read_thread(open_document(made))


def without_names(body: bytes) -> bytes:
    tree = html.document_fromstring(body.decode())
    for element in tree.iter("*"):
        for name in list(element.attrib):
            if name in {"class", "id"}:
                element.set(
                    name,
                    " ".join(
                        "x" + hashlib.sha256(word.encode()).hexdigest()[:8]
                        for word in element.get(name).split()
                    ),
                )
            elif name in {"rel", "itemprop"} or name.startswith("data-"):
                del element.attrib[name]
    return html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")


BARE = pytest.mark.xfail(reason="a rank or a title stands where the author might (#16)")


@pytest.mark.parametrize(
    "name",
    [
        "brugwachter/wordpress-blokken", "brugwachter/drupal7", "brugwachter/typepad",
        "brugwachter/xenforo1", "brugwachter/vanilla", "brugwachter/mybb", "brugwachter/drupal10",
        "brugwachter/blogger", "brugwachter/joomla-jcomments", "brugwachter/wpdiscuz",
        "sluisbode/discussie", "sluisbode/naamloos", "sluisbode/reactielijst", "sluisbode/tabel",
        "sluisbode/los",
        "brugwachter/invision4", "brugwachter/bbpress", pytest.param("brugwachter/smf", marks=BARE),
    ],
)  # fmt: skip
def test_a_thread_whose_names_say_nothing_reads_the_same(name: str) -> None:
    case = json.loads((PAGES / name / "expected.json").read_text(encoding="utf-8"))
    body = without_names((PAGES / name / "page.html").read_bytes())
    article = extract(
        Page(
            url=case["page"]["url"],
            body=body,
            fetched_at=NOW,
            content_type="text/html; charset=utf-8",
        )
    )
    # Whether the page is a forum's topic, its names may say: its posts are the same.
    right = case["expected"]
    expected = [(comment["author"], comment["text"]) for comment in right["comments"]]
    if "article_type" in right:
        expected = [(right["authors"][0]["name"], right["article_body"]), *expected]
    posts = [(comment.author, comment.text) for comment in article.comments]
    if article.article_type == "DiscussionForumPosting":
        posts = [(article.authors[0].name, article.article_body), *posts]
    assert posts == expected
    assert {comment.method for comment in article.comments} == {"generic"}


@pytest.mark.parametrize("name", sorted(path.name for path in (PAGES / "sluisbode").glob("geen-*")))
def test_what_is_no_thread_is_none_without_names_either(name: str) -> None:
    body = without_names((PAGES / "sluisbode" / name / "page.html").read_bytes())
    try:
        article = extract(
            Page(url=URL, body=body, fetched_at=NOW, content_type="text/html; charset=utf-8")
        )
    except NotAnArticle:
        return
    assert article.comments == ()


def test_votes_of_both_kinds_are_counted() -> None:
    record = """<div class="reactie" id="reactie-{n}"><span class="naam">Lezer {n}</span><span \
class="datum">3 mei 2014, 10.21 uur</span>
    <div class="tekst">Woorden van lezer {n}.</div><span class="upvotes">{n} keer</span><span \
class="downvotes">2</span></div>"""
    thread = read(f"<div id='reacties'>{record.format(n=4)}{record.format(n=5)}</div>")
    assert [(comment.upvotes, comment.downvotes) for comment in thread.comments] == [(4, 2), (5, 2)]
    assert [c.text for c in thread.comments] == [f"Woorden van lezer {n}." for n in (4, 5)]


def test_the_author_of_the_article_and_the_staff_are_marked() -> None:
    record = """<li class="comment{more}" id="comment-{n}"><cite class="fn">Lezer {n}</cite> <time \
datetime="2014-05-03T10:21">3 mei</time><div class="comment-content"><p>Ja.</p></div></li>"""
    thread = read(
        f"<ol>{record.format(n=1, more='')}{record.format(n=2, more=' bypostauthor')}</ol>"
    )
    assert [comment.author_is_staff for comment in thread.comments] == [False, True]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mail jan.de.wit+nieuws@post.example, graag", "Mail […]@post.example, graag"),
        ("vanaf 192.168.20.4 geplaatst", "vanaf [ip-adres] geplaatst"),
        ("versie 2.10.4.1 werkt", "versie 2.10.4.1 werkt"),
        ("op 3.5.2014 om 10.21", "op 3.5.2014 om 10.21"), ("@Jan: ja", "@Jan: ja"),
        ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", "[ip-adres]"), ("10:21:05", "10:21:05"),
    ],
)  # fmt: skip
def test_addresses_of_people_are_masked(text: str, kept: str) -> None:
    assert without_addresses(text) == kept


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna Wiersma zegt:", "Anna Wiersma"), ("Anna schreef op 3 mei 2014 om 10:21:", "Anna"),
        ("Geplaatst door: Jan van Dijk", "Jan van Dijk"), ("Van Dijk", "Van Dijk"),
        ("Anna (niet gecontroleerd)", "Anna"), ("Anoniem (gast)", "Anoniem"), ("#3 Anna", "Anna"),
        ("anna@post.example", "anna"), ("Redactie", "Redactie"),
        ("Posted by Anna on", "Anna"), ("Anna sagt:", "Anna"), ("Beantwoorden", None), ("", None),
        ("x" * 300, None),
    ],
)  # fmt: skip
def test_a_name_stands_alone(text: str, name: str | None) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("Deze reactie is verwijderd door de redactie.", True), ("[verwijderd]", True),
        ("Bericht verwijderd", True), ("This comment has been removed.", True),
        ("Verwijderd de gemeente die bomen nu echt?", False),
        ("Ik heb mijn reactie verwijderd", False), ("De brug is verwijderd.", False),
    ],
)  # fmt: skip
def test_a_withheld_comment_says_so(text: str, withheld: bool) -> None:
    assert is_withheld(text) == withheld


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Beantwoorden", True),
        ("#12", True),
        ("Citeer | Meld misbruik", True),
        ("Eens met Anna", False),
        ("Ja, dat vind ik ook", False),
    ],
)
def test_labels(text: str, label: bool) -> None:
    assert is_label(text) == label


PIECES = st.sampled_from(
    [
        "<div class='k1'>", "<div class='k2'>", "</div>", "<b>Anna</b>", "<b>Bram</b>",
        "<i>3 mei 2014 om 10:21</i>", "<i>4 mei 2014</i>",
        "<p>Woorden van een lezer, een regel.</p>",
        "<a href='#f'>Beantwoorden</a>", "<a href='?replytocom=3#respond'>Beantwoorden</a>",
        "<h3>4 reacties</h3>", "<ul>", "<li>", "</ul>", "<dl>", "<dt>Anna <em>3 mei 2014</em>",
        "<dd>Woorden", "<table>", "<tr>", "<td>", "</table>", "<blockquote>", "<form>", "<h1>",
        "<aside>", "<script>var a='", "</script>", "<!--", "-->", "\x00", "&#x202e;",
        "<time datetime='2014'>",
        "<div class='reactie' id='reactie-1' data-parent-id='2'>",
        "<div class='reactie' id='reactie-2' data-parent-id='1'>", "In reactie op Anna",
        "@Anna: ja", "<a href='http://[x'>y</a>",
        "<div itemscope itemtype='https://schema.org/Comment'>",
        "<div style='margin-left:99999999999px'>", "<dt class='comment-author' id='c1'>",
        "<span class='upvotes'>99999999</span>", "1.2.3.4",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=80))
@settings(max_examples=400, deadline=None)
def test_hostile_markup_never_raises_loops_or_makes_a_comment_its_own_ancestor(
    pieces: list[str],
) -> None:
    try:
        comments = read("".join(pieces)).comments
    except Unreadable:
        return
    for place, comment in enumerate(comments):
        met, parent = {place}, comment.parent_position
        while parent is not None:
            assert 0 <= parent < len(comments)
            assert parent not in met
            met.add(parent)
            parent = comments[parent].parent_position


@given(st.lists(st.sampled_from(["<div class='r'>", "</div>", "<p>x</p>", "<div>"]), max_size=60))
@settings(max_examples=200, deadline=None)
def test_each_element_belongs_to_one_record_at_most(pieces: list[str]) -> None:
    tree = html.document_fromstring(f"<html><body>{''.join(pieces)}</body></html>")
    index = index_tree(tree)
    records = comment_records(index, [(element,) for element in index.classes.get("r", ())])
    owned = [element for record in records for element in record.elements]
    assert len(owned) == len(set(owned))
    assert all(index.end(element) > index.place[element] for element in index.elements)


def test_dates_with_spaces_are_read_beside_a_comment() -> None:
    said = [
        ("Jan", "Mooi stuk geschreven, dank."),
        ("Ria", "Dat vind ik ook, zeker."),
        ("Piet", "Hier ben ik het niet mee eens."),
    ]
    records = "".join(
        f"<div class='r'><p>{text}</p><p><a "
        f"href='http://lezer{n}.example/'>{author}</a> - 0{n} 05 14 - 20:4{n}</p></div>"
        for n, (author, text) in enumerate(said, start=1)
    )
    thread = read(
        f"<h3>Drie reacties</h3>{records}<form><textarea name='piv_comment'></textarea></form>"
    )
    assert [(c.author, c.text) for c in thread.comments] == said
    assert [f"{c.date_created:%d %H:%M}" for c in thread.comments if c.date_created] == [
        "01 20:41",
        "02 20:42",
        "03 20:43",
    ]


TITLED = """<div class="lezers-reactie-inhoud"><h3>{title}</h3><p>Dit is wat lezer {n} van de \
plannen voor de nieuwe brug over de vaart vindt.</p>
    <p class="tijdstip">{signed}</p></div>"""


SIGNED = "Ingezonden door: Lezer {n}, {n} mei 2014 | 10:21"


def titled(*signed: str) -> Thread:
    records = (
        TITLED.format(n=n, title=f"Over de brug {n}", signed=one) for n, one in enumerate(signed)
    )
    article = (
        "<p>Over de brug is jaren gepraat, en nu ligt er een plan waar de hele stad "
        "iets van mag vinden, tot eind mei.</p>" * 8
    )
    around = (
        "<p>Reacties</p><div><div class='kop'><p class='tijdstip'>1 mei "
        "2014</p><p>Meer van deze schrijver</p></div></div><div "
        f"class='stuk'>{article}</div>"
    )
    return read(f"{around}<div>{''.join(records)}</div>")


def test_the_indentation_of_a_template_is_no_part_of_a_line() -> None:
    indented = (
        f"\n{' ' * 12}Ingezonden door:\n{' ' * 12}Lezer Bartholomeus van der Veen, 3 "
        "mei 2014 | 10:21\n"
    )
    thread = titled(SIGNED.format(n=2), indented, *(SIGNED.format(n=n) for n in range(4, 9)))
    assert [comment.author for comment in thread.comments][:2] == [
        "Lezer 2",
        "Lezer Bartholomeus van der Veen",
    ]


def test_the_title_of_a_record_without_a_date_parts_no_thread() -> None:
    thread = titled(SIGNED.format(n=2), "Ingezonden", *(SIGNED.format(n=n) for n in range(4, 9)))
    assert [comment.author for comment in thread.comments][:1] == ["Lezer 2"]


def test_the_date_of_an_article_that_stands_before_it_is_no_record() -> None:
    thread = titled(*(SIGNED.format(n=n) for n in range(2, 11)))
    assert [comment.author for comment in thread.comments] == [f"Lezer {n}" for n in range(2, 11)]
