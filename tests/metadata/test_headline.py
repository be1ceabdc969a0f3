"""The headline is what the page's title and its own heading agree on, never the site's name."""

from datetime import UTC, datetime

import pytest

from pipelines.document import open_document
from pipelines.metadata import read_headline
from storage.records import Page

NAMED = "<meta property='og:site_name' content='De Bode'>"


def headline(head: str, body: str, url: str = "https://dorpskrant.nl/2014/brug/") -> str | None:
    text = "<p>De brug over de vaart gaat dicht.</p>"
    page = f"<html><head>{head}</head><body>{body}{text}</body></html>"
    return read_headline(
        open_document(
            Page(
                url=url,
                body=page.encode(),
                fetched_at=datetime(2014, 6, 1, tzinfo=UTC),
                content_type="text/html; charset=utf-8",
            )
        )
    )


@pytest.mark.parametrize(
    ("head", "site", "url"),
    [
        ("<title>Dorpskrant » Brug gaat dicht</title>", "Dorpskrant", "https://dorpskrant.nl/1/"),
        ("<title>Dorpskrant.nl - Brug gaat dicht</title>", "Dorpskrant.nl", "https://www.dorpskrant.nl/1"),
        ("<title>Brug gaat dicht | Dorpskrant</title>", "DORPSKRANT", "https://dorpskrant.nl/1/"),
        (NAMED + "<title>De Bode: Brug gaat dicht</title>", "De Bode", "https://x.nl/1"),
        ("<title>dorpskrant.nl // » Brug gaat dicht</title>", "dorpskrant.nl //", "https://dorpskrant.nl/1/"),
    ],
)  # fmt: skip
def test_the_site_s_name_is_no_headline(head: str, site: str, url: str) -> None:
    body = f"<h1>{site}</h1><h2>Brug gaat dicht</h2>"
    assert headline(head, body, url) == "Brug gaat dicht"


def test_a_heading_that_only_holds_the_site_s_name_is_one() -> None:
    head = "<title>Dorpskrant bestaat honderd jaar</title>"
    body = "<h1>Dorpskrant bestaat honderd jaar</h1>"
    assert headline(head, body) == "Dorpskrant bestaat honderd jaar"
