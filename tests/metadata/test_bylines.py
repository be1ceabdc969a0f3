"""Who wrote it: bylines as Dutch sites print them."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

TEXT = (
    "De gemeenteraad heeft donderdagavond ingestemd met de bouw van een nieuwe "
    "sporthal aan de rand van het dorp, "
    "ondanks bezwaren van omwonenden die vrezen voor overlast. "
)
JAN = ("Jan de Vries", None, None)
ELS = ("Els Bos", None, None)
STATED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": '
    '"Sporthal komt er", "author": %s}</script>'
)


def authors(
    byline: str, head: str = "", under: str = ""
) -> list[tuple[str, str | None, str | None]]:
    page = (
        "<html lang=nl><head><title>Sporthal komt "
        f"er</title>{head}</head><body><article><h1>Sporthal komt er</h1>{byline}"
        f'<div class="entry-content"><p>{TEXT}</p><p>{TEXT}</p></div>{under}</article>'
        "</body></html>"
    )
    found = extract(
        Page(
            url="https://dorp.example/sporthal/",
            body=page.encode(),
            fetched_at=datetime(2026, 11, 25, tzinfo=UTC),
        )
    )
    return [(author.name, author.role, author.organisation) for author in found.authors]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ('<p class="byline">Door onze redacteur Jan de Vries</p>', [JAN]),
        ('<p class="byline">Tekst: Jan de Vries, beeld: Els Bos</p>', [JAN]),
        ("<p>Tekst: Jan de Vries | Foto: Els Bos</p>", [JAN]),
        ('<span class="author">Jan de Vries en Els Bos</span>', [JAN, ELS]),
        (
            '<div class="byline">Door <a href="/auteur/jan">Jan de Vries</a> en <a '
            'href="/auteur/els">Els Bos</a></div>',
            [JAN, ELS],
        ),
        ('<span class="author">Redactie</span>', [("Redactie", None, None)]),
        ("<p>Auteur: Jan de Vries | Datum: 3 mei 2014</p>", [JAN]),
        ('<p class="meta">Geplaatst door Jan de Vries op 3 mei 2014 om 10:05</p>', [JAN]),
        ('<p class="meta">Geplaatst op 3 mei 2014 door Jan de Vries</p>', [JAN]),
        (
            '<a rel="author" href="/author/jan">Jan de Vries</a> <time '
            'datetime="2014-05-03">3 mei 2014</time>',
            [JAN],
        ),
        ('<p class="byline">Door Jan de Vries (jan@dorp.example)</p>', [JAN]),
        ("<p><em>Door Jan de Vries</em></p>", [JAN]),
        (
            '<p class="byline">Jan de Vries, verslaggever</p>',
            [("Jan de Vries", "verslaggever", None)],
        ),
        (
            '<p class="byline">Jan de Vries (verslaggever)</p>',
            [("Jan de Vries", "verslaggever", None)],
        ),
        (
            '<p class="byline">Door J.W. van den Berg-de Vries</p>',
            [("J.W. van den Berg-de Vries", None, None)],
        ),
        (
            '<div class="author-name">Jan de Vries</div><div '
            'class="author-title">Hoofdredacteur bij Dorpsblad</div>',
            [("Jan de Vries", "Hoofdredacteur", "Dorpsblad")],
        ),
        (
            '<p class="byline">Door <a href="/jan">Jan de Vries</a> <a '
            'href="https://t.example/jan">@jandevries</a></p>',
            [JAN],
        ),
        ('<p class="byline">By Jan de Vries on May 3, 2014 at 9:00a</p>', [JAN]),
        ('<div class="author">Par <b>Jan de Vries</b></div>', [JAN]),
        ('<p class="meta">Den Haag, 3 mei 2014</p>', []),
        ('<span class="author">Jan de Vries, ANP</span>', [("Jan de Vries", None, "ANP")]),
        (
            '<span class="author">Jan de Vries, Els Bos en Ans Pol, RTV OOST</span>',
            [JAN, ELS, ("Ans Pol", None, "RTV OOST")],
        ),
        (
            '<span class="author">JAN DE VRIES, hoofdredacteur</span>',
            [("JAN DE VRIES", "hoofdredacteur", None)],
        ),
        ('<div class="author">Jan de Vries <a href="/jan">Meer van deze auteur</a></div>', [JAN]),
        ('<span class="author">Door: Jan de Vries dinsdag</span>', [JAN]),
        ('<p>Door Jan de Vries<script>var naam = "Jan de Vries";</script></p>', [JAN]),
    ],
)
def test_a_byline_names_its_authors(
    byline: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert authors(byline) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ('"Jan de Vries"', [JAN]),
        (
            '[{"@type": "Person", "name": "Jan de Vries"}, {"@type": "Person", "name": "Els Bos"}]',
            [JAN, ELS],
        ),
        (
            '{"@type": "Person", "name": "Jan de Vries", "jobTitle": "Managing '
            'Partner", "worksFor": {"name": "Admix"}}',
            [("Jan de Vries", "Managing Partner", "Admix")],
        ),
    ],
)
def test_json_ld_names_authors_with_role_and_organisation(
    stated: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert authors("", head=STATED % stated) == expected


def test_the_box_about_the_author_names_the_author() -> None:
    box = "<div><h3>Over de auteur</h3><p>Jan de Vries is hoofdredacteur van Dorpsblad.</p></div>"
    assert authors("", under=box) == [("Jan de Vries", "hoofdredacteur", "Dorpsblad")]


def test_who_comments_is_no_author() -> None:
    thread = (
        '<div id="comments"><ol class="commentlist"><li class="comment" '
        'id="comment-1"><span class="author fn">Piet</span> '
        '<span class="date">3 mei 2014</span><p>Mooi stuk, dank je wel.</p></li></ol></div>'
    )
    assert authors("", under=thread) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<p><strong>Jan de Vries</strong></p>", "Jan de Vries"),
        ("<div><b>Els Bos</b></div>", "Els Bos"),
        ("<p class='f6'><strong>Jan de Vries</strong></p><time>3 mei 2014</time>", "Jan de Vries"),
        ("<h4><strong>Anne-Marie van den Berg</strong></h4>", "Anne-Marie van den Berg"),
        ("<p><em><strong>Ans Pol</strong></em></p>", "Ans Pol"),
        ("<p><strong>Een nieuwe molen</strong></p>", None),
        ("<p><strong>Oudeveer</strong></p>", None),
        ("<p><strong>Door de gemeente</strong></p>", None),
    ],
)
def test_a_bold_name_alone_under_the_headline_signs(line: str, name: str | None) -> None:
    assert [found for found, _role, _house in authors(line)] == ([] if name is None else [name])


@pytest.mark.parametrize(
    "line",
    [
        "<p>Column door Jan de Vries (10 mei 2013)</p>",
        "<p>Gastblog van Jan de Vries, 10 mei 2013</p>",
        "<p>Een column van Jan de Vries</p>",
        "<p>Auteur(s): Jan de Vries</p>",
        "<p>Recensie door Jan de Vries</p>",
    ],
)
def test_the_kind_of_a_text_stands_before_its_author(line: str) -> None:
    assert [name for name, *_rest in authors(line)] == ["Jan de Vries"]


@pytest.mark.parametrize(
    "box",
    [
        "<h3>Over de auteur</h3><p><b>Jan de Vries</b></p><p>Jan schrijft al jaren over sport.</p>",
        "<h3>Over de auteur</h3><p>Jan de Vries</p>",
        "<h3>Over de auteur</h3><p>Jan de Vries</p><p>Hij woont in Zeist.</p>",
        "<h3>Over de schrijver</h3><p>Jan de Vries<br>is meester.</p>",
        "<h3>Over de auteur</h3><p>Jan<br>de Vries<br>is meester in Zeist.</p>",
    ],
)
def test_a_name_alone_in_its_line_is_whom_the_box_is_about(box: str) -> None:
    assert [name for name, *_rest in authors("", under=f"<aside>{box}</aside>")] == ["Jan de Vries"]


@pytest.mark.parametrize(
    "line",
    ["Recensie van Max Havelaar", "Recensie: Max Havelaar", "Verslag van Kees Vos",
     "Column van de Week", "Analyse van Het Water", "Opinie: Waarom Sparta",
     "Interview van Kees Vos met Els Bos"],
)  # fmt: skip
def test_what_a_text_is_about_is_not_its_author(line: str) -> None:
    assert authors(f"<p>{line}</p>", '<meta name="author" content="Jan de Vries">') == [JAN]
