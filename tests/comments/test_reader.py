"""How a thread is found: by evidence, whatever the template calls things."""

import time
from datetime import UTC, datetime

import pytest

from pipelines.comments import Thread, read_thread
from pipelines.comments.record import id_in, is_label
from pipelines.comments.rules import score
from pipelines.comments.rules.teasers import is_forum_address
from pipelines.document import open_document
from storage.records import Page

NOW = datetime(2014, 6, 18, 10, 0, tzinfo=UTC)
URL = "https://voorbeeld.nl/stuk/"
ARTICLE = "<p>De brug gaat dit jaar weer open, en dat is voor de buurt een hele opluchting.</p>" * 6
NAMES = ("Anna", "Bram", "Cor", "Dirk", "Elsa", "Fien")
WORDS = (
    "Dat werd dan ook hoog tijd, wij rijden al een jaar om.",
    "Ik hoop dat ze nu ook het fietspad afmaken.",
    "Volgens mij was het in het voorjaar beloofd.",
    "Mooi werk, en de aannemer was steeds beleefd.",
    "Waar kan ik de tekeningen van de brug bekijken?",
    "Met de boot was het eigenlijk ook wel gezellig.",
)


def read(html: str, url: str = URL) -> Thread:
    body = f"<html lang='nl'><body><h1>De brug</h1><div>{ARTICLE}</div>{html}</body></html>"
    page = Page(
        url=url, body=body.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8"
    )
    return read_thread(open_document(page))


def records(template: str, number: int = 4) -> str:
    return "".join(
        template.format(n=n + 1, name=NAMES[n], words=WORDS[n], day=f"{n + 3} mei 2014")
        for n in range(number)
    )


def said(thread: Thread) -> list[tuple[str | None, str]]:
    return [(comment.author, comment.text) for comment in thread.comments]


EXPECTED = [(NAMES[n], WORDS[n]) for n in range(4)]
TEMPLATES = {
    "article": "<article class='bijdrage'><header><b>{name}</b> <time datetime='2014-05-03T10:2{n}'>{day}</time></header><section>{words}</section></article>",
    "list": "<li class='x'><a href='/leden/{n}'>{name}</a> <i>{day} 10:2{n}</i><div class='q'><p>{words}</p></div><a href='#'>Beantwoorden</a></li>",
    "terms": "<dt><strong>{name}</strong> schreef op {day} om 10:2{n}</dt><dd>{words}</dd>",
    "rows": "<tr><td class='wie'>{name}<br>{day} 10:2{n}</td><td class='wat'>{words}</td></tr>",
    "details": "<details open><summary>{name} | {day} 10:2{n}</summary><div>{words}</div></details>",
    "below": "<div class='blok'><div class='inhoud'>{words}</div><div class='voet'>Geplaatst door <b>{name}</b> op {day} 10:2{n}</div></div>",
}
BOXES = {"terms": "dl", "rows": "table", "list": "ul"}


def thread_of(name: str, number: int = 4, heading: str = "4 reacties") -> str:
    box = BOXES.get(name, "div")
    return f"<h2>{heading}</h2><{box}>{records(TEMPLATES[name], number)}</{box}>"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_never_seen_is_read_by_what_its_records_have_in_common(name: str) -> None:
    assert said(read(thread_of(name))) == EXPECTED


@pytest.mark.parametrize(
    "name",
    ["js-read-more", "readmore", "show-more", "lees-meer", "reply-wrapper", "more-less"],
)
def test_the_box_that_a_button_opens_holds_the_words_whatever_it_is_named(name: str) -> None:
    template = (
        "<div class='rij'><p><span class='auteur'>{name}</span> <span>{day} 10:2{n}</span></p>"
        f"<div class='{name}'>"
        + "{words}</div><span class='knop'><a href='#'>Reageer</a></span></div>"
    )
    assert said(read(f"<h2>6 reacties</h2><div>{records(template, 6)}</div>")) == list(
        zip(NAMES, WORDS, strict=True)
    )


@pytest.mark.parametrize(
    "name",
    ["has-sidebar", "no-sidebar", "sticky-footer", "with-widget-area", "left-sidebar-layout"],
)
def test_a_word_in_a_wrappers_class_takes_no_thread_away(name: str) -> None:
    thread = "<ol class='commentlist'>{}</ol>".format(
        records(
            "<li class='comment' id='comment-{n}'><cite class='fn'>{name}</cite> <a href='#comment-{n}'>{day} om 10:2{n}</a><p>{words}</p></li>"
        )
    )
    assert said(read(f"<div class='site {name}'>{thread}</div>")) == EXPECTED


def test_what_is_named_as_a_known_systems_record_but_says_nothing_yields_to_what_speaks() -> None:
    named = records("<div id='c{n}'><b class='author'>{name}</b> <i>{day}</i></div>")
    assert said(read(f"<div>{named}</div>{thread_of('article')}")) == EXPECTED


def test_a_quote_is_the_records_words_and_neither_its_author_nor_its_date() -> None:
    quoting = "<div class='post'><span class='username'>{name}</span> <span class='date'>{day} 10:2{n}</span><div class='content'><blockquote><cite class='username'>Joop</cite> <span class='date'>1 jan 2012</span><div class='content'>Eerst zien.</div></blockquote>{words}</div></div>"
    comments = read(f"<h2>4 reacties</h2><div>{records(quoting)}</div>").comments
    assert [comment.author for comment in comments] == list(NAMES[:4])
    assert all(WORDS[n] in comment.text for n, comment in enumerate(comments))
    assert {c.date_created.year for c in comments if c.date_created} == {2014}


def test_a_button_whose_class_speaks_of_text_is_not_the_words() -> None:
    template = "<li class='comment' id='comment-{n}'><div class='comment-body'><cite class='fn'>{name}</cite> <a href='#comment-{n}'>{day} om 10:2{n}</a><p>{words}</p><div class='reply'><a href='#'><span class='link_text'></span><span>Reply</span></a></div></div></li>"
    assert said(read(f"<ol>{records(template)}</ol>")) == EXPECTED


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Lees ook</h2>" + records("<div class='post'><h3><a href='/ander-{n}/'>{words}</a></h3><span class='date'>{day}</span></div>"),
        "<h2>Agenda</h2><ul>" + records("<li><b>{day}</b> {words}</li>") + "</ul>",
        "<table>" + records("<tr><td>{day}</td><td>{n}</td><td>{n}0 km</td></tr>") + "</table>",
        "<h2>Ons team</h2>" + records("<div class='lid'><b>{name}</b><p>Bakker sinds {day}.</p></div>"),
        "<aside><h3>Laatste reacties</h3><ul>" + records("<li><a href='/stuk-{n}/#comment-{n}'>{name}</a>: {words}…</li>") + "</ul></aside>",
    ],
    ids=["teasers", "agenda", "figures", "team", "latest"],
)  # fmt: skip
def test_what_repeats_and_is_no_thread_stays_out(html: str) -> None:
    assert read(html).comments == ()


def test_each_decision_has_its_table_of_weights() -> None:
    for decision in ("author", "text", "rank"):
        table = score.weights(decision)
        assert len(table) > 20
        assert all(isinstance(weight, float) for weight in table.values())
    for decision in ("cheap", "accept"):
        assert len(score.weights(decision)["trees"]) > 20


@pytest.mark.parametrize(
    "text",
    [
        "2024 2023 2022 2021 2020 2019 2018 2017 archief",
        "| | | | | | | | | | | | | | | | | | | | | x",
        "»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»»x",
        "+1 +1 +1 +1 +1 +1 +1 +1 +1 +1 +1 +1 +1 x",
        "(1)(2)(3)(4)(5)(6)(7)(8)(9)(1)(2)(3)(4)x",
    ],
)
def test_a_row_of_marks_is_judged_at_once(text: str) -> None:
    start = time.process_time()
    assert not is_label(text)
    assert time.process_time() - start < 0.1


def _nested(number: int, deepest: int = 40) -> str:
    """Return chains of replies, each as deep as a page may nest before a browser flattens it."""
    chains = ""
    for start in range(1, number + 1, deepest):
        html = ""
        for n in range(min(start + deepest, number + 1) - 1, start - 1, -1):
            answers = f"<ul class='children'>{html}</ul>" if html else ""
            html = f"<li class='comment' id='comment-{n}'><cite class='fn'>Lezer {n}</cite> <a href='#comment-{n}'>3 mei 2014 om 10:{n % 60:02d}</a><p>Dit zijn de woorden van lezer {n}.</p>{answers}</li>"
        chains += html
    return f"<ol>{chains}</ol>"


def _flat(number: int) -> str:
    rows = (
        f"<div class='r'><b>Lezer {n}</b> <i>3 mei 2014 10:{n % 60:02d}</i><p>Woorden van lezer {n} over de brug.</p><a href='#'>Beantwoorden</a></div>"
        for n in range(number)
    )
    return f"<h2>{number} reacties</h2><div>{''.join(rows)}</div>"


@pytest.mark.parametrize(("make", "few", "many"), [(_nested, 100, 600), (_flat, 300, 3000)])
def test_the_time_of_a_reading_grows_with_the_page(make: object, few: int, many: int) -> None:
    assert callable(make)
    times = []
    for number in (few, many):
        start = time.process_time()
        assert len(read(make(number)).comments) == number
        times.append(time.process_time() - start)
    assert times[1] < 1.5 * max(times[0], 0.2) * (many / few) ** 1.3


SIDEBAR = """<div class="container"><div class="row"><div class="col"><div class="panel"><h6>Door
<a href="/auteur/ilse/">Ilse</a> 1 mei 2014 10:00</h6>{article}</div>
<div id="comments"><h2>{n} reacties</h2>{records}</div></div>
<div class="col side"><div class="panel"><h6>Recente posts 2014</h6><p>De molen draait weer en de
boeren zijn er blij mee</p></div></div></div></div>"""
NESTED = (
    '<div class="comment media" id="comment-{n}"><div class="media-body"><h6>{name} {day} 10:2{n}'
    '</h6><div class="content">{words}</div>{more}</div></div>'
)


@pytest.mark.parametrize(
    ("url", "is_forums"),
    [
        ("https://voorbeeld.nl/nieuws/opnieuw-discussie-over-de-brug/", False),
        ("https://voorbeeld.nl/forum-voor-de-vaart-wint-zetels/", False),
        ("https://voorbeeld.nl/2014/05/nieuwe-community-manager-gezocht.html", False),
        ("https://voorbeeld.nl/nieuws?titel=de-rode-thread-van-dit-jaar", False),
        ("https://voorbeeld.nl/topic_van_de_week_de_brug", False),
        ("https://forum.voorbeeld.nl/brug/", True),
        ("https://voorbeeld.nl/forums/opnieuw-discussie-over-de-brug.12/", True),
        ("https://voorbeeld.nl/viewtopic.php?t=12", True),
        ("https://voorbeeld.nl/thread-12-1-1.html", True),
        ("https://voorbeeld.nl/discussie/12/de-brug-gaat-weer-open", True),
    ],
)
def test_a_title_in_an_address_makes_no_forum_of_a_site(url: str, is_forums: bool) -> None:
    assert is_forum_address(url) is is_forums
    if is_forums:
        return
    rows = [(n + 1, NAMES[n], WORDS[n], f"{n + 3} mei 2014") for n in range(6)]
    inner = [
        NESTED.format(n=n, name=name, words=words, day=day, more="") for n, name, words, day in rows
    ]
    outer = NESTED.format(
        n=7, name="Gerda", words="Eindelijk, zeg ik.", day="12 mei 2014", more=inner[5]
    )
    html = SIDEBAR.format(article=ARTICLE, n=7, records="".join([*inner[:5], outer]))
    assert [name for name, _said in said(read(html, url))] == [*NAMES[:5], "Gerda", NAMES[5]]


TERM = (
    "<dt id='r{n}'>{name} <small>schreef {day} om 10.2{n} uur</small></dt>"
    "<dd><p>{words}</p>{in_it}</dd>"
)


def terms_of(*places: int | tuple[int, str]) -> str:
    """Return a definition list of the records at *places*, each with what stands in it."""
    told = [place if isinstance(place, tuple) else (place, "") for place in places]
    said = (
        TERM.format(n=n, name=NAMES[n], words=WORDS[n], day=f"{n + 3} mei 2014", in_it=in_it)
        for n, in_it in told
    )
    return f"<dl>{''.join(said)}</dl>"


@pytest.mark.parametrize(
    ("html", "parents"),
    [
        (terms_of(0, 1, (2, terms_of(3))), [None, None, None, 2]),
        (terms_of(0, (1, terms_of((2, terms_of(3))))), [None, None, 1, 2]),
        (terms_of((0, terms_of(1, 2)), 3), [None, 0, 0, None]),
        (terms_of((0, terms_of(1)), (2, terms_of(3))), [None, 0, None, 2]),
        (terms_of(0, 1, 2, 3), [None] * 4),
    ],
)
@pytest.mark.parametrize("heading", ["Reacties", "Ingezonden"])
def test_a_definition_list_in_a_definition_list_is_an_answer(
    html: str, parents: list[int | None], heading: str
) -> None:
    form = "<form><p>Uw naam <input></p><p>Uw mening <textarea></textarea></p></form>"
    thread = read(f"<div id='praat'><h3>{heading}</h3>{html}{form}</div>")
    assert said(thread) == EXPECTED
    assert [comment.parent_position for comment in thread.comments] == parents


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("c3490886272603363769", "3490886272603363769"),
        ("c_3490886272603363769", "3490886272603363769"),
        ("p12", "12"),
        ("comment-64f1c0ffee64f1c0ffee", "64f1c0ffee64f1c0ffee"),
        ("d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"),
        ("a1b2c3d4e5f60718", "a1b2c3d4e5f60718"),
    ],
)
def test_a_letter_before_a_long_number_is_no_part_of_a_comment_s_id(
    stated: str, known: str
) -> None:
    assert id_in(stated) == known
