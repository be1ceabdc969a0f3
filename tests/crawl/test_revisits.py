"""When a page is worth another visit: the law, its bounds, and when a page is asked for only if it
changed.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.crawl import next_visit, validators
from crawler.crawl.schedule import BROKEN, LATEST, NOT_THERE, SOONEST, SPREAD, WALL
from storage.records import Lease, Look

NOW = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
ARTICLE = Look(
    url="https://voorbeeld.nl/stuk/",
    kind="page",
    state="done",
    outcome="article",
    now=NOW,
    last_news=NOW,
)


def wait(look: Look) -> timedelta:
    return next_visit(look) - NOW


def about(expected: timedelta) -> tuple[timedelta, timedelta]:
    return expected * (1 - SPREAD), expected * (1 + SPREAD)


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        (timedelta(0), SOONEST),
        (timedelta(hours=10), timedelta(hours=2.5)),
        (timedelta(days=4), timedelta(days=1)),
        (timedelta(days=60), timedelta(days=15)),
        (timedelta(days=4000), LATEST),
        (timedelta(days=-1), SOONEST),  # a clock that runs ahead
    ],
)
def test_an_article_is_due_after_a_quarter_of_the_time_for_which_it_was_quiet(
    quiet: timedelta, expected: timedelta
) -> None:
    least, most = about(expected)
    assert least <= wait(replace(ARTICLE, last_news=NOW - quiet)) <= most


def test_pages_of_one_night_are_spread_and_each_has_its_own_place() -> None:
    looks = [
        replace(ARTICLE, url=f"https://voorbeeld.nl/{n}/", last_news=NOW - timedelta(days=1000))
        for n in range(500)
    ]
    waits = [wait(look) for look in looks]
    assert max(waits) - min(waits) > 1.5 * SPREAD * LATEST
    assert waits == [wait(look) for look in looks]


def test_lists_are_read_in_every_run_but_dated_ones_and_later_pages() -> None:
    sitemap = replace(ARTICLE, kind="sitemap", outcome="sitemap")
    assert wait(sitemap) == timedelta(0)
    assert wait(replace(sitemap, lastmod=NOW)) > timedelta(days=5)
    assert wait(replace(sitemap, lists_articles=False)) > timedelta(days=5)
    assert wait(replace(sitemap, kind="feed", outcome="feed", is_further=True)) > timedelta(days=60)


def test_a_feed_that_names_nothing_waits_a_week_beside_lists_that_name_something() -> None:
    empty = replace(ARTICLE, kind="feed", outcome="empty_feed")
    assert wait(empty) == timedelta(0)  # the first article of a new site would be in it
    assert wait(replace(empty, site_has_lists=True)) > timedelta(days=5)
    assert wait(replace(empty, outcome="feed", site_has_lists=True)) == timedelta(0)


def test_listings_wait_long_where_sitemaps_or_feeds_tell_what_is_new() -> None:
    listing = replace(ARTICLE, state="refused", outcome="listing")
    assert (
        wait(listing)
        < timedelta(days=10)
        < timedelta(days=40)
        < wait(replace(listing, site_has_lists=True))
    )
    fresh = replace(listing, visits=5, last_news=NOW)
    assert wait(fresh) < timedelta(days=2)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "refused", "outcome": "consent"}, WALL),
        ({"state": "refused", "outcome": "trap"}, NOT_THERE),
        ({"state": "gone", "outcome": "not_found"}, NOT_THERE),
        ({"state": "failed", "outcome": "server_error", "attempts": 3}, timedelta(days=1)),
        ({"state": "failed", "outcome": "server_error", "attempts": 5}, timedelta(days=4)),
        ({"state": "failed", "outcome": "server_error", "attempts": 50}, BROKEN),
        ({"state": "failed", "outcome": "extraction_failed", "attempts": 1}, BROKEN),
    ],
)
def test_what_cannot_be_had_is_tried_ever_more_rarely(
    fields: dict[str, object], expected: timedelta
) -> None:
    least, most = about(expected)
    assert least <= wait(replace(ARTICLE, **fields)) <= most


def test_an_article_that_was_there_before_is_looked_for_again_soon() -> None:
    assert wait(replace(ARTICLE, state="gone", outcome="gone", visits=7)) < timedelta(days=2)


LEASE = Lease(
    page_id=1, url="https://voorbeeld.nl/stuk/", kind="page", depth=0, attempts=0, etag='"a1"',
    last_modified="Thu, 01 Jan 2015 00:00:00 GMT", last_full_visit=NOW - timedelta(days=1),
)  # fmt: skip


def test_a_page_is_asked_for_only_if_it_changed_but_now_and_then_in_full() -> None:
    assert validators(LEASE, NOW) == {
        "If-None-Match": '"a1"',
        "If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT",
    }
    assert validators(replace(LEASE, last_full_visit=NOW - timedelta(days=8)), NOW) == {}
    assert validators(replace(LEASE, hint="comment"), NOW) == {}
    assert validators(replace(LEASE, last_full_visit=None), NOW) == {}
    assert validators(replace(LEASE, etag=None, last_modified=None), NOW) == {}
