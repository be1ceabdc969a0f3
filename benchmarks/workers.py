"""Many workers on one archive: what they reach together, and what is left of it when they are
killed, stopped and cut off.

    python benchmarks/workers.py speed  --database postgresql://... [--sites 100] [--pages 200]
    [--seconds 60] python benchmarks/workers.py faults --database postgresql://... [--trials 20]

`speed` serves sites on loopback addresses, each with a pause of one second, and counts in the
server's log what one worker and four fetch in the same time. `faults` crawls undisturbed, then
again and again while each of three workers is killed, stopped for longer than its lock, or cut off
from PostgreSQL, and compares the archives. The database is made anew: name a throw-away one.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.crawling_workers import (
    LATE_WRITES,
    STORED_TWICE,
    Workers,
    count,
    dump,
    register,
    remaining,
)
from benchmarks.cut_line import CutLine
from benchmarks.many_sites import Asked, ManySites, closest
from storage.database import Archive

SEED = 9
FAULTS = ("kill", "stop", "cut")


def new_database(url: str) -> None:
    """Make the database of *url* anew."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{address.database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{address.database}"'))
    engine.dispose()


def measure(options: argparse.Namespace, workers: int) -> tuple[float, list[Asked]]:
    """Return the pages a second that *workers* fetch once all are at work, and the log of the
    sites.
    """
    new_database(options.database)
    with tempfile.TemporaryDirectory() as name, ManySites(options.sites, options.pages) as served:
        register(options.database, served.places)
        team = Workers(
            folder=Path(name) / "archive",
            places=served.places,
            delay=1.0,
            sites_at_once=options.at_once,
        )
        running = [team.start(options.database, Path(name) / "log") for _ in range(workers)]
        while len({one.site for one in served.asked}) < min(
            workers * options.at_once, options.sites
        ):
            time.sleep(0.1)
        before, began = len(served.asked), time.monotonic()
        time.sleep(options.seconds)
        asked, seconds = len(served.asked) - before, time.monotonic() - began
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait()
        return asked / seconds, list(served.asked)


def speed(options: argparse.Namespace) -> int:
    """Print what one worker and several reach; 1 when a bound is broken."""
    print(
        f"{options.sites} sites with a pause of 1 s and {options.pages} pages each; a "
        f"worker holds {options.at_once} at once"
    )
    print(
        "| workers | pages/s | times one | shortest time between two requests to a "
        "site | two requests at once |"
    )
    print("| --- | --- | --- | --- | --- |")
    one, broken = 0.0, False
    for workers in (1, options.workers):
        rate, asked = measure(options, workers)
        one = one or rate
        shortest, at_once = closest(asked)
        broken |= shortest < 1.0 or at_once > 0
        print(
            f"| {workers} | {rate:.1f} | {rate / one:.2f} | {shortest:.3f} s | "
            f"{at_once} of {len(asked)} |",
            flush=True,
        )
    return int(broken or rate < 3.5 * one)


class Trial:
    """One crawl of some sites by three workers, each on a line of its own."""

    def __init__(self, database: str, folder: Path, served: ManySites) -> None:
        self._address = make_url(database).set(drivername="postgresql+psycopg")
        self._log = folder / "log"
        self._team = Workers(
            folder=folder / "archive",
            places=served.places,
            delay=0.2,
            sites_at_once=3,
            lock_seconds=6.0,
        )
        self._served = served

    def run(self, chance: random.Random | None) -> Counter[str]:
        """Crawl until nothing is due and nothing held; return the faults that *chance* brought."""
        url = self._address.render_as_string(hide_password=False)
        new_database(url)
        register(url, self._served.places)
        faults: Counter[str] = Counter()
        with ExitStack() as lines:
            team = []
            for _ in range(3):
                line = lines.enter_context(
                    CutLine(self._address.host or "127.0.0.1", self._address.port or 5432)
                )
                team.append((line, self._start(line)))
            if chance is not None:
                faults.update(self._disturb(team, chance))
            for _line, process in team:
                process.wait()
            archive = Archive.open(url)
            while remaining(archive):
                self._start(team[0][0]).wait()
            archive.close()
        return faults

    def _start(self, line: CutLine) -> "subprocess.Popen[bytes]":
        address = self._address.set(host="127.0.0.1", port=line.port)
        return self._team.start(address.render_as_string(hide_password=False), self._log)

    def _disturb(
        self, team: "list[tuple[CutLine, subprocess.Popen[bytes]]]", chance: random.Random
    ) -> list[str]:
        """Let each worker meet one fault, at moments of their own; return which."""
        while len({one.site for one in self._served.asked}) < len(self._served.places):
            time.sleep(0.05)
        plan: list[tuple[float, Any]] = []
        faults = [chance.choice(FAULTS) for _ in team]
        for (line, process), fault in zip(team, faults, strict=True):
            at, reset = chance.uniform(0.0, 3.0), chance.random() < 0.5
            end = at + chance.uniform(6.5, 9.0)
            if fault == "kill":
                plan.append((at, process.kill))
            elif fault == "stop":
                plan += [
                    (at, lambda p=process: p.send_signal(signal.SIGSTOP)),
                    (end, lambda p=process: p.send_signal(signal.SIGCONT)),
                ]
            else:
                plan += [
                    (at, line.cut),
                    (end, lambda cut=line, lost=reset: cut.restore(reset=lost)),
                ]
        # Somebody must take the sites over while their workers are silent.
        plan.append(
            (3.5, lambda: team.append((team[0][0], self._team.start(self._url(), self._log))))
        )
        began = time.monotonic()
        for at, act in sorted(plan, key=lambda step: step[0]):
            time.sleep(max(0.0, began + at - time.monotonic()))
            act()
        return faults

    def _url(self) -> str:
        return self._address.render_as_string(hide_password=False)


def check(database: str, expected: dict[str, list[tuple[Any, ...]]]) -> tuple[list[str], int, int]:
    """Return the tables that differ from *expected*, how many pages were stored twice, how many
    rows were written late.
    """
    archive = Archive.open(database)
    found = dump(archive)
    numbers = count(archive, STORED_TWICE), count(archive, LATE_WRITES)
    archive.close()
    return [name for name, rows in expected.items() if rows != found[name]], *numbers


def faults(options: argparse.Namespace) -> int:
    """Print what became of every trial; 1 when an archive differs, a page was stored twice or a
    late write landed.
    """
    chance = random.Random(SEED)  # noqa: S311  # reproducible moments, not a secret
    broken = False
    with tempfile.TemporaryDirectory() as name, ManySites(9, 30) as served:
        trial = Trial(options.database, Path(name), served)
        trial.run(None)
        archive = Archive.open(options.database)
        expected = dump(archive)
        archive.close()
        print(
            f"undisturbed: {len(expected['articles'])} articles, "
            f"{len(expected['comments'])} comments"
        )
        print(
            "| trial | faults | tables that differ | stored twice | late writes | "
            "shortest pause | at once |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for number in range(1, options.trials + 1):
            served.asked.clear()
            met = trial.run(chance)
            differing, twice, late = check(options.database, expected)
            shortest, at_once = closest(served.asked)
            broken |= bool(differing or twice or late or at_once) or shortest < 0.2
            told = ", ".join(f"{fault} {times}" for fault, times in sorted(met.items()))
            tables = ", ".join(differing) or "none"
            print(
                f"| {number} | {told} | {tables} | {twice} | {late} | {shortest:.3f} s "
                f"| {at_once} |",
                flush=True,
            )
    return int(broken)


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("speed", "faults"))
    parser.add_argument("--database", required=True)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--trials", type=int, default=20)
    options = parser.parse_args()
    return speed(options) if options.what == "speed" else faults(options)


if __name__ == "__main__":
    sys.exit(main())
