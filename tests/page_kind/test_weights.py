"""What a statement, a signature or a text weighs against an address and against links."""

import pytest

from tests.page_kinds import kind_of

TEXT = (
    "De gemeenteraad heeft donderdagavond ingestemd met de bouw van een nieuwe sporthal aan de "
    "rand van het dorp, ondanks bezwaren van omwonenden die vrezen voor overlast."
)
TEASERS = "".join(
    f'<div><h2><a href="/nieuws/stuk-{n}">Stuk {n} over het dorp</a></h2><p>Plan {n}.</p></div>'
    for n in range(8)
)


def kind(path: str, title: str, body: str, head: str = "") -> str:
    page = f"<html lang=nl><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return kind_of(page, path)


TIPS = "".join(
    f'<li><h3><a href="https://winkel.example/{n}">Tip {n} voor de tuin</a></h3><p>{TEXT}</p></li>'
    for n in range(5)
)
STATED = '<meta property="og:type" content="article">'


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        (STATED, "<p>Door Lotte Maas</p>", "article"),
        (STATED, "<time datetime='2024-02-03'>3 feb</time>", "article"),
        (STATED, "<p>3 februari 2024</p>", "article"),
        (STATED, "<p>Alle tips op een rij</p>", "listing"),
        ("", "<p>Door Lotte Maas</p>", "listing"),
    ],
)
def test_tips_that_are_links_are_an_article_that_is_stated_and_signed(
    head: str, line: str, expected: str
) -> None:
    body = (
        f"<article><h1>5 tips voor de tuin</h1>{line}<p>Met deze tips.</p><ol>{TIPS}</ol></article>"
    )
    assert kind("/tuin/tips", "5 tips", body, head) == expected


ARTICLE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "De hal"}</script>'
)
ONE_TEXT = f"<h1>De hal</h1><div>{4 * f'<p>{TEXT}</p>'}</div>"


@pytest.mark.parametrize(
    ("path", "head", "body", "expected"),
    [
        ("/leden/clubkampioenschap-2024", ARTICLE, ONE_TEXT, "article"),
        ("/leden/clubkampioenschap-2024", "", ONE_TEXT, "listing"),
        ("/leden/jan-smit", ARTICLE, f"<h1>De hal</h1><p>{TEXT}</p>", "listing"),
        ("/archief.php?id=88", "", ONE_TEXT, "article"),
        ("/archief.asp?jaar=2004&bericht_id=88", "", ONE_TEXT, "article"),
        ("/archief.php", "", ONE_TEXT, "static_page"),
        ("/archief.php?pagina=2", "", ONE_TEXT, "static_page"),
        ("/archief.php?id=88", "", f"<h1>Archief</h1>{TEASERS}", "static_page"),
        ("/contact.php?id=88", "", ONE_TEXT, "static_page"),
    ],
)
def test_an_article_under_an_address_of_members_or_of_an_archive(
    path: str, head: str, body: str, expected: str
) -> None:
    assert kind(path, "De hal", body, head) == expected
