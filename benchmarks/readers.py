"""What a reading process holds after many pages, and what its first page in a language pays.

    python -m benchmarks.readers SHARED_FOLDER

Memory is a reader's own: what it shares with the process from which it was forked is left out. One
reads the pages of one site by its profile, over and over, one the pages of SHARED_FOLDER/corpus, of
many sites and languages. A first page is read twice by a reader that read none before; what the
first time took more is what it paid.
"""

import argparse
import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.paired import page_of
from benchmarks.process_group import megabytes
from benchmarks.samples import samples
from crawler.extraction import WorkerProcesses, read
from pipelines.document import open_document
from pipelines.learning import learn
from pipelines.profiles import Profile
from storage.records import Page

SITE, READINGS = "wordpress-oudeblog", 1_000
MANY_SITES = 300  # pages, of 161 sites
LESSONS = 5
PATIENCE = 60.0  # seconds
TASKS = 5  # of one first page


class Reader:
    """A process that reads pages as a crawl's does, renewed after *tasks* of what it is asked."""

    def __init__(self, tasks: int) -> None:
        self._processes = WorkerProcesses(1, tasks)

    def close(self) -> None:
        """End it."""
        self._processes.close()

    def ask(self, function: Callable[..., Any], *arguments: object) -> Any:
        """Return what *function* answers there."""
        return self._processes.schedule(function, arguments, PATIENCE).result()


def memory_after(pages: Sequence[Page], readings: int, profiles: Sequence[Profile] = ()) -> float:
    """Return the megabytes of a reader after *readings* readings of *pages*."""
    with closing(Reader(readings + 2)) as reader:  # it is not gone when it is looked at
        for page in islice(cycle(pages), readings):
            reader.ask(read, page, "page", 0, profiles)
        return own_megabytes(reader.ask(os.getpid))


def own_megabytes(process: int) -> float:
    """Return what a process holds and shares with no other."""
    return megabytes(process, "Private_")


def first_page_seconds(reader: Reader, page: Page) -> float:
    """Return the CPU seconds that *page* takes more the first time than the second."""
    moments: list[float] = [reader.ask(process_time)]
    for _time in range(2):
        reader.ask(read, page, "page", 0)
        moments.append(reader.ask(process_time))
    return (moments[1] - moments[0]) - (moments[2] - moments[1])


def of_corpus(shared: Path) -> Iterator[tuple[str, Page]]:
    """Yield the pages of the corpus with their languages."""
    with (shared / "corpus" / "index.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["lang"], page_of(shared / "corpus" / "html", row)


def memory(shared: Path) -> Iterator[tuple[str, float]]:
    """Yield the megabytes of a reader of one site, and of one of many."""
    pages = dict(samples(shared))[SITE]
    profiles = learn(SITE, [open_document(one.page) for one in pages[:LESSONS]])
    yield (
        f"{READINGS} readings of one site, MB",
        memory_after([one.page for one in pages], READINGS, profiles),
    )
    many = [page for _language, page in of_corpus(shared)]
    many = many[:: len(many) // MANY_SITES][:MANY_SITES]
    yield f"{MANY_SITES} pages of many sites, MB", memory_after(many, MANY_SITES)


def dearest_first_page(shared: Path) -> float:
    """Return the most that a first page in a language of the corpus pays; each has a new reader."""
    firsts: dict[str, Page] = {}
    for language, page in of_corpus(shared):
        firsts.setdefault(language, page)
    with closing(Reader(TASKS)) as reader:
        return max(first_page_seconds(reader, page) for page in firsts.values())


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    shared = arguments.parse_args().shared
    for name, held in memory(shared):
        print(f"{name}: {held:.1f}")
    print(f"first page in a language, the dearest, s: {dearest_first_page(shared):.3f}")


if __name__ == "__main__":
    main()
