"""Where comments may be lost, or an article is younger than they are, a run counts it."""

from datetime import datetime
from typing import Any

import pytest

from crawler.crawl.verdict import Counters
from storage.crawl import Before, VisitSaved
from storage.local_time import SITE_ZONE
from storage.records import Article, Candidate, Visit
from tests.crawl.test_run_floors import URL, article, comment, noted, stats_of


def linking(counted: dict[str, int], *articles: Article) -> Counters:
    """Return what is counted of *articles* when a list's links count their comments."""
    stats = stats_of(*articles)
    named = tuple(Candidate(url=url, comments_linked=count) for url, count in counted.items())
    visit = Visit(page_id=99, url=URL, state="refused", outcome="listing", candidates=named)
    listing = VisitSaved(state="refused", outcome="listing", before=Before(outcome=None))
    stats.note(visit, listing)
    stats.compare_links()
    return stats.counters


@pytest.mark.parametrize(
    ("fields", "linked", "missing", "threads"),
    [
        ({}, 2, 2, 1),
        ({"comments": (comment(),)}, 3, 2, 0),
        ({"comments": (comment(),)}, 1, 0, 0),
        ({"comments": (comment(), comment(text="Ja."))}, 1, 0, 0),
        ({"pingbacks": 2}, 2, 0, 0),
        ({"comments_declared": 0}, 2, 0, 0),
        ({"comments_gap_reason": "widget"}, 2, 0, 0),
    ],
)
def test_what_links_count_and_no_page_states_is_missing_where_it_was_not_read(
    fields: dict[str, Any], linked: int, missing: int, threads: int
) -> None:
    counted = linking({f"{URL}a": linked}, article(url=f"{URL}a/", **fields))
    assert counted.faults.get("missing_comments", 0) == missing
    assert counted.faults.get("threads", 0) == threads


@pytest.mark.parametrize(
    ("published", "created", "is_misdated"),
    [
        (("2026-02-01", "month"), ("2020-07-30", "minute"), True),
        (("2023-01-01", "year"), ("2018-05-16", "day"), True),
        (("2014-05-04T00:10", "minute"), ("2014-05-03T23:50", "minute"), True),
        (("2014-05-03T12:10", "minute"), ("2014-05-03T09:00", "minute"), False),
        (("2014-05-03", "day"), ("2014-01-01", "year"), False),
        (("2014-05-03", "day"), ("2014-05-01", "month"), False),
        (("2014-01-01", "year"), ("2014-05-03", "day"), False),
    ],
)
def test_an_article_that_is_younger_than_its_comments_is_counted(
    published: tuple[str, str], created: tuple[str, str], *, is_misdated: bool
) -> None:
    moments = [
        datetime.fromisoformat(one[0]).replace(tzinfo=SITE_ZONE) for one in (published, created)
    ]
    said = comment(date_created=moments[1], date_created_precision=created[1])
    dates = {"date_published": moments[0], "date_published_precision": published[1]}
    counted = noted(article(comments=(said,), **dates))
    assert counted.faults.get("misdated", 0) == is_misdated


def test_threads_that_go_on_where_nobody_read_are_counted() -> None:
    counted = noted(article(comments=(comment(),), comments_gap_reason="pagination"))
    assert (counted.faults["open_threads"], "threads" in counted.faults) == (1, False)
    counted = noted(article(comments_gap_reason="pagination"))
    assert (counted.faults["threads"], "open_threads" in counted.faults) == (1, False)
