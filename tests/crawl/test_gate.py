"""The gate before the archive: whatever a page states, it is stored or put aside, and the run goes
on.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.crawl import Listing, VisitContext, add_candidates, keep_visit, runs, sites
from storage.database import Archive
from storage.records import Article, Author, Candidate, Comment, Fetch, Visit
from storage.storable import FIRST_MOMENT, GREATEST, LAST_MOMENT, LONGEST_NAME_BYTES, make_storable
from tests.conftest import new_database
from tests.crawling import crawl
from tests.local_site import LocalSite, Route
from tests.village import article, thread

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
FIT = Article(url="https://example.org/een/", headline="Een molen", article_body="De molen draait.")
HOSTILE = {
    "a count of thirty digits": {"comments_declared": 10**30},
    "a count of ten digits": {"comments_declared": 3_000_000_000},
    "a count below zero": {"comments_declared": -(10**30)},
    "half a character in the text": {"article_body": "De \ud800molen"},
    "a NUL in the headline": {"headline": "Een\x00molen"},
    "a NUL in an author's name": {"authors": (Author(name="Wil\x00", role="\udfff"),)},
    "a keyword of nine thousand letters": {
        "keywords": ("".join(chr(0x4E00 + n % 9000) for n in range(9000)),)
    },
    "an author of nine thousand letters": {
        "authors": (Author(name="".join(chr(0x4E00 + n % 9000) for n in range(9000))),)
    },
    "the year 1, east": {"date_published": datetime(1, 1, 1, tzinfo=EAST)},
    "the year 9999, west": {"date_modified": datetime(9999, 12, 31, 23, 59, tzinfo=WEST)},
    "votes beyond count": {"comments": (Comment(text="Ja", upvotes=10**30, downvotes=2**31),)},
    "a comment without a whole character": {
        "comments": (Comment(text="\x00\ud83d", author="\udc00", source_id="\x00" * 5000),)
    },
    "a comment of the year 1": {
        "comments": (Comment(text="Ja", date_created=datetime(1, 1, 1, 3, tzinfo=EAST)),)
    },
    "ways with a NUL": {"field_methods": (("headline", "\x00"),), "method": "\ud812"},
}


class Visits:
    """A run on one site whose pages 1, 2 ... are waiting."""

    def __init__(self, archive: Archive, count: int) -> None:
        self.archive = archive
        with archive.begin() as connection:
            site = sites.register_site(connection, "https://example.org/")
            run = runs.begin_run(connection, site, {}, NOW)
            found = [Candidate(url=f"https://example.org/{n}/") for n in range(1, count + 1)]
            add_candidates(connection, found, Listing(site_id=site, now=NOW, cap=count))
        self.context = VisitContext(
            run_id=run, site_id=site, seen_at=NOW, extractor_version="1", cap=100, max_attempts=3,
            retry_after_seconds=5,
        )  # fmt: skip

    def keep(self, connection: Any, key: int, read: Article, **fetch: Any) -> str:
        url = f"https://example.org/{key}/"
        fetches = (Fetch(url=url, fetched_at=NOW, outcome="ok", **fetch),)
        visit = Visit(
            page_id=key,
            url=url,
            state="done",
            outcome="article",
            article=replace(read, url=url),
            fetches=fetches,
        )
        return keep_visit(connection, visit, self.context, (None,)).outcome


def test_every_hostile_page_is_stored_beside_its_neighbours(archive: Archive) -> None:
    visits = Visits(archive, len(HOSTILE))
    with archive.begin() as connection:
        for key, changes in enumerate(HOSTILE.values(), 1):
            header = {"etag": '"\x00"', "content_type": "text/html\x00", "charset": "\udc80"}
            assert visits.keep(connection, key, replace(FIT, **changes), **header) == "article"
    rows = archive.select("SELECT * FROM articles ORDER BY id")[1]
    assert len(rows) == len(HOSTILE)
    assert [row["comments_declared"] for row in rows[:3]] == [None] * 3
    assert rows[3]["article_body"] == "De \N{REPLACEMENT CHARACTER}molen"
    assert archive.select("SELECT COUNT(*) AS n FROM fetches")[1][0]["n"] == len(HOSTILE)


def test_a_hostile_page_reads_the_same_the_second_time(archive: Archive) -> None:
    visits = Visits(archive, 1)
    hostile = replace(FIT, headline="Een\x00molen", keywords=("\ud800",), comments_declared=10**30)
    for _visit in range(2):
        with archive.begin() as connection:
            visits.keep(connection, 1, hostile)
    assert archive.select("SELECT COUNT(*) AS n FROM article_versions")[1][0]["n"] == 0


@pytest.mark.parametrize("key", [1, 2, 3])
def test_what_the_database_refuses_is_put_aside_alone(archive: Archive, key: int) -> None:
    visits = Visits(archive, 3)
    nameless: Any = None
    broken = replace(FIT, comments=(Comment(text="Geheim woord"), Comment(text=nameless)))
    with archive.begin() as connection:
        outcomes = [
            visits.keep(connection, one, broken if one == key else FIT) for one in (1, 2, 3)
        ]
    assert [outcome for outcome in outcomes if outcome != "article"] == ["not_stored"]
    rows = archive.select("SELECT * FROM pages ORDER BY id")[1]
    assert [row["state"] for row in rows if row["id"] == key] == ["failed"]
    assert "Geheim" not in rows[key - 1]["detail"]
    assert archive.select("SELECT COUNT(*) AS n FROM articles")[1][0]["n"] == 2
    assert archive.select("SELECT COUNT(*) AS n FROM fetches")[1][0]["n"] == 3


texts = st.text(st.characters(exclude_categories=()), max_size=40)
moments = st.datetimes(timezones=st.sampled_from([UTC, EAST, WEST]))
comments = st.builds(
    Comment, text=texts, author=texts, source_id=texts, upvotes=st.integers(), date_created=moments
)
articles = st.builds(
    Article,
    url=texts,
    headline=texts,
    article_body=texts,
    comments_declared=st.integers() | st.none(),
    date_published=moments | st.none(),
    keywords=st.lists(texts, max_size=3).map(tuple),
    comments=st.lists(comments, max_size=3).map(tuple),
)


@given(articles)
@settings(max_examples=200, deadline=None)
def test_what_passes_the_gate_can_be_stored_and_passes_it_again(read: Article) -> None:
    kept, mended = make_storable(read)
    assert (kept is read) == (not mended)
    assert make_storable(kept) == (kept, {})
    stated = [kept.date_published, *(one.date_created for one in kept.comments)]
    assert all(moment is None or moment.astimezone(UTC).year >= 999 for moment in stated)
    numbers = [kept.comments_declared, *(one.upvotes for one in kept.comments)]
    assert all(number is None or abs(number) <= GREATEST for number in numbers)
    for text in (kept.url, kept.headline, *kept.keywords, *(one.text for one in kept.comments)):
        assert b"\x00" not in text.encode("utf-8")
    assert all(len(word.encode()) <= LONGEST_NAME_BYTES for word in kept.keywords)


def test_a_date_that_is_not_kept_leaves_its_text_and_no_precision() -> None:
    read = replace(
        FIT,
        date_published=datetime(1, 1, 1, tzinfo=EAST),
        date_published_raw="0001-01-01",
        date_published_precision="day",
        date_published_source="json-ld",
    )
    kept, mended = make_storable(read)
    assert (kept.date_published, kept.date_published_precision) == (None, None)
    assert (kept.date_published_raw, kept.date_published_source) == ("0001-01-01", None)
    assert mended == {"dates": 1}
    assert FIRST_MOMENT.astimezone(EAST) < LAST_MOMENT.astimezone(WEST)


def test_two_halves_of_a_character_are_joined() -> None:
    kept, mended = make_storable(replace(FIT, headline="\ud83d\ude00 en \ud83d"))
    assert kept.headline == "\N{GRINNING FACE} en \N{REPLACEMENT CHARACTER}"
    assert mended == {"characters": 1}


def stated(number: int, **facts: Any) -> str:
    data = {"@type": "NewsArticle", "headline": f"Stuk {number}", **facts}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_crawl_passes_hostile_pages_and_logs_no_words(kind: str, tmp_path: Path) -> None:
    extras = (
        stated(1, commentCount=10**30),
        stated(2, commentCount=3_000_000_000),
        stated(3, author={"name": "Wil\x00Terpstra"}, articleSection="\ud800Nieuws"),
        stated(4, datePublished="0001-01-01T00:00:00+14:00"),
        stated(5, dateModified="9999-12-31T23:59:59-12:00"),
        stated(6),
    )
    routes: dict[str, Route] = {
        f"/2014/05/stuk-{number}/": article(
            f"Stuk {number}", f"2014-04-0{number}", thread(1, 2, declared=2), extra
        )
        for number, extra in enumerate(extras, 1)
    }
    routes["/"] = "".join(f'<a href="{path}">{path}</a>' for path in routes)
    with LocalSite(routes) as site, new_database(kind, tmp_path) as url:
        more = ("-s", f"KNIPSEL_DATABASE={url}", "-s", "LOG_LEVEL=DEBUG")
        ended = crawl(site.url, tmp_path, *more)
        archive = Archive.open(url)
        count = archive.select("SELECT COUNT(*) AS n FROM articles")[1][0]["n"]
        archive.close()
    assert ended.code == 0, ended.err
    assert count == len(extras)
    assert "Lezer 1" not in ended.err + ended.out
    assert "wat mij betreft" not in ended.err + ended.out
