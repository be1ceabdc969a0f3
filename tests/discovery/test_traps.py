"""Endless series of pages are noticed by what they bring."""

from itertools import pairwise

from crawler.discovery import TrapWatch
from crawler.discovery.traps import shape_of

SITE = "https://voorbeeld.nl"


def test_a_series_that_brings_nothing_is_a_trap_and_one_that_brings_something_is_not() -> None:
    watch = TrapWatch(patience=3)
    days = [f"{SITE}/agenda/2026/{month}/{day}/" for month in (1, 2) for day in range(1, 5)]
    for today, tomorrow in pairwise(days):
        watch.note(today, is_article=False, found=[tomorrow])
    assert watch.is_trap(f"{SITE}/agenda/2031/5/6/")
    assert not watch.is_trap(f"{SITE}/agenda/")
    for number in range(9):
        watch.note(
            f"{SITE}/nieuws/{number}/",
            is_article=False,
            found=[f"{SITE}/stuk-{number}-over-molens/"],
        )
    assert not watch.is_trap(f"{SITE}/nieuws/10/")
    watch.note(f"{SITE}/agenda/2026/3/1/", is_article=True, found=[])
    assert not watch.is_trap(f"{SITE}/agenda/2031/5/6/")


def test_addresses_of_one_series_have_one_shape() -> None:
    assert shape_of(f"{SITE}/lijst?kleur=rood&maat=3") == shape_of(
        f"{SITE}/lijst?maat=4&kleur=blauw"
    )
    assert shape_of(f"{SITE}/2014/05/") == shape_of(f"{SITE}/1999/12/") != shape_of(f"{SITE}/2014/")
    assert shape_of(f"{SITE}/over-ons/") is None
