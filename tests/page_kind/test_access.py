"""Whether an article is whole: what it states, walls with and without words, and promotion."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

TEXT = (
    "<p>De sluis bij Oudewater is sinds vrijdag weer open voor de pleziervaart, na herstelwerken "
    "die elf weken duurden, twee weken langer dan de provincie had gedacht.</p>"
)
WHOLE, BEGINNING = 12 * TEXT, 2 * TEXT
PROMOTION = "<div><p>Word abonnee om al ons nieuws te lezen.</p></div>"


def access(text: str, beside: str = "", free: str = "") -> str:
    stated = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Sluis weer open",'
        f' "isAccessibleForFree": {free}}}</script>'
    )
    page = (
        f"<html lang=nl><head><title>Sluis weer open</title>{stated if free else ''}</head><body>"
        f"<article><h1>Sluis weer open</h1>{text}</article>{beside}</body></html>"
    )
    fetched_at = datetime(2026, 11, 25, tzinfo=UTC)
    return extract(
        Page(url="https://a.example/s", body=page.encode(), fetched_at=fetched_at)
    ).access


@pytest.mark.parametrize(
    "sentence",
    [
        "Je hebt een abonnement nodig om dit artikel te lezen.",
        "Dit is een premium artikel. Al abonnee?",
        "Registreer je gratis om verder te lezen",
        "Enkel voor abonnees.",
        "Log in of word abonnee om verder te lezen.",
        "Om dit artikel te kunnen lezen moet je abonnee zijn.",
        "Maak een account aan en lees direct verder.",
        "Verder lezen? Neem een abonnement.",
    ],
)
def test_a_beginning_that_offers_the_rest_is_a_teaser(sentence: str) -> None:
    offer = f"<div><p>{sentence}</p></div>"
    assert access(BEGINNING + offer) == "teaser"
    assert access(BEGINNING + offer, free="false") == "paywall"


@pytest.mark.parametrize(
    "sentence",
    [
        "Log in om te reageren.",
        "De training is alleen voor leden.",
        "De bond geeft elk lid een abonnement op het blad.",
        "Volg ons account voor meer nieuws. Lees ook: de brug blijft dicht.",
    ],
)
def test_other_words_of_members_and_accounts_offer_nothing(sentence: str) -> None:
    assert access(f"{BEGINNING}<p>{sentence}</p>") == "full"


@pytest.mark.parametrize("free", ["", "true"])
@pytest.mark.parametrize(
    "wall",
    [
        '<div id="paywall" class="hidden"></div>',
        '<section class="paywall"><div class="paywall-message"> </div></section>',
        '<div class="paywall"><script>show("lees verder")</script></div>',
    ],
)
def test_an_empty_box_is_no_wall_around_a_whole_text(wall: str, free: str) -> None:
    assert access(WHOLE, wall, free) == "full"
    assert access(BEGINNING, wall, "false") == "paywall"


def test_a_wall_with_words_is_one() -> None:
    wall = '<div class="paywall"><p>Verder lezen? Neem een abonnement.</p></div>'
    assert access(WHOLE, wall) == access(WHOLE, wall, "false") == "paywall"
    assert access(BEGINNING, wall) == access(BEGINNING, wall, "true") == "paywall"


@pytest.mark.parametrize("text", [BEGINNING, WHOLE])
def test_promotion_beside_a_text_that_is_stated_to_be_free_takes_nothing(text: str) -> None:
    assert access(text, PROMOTION, "true") == "full"
