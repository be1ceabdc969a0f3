"""The small rules of a crawl: hours, opt-outs, traps, reservations, lists of WordPress, arguments."""

import json
import os
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.crawl import BadArgument, is_gone, read_arguments
from crawler.crawl.lock import worker_name
from crawler.discovery import (
    BadListing,
    TrapWatch,
    candidates_from_changes,
    candidates_from_comments,
    candidates_from_posts,
)
from crawler.discovery.traps import shape_of
from crawler.discovery.wordpress import lists_of
from crawler.politeness import BadHours, is_open, read_hours
from crawler.politeness.optout import OptOut
from pipelines.tdm import Reservation, from_header, from_rules, read_rules, strongest

SITE = "https://voorbeeld.nl"
API = f"{SITE}/wp-json/"


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (None, datetime(2026, 7, 1, 12, 0, tzinfo=UTC), True),
        (
            "22:00-06:00",
            datetime(2026, 7, 1, 20, 30, tzinfo=UTC),
            True,
        ),  # 22.30 in Amsterdam, in summer
        ("22:00-06:00", datetime(2026, 1, 1, 20, 30, tzinfo=UTC), False),  # 21.30 in winter
        ("22:00-06:00", datetime(2026, 1, 1, 4, 59, tzinfo=UTC), True),
        ("22:00-06:00", datetime(2026, 1, 1, 5, 0, tzinfo=UTC), False),
        ("09:00-17:00", datetime(2026, 1, 1, 12, 0, tzinfo=UTC), True),
        ("09:00-17:00", datetime(2026, 1, 1, 18, 0, tzinfo=UTC), False),
    ],
)
def test_a_nightly_window_is_by_the_clock_in_amsterdam(
    hours: str | None, moment: datetime, *, expected: bool
) -> None:
    assert is_open(hours, moment) is expected


@pytest.mark.parametrize("text", ["", "22-6", "25:00-06:00", "22:00", "'s nachts"])
def test_what_is_no_window_is_said(text: str) -> None:
    with pytest.raises(BadHours, match="say 22:00-06:00"):
        read_hours(text)


def test_the_opt_out_list_knows_hosts_and_patterns_and_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "optout.txt"
    optout = OptOut(path)
    assert not optout.covers("https://weg.nl/stuk/")
    path.write_text(
        "# op verzoek\nweg.nl   # 2026-01-02\n\n*/profiel/*\nhttps://half.nl/prive*\n",
        encoding="utf-8",
    )
    for url in (
        "https://weg.nl/stuk/",
        "http://www.weg.nl/",
        "https://oud.weg.nl/x",
        f"{SITE}/profiel/jan",
        "https://half.nl/prive/x",
    ):
        assert optout.covers(url), url
    for url in ("https://niet-weg.nl/", "https://half.nl/", f"{SITE}/profielen"):
        assert not optout.covers(url), url
    path.write_text("", encoding="utf-8")
    os.utime(path, (1, 1))
    assert not optout.covers("https://weg.nl/stuk/")


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


RULES = json.dumps(
    [
        {"location": "/blog/open/*", "tdm-reservation": 0},
        {"location": "/blog/*", "tdm-reservation": 1, "tdm-policy": f"{SITE}/tdm.json"},
        {"location": "/feed$", "tdm-reservation": 1},
        {"geen": "regel"},
    ]
).encode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/blog/stuk/", Reservation("1", f"{SITE}/tdm.json", "file")),
        ("/blog/open/stuk/", Reservation("0", None, "file")),
        ("/feed", Reservation("1", None, "file")),
        ("/feed/meer", None),
        ("/over/", None),
    ],
)
def test_the_first_rule_of_a_site_s_file_that_fits_counts(
    path: str, expected: Reservation | None
) -> None:
    assert from_rules(read_rules(RULES), SITE + path) == expected


def test_rubbish_reserves_nothing_and_a_reservation_outweighs_none() -> None:
    assert read_rules(b"<html>") == read_rules(b'{"a": 1}') == read_rules(b"[" * 100_000) == ()
    assert from_header("ja", None) is None
    header, page = from_header("0", None), Reservation("1", None, "meta")
    assert strongest(None, header, page) == page
    assert strongest(header, None) == header
    assert strongest(None) is None


def test_the_lists_of_a_wordpress_are_asked_for_where_it_says() -> None:
    changes, comments, posts = lists_of(API)
    assert changes.url.startswith(f"{API}wp/v2/posts?")
    assert (changes.kind, comments.kind, posts.kind) == ("changes", "comments", "posts")
    assert "content" not in changes.url
    assert "content" in posts.url
    assert "rest_route=%2Fwp%2Fv2%2Fcomments" in lists_of(f"{SITE}/?rest_route=/")[1].url


def test_changes_name_articles_with_their_last_change_and_a_next_page_only_when_full() -> None:
    rows = [
        {"link": f"{SITE}/stuk-{n}/", "modified_gmt": "2026-01-02T03:04:05"} for n in range(100)
    ]
    rows.append({"link": "https://elders.nl/stuk/", "modified_gmt": "2026-01-02T03:04:05"})
    url = lists_of(API)[0].url
    found = candidates_from_changes(json.dumps(rows).encode(), url, 0)
    assert len(found) == 101
    assert found[0].lastmod == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found[-1].is_next
    assert "page=2" in found[-1].url
    assert not any(
        candidate.is_next
        for candidate in candidates_from_changes(json.dumps(rows[:5]).encode(), url, 0)
    )


def test_comments_name_their_article_once_with_the_newest_moment() -> None:
    rows = [
        {
            "link": f"{SITE}/stuk/comment-page-2/#comment-9",
            "date_gmt": "2026-01-03T00:00:00",
            "post": 4,
        },
        {"link": f"{SITE}/stuk/?cpage=1#comment-7", "date_gmt": "2026-01-02T00:00:00", "post": 4},
        {"link": f"{SITE}/ander/#comment-8", "date_gmt": "onzin", "post": 2},
    ]
    texts, *found = candidates_from_comments(json.dumps(rows).encode(), lists_of(API)[1].url, 0)
    assert [(c.url, c.last_comment) for c in found] == [
        (f"{SITE}/stuk/", datetime(2026, 1, 3, tzinfo=UTC)),
        (f"{SITE}/ander/", None),
    ]
    assert (
        texts.kind,
        texts.url.startswith(f"{API}wp/v2/posts?"),
        "include=4%2C2&" in texts.url,
    ) == ("posts", True, True)
    newest = lists_of(API)[2]
    listed = json.dumps(rows).encode()
    first, later = (
        candidates_from_posts(listed, texts.url, 0)[0],
        candidates_from_posts(listed, newest.url, 0)[0],
    )
    assert (first.url, first.priority < later.priority) == (later.url, True)
    (plain, *_) = candidates_from_comments(listed, lists_of(f"{SITE}/?rest_route=/")[1].url, 0)
    assert "rest_route=%2Fwp%2Fv2%2Fposts" in plain.url
    assert not [
        c for c in candidates_from_comments(b"[]", lists_of(API)[1].url, 0) if c.kind == "posts"
    ]


def test_a_feed_of_comments_says_the_same() -> None:
    feed = f"""<rss><channel><title>Reacties voor Dorpsblad</title><item><title>Wil</title>
<link>{SITE}/stuk/#comment-4</link><pubDate>Fri, 02 Jan 2026 10:00:00 +0100</pubDate></item></channel></rss>""".encode()
    (found,) = candidates_from_comments(feed, f"{SITE}/comments/feed/", 0)
    assert (found.url, found.last_comment) == (
        f"{SITE}/stuk/",
        datetime(2026, 1, 2, 9, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "body", [b"", b"nee", b'{"code": "rest_forbidden"}', b"<html><body>weg</body></html>"]
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(BadListing):
        candidates_from_comments(body, lists_of(API)[1].url, 0)


def test_this_process_lives_and_a_stranger_with_its_number_does_not() -> None:
    assert not is_gone(worker_name())
    host, _, process = worker_name().partition(":")
    assert is_gone(f"{host}:{process.partition(':')[0]}:12345")
    assert is_gone(f"{host}:999999999:1")
    assert not is_gone("another-machine:1:1")


@pytest.mark.parametrize(
    "arguments",
    [
        {"refresh": "some"},
        {"if_running": "perhaps"},
        {"until": "morgen"},
        {"site": ""},
        {"speed": "9"},
    ],
)
def test_an_argument_that_cannot_be_used_is_said(arguments: dict[str, str]) -> None:
    with pytest.raises(BadArgument, match=r"say|use|Say"):
        read_arguments(arguments)
