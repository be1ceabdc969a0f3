"""A text's own structure: its HTML says what the text says, and holds nothing hostile."""

import re

import pytest
from lxml import html

from pipelines.document import join_segments, links_in, mark_up, text_segments

BASE = "https://krant.example/2013/12/artikel/"


def marked(page: str, text: str | None = None) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the text, the HTML and the links of a page's body."""
    blocks = text_segments(html.document_fromstring(f"<body>{page}</body>"))
    text = join_segments(blocks) if text is None else text
    found = mark_up(text, blocks, BASE)
    return text, found.html, [(link.url, link.text) for link in found.links]


def words(markup: str) -> str:
    return re.sub(r"\s+", "", html.fragment_fromstring(markup, create_parent="div").text_content())


STRUCTURES = {
    "headings": "<div><h2>Kop</h2><p>Tekst.</p><h3>Onder</h3><p>Meer.</p></div>",
    "lists": "<div><p>Ziehier:</p><ul><li>een</li><li>twee<ol><li>a</li></ol></li></ul></div>",
    "quotes": "<div><p>Hij zei:</p><blockquote><p>Nooit.</p><p>Echt.</p></blockquote></div>",
    "emphasis": "<div><p>Dit is <strong>heel</strong> <em>mooi</em>.</p><p>Ja.</p></div>",
    "links": '<div><p>Zie <a href="https://nu.nl/a">hier</a>.</p><p>Einde.</p></div>',
    "tables": "<div><p>Cijfers</p><table><tr><th>jaar</th><td>2013</td></tr></table></div>",
    "breaks": "<div><p>een<br>twee</p><p>drie</p></div>",
}
SHOWN = {
    "headings": "<h2>Kop</h2><p>Tekst.</p><h3>Onder</h3><p>Meer.</p>",
    "lists": "<p>Ziehier:</p><ul><li>een</li><li>twee<ol><li>a</li></ol></li></ul>",
    "quotes": "<p>Hij zei:</p><blockquote><p>Nooit.</p><p>Echt.</p></blockquote>",
    "emphasis": "<p>Dit is <strong>heel</strong> <em>mooi</em>.</p><p>Ja.</p>",
    "links": '<p>Zie <a href="https://nu.nl/a" rel="nofollow">hier</a>.</p><p>Einde.</p>',
    "tables": "<p>Cijfers</p><table><tbody><tr><th>jaar</th><td>2013</td></tr></tbody></table>",
    "breaks": "<p>een<br>twee</p><p>drie</p>",
}


@pytest.mark.parametrize("kind", STRUCTURES)
def test_a_text_keeps_its_structure(kind: str) -> None:
    text, markup, _links = marked(STRUCTURES[kind])
    assert markup == SHOWN[kind]
    assert words(markup) == re.sub(r"\s+", "", text)


HOSTILE = {
    "script": "<p>Tekst<script>alert(1)</script> hier.</p><p>Slot.</p>",
    "handler": '<p onclick="alert(1)">Tekst <b onmouseover="x()">hier</b>.</p><p>Slot.</p>',
    "javascript": '<p><a href="java&#10;script:alert(1)">Tekst</a> hier.</p><p>Slot.</p>',
    "data": '<p><a href="data:text/html,<script>x()</script>">Tekst</a> hier.</p><p>Slot.</p>',
    "frames": '<p>Tekst <iframe srcdoc="<script>x</script>"></iframe>hier.</p><p>Slot.</p>',
    "escapes": "<p>Tekst &lt;script&gt;alert(1)&lt;/script&gt; hier.</p><p>Slot.</p>",
    "foreign": "<p>T <svg><a xlink:href='javascript:x()'><text>h</text></a></svg>r.</p><p>S.</p>",
    "styles": '<p style="background:url(javascript:x)">Tekst.</p><style>p{}</style><p>Slot.</p>',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_hostile_is_left(kind: str) -> None:
    text, markup, links = marked(f"<div>{HOSTILE[kind]}</div>")
    tree = html.fragment_fromstring(markup, create_parent="div")
    assert {str(element.tag) for element in tree.iter("*")} <= {"div", "p", "a", "strong", "em"}
    assert not [name for element in tree.iter("*") for name in element.attrib if name != "rel"]
    assert links == []
    assert words(markup) == re.sub(r"\s+", "", text)


def test_links_lead_to_addresses_and_bear_their_words() -> None:
    page = (
        '<div><p>Lees <a href="/2012/oud/?utm_source=rss">een <b>ouder</b> stuk</a>, '
        '<a href="mailto:redactie@krant.example">mail</a> of <a href="tel:0201234567">bel</a>.</p>'
        '<p><a href="#noot">1</a> <a href="ftp://x.nl/">ftp</a> <a href="https://b.co.uk">b</a></p>'
        "</div>"
    )
    blocks = text_segments(html.document_fromstring(page))
    found = mark_up(join_segments(blocks), blocks, BASE).links
    assert [(one.url, one.canonical_url, one.domain, one.text) for one in found] == [
        (
            "https://krant.example/2012/oud/?utm_source=rss",
            "https://krant.example/2012/oud/",
            "krant.example",
            "een ouder stuk",
        ),
        ("mailto:redactie@krant.example", None, None, "mail"),
        ("tel:0201234567", None, None, "bel"),
        ("https://b.co.uk", "https://b.co.uk/", "b.co.uk", "b"),
    ]


def test_what_a_text_leaves_out_its_html_and_links_leave_out() -> None:
    page = (
        '<div><p><a href="/rubriek">Rubriek</a></p><p>Eerste zin.</p>'
        '<p>Lees ook: <a href="/ander">ander nieuws</a></p><p>Laatste zin.</p></div>'
    )
    _text, markup, links = marked(page, "Eerste zin.\n\nLaatste zin.")
    assert markup == "<p>Eerste zin.</p><p>Laatste zin.</p>"
    assert links == []


def test_a_line_that_is_not_on_the_page_is_a_paragraph() -> None:
    _text, markup, _links = marked("<div><p>Een.</p></div>", "Een.\n\nVan elders <b>.\nRegel")
    assert markup == "<p>Een.</p><p>Van elders &lt;b&gt;.<br>Regel</p>"


def test_the_pages_own_layout_is_no_structure_of_the_text() -> None:
    page = (
        "<table><tr><td><ul><li><p>Een <i>zin</i>.</p><p>Nog een.</p></li></ul></td></tr></table>"
    )
    _text, markup, _links = marked(page)
    assert markup == "<p>Een <em>zin</em>.</p><p>Nog een.</p>"


def test_a_readers_links_are_those_in_his_words_without_mailboxes() -> None:
    page = (
        '<div><p><a href="/leden/jan">Jan</a> zegt:</p><p>Zie <a href="https://nu.nl/">nu.nl</a> '
        'of <a href="mailto:jan@voorbeeld.nl">jan@voorbeeld.nl</a>.</p>'
        '<p><a href="/x">Reageer</a></p></div>'
    )
    blocks = text_segments(html.document_fromstring(page))
    found = links_in("Zie nu.nl of […]@voorbeeld.nl.", blocks, BASE)
    assert [(one.url, one.text) for one in found] == [
        ("https://nu.nl/", "nu.nl"),
        ("mailto:[…]@voorbeeld.nl", "[…]@voorbeeld.nl"),
    ]


@pytest.mark.parametrize("size", [50, 200])
def test_marks_around_marks_are_written_once(size: int) -> None:
    page = "<div>" + "<blockquote>" * 40 + "<p>zin</p>" * size + "</blockquote>" * 40 + "</div>"
    _text, markup, _links = marked(page)
    assert markup.count("<p>") == size
    assert markup.count("<blockquote>") <= 40
