"""Kill the commands that work on an archive at random moments, ask them once more, and compare
with what nobody disturbed.

    python benchmarks/kill_commands.py [--kills 8] [--pages 150] [--only COMMAND ...]
    [--database postgresql://...]

A site made here is crawled once. Each command then works on a copy of that archive: undisturbed,
and killed (with the workers that it started, or such a worker alone) and asked again, as often as
is said. Prints one line a command; exits 1 when what came of it differs, `verify` finds a fault, or
something half-made is left. With a database, which is made anew again and again, PostgreSQL holds
what SQLite would.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.kills import SEED, Site, dump, start
from benchmarks.workers import new_database
from storage.database import Archive, default_database
from storage.maintenance import copy_archive
from storage.privacy import open_pseudonyms

NAME = "Lezer 7"
MOST_AGAIN = 3  # times that a killed command is asked again: a copy that is there has to be emptied


@dataclass(frozen=True, slots=True)
class Command:
    """A command line: "{captures}", "{database}" and "{target}" stand for what the trial
    makes; whether it begins with an empty archive; which of its processes is killed.
    """

    name: str
    line: tuple[str, ...]
    is_empty: bool = False
    kills_worker: bool = False


COMMANDS = (
    Command("import", ("import", "{captures}"), is_empty=True),
    Command("import, a worker", ("import", "{captures}"), is_empty=True, kills_worker=True),
    Command("reextract", ("reextract",)),
    Command("reextract, a worker", ("reextract",), kills_worker=True),
    Command("forget", ("forget", "--author", NAME, "--yes")),
    Command("export", ("export", "threads", "{target}/out.jsonl")),
    Command("export wacz", ("export", "wacz", "{target}/out.wacz")),
    Command("backup", ("backup", "{target}/backup")),
    Command("copy", ("copy", "{database}", "sqlite:///{target}/copy.db")),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One command on an archive of its own in *folder*."""

    command: Command
    source: Path
    folder: Path
    server: str | None

    @property
    def database(self) -> str:
        return self.server or default_database(self.folder / "archive")

    def make(self) -> None:
        """Make the archive that the command works on."""
        shutil.rmtree(self.folder, ignore_errors=True)
        archive = self.folder / "archive"
        (self.folder / "target").mkdir(parents=True)
        if self.server:
            new_database(self.server)
        if self.command.is_empty:
            archive.mkdir()
            return
        shutil.copytree(self.source, archive)
        if self.server:
            source, server = map(Archive.open, (default_database(self.source), self.server))
            copy_archive(source, server)
            source.close()
            server.close()

    def begin(self, *line: str) -> "subprocess.Popen[bytes]":
        """Start a command line on the archive, in a session of its own."""
        places = {
            "captures": next((self.source / "warc").glob("*.warc.gz")),
            "database": self.database,
            "target": self.folder / "target",
        }
        environment = {
            "KNIPSEL_CONTACT": "benchmark@example.org",
            "KNIPSEL_ARCHIVE": str(self.folder / "archive"),
            "KNIPSEL_DATABASE": self.server or "",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *(word.format(**places) for word in line)],
            env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip  # our own command

    def undisturbed(self) -> float:
        """Run the command to its end; return the seconds that it took."""
        self.make()
        began = time.monotonic()
        done = self.begin(*self.command.line)
        _out, said = done.communicate()
        if done.returncode:
            raise SystemExit(f"{self.command.name}: exit code {done.returncode}\n{said.decode()}")
        return time.monotonic() - began

    def killed(self, after: float) -> bool:
        """Run the command and kill it after so many seconds; return whether it was still at work.

        A worker dies alone, and its command goes on to its end.
        """
        self.make()
        process = self.begin(*self.command.line)
        time.sleep(after)
        victims = children(process.pid) if self.command.kills_worker else [process.pid]
        is_at_work = process.poll() is None and bool(victims)
        for victim in victims[-1:]:
            os.kill(victim, signal.SIGKILL)
        if not self.command.kills_worker and is_at_work:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return is_at_work

    def again(self) -> str:
        """Ask the same once more and return what it said where that was no success."""
        said = b""
        for _ in range(MOST_AGAIN):
            done = self.begin(*self.command.line)
            said = done.communicate()[1]
            if done.returncode == 0 or b"nothing of the kind" in said:
                return ""
            if b"not empty" in said:
                for path in (self.folder / "target").glob("copy.db*"):
                    path.unlink()
        return said.decode("utf-8", "replace")[-300:]

    def result(self) -> dict[str, Any]:
        """Return what there is now: the archive's tables, the target's files, the captures."""
        found: dict[str, Any] = dict(dump(self.database))
        target = self.folder / "target"
        for path in sorted(target.rglob("*")):
            if path.name in {"archive.db", "copy.db"}:
                found[path.name] = dump(f"sqlite:///{path}")
            elif path.is_file() and path.suffix == ".jsonl":
                found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            elif path.is_file() and path.suffix not in {".db-wal", ".db-shm"}:
                found[str(path.relative_to(target))] = "there"
        return found

    def left_over(self) -> list[str]:
        """Return what is half-made in the archive's folder and in the target."""
        return [
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.name.startswith(".")
            or any(word in path.name for word in ("partial", "unfinished", ".tmp"))
        ]

    def unfit(self) -> str:
        """Return what `verify` finds at fault."""
        done = self.begin("verify", "--quiet")
        said = done.communicate()[1]
        return said.decode("utf-8", "replace")[-300:] if done.returncode else ""


def children(parent: int) -> list[int]:
    """Return the processes below *parent* that read pages, in the order in which they began."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        below.setdefault(int(after[1]), []).append(int(entry.parent.name))
    found, asked = [], [parent]
    while asked:
        own = sorted(below.get(asked.pop(0), ()))
        found += own
        asked += own
    return found


def broken(trial: Trial, expected: dict[str, Any], after: float) -> tuple[bool, list[str]]:
    """Kill once; return whether the command was at work, and in words what is not as it was."""
    is_at_work = trial.killed(after)
    said = trial.again()
    found = trial.result()
    faults = [f"{name} differs" for name in expected if found.get(name) != expected[name]]
    faults += [f"{name} is left" for name in trial.left_over()]
    faults += [f"again: {said}"] if said else []
    unfit = trial.unfit()
    return is_at_work, [*faults, f"verify: {unfit}"] if unfit else faults


def measure(trial: Trial, kills: int) -> list[str]:
    """Kill one command so often at random moments; print how it went and return the faults."""
    chance = random.Random(SEED)  # noqa: S311  # reproducible moments, not a secret
    seconds = trial.undisturbed()
    expected = trial.result()
    at_work, faults = 0, list[str]()
    for _ in range(kills):
        was_at_work, met = broken(trial, expected, seconds * chance.uniform(0.1, 1.0))
        at_work += was_at_work
        faults += met
    said = "; ".join(dict.fromkeys(faults)) or "none"
    print(
        f"{trial.command.name:20} {seconds:5.1f} s, killed at work {at_work} of {kills}, "
        f"faults: {said}",
        flush=True,
    )
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each command; 1 when one left a fault."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--only", nargs="*", default=[command.name for command in COMMANDS])
    parser.add_argument("--database")
    options = parser.parse_args(arguments)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        site, source = Site(options.pages), Path(name) / "source"
        start(f"{site.url}/", source).wait()
        site.close()
        open_pseudonyms(source)  # one key, so that exports are the same
        for command in COMMANDS:
            if command.name in options.only:
                trial = Trial(command, source, Path(name) / "work", options.database)
                faults += measure(trial, options.kills)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
