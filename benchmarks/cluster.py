"""How much faster two Dask workers read 20 WARC files again than one.

    python benchmarks/cluster.py postgresql://.../THROWAWAY_DATABASE [--pages 60]

Each WARC file holds the pages of one import. The database is made anew. The time of a command that
finds nothing to read is taken off: it is that of starting. Prints one table; 1 when two workers are
less than 1.8 times as fast.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.dask_cluster import ROOT, DaskCluster
from benchmarks.kills import make_article
from benchmarks.workers import new_database
from crawler.offline import ImportPlace, Wanted, import_into
from storage.progress import no_report

FILES = 20


def fill(database: str, folder: Path, pages: int) -> None:
    """Import *pages* pages twenty times, each time into a WARC file of its own."""
    for number in range(FILES):
        saved = folder / f"saved-{number}"
        saved.mkdir()
        with (saved / "pages.csv").open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["file", "url", "fetched_at"])
            for page in range(number * pages, (number + 1) * pages):
                (saved / f"{page}.html").write_text(make_article(page, 1))
                table.writerow(
                    [
                        f"{page}.html",
                        f"https://weekblad.example/stuk-{page}/",
                        "2014-07-05T12:00:00Z",
                    ]
                )
        import_into(ImportPlace(database, folder), [saved], Wanted(), report=no_report)


def reread(database: str, folder: Path, cluster: DaskCluster, *more: str) -> float:
    """Return the seconds that a re-extraction on *cluster* takes."""
    settings = ["-s", f"KNIPSEL_DATABASE={database}", "-s", f"KNIPSEL_ARCHIVE={folder}"]
    work = ["reextract", "--cluster", cluster.address, *more, *settings]
    command = [sys.executable, "-m", "scrapy", *work]
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True
    )  # our own command
    assert done.returncode == 0 or "no captures" in done.stderr, done.stderr
    return time.monotonic() - began


def seconds(database: str, pages: int) -> dict[int, float]:
    """Return the seconds of reading again with one worker and with two; *database* is made anew."""
    took = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new_database(database)
        fill(database, folder, pages)
        for workers in (1, 2):
            with DaskCluster(workers, folder / "log") as cluster:
                # Warm: the workers have loaded what they need.
                reread(database, folder, cluster, "--dry-run")
                began = reread(database, folder, cluster, "--since", "2999-01-01")
                took[workers] = reread(database, folder, cluster) - began
    return took


def main() -> int:
    """Print the table; 1 when a bound is broken."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("database")
    arguments.add_argument("--pages", type=int, default=60)
    options = arguments.parse_args()
    took = seconds(options.database, options.pages)
    print("| workers | seconds | times one |\n| --- | --- | --- |")
    for workers, one in took.items():
        print(f"| {workers} | {one:.1f} | {took[1] / one:.2f} |")
    return int(took[1] < 1.8 * took[2])


if __name__ == "__main__":
    sys.exit(main())
