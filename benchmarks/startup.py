"""How quickly commands answer: CPU seconds of ``--help``, and until a command works.

    python -m benchmarks.startup

``--help`` is measured whole. A command on the demo's archive is measured whole, too, which is more
than its start; a crawl until its site gets the first request. Processes that a command starts are
not counted. Each figure is the least of three.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from crawler import console
from crawler.demo import DemoServer
from tests.local_site import LocalSite

TRIES = 3
HELP_SECONDS = 0.7
START_SECONDS = 1.5
WORK = (("sites",), ("runs",), ("search", "balkon"), ("doctor",), ("report", "report.html"))


def main() -> int:
    """Print the table; 1 where a command is slower than it may be."""
    slow = 0
    print("| command | seconds of CPU | at most |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command in ("", *console.commands()):
            words = [command, "--help"] if command else ["--help"]
            slow += row(words, HELP_SECONDS, lambda words=words: whole(words, folder))
        with DemoServer() as server:
            spent(["crawl", f"{server.url}/", "--quiet"], folder)
        for line in WORK:
            slow += row(line, START_SECONDS, lambda line=line: whole(line, folder))
        slow += row(["crawl", "SITE"], START_SECONDS, lambda: until_first_request(folder))
    return int(slow > 0)


def row(words: Sequence[str], most: float, measure: Callable[[], float]) -> bool:
    """Print one line of the table and return whether the command is too slow."""
    least = min(measure() for _ in range(TRIES))
    print(f"| `knipsel {' '.join(words)}` | {least:.2f} | {most} |", flush=True)
    return least > most


def whole(words: Sequence[str], folder: Path) -> float:
    """Return the CPU seconds of a command from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent(words, folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spent(words: Sequence[str], folder: Path) -> None:
    """Run a command in *folder* to its end."""
    subprocess.run(typed(words), cwd=folder, env=environment(), capture_output=True, check=False)


def until_first_request(folder: Path) -> float:
    """Return the CPU seconds that a crawl's own process needs until a site hears of it."""
    with LocalSite({}) as site:
        crawl = subprocess.Popen(
            typed(["crawl", site.url, "--quiet"]),
            cwd=folder,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not site.asked and crawl.poll() is None:
            time.sleep(0.005)
        told = Path(f"/proc/{crawl.pid}/stat").read_text(encoding="ascii")
        ticks = told.rpartition(")")[2].split()
        crawl.wait()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def typed(words: Sequence[str]) -> list[str]:
    """Return the command line of ``knipsel`` with *words*."""
    return [sys.executable, "-P", "-m", "crawler.console", *words]


def environment() -> dict[str, str]:
    """Return the variables of a command that may crawl, and keeps what was compiled."""
    own = {**os.environ, "KNIPSEL_CONTACT": "benchmark@example.org"}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own


if __name__ == "__main__":
    sys.exit(main())
