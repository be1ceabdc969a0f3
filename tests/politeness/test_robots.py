"""robots.txt as RFC 9309 has it."""

import pytest

from crawler.politeness import Robots
from crawler.politeness.robots import LONGEST

AGENT = "Knipsel/0.1 (+mail@example.org)"
URL = "https://voorbeeld.nl/robots.txt"


def test_rules_sitemaps_and_delay_are_read() -> None:
    body = b"User-agent: *\nDisallow: /geheim/\nAllow: /geheim/open\nCrawl-delay: 3\nSitemap: /kaart.xml\n"
    robots = Robots.from_answer(200, body, URL)
    assert robots.allows("https://voorbeeld.nl/stuk/", AGENT)
    assert not robots.allows("https://voorbeeld.nl/geheim/plan", AGENT)
    assert robots.allows("https://voorbeeld.nl/geheim/open", AGENT)
    assert robots.crawl_delay(AGENT) == 3.0
    assert robots.sitemaps == ("https://voorbeeld.nl/kaart.xml",)


def test_a_group_for_knipsel_counts_before_the_one_for_all() -> None:
    robots = Robots.from_answer(
        200, b"User-agent: *\nDisallow: /\n\nUser-agent: knipsel\nDisallow: /prive/\n", URL
    )
    assert robots.allows("https://voorbeeld.nl/stuk/", AGENT)
    assert not robots.allows("https://voorbeeld.nl/prive/", AGENT)


@pytest.mark.parametrize(
    ("status", "is_open"),
    [(404, True), (403, True), (410, True), (500, False), (503, False), (None, False)],
)
def test_no_rules_means_open_and_no_answer_means_closed(
    status: int | None, *, is_open: bool
) -> None:
    robots = Robots.from_answer(status, b"User-agent: *\nDisallow: /", URL)
    assert robots.allows("https://voorbeeld.nl/", AGENT) is is_open
    assert robots.closed is not is_open


def test_only_the_first_500_kib_are_read() -> None:
    body = b"User-agent: *\nDisallow: /a/\n" + b"#" * LONGEST + b"\nDisallow: /b/\n"
    robots = Robots.from_answer(200, body, URL)
    assert not robots.allows("https://voorbeeld.nl/a/", AGENT)
    assert robots.allows("https://voorbeeld.nl/b/", AGENT)


def test_binary_rubbish_forbids_nothing() -> None:
    assert Robots.from_answer(200, bytes(range(256)) * 20, URL).allows(
        "https://voorbeeld.nl/", AGENT
    )
