"""Where the time of a re-extraction goes, in CPU milliseconds a page, beside trafilatura alone on
the same captures.

    python -m benchmarks.reextract_cost ARCHIVE_FOLDER [--pages 500]

One process reads the archive's kept pages again, as a worker does; nothing is stored. A step that
calls another is charged only for its own part.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura
from sqlalchemy import Connection

from crawler.offline import LOT, PageTask, Rereader, lots_of, page_history, worker
from storage.articles import page_addresses, pages_to_reread
from storage.crawl import chosen_sites
from storage.database import Archive, default_database
from storage.warc import CaptureReader, Unavailable, captures_of

STEPS = {
    "captures_of_pages": "database",
    "sites_of_pages": "database",
    "load_profiles": "database",
    "stored_articles": "database",
    "captures_at": "database",
    "open_document": "decoding and parsing",
    "read_by": "extraction",
    "observe": "a page in ten read both ways",
    "differences": "comparing",
    "group_captures": "sorting captures into looks",
}


class Clock:
    """Charges CPU time to the innermost step that is at work."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._within = ["the rest"]
        self._since = time.process_time()

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return *work*, charged to *name*; within a reading both ways all is charged to that."""

        def charged(*args: Any, **named: Any) -> Any:
            self._switch()
            self._within.append(name if "both ways" not in self._within[-1] else self._within[-1])
            try:
                return work(*args, **named)
            finally:
                self._switch()
                self._within.pop()

        return charged

    def _switch(self) -> None:
        now = time.process_time()
        self.spent[self._within[-1]] += now - self._since  # type: ignore[assignment]  # seconds
        self._since = now


def tasks_of(connection: Connection, pages: int) -> list[PageTask]:
    """Return the first *pages* pages of the archive's sites that have captures."""
    sites = [site for site, _name in chosen_sites(connection, None)]
    keys = [
        key for site in sites for key in pages_to_reread(connection, site, None, only_failed=False)
    ][:pages]
    addresses = page_addresses(connection, keys)
    return [PageTask(key, addresses[key]) for key in keys]


def trafilatura_alone(connection: Connection, folder: Path, tasks: list[PageTask]) -> float:
    """Return the CPU seconds that trafilatura takes for the newest captures of the pages, reading
    and decoding included.
    """
    reader = CaptureReader(folder / "warc", connection)
    began = time.process_time()
    for task in tasks:
        for capture in captures_of(connection, task.page_id)[-1:]:
            try:
                trafilatura.bare_extraction(reader.read(capture).body.decode("utf-8", "replace"))
            except Unavailable:
                continue
    return time.process_time() - began


def costs(folder: Path, most: int, clock: Clock) -> tuple[int, float, float]:
    """Return how many pages of the archive in *folder* were read again, and the CPU seconds that it
    took and that trafilatura takes; *clock* begins anew where the measured part does.
    """
    database = default_database(folder)
    archive, rereader = Archive.open(database), Rereader(database, folder)
    with archive.read() as connection:
        tasks = tasks_of(connection, most)
        rereader.reextract(tasks[:LOT])  # what is loaded on first use is nobody's cost
        trafilatura_alone(connection, folder, tasks[:LOT])
        alone = trafilatura_alone(connection, folder, tasks)
    clock.spent.clear()
    began = time.process_time()
    for lot in lots_of(tasks, LOT):
        rereader.reextract(lot)
    return len(tasks), time.process_time() - began, alone


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--pages", type=int, default=500)
    options = arguments.parse_args()
    clock = Clock()
    for name, step in STEPS.items():
        room = page_history if hasattr(page_history, name) else worker
        setattr(room, name, clock.timed(step, getattr(room, name)))
    CaptureReader.read = clock.timed("reading the capture", CaptureReader.read)  # type: ignore[method-assign]  # measured
    pages, whole, alone = costs(options.folder, options.pages, clock)
    print(f"{pages} pages\n\n| step | ms a page | of trafilatura alone |\n| --- | --- | --- |")
    for name, seconds in (*clock.spent.most_common(), ("all", whole), ("trafilatura alone", alone)):
        print(f"| {name} | {1000 * seconds / pages:.2f} | {seconds / alone:.2f} |")


if __name__ == "__main__":
    main()
