"""Memory of a re-extraction of many pages: of the process that writes and of its workers, from
start to end.

    python -m benchmarks.reextract_memory FOLDER [--pages 100000] [--workers 1]

Small distinct pages are written as a WARC file into FOLDER, imported, and taught; a folder that is
there already is only read again. Prints one table; 1 when a process holds more than a tenth above
what it held after a quarter.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.kills import make_article
from storage.records import Exchange
from storage.warc import WarcWriter

ROOT = Path(__file__).resolve().parent.parent
FETCHED = datetime(2014, 7, 5, 12, tzinfo=UTC)
SECONDS_BETWEEN = 2.0
PARTS = {"start": 0.02, "quarter": 0.25, "half": 0.5, "three quarters": 0.75, "end": 1.0}
MOST_GROWTH = 1.1

Sample = tuple[
    float, int, int
]  # seconds since the beginning; kB of the parent, kB of the largest worker


def write_pages(folder: Path, pages: int) -> Path:
    """Write *pages* answers as WARC into *folder*, and return the file."""
    writer = WarcWriter(folder, "knipsel benchmark", "benchmark", max_bytes=1 << 40)
    for number in range(pages):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        url = f"https://weekblad.example/2014/stuk-{number}/"
        writer.write(
            Exchange(
                url=url,
                fetched_at=FETCHED,
                request=b"",
                response=head + make_article(number, 1).encode(),
            )
        )
    writer.close()
    return next(folder.glob("*.warc.gz"))


def run(archive: Path, arguments: Sequence[str]) -> list[Sample]:
    """Run a command of ours on *archive*, and return its memory, sampled every few seconds until it
    ended.
    """
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"KNIPSEL_ARCHIVE={archive}"]
    began = time.monotonic()
    samples: list[Sample] = []
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)  # our own command
        while process.poll() is None:
            below = [kilobytes(pid) for pid in descendants(process.pid)]
            samples.append(
                (time.monotonic() - began, kilobytes(process.pid), max(below, default=0))
            )
            time.sleep(SECONDS_BETWEEN)
        said.seek(0)
        assert process.returncode == 0, said.read().decode()
    return [sample for sample in samples if sample[1]]


def kilobytes(pid: int) -> int:
    """Return the memory that a process holds, 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0
    )


def descendants(pid: int) -> list[int]:
    """Return the processes under *pid*."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            stat = (folder / "stat").read_text(encoding="utf-8")
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def show(what: str, samples: Sequence[Sample], pages: int) -> bool:
    """Print what was sampled; True when memory was flat."""
    seconds = samples[-1][0]
    print(f"\n{what}: {pages} pages in {seconds:.0f} s, {pages / seconds:.0f} a second\n")
    print("| at | writing process, MB | largest worker, MB |\n| --- | --- | --- |")
    at = {
        name: samples[min(int(part * len(samples)), len(samples) - 1)]
        for name, part in PARTS.items()
    }
    for name, (_seconds, parent, worker) in at.items():
        print(f"| {name} | {parent / 1000:.0f} | {worker / 1000:.0f} |")
    first = at["quarter"]
    late = [sample for sample in samples if sample[0] > first[0]]
    print(
        f"| most | {max(s[1] for s in samples) / 1000:.0f} | "
        f"{max(s[2] for s in samples) / 1000:.0f} |"
    )
    return all(
        max(sample[place] for sample in late) <= MOST_GROWTH * first[place] for place in (1, 2)
    )


def main() -> int:
    """Print the tables; 1 when memory grew."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--pages", type=int, default=100_000)
    arguments.add_argument("--workers", type=int, default=1)
    options = arguments.parse_args()
    archive, more = options.folder / "archive", ["-s", f"EXTRACTION_WORKERS={options.workers}"]
    if not archive.exists():
        options.folder.mkdir(parents=True, exist_ok=True)
        file = write_pages(options.folder, options.pages)
        show("import", run(archive, ["import", str(file), *more]), options.pages)
        run(archive, ["learn", "weekblad.example", *more])
    return int(not show("reextract", run(archive, ["reextract", *more]), options.pages))


if __name__ == "__main__":
    sys.exit(main())
