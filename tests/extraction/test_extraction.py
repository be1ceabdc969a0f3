"""The extraction pool: a worker that dies or hangs costs one retry of its page, never the crawl."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extraction import ExtractionFailed, ExtractionPool, PageReading, WorkerProcesses
from crawler.extraction import pool as extraction
from storage.records import Page
from tests.patience import at_most

HTML = (
    b"<html><body><h1>Stuk</h1><article><p>"
    + b"Een zin van een stuk. " * 30
    + b"</p></article></body></html>"
)


def page(body: bytes = HTML) -> Page:
    return Page(
        url="https://voorbeeld.nl/stuk/",
        body=body,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_type="text/html",
    )


def faulty_read(_name: str, page: Page, _kind: str, _depth: int) -> PageReading:
    """Stand in for what a worker does: the body says what happens, and a file how often
    it did.
    """
    action, _, path = page.body.decode().partition(" ")
    counter = Path(path)
    times = int(counter.read_text()) if counter.exists() else 0
    counter.write_text(str(times + 1))
    if action == "kill-once" and times == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "hang":
        time.sleep(at_most(60))
    return PageReading(outcome=action)


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    processes = WorkerProcesses(workers=1, pages_per_worker=100)
    yield ExtractionPool(processes, timeout=at_most(3))
    processes.close()


def read(pool: ExtractionPool, body: bytes) -> PageReading:
    return asyncio.run(pool.read(page(body), "page", 0))


def test_a_page_is_read_in_another_process(pool: ExtractionPool) -> None:
    reading = read(pool, HTML)
    assert reading.article is not None
    assert reading.article.headline == "Stuk"


def test_a_worker_that_dies_once_costs_a_retry(
    pool: ExtractionPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "in_worker", faulty_read)
    assert read(pool, b"kill-once " + bytes(tmp_path / "n")).outcome == "kill-once"
    assert (tmp_path / "n").read_text() == "2"


@pytest.mark.parametrize(
    ("action", "words"), [("kill", "died"), ("hang", f"longer than {at_most(3):g} seconds")]
)
def test_a_page_that_kills_or_hangs_twice_is_given_up_and_the_pool_goes_on(
    pool: ExtractionPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, words: str
) -> None:
    monkeypatch.setattr(extraction, "in_worker", faulty_read)
    with pytest.raises(ExtractionFailed, match=words):
        read(pool, f"{action} {tmp_path / 'n'}".encode())
    assert (tmp_path / "n").read_text() == "2"
    assert read(pool, b"fine " + bytes(tmp_path / "m")).outcome == "fine"
