"""The lists in which a WordPress states what changed and what was commented on."""

import json
from datetime import UTC, datetime

import pytest

from crawler.discovery import (
    BadListing,
    candidates_from_changes,
    candidates_from_comments,
    candidates_from_posts,
    lists_of,
)

SITE = "https://voorbeeld.nl"
API = f"{SITE}/wp-json/"


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
<link>{SITE}/stuk/#comment-4</link><pubDate>Fri, 02 Jan 2026 10:00:00 \
+0100</pubDate></item></channel></rss>""".encode()
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
