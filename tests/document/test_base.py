"""A page's base element: from where its links are counted, for every reader alike."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from pipelines.document import open_document
from storage.records import Page
from tests.village import article

URL = "https://dorpsblad.example/nieuws/2014/molen"


def page(base: str, links: str) -> Page:
    html = article("Molen draait", "2014-05-01", extra=links)
    html = html.replace("<head>", f"<head>{base}", 1)
    return Page(url=URL, body=html.encode(), fetched_at=datetime(2026, 11, 29, tzinfo=UTC))


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ('<base href="/">', "https://dorpsblad.example/over/wil"),
        ('<base href="https://dorpsblad.example/">', "https://dorpsblad.example/over/wil"),
        (
            '<base href="https://www.dorpsblad.example/x/">',
            "https://www.dorpsblad.example/x/over/wil",
        ),
        ('<base target="_top"><base href="../">', "https://dorpsblad.example/nieuws/over/wil"),
        ('<base href="http://[">', "over/wil"),
        ('<base href="https://elders.example/">', "over/wil"),
        ("", "over/wil"),
    ],
)
def test_links_are_counted_from_the_base_of_the_site(base: str, address: str) -> None:
    tree = open_document(
        page(base, '<a id="x" href="over/wil">Wil</a><a id="y" href="#a">a</a>')
    ).tree
    assert tree.get_element_by_id("x").get("href") == address
    assert tree.get_element_by_id("y").get("href") == "#a"


def test_an_author_s_address_is_counted_from_the_base() -> None:
    read = page('<base href="/">', "")
    html = read.body.decode().replace("/auteur/wil/", "auteur/wil/")
    found = extract(Page(url=URL, body=html.encode(), fetched_at=read.fetched_at))
    assert found.authors[0].url == "https://dorpsblad.example/auteur/wil/"
