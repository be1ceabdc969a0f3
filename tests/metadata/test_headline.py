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


@pytest.mark.parametrize(
    ("site", "title"),
    [
        ("<a href='/'>Nieuws - Het Dorp</a>", "Brug gaat dicht - Nieuws - Het Dorp"),
        ("<a href='/'><span>De Bode | Krant</span></a>", "Brug gaat dicht | De Bode | Krant"),
        ("<a href='/index.html'>Wiki » Weg » Dorp</a>", "Brug gaat dicht » Wiki » Weg » Dorp"),
        ("<a rel=home href='/x'>Dorp – Bode</a>", "Brug gaat dicht – Dorp – Bode"),
        ("<a href='/2014/'>Dorp : Bode</a>", "Brug gaat dicht : Dorp : Bode"),
    ],
)  # fmt: skip
def test_a_heading_that_leads_home_is_the_site_s_name_of_whatever_parts(
    site: str, title: str
) -> None:
    body = f"<h1>{site}</h1><div id=titel>Brug gaat dicht</div>"
    assert headline(f"<title>{title}</title>", body) == "Brug gaat dicht"


def test_a_heading_that_leads_home_and_begins_the_title_is_the_headline() -> None:
    body = "<h1><a href='/'>Brug - gaat dicht</a></h1>"
    assert headline("<title>Brug - gaat dicht - Dorp</title>", body) == "Brug - gaat dicht"


def test_a_heading_that_only_holds_the_site_s_name_is_one() -> None:
    head = "<title>Dorpskrant bestaat honderd jaar</title>"
    body = "<h1>Dorpskrant bestaat honderd jaar</h1>"
    assert headline(head, body) == "Dorpskrant bestaat honderd jaar"


@pytest.mark.parametrize(
    "heading",
    [
        "<h1><span class=kicker>Verkeer</span>Brug gaat dicht</h1>",
        "<h1><small>Verkeer</small> Brug gaat dicht</h1>",
        "<h1>Brug gaat dicht <h4 class=author>Geplaatst door Jan op 3 mei 2014</h4></h1>",
        "<h1>Brug gaat dicht<br><small><i></i> 03-05-2014 • Verkeer</small></h1>",
        "<h1><span><b>Verkeer</b></span>: Brug gaat dicht</h1>",
        "<h1><style>.a{color:red}</style><span>Brug gaat dicht</span></h1>",
    ],
)
def test_a_kicker_or_a_byline_in_the_heading_is_no_part_of_it(heading: str) -> None:
    assert headline("<title>Brug gaat dicht | Dorpskrant</title>", heading) == "Brug gaat dicht"


def test_a_kicker_that_the_page_states_too_stays() -> None:
    head = "<title>Verkeer: Brug gaat dicht | Dorpskrant</title>"
    heading = "<h1><span>Verkeer:</span> Brug gaat dicht</h1>"
    assert headline(head, heading) == "Verkeer: Brug gaat dicht"


@pytest.mark.parametrize(
    "title",
    [
        "Petitie : De brug over de vaart mag niet dicht",
        "Dorpsnieuws - De brug over de vaart mag niet dicht",
        "Nieuws | De brug over de vaart mag niet dicht",
        "Brief » De brug over de vaart mag niet dicht",
        "Verkeer – De brug over de vaart mag niet dicht",
    ],
)
def test_the_end_of_a_title_that_stands_over_the_page_names_no_site(title: str) -> None:
    body = "<h1>De brug over de vaart mag niet dicht</h1><form><h1>Wachtwoord</h1></form>"
    assert headline(f"<title>{title}</title>", body) == "De brug over de vaart mag niet dicht"


@pytest.mark.parametrize("tag", ["h2", "h3"])
@pytest.mark.parametrize("words", ["Knipoog internationaal", "Over Knipoog", "Volg Knipoog"])
def test_a_heading_that_shares_only_the_site_s_name_is_none(tag: str, words: str) -> None:
    head = "<title>Brug gaat dicht | Knipoog</title>"
    body = f'<{tag} class="footer-title">{words}</{tag}>'
    assert headline(head, body) == "Brug gaat dicht"


def test_a_kicker_is_set_apart_from_the_headline_it_adjoins() -> None:
    head = '<title>De toekomst van het werk - "Wij dekken de tafel"</title>'
    body = '<h1><span class=over>De toekomst van het werk</span>"Wij dekken de tafel"</h1>'
    assert headline(head, body) == 'De toekomst van het werk "Wij dekken de tafel"'
