"""Pages that are not there although they are answered, and news whose headlines sound so."""

import json

import pytest

from tests.page_kinds import kind_of

NOTICE = (
    "<p>De pagina die u zoekt is verplaatst of verwijderd. Gebruik de zoekfunctie of ga naar de "
    "homepagina.</p><p>Wij hebben onze website onlangs vernieuwd. Het kan zijn dat u via een oude "
    "koppeling op deze pagina bent gekomen.</p>"
)
TEXT = (
    "<p>De gemeenteraad heeft donderdagavond ingestemd met de bouw van een nieuwe sporthal aan de "
    "rand van het dorp, ondanks bezwaren van omwonenden die vrezen voor overlast in de avond.</p>"
)
STATED = json.dumps({"@type": "NewsArticle", "headline": "", "datePublished": "2024-02-03"})
STATEMENT = f'<script type="application/ld+json">{STATED}</script>'


def kind(headline: str, text: str, head: str = "") -> str:
    page = (
        f"<html lang=nl><head><title>{headline} - Dorpsblad</title>{head}</head>"
        f"<body><div><h1>{headline}</h1>{text}</div></body></html>"
    )
    return kind_of(page)


@pytest.mark.parametrize(
    "headline",
    [
        "Deze pagina bestaat niet",
        "De pagina is niet gevonden",
        "Artikel niet gevonden",
        "Fout 404",
        "Error 404",
        "404",
        "404 - Pagina niet gevonden",
        "Sorry, deze pagina is niet gevonden",
        "We kunnen deze pagina niet vinden",
        "Dit artikel is verwijderd",
        "Dit bericht is niet meer beschikbaar",
        "Page not found",
        "Niet gevonden",
        "Oeps!",
        "Oeps, er ging iets mis",
        "Helaas...",
    ],
)
def test_a_page_that_is_not_there_is_refused(headline: str) -> None:
    assert kind(headline, NOTICE) == "error_page"


@pytest.mark.parametrize(
    "headline",
    [
        "Helaas geen kermis dit jaar",
        "404 woningen erbij in Leidsche Rijn",
        "Oeps! Burgemeester vergeet ambtsketen",
        "Niet gevonden voorwerpen",
        "De ideale school bestaat niet",
        "Vermiste man nog niet gevonden",
        "Pagina uit dagboek niet gevonden",
        "Geen bericht",
    ],
)
@pytest.mark.parametrize("head", ["", STATEMENT])
def test_news_that_sounds_so_is_read(headline: str, head: str) -> None:
    assert kind(headline, TEXT, head) == "article"


def test_a_text_speaks_against_an_excuse_and_a_statement_against_a_notice() -> None:
    assert kind("Helaas", f"<div>{4 * TEXT}</div>") == "article"
    assert kind("Niet gevonden", TEXT, STATEMENT) == "article"
    assert kind("404", TEXT, STATEMENT) == "article"
    assert kind("Deze pagina bestaat niet", f"<div>{4 * NOTICE}</div>") == "error_page"


@pytest.mark.parametrize(
    "headline",
    [
        "Berichten van het front: dagboek uit 1944",
        "Archief van de familie Van Lynden geopend",
        "Categorie 3-brand in een loods te Lies",
        "Zoekresultaten van Google stellen teleur",
        "Recente berichten over de brug kloppen niet",
    ],
)
def test_a_sentence_that_begins_as_a_list_is_called_is_read(headline: str) -> None:
    assert kind(headline, TEXT) == "article"


@pytest.mark.parametrize(
    "headline",
    [
        "Categorie: Sport",
        "Archief maart 2004",
        "Berichten van Jan Smit",
        'Zoekresultaten voor "brug"',
        "Tag archieven: molen",
        "Laatste reacties",
    ],
)
def test_the_name_of_a_list_is_refused(headline: str) -> None:
    assert kind(headline, TEXT) == "listing"
