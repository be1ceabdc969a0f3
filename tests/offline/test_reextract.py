"""Re-extraction: kept pages are read again; what reads differently becomes the current reading,
what was stays as a version.
"""

import os
import shutil
import signal
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html as lxml_html
from sqlalchemy import Engine, event, text

from crawler.offline import (
    NothingToReread,
    Order,
    PageTask,
    Rereader,
    page_history,
    reextract_pages,
)
from crawler.offline import pool as offline
from crawler.offline.pool import OfflinePool
from crawler.offline.reextract import ReextractChanges
from crawler.offline.worker import Reread
from pipelines.article import NotAnArticle
from pipelines.comments import find_sources
from storage.crawl.runs import last_run
from storage.database import Archive, default_database
from storage.progress import no_report
from storage.records import Article
from tests.crawling import ask, crawl, knipsel
from tests.foreign_captures import InlinePool, answer, page, record, take
from tests.local_site import LocalSite
from tests.wordpress_comments import PAGE as PAGE_WITH_SOURCE
from tests.wordpress_comments import things

ROUTES = {
    "/": '<html><body><a href="/2013/12/de-oude-molen/">Molen</a> <a '
    'href="/2014/01/de-fanfare-speelt/">Fanfare</a></body></html>',
    "/2013/12/de-oude-molen/": page(
        "De molen", {1: ("Ans", "Mooi dat hij weer draait."), 2: ("Bas", "Ik stond vooraan.")}
    ).decode(),
    "/2014/01/de-fanfare-speelt/": page("De fanfare", {3: ("Cor", "Prachtig gespeeld.")}).decode(),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two articles and a listing."""
    folder = tmp_path_factory.mktemp("crawled")
    with LocalSite(dict(ROUTES)) as site:
        assert crawl(f"{site.url}/", folder).code == 0
    return folder


@pytest.fixture
def folder(crawled: Path, tmp_path: Path) -> Path:
    """A copy of that archive, of the test's own."""
    return Path(shutil.copytree(crawled, tmp_path / "archive"))


def misread(folder: Path) -> None:
    """Make the archive as an older extractor might have left it: a text cut short, an author, a
    comment and an article missed.
    """
    archive = Archive.open(default_database(folder))
    with archive.begin() as connection:
        for statement in (
            "UPDATE articles SET article_body = 'De molen', content_hash = 'x', "
            "record_hash = 'x', extractor_version = '0.0.1', language_found = NULL"
            " WHERE headline = 'De molen'",
            "DELETE FROM authors WHERE article_id IN (SELECT id FROM articles "
            "WHERE headline = 'De molen')",
            "DELETE FROM comments WHERE source_id IN ('1', '3')",
            "DELETE FROM authors WHERE article_id IN (SELECT id FROM articles "
            "WHERE headline = 'De fanfare')",
            "UPDATE pages SET state = 'refused', outcome = 'no_text' WHERE url LIKE '%fanfare%'",
            "DELETE FROM articles WHERE headline = 'De fanfare'",
        ):
            connection.execute(text(statement))
    archive.close()


def again(folder: Path, order: Order | None = None) -> ReextractChanges:
    archive = Archive.open(default_database(folder))
    try:
        return reextract_pages(archive, InlinePool(folder), order or Order(), no_report)  # type: ignore[arg-type]  # stands in
    finally:
        archive.close()


def dump(folder: Path) -> list[object]:
    return [
        ask(
            folder,
            "SELECT url, headline, authors, article_body, comments_captured, "
            "first_seen, last_seen FROM article_overview ORDER BY url",
        ),
        ask(
            folder,
            "SELECT article_url, position, author, text, date_created, gone_at "
            "FROM comment_thread ORDER BY 1, 2",
        ),
        ask(folder, "SELECT url, state, outcome FROM pages ORDER BY url"),
    ]


def test_reading_again_what_was_just_read_changes_nothing(folder: Path) -> None:
    before = dump(folder)
    changes = again(folder)
    assert dict(changes.articles) == {"unchanged": 2, "still none": 1}
    assert (dict(changes.fields), sum(changes.comments.values()), dict(changes.refusals)) == (
        {},
        0,
        {},
    )
    assert dump(folder) == before


def test_what_was_misread_is_put_right_and_stays_as_a_version(folder: Path) -> None:
    before = dump(folder)
    misread(folder)
    changes = again(folder)
    assert dict(changes.articles) == {"changed": 1, "new": 1, "still none": 1}
    assert dict(changes.fields) == {"article_body": 1, "authors": 1, "language_found": 1}
    assert changes.comments["new"] == 2
    articles, comments, pages = dump(folder)
    assert ([{**row, "first_seen": 0, "last_seen": 0} for row in articles], comments, pages) == (  # type: ignore[attr-defined]  # rows
        [{**row, "first_seen": 0, "last_seen": 0} for row in before[0]], before[1], before[2],  # type: ignore[attr-defined]  # rows
    )  # fmt: skip
    versions = ask(folder, "SELECT article_body, extractor_version FROM article_versions")
    assert versions == [{"article_body": "De molen", "extractor_version": "0.0.1"}]
    assert dict(again(folder).articles) == {"unchanged": 2, "still none": 1}


def test_a_dry_run_tells_the_same_and_changes_nothing(folder: Path) -> None:
    misread(folder)
    before = dump(folder)
    dry = again(folder, Order(is_dry=True))
    assert dump(folder) == before
    assert ask(folder, "SELECT id FROM runs WHERE ended_at IS NULL") == []
    done = again(folder)
    assert (dry.articles, dry.fields, dry.comments) == (done.articles, done.fields, done.comments)


def test_only_the_pages_without_an_article(folder: Path) -> None:
    misread(folder)
    changes = again(folder, Order(only_failed=True))
    assert dict(changes.articles) == {"new": 1, "still none": 1}


def test_a_run_that_was_cut_off_is_gone_on_with(folder: Path) -> None:
    misread(folder)
    archive = Archive.open(default_database(folder))
    reread = []

    class CutOff(InlinePool):
        def run(self, method: str, tasks: Iterable[PageTask]) -> Iterator[list[Reread]]:
            for lot in super().run(method, tasks):
                yield lot
                reread.append(lot[0].page_id)
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reextract_pages(archive, CutOff(folder), Order(), no_report)  # type: ignore[arg-type]  # stands in
    archive.close()
    changes = again(folder)
    assert changes.pages == 2  # of three
    assert len(ask(folder, "SELECT id FROM articles")) == 2
    assert ask(folder, "SELECT id FROM runs WHERE ended_at IS NULL") == []


def test_a_crawl_after_it_goes_on_as_after_a_crawl(folder: Path) -> None:
    again(folder)
    archive = Archive.open(default_database(folder))
    with archive.read() as connection:
        last = last_run(connection, 1)
        assert last is not None
        assert last.run_id == 1
    archive.close()


def test_an_article_that_today_s_code_refuses_is_told_and_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_page: object) -> Article:
        raise NotAnArticle("listing", "A listing.")

    monkeypatch.setattr(page_history, "read_by", refuse)
    assert dict(again(folder).refusals) == {"listing": 2}
    assert len(ask(folder, "SELECT id FROM articles")) == 2


def test_a_warc_file_that_is_gone_is_told(folder: Path) -> None:
    for path in (folder / "warc").iterdir():
        path.unlink()
    assert dict(again(folder).refusals) == {"unavailable": 2}


def test_imported_pages_are_read_again_too(tmp_path: Path) -> None:
    url, moment = "https://dorpsblad.example/2013/12/molen/", datetime(2014, 1, 5, tzinfo=UTC)
    (tmp_path / "x").write_bytes(
        record(url, moment, answer(page("De molen", {1: ("Ans", "Mooi.")})))
    )
    take(tmp_path / "a", tmp_path / "x")
    assert dict(again(tmp_path / "a").articles) == {"unchanged": 1}


def test_a_second_source_of_comments_is_read_again_too(tmp_path: Path) -> None:
    with LocalSite({}) as site:
        told = things(
            (11, 0, "Anna", "Wat een mooi nieuws, eindelijk."), (12, 11, "Bram", "Dat vind ik ook.")
        )
        address = find_sources(
            lxml_html.document_fromstring(PAGE_WITH_SOURCE.format(site=site.url)),
            f"{site.url}/molen/",
        )[0]
        site.routes |= {
            "/": '<html><body><a href="/molen/">De molen draait</a></body></html>',
            "/molen/": PAGE_WITH_SOURCE.format(site=site.url),
            address.removeprefix(site.url): (200, {"Content-Type": "application/json"}, told),
        }
        assert crawl(site.url, tmp_path).code == 0
    assert len(ask(tmp_path, "SELECT id FROM comments")) == 2
    changes = again(tmp_path)
    assert (changes.articles["unchanged"], sum(changes.comments.values())) == (1, 0)


def test_a_lot_of_pages_asks_the_archive_no_more_often_than_one(folder: Path) -> None:
    archive = "SELECT id, url FROM pages WHERE outcome = 'article'"
    tasks = [PageTask(row["id"], row["url"]) for row in ask(folder, archive)]
    rereader, asked = Rereader(default_database(folder), folder), 0

    def count(*_arguments: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        assert [one.refusal for one in rereader.reextract(tasks[:1])] == [None]
        alone, asked = asked, 0
        assert [one.page_id for one in rereader.reextract(tasks)] == [
            task.page_id for task in tasks
        ]
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        rereader.close()
    assert len(tasks) == 2
    assert 0 < asked <= alone  # the first also fetches the secret of the seals


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingToReread, match=r"no captures of a page of example\.nl"):
        again(tmp_path, Order(site="example.nl"))


def test_the_command_in_worker_processes(folder: Path) -> None:
    misread(folder)
    settings = ("-s", f"KNIPSEL_ARCHIVE={folder}", "-s", "EXTRACTION_WORKERS=2")
    dry = knipsel("reextract", "--dry-run", *settings)
    assert (dry.code, "What would change" in dry.out, "changed 1, new 1" in dry.out) == (
        0,
        True,
        True,
    ), dry.err
    done = knipsel("reextract", *settings)
    assert (done.code, "article_body 1, authors 1" in done.out) == (0, True), done.err
    wrong = knipsel("reextract", "--since", "gisteren", *settings)
    assert (wrong.code, wrong.err) == (
        2,
        "knipsel reextract: 'gisteren' is no day: say it as 2024-05-31.\n",
    )


def test_a_page_that_kills_its_worker_costs_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [row["id"] for row in ask(folder, "SELECT id FROM pages WHERE kind = 'page' ORDER BY id")]
    monkeypatch.setattr(offline, "work_at", deadly_work)
    with OfflinePool(default_database(folder), folder, workers=1) as pool:
        lots = list(
            pool.run("reextract", [PageTask(key, "https://dorpsblad.example/") for key in ids])
        )
    assert {one.page_id: one.refusal for lot in lots for one in lot} == {
        key: "extraction_failed" if key == ids[0] else "fine" for key in ids
    }


def deadly_work(
    _place: offline.ArchivePlace, _method: str, tasks: Sequence[PageTask]
) -> list[Reread]:
    """Stand in for the work of a worker: the first page of the site kills it."""
    if any(task.page_id == 1 for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return [Reread(task.page_id, task.url, refusal="fine") for task in tasks]
