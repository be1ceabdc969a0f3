"""The archive on SQLite and PostgreSQL: what is kept, what changes, what does not."""

import logging
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.crawl import Listing, VisitContext, add_candidates, frontier, runs, save_visit, sites
from storage.database import Archive, ArchiveUnavailable, default_database
from storage.records import Article, Author, Candidate, Comment, Fetch, RemovedBlock, Visit

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
SUMMER = timezone(timedelta(hours=2))

TABLES = (
    "sites",
    "pages",
    "articles",
    "article_versions",
    "authors",
    "keywords",
    "comments",
    "comment_versions",
    "removed_blocks",
)

ARTICLE = Article(
    url="https://example.org/een/",
    headline="Een molen",
    article_body="De molen draait.\n\nWeer.",
    authors=(Author(name="Wil", role="Redacteur", organisation="Dorpsblad"), Author(name="Bo")),
    keywords=("molen", "dorp"),
    date_published=datetime(2024, 4, 30, 9, 30, tzinfo=SUMMER),
    date_published_raw="30 april 2024 om 9.30 uur",
    date_published_precision="minute",
    date_published_source="byline",
    comments_declared=3,
    removed_blocks=(RemovedBlock(reason="newsletter", text="Nieuwsbrief"),),
    comments=(
        Comment(
            text="Mooi",
            author="Ans",
            source_id="7",
            date_created=NOW,
            date_created_raw="1 mei 2024",
        ),
        Comment(text="Zeker", author="Bas", source_id="8", parent_position=0, parent_how="nesting"),
        Comment(text="Mooi", author="Ans", date_created_raw="1 mei 2024"),
    ),
)


class Crawl:
    """A run on one site, to save visits in."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.moment = NOW
        with archive.begin() as connection:
            self.site = sites.register_site(connection, "https://example.org/")
            self.run = runs.begin_run(connection, self.site, {}, NOW)
            add_candidates(
                connection,
                [Candidate(url=ARTICLE.url)],
                Listing(site_id=self.site, now=NOW, cap=100),
            )

    def save(self, article: Article | None = ARTICLE, **fields: object) -> None:
        context = VisitContext(
            run_id=self.run, site_id=self.site, seen_at=self.moment, extractor_version="1", cap=100,
            max_attempts=3,
            retry_after_seconds=5,
        )  # fmt: skip
        visit = Visit(page_id=1, url=ARTICLE.url, state="done", outcome="article", article=article)
        with self.archive.begin() as connection:
            changed = replace(visit, **fields)
            save_visit(connection, changed, context, (None,) * len(changed.fetches))
        self.moment += timedelta(hours=1)

    def rows(self, query: str) -> list[dict[str, object]]:
        return list(self.archive.select(query)[1])


@pytest.fixture
def crawl(archive: Archive) -> Crawl:
    return Crawl(archive)


def test_views_show_an_article_with_its_thread(crawl: Crawl) -> None:
    crawl.save()
    (article,) = crawl.rows("SELECT * FROM article_overview")
    assert list(article) == [
        "url", "site", "headline", "authors", "article_section", "keywords", "in_language",
        "date_published",
        "date_published_precision", "date_modified", "article_body", "comments_declared",
        "comments_captured",
        "comments_gap_reason", "access", "first_seen", "last_seen",
        "date_published_day", "date_published_utc", "date_published_offset",
        "date_modified_precision", "date_modified_utc", "article_type", "word_count",
        "first_comment",
        "language_declared", "language_found", "link_count", "article_html",
    ]  # fmt: skip
    assert (article["site"], article["authors"], article["keywords"]) == (
        "example.org",
        "Wil, Bo",
        "molen, dorp",
    )
    assert article["date_published"] == "2024-04-30 09:30"
    assert str(article["date_published_day"]) == "2024-04-30"
    assert str(article["date_published_utc"]).startswith("2024-04-30 07:30:00")
    assert (article["comments_declared"], article["comments_captured"]) == (3, 3)
    thread = crawl.rows("SELECT * FROM comment_thread ORDER BY position")
    assert list(thread[0]) == [
        "article_url", "id", "parent_id", "depth", "position", "source_id", "author",
        "date_created", "date_created_precision",
        "date_created_raw", "text", "method", "first_seen", "last_seen", "gone_at",
        "date_created_day", "date_created_utc", "date_created_offset", "author_is_staff",
        "status", "upvotes", "downvotes", "parent_author", "site", "headline",
        "article_section", "date_published", "date_published_day",
    ]  # fmt: skip
    assert [row["depth"] for row in thread] == [0, 1, 0]
    assert thread[1]["parent_id"] == thread[0]["id"]
    assert (
        crawl.rows("SELECT date_published_offset FROM articles")[0]["date_published_offset"] == 120
    )


def test_a_second_identical_save_changes_nothing_but_last_seen(crawl: Crawl) -> None:
    def dump() -> list[list[dict[str, object]]]:
        kept = {"last_seen", "last_visit", "visits", "next_visit"}
        return [
            [
                {k: v for k, v in row.items() if k not in kept}
                for row in crawl.rows(f"SELECT * FROM {table} ORDER BY id")
            ]
            for table in TABLES
        ]

    crawl.save()
    before = dump()
    crawl.save()
    assert dump() == before
    assert (
        crawl.rows("SELECT first_seen, last_seen FROM comments")[0]["last_seen"]
        != before[6][0]["first_seen"]
    )


def test_a_changed_text_keeps_what_it_was(crawl: Crawl) -> None:
    crawl.save()
    edited = replace(ARTICLE.comments[0], text="Mooi!")
    crawl.save(
        replace(
            ARTICLE, article_body="De molen draait niet.", comments=(edited, *ARTICLE.comments[1:])
        )
    )
    assert [
        row["article_body"] for row in crawl.rows("SELECT article_body FROM article_versions")
    ] == [ARTICLE.article_body]
    assert [row["text"] for row in crawl.rows("SELECT text FROM comment_versions")] == ["Mooi"]
    assert crawl.rows("SELECT text FROM comments WHERE source_id = '7'")[0]["text"] == "Mooi!"


def test_a_vanished_comment_is_marked_and_comes_back(crawl: Crawl) -> None:
    crawl.save()
    crawl.save(replace(ARTICLE, comments=ARTICLE.comments[:1]))
    gone = crawl.rows("SELECT source_id FROM comments WHERE gone_at IS NOT NULL ORDER BY id")
    assert [row["source_id"] for row in gone] == ["8", None]
    crawl.save()
    assert crawl.rows("SELECT id FROM comments WHERE gone_at IS NOT NULL") == []
    assert len(crawl.rows("SELECT id FROM comments")) == 3


def test_a_partial_capture_marks_no_comment_gone(crawl: Crawl) -> None:
    crawl.save()
    crawl.save(replace(ARTICLE, comments=ARTICLE.comments[:1], comments_gap_reason="pagination"))
    assert crawl.rows("SELECT id FROM comments WHERE gone_at IS NOT NULL") == []


def test_a_reply_finds_its_parent_that_was_stored_before(crawl: Crawl) -> None:
    crawl.save()
    late = Comment(
        text="Laat", author="Cor", source_id="9", parent_source_id="7", parent_how="link"
    )
    crawl.save(replace(ARTICLE, comments=(late,), comments_gap_reason="pagination"))
    rows = {
        row["source_id"]: row for row in crawl.rows("SELECT id, parent_id, source_id FROM comments")
    }
    assert rows["9"]["parent_id"] == rows["7"]["id"]


def test_relative_dates_keep_their_first_reading(crawl: Crawl) -> None:
    def told(raw: str, hours: int) -> Article:
        moment = NOW - timedelta(hours=hours)
        comment = Comment(
            text="Zo",
            author="Ans",
            date_created=moment,
            date_created_raw=raw,
            date_created_precision="hour",
        )
        return replace(ARTICLE, comments=(comment,))

    crawl.save(told("2 uur geleden", 2))
    crawl.save(told("3 uur geleden", 2))
    (row,) = crawl.rows("SELECT date_created_raw FROM comments")
    assert row["date_created_raw"] == "2 uur geleden"


def test_naive_moments_are_refused(crawl: Crawl) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        crawl.save(replace(ARTICLE, date_published=datetime(2024, 1, 1)))  # noqa: DTZ001  # the point of the test
    assert crawl.rows("SELECT id FROM articles") == []


def test_an_article_is_stored_whole_or_not_at_all(crawl: Crawl) -> None:
    broken = replace(ARTICLE, comments=(*ARTICLE.comments, Comment(text="Goed", status=None)))
    with pytest.raises(Exception, match=r"(?i)null"):
        crawl.save(broken)
    assert crawl.rows("SELECT id FROM articles") == []
    assert crawl.rows("SELECT state FROM pages")[0]["state"] == "queued"


def test_failing_pages_come_back_later_and_are_put_aside_at_last(crawl: Crawl) -> None:
    fetch = Fetch(
        url=ARTICLE.url,
        fetched_at=NOW,
        outcome="timeout",
        detail="The site did not answer in time.",
    )
    for attempt, state in enumerate(("retry", "retry", "failed"), start=1):
        crawl.save(None, state="retry", outcome="timeout", fetches=(fetch,))
        page = crawl.rows("SELECT state, attempts, next_visit FROM pages")[0]
        assert (page["state"], page["attempts"]) == (state, attempt)
        assert page["next_visit"] is not None
    assert len(crawl.rows("SELECT id FROM fetches")) == 3


def test_a_redirect_stores_the_article_under_its_final_address(crawl: Crawl) -> None:
    crawl.save(replace(ARTICLE, url="https://example.org/twee/"), url="https://example.org/twee/")
    pages = {row["url"]: row for row in crawl.rows("SELECT url, state, redirects_to FROM pages")}
    assert pages[ARTICLE.url]["redirects_to"] == "https://example.org/twee/"
    assert pages["https://example.org/twee/"]["state"] == "done"
    assert len(crawl.rows("SELECT id FROM articles")) == 1


def test_leases_are_given_once_and_return_when_they_expire(archive: Archive) -> None:
    with archive.begin() as connection:
        site = sites.register_site(connection, "https://example.org/")
        urls = [Candidate(url=f"https://example.org/{number}/") for number in range(5)]
        added = add_candidates(connection, urls, Listing(site_id=site, now=NOW, cap=4))
        assert (len(added.new), added.refused) == (4, 1)
        order = frontier.LeaseOrder(worker="a", count=3, now=NOW, lease_seconds=60)
        first = frontier.lease(connection, site, order)
        assert len(first) == 3
        assert len(frontier.lease(connection, site, order)) == 1
        assert frontier.lease(connection, site, order) == ()
        late = replace(order, now=NOW + timedelta(seconds=61), worker="b")
        assert {lease.page_id for lease in first} <= {
            lease.page_id for lease in frontier.lease(connection, site, replace(late, count=9))
        }
        assert frontier.put_back(connection, site, "a") == 0
        assert frontier.put_back(connection, site, "b") == 4
        states = connection.execute(
            text("SELECT state, COUNT(*) FROM pages WHERE site_id = :site GROUP BY state"),
            {"site": site},
        )
        assert [tuple(row) for row in states] == [("queued", 4)]


def test_an_interrupted_run_and_an_ended_one_are_told_apart(archive: Archive) -> None:
    with archive.begin() as connection:
        site = sites.register_site(connection, "https://www.example.org/")
        assert sites.register_site(connection, "https://example.org/x/") == site
        assert runs.last_run(connection, site) is None
        run = runs.begin_run(connection, site, {"limit": 3}, NOW)
        interrupted = runs.last_run(connection, site)
        assert interrupted is not None
        assert interrupted.ended_at is None
        runs.end_run(connection, run, runs.Ending({"pages": 2}, "ok", ()), NOW)
        ended = runs.last_run(connection, site)
        assert ended is not None
        assert (ended.ended_at, ended.verdict) == (NOW, "ok")


def test_no_log_prints_a_row_at_any_level(crawl: Crawl, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "sqlalchemy.engine.Engine"):
        crawl.save()
        rows = crawl.rows("SELECT author, text FROM comments WHERE text = 'Zeker'")
    assert rows == [{"author": "Bas", "text": "Zeker"}]
    said = [record.getMessage() for record in caplog.records]
    assert any("SELECT author, text" in one for one in said)
    assert not any(word in one for one in said for word in ("'Bas'", "draait", "Redacteur"))


def test_errors_print_no_text_of_the_archive(crawl: Crawl) -> None:
    with pytest.raises(Exception, match=r"(?i)null") as caught:
        crawl.save(replace(ARTICLE, headline=None))
    assert "De molen draait" not in str(caught.value).split("DETAIL")[0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no database URL"),
        ("mysql://localhost/x", "use SQLite or PostgreSQL"),
        ("postgresql://127.0.0.1:1/x", "cannot be opened"),
        ("sqlite:////proc/nowhere/archive.db", "cannot be opened"),
    ],
)
def test_an_archive_that_cannot_be_opened_says_why(url: str, words: str) -> None:
    with pytest.raises(ArchiveUnavailable, match=words):
        Archive.open(url)


def test_an_archive_of_a_newer_knipsel_is_refused(archive: Archive, database: str) -> None:
    with archive.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ArchiveUnavailable, match="newer Knipsel"):
        Archive.open(database)


def write_many(url: str, worker: int) -> None:
    archive = Archive.open(url)
    with archive.begin() as connection:
        site = sites.register_site(connection, "https://example.org/")
    for number in range(60):
        with archive.begin() as connection:
            found = [Candidate(url=f"https://example.org/{worker}/{number}/")]
            add_candidates(connection, found, Listing(site_id=site, now=NOW, cap=1000))
    archive.close()


def test_three_writers_lose_nothing(tmp_path: Path) -> None:
    url = default_database(tmp_path)
    Archive.open(url).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write_many, args=(url, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    archive = Archive.open(url)
    assert archive.select("SELECT COUNT(*) AS n FROM pages")[1][0]["n"] == 180
    archive.close()
