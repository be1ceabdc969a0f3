"""Who is named beside the date, in a line without a name of its own and without "door"."""

import pytest

from tests.metadata.test_bylines import authors

JAN = [("Jan de Vries", None, None)]


@pytest.mark.parametrize(
    "line",
    [
        "<div>12 mei 2013 - Jan de Vries</div>",
        "<p>Jan de Vries | 12 mei 2013, 10:21</p>",
        "<p>Jan de Vries (12-05-2013)</p>",
        "<p><span>12 mei 2013</span> <span>Jan de Vries</span></p>",
        "<p>12 mei 2013 @ 10:11 Jan de Vries</p>",
        '<p><a href="/auteurs/jan">Jan de Vries</a>, 12 mei 2013</p>',
        "<table><tr><td>12 mei 2013</td><td>Jan de Vries</td></tr></table>",
    ],
)
def test_a_name_beside_the_date_is_the_author_s(line: str) -> None:
    assert authors(line) == JAN


@pytest.mark.parametrize(
    "line",
    [
        "<p>Den Haag - 12 mei 2013</p>",
        "<p>Nieuw Vennep | 12 mei 2013</p>",
        '<p>12 mei 2013 in <a href="/rubriek/bouw">Bouwen Wonen</a></p>',
        "<p>12 mei 2013, 10:21 uur</p>",
        "<p>12 mei 2013 | zes reacties</p>",
    ],
)
def test_a_place_or_a_section_beside_the_date_is_nobody(line: str) -> None:
    assert authors(line) == []


@pytest.mark.parametrize(
    "name",
    [
        "td-post-author-name",
        "herald-author-name",
        "jeg_meta_author",
        "tdb-author-link",
        "postauthor",
    ],
)
def test_a_theme_s_own_word_before_the_author_s_changes_nothing(name: str) -> None:
    assert authors(f'<div><span class="{name}">Jan de Vries</span></div>') == JAN


@pytest.mark.parametrize(
    "name", ["comment-author-name", "about-author", "has-author", "author-box"]
)
def test_other_names_with_an_author_in_them_name_none(name: str) -> None:
    assert authors(f'<div><span class="{name}">Boeken en kranten</span></div>') == []


BOTH = [*JAN, ("Els Bos", None, None)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>Jan de Vries en Els Bos<br>vrijdag 10 mei 2013</p>", BOTH),
        ("<p>10 mei 2013 | Jan de Vries &amp; Els Bos</p>", BOTH),
        ("<p>Vrijdag 10 mei 2013 om 23:59 uur, Jan de Vries</p>", JAN),
    ],
)
def test_names_in_the_line_of_the_date(line: str, expected: list[tuple[str, None, None]]) -> None:
    assert authors(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "<p>Bergen op Zoom, 10 mei 2013</p>",
        "<p>Alphen aan den Rijn, 10 mei 2013</p>",
        "<p>Kees Vos, fotograaf | 10 mei 2013</p>",
        "<div>Grote Markt</div><div>10 mei 2013</div>",
        "<div>10 mei 2013</div><div>Noord Brabant</div>",
        "<div>10 mei 2013</div><button>Opslaan Als Favoriet</button>",
    ],
)
def test_towns_photographers_and_what_is_in_the_next_line_are_nobody(line: str) -> None:
    assert authors(line) == []


@pytest.mark.parametrize(
    "words",
    [
        "Openbare Ruimte",
        "Gemeente Zuidwolde",
        "Regio Utrecht",
        "Sociaal Domein",
        "Sport Regionaal",
        "Amsterdam Noord,",
        "Kop van Noord-Holland",
        "Raad van State",
        "Willem II",
        "Willem de Zwijger College",
    ],
)
@pytest.mark.parametrize("line", ["<div>12 mei 2013 | {}</div>", "<p>{} - 12 mei 2013</p>"])
def test_a_section_a_place_or_a_house_beside_the_date_is_nobody(words: str, line: str) -> None:
    assert authors(line.format(words)) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<p>Sjoerd van der Meulen - 12 mei 2013</p>", "Sjoerd van der Meulen"),
        ("<p>12 mei 2013 | J.P. Hoekstra</p>", "J.P. Hoekstra"),
        ("<p>12 mei 2013 | GEERT-JAN BOS</p>", "GEERT-JAN BOS"),
        ("<p>12 mei 2013 | door Xerxes Quarles</p>", "Xerxes Quarles"),
        ("<p><i>Door</i> <b>Xerxes Quarles</b>, 12 mei 2013</p>", "Xerxes Quarles"),
        ('<p>12 mei 2013 <a href="/auteurs/xq">Xerxes Quarles</a></p>', "Xerxes Quarles"),
    ],
)
def test_who_is_called_signed_or_marked_as_a_person_is_one(line: str, name: str) -> None:
    assert authors(line) == [(name, None, None)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p><strong>Sociaal Domein</strong></p>", []),
        ("<div><b>Gemeente Zuidwolde</b></div>", []),
        ("<p><em>Willem II</em></p>", []),
        ("<p><strong>Jan de Vries</strong></p>", JAN),
        ("<p><i>J.P. Hoekstra</i></p>", [("J.P. Hoekstra", None, None)]),
    ],
)
def test_a_bold_line_under_the_headline_is_a_person_s(
    line: str, expected: list[tuple[str, None, None]]
) -> None:
    assert authors(line) == expected
