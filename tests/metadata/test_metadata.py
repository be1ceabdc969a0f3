"""What a page files its article under."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

TEXT = "De molen aan de dijk draait weer, en het halve dorp liep uit om het te zien. " * 5
CRUMBS = (
    '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": ['
    '{"name": "Home"}, {"name": "Erfgoed"}, {"name": "De molen draait"}]}</script>'
)


def section(under: str, head: str = "") -> str | None:
    page = (
        "<html lang=nl><head><title>De molen "
        f"draait</title>{head}</head><body><article><h1>De molen draait</h1>"
        f"<div class='entry-content'><p>{TEXT}</p></div>{under}</article></body></html>"
    )
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    return extract(
        Page(url="https://dorp.example/molen", body=page.encode(), fetched_at=moment)
    ).article_section


@pytest.mark.parametrize(
    ("under", "head", "expected"),
    [
        ('<a rel="category tag" href="/category/erfgoed/">Erfgoed</a>', "", "Erfgoed"),
        (
            '<p class="cat-links"><a href="/">Home</a> <a '
            'href="/category/erfgoed/">Erfgoed</a></p>',
            "",
            "Erfgoed",
        ),
        ('<p class="category"><a href="/category/alles/">Meer erfgoed</a></p>', CRUMBS, "Erfgoed"),
        ("", '<meta property="article:section" content="Erfgoed">', "Erfgoed"),
        ('<p class="category"><a href="mailto:x@dorp.example">E-mail</a></p>', "", None),
    ],
)
def test_the_section_is_what_the_page_files_its_article_under(
    under: str, head: str, expected: str | None
) -> None:
    assert section(under, head) == expected
