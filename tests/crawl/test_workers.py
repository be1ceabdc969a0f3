"""Many workers on one PostgreSQL: a site is one worker's at a time, a silent worker writes nothing,
an outage is waited out.
"""

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from benchmarks.crawling_workers import (
    LATE_WRITES,
    STORED_TWICE,
    Workers,
    count,
    dump,
    register,
    remaining,
)
from benchmarks.many_sites import ManySites, closest
from benchmarks.workers import FAULTS, Trial
from storage.crawl import ArchiveWriter, runs, sites
from storage.crawl.sites import SiteLost
from storage.database import Archive, Patience, commit
from storage.warc import WarcWriter
from tests.conftest import new_database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DELAY = 0.2
Calm = tuple[ManySites, dict[str, list[tuple[Any, ...]]]]


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    with new_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def served() -> Iterator[ManySites]:
    with ManySites(4, 6) as made:
        yield made


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calm]:
    """What two workers make of six sites when nothing disturbs them."""
    folder = tmp_path_factory.mktemp("calm")
    with ManySites(6, 12) as served, new_database("postgresql", folder) as url:
        register(url, served.places)
        team = Workers(
            folder=folder / "archive", places=served.places, delay=DELAY, sites_at_once=2
        )
        workers = [team.start(url, folder / "log") for _ in range(2)]
        assert [worker.wait(60) for worker in workers] == [0, 0], (folder / "log").read_text()
        archive = Archive.open(url)
        assert count(archive, "SELECT COUNT(*) FROM runs WHERE verdict = 'ok'") == 6
        assert remaining(archive) == 0
        yield served, dump(archive)
        archive.close()


def test_workers_share_the_sites_out_and_no_site_is_asked_twice_at_once(calm: Calm) -> None:
    served, kept = calm
    shortest, at_once = closest(served.asked)
    assert shortest >= DELAY
    assert at_once == 0
    assert len(kept["articles"]) == 72


def test_workers_that_are_killed_stopped_and_cut_off_leave_the_archive_of_an_undisturbed_run(
    calm: Calm, postgres: str, tmp_path: Path
) -> None:
    """One trial of benchmarks/workers.py, with a fault of each kind."""
    served, expected = calm
    served.asked.clear()
    chance = random.Random(6)  # noqa: S311  # a choice that brings one fault of each kind
    assert set(Trial(postgres, tmp_path, served).run(chance)) == set(FAULTS)
    shortest, at_once = closest(served.asked)
    archive = Archive.open(postgres)
    assert dump(archive) == expected
    assert count(archive, STORED_TWICE) == 0
    assert count(archive, LATE_WRITES) == 0
    assert shortest >= DELAY
    assert at_once == 0
    archive.close()


class OwnServer:
    """A PostgreSQL server of the test's own, which may be restarted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._as_user = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            if os.geteuid() == 0
            else []
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def make(self) -> None:
        folder = self._folder
        if self._as_user:
            shutil.chown(folder, "postgres", "postgres")
        self._call(
            "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync"
        )
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self._folder} -c fsync=off"
        self._call(
            "pg_ctl",
            "-D",
            str(self._folder / "data"),
            "-o",
            options,
            "-l",
            str(self._folder / "log"),
            "-w",
            "start",
        )

    def stop(self) -> None:
        self._call("pg_ctl", "-D", str(self._folder / "data"), "-m", "fast", "-w", "stop")

    def _call(self, *command: str) -> None:
        subprocess.run(
            [*self._as_user, *command],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )


@pytest.fixture
def server() -> Iterator[OwnServer]:
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not on the path")
    with tempfile.TemporaryDirectory(
        prefix="knipsel-"
    ) as folder:  # pytest's own folders are closed to other users
        made = OwnServer(Path(folder))
        made.make()
        yield made
        made.stop()


def test_a_postgresql_that_is_restarted_is_waited_for_and_nothing_is_lost(
    served: ManySites, server: OwnServer, tmp_path: Path
) -> None:
    url = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
    register(url, served.places)
    team = Workers(folder=tmp_path / "archive", places=served.places, delay=DELAY, sites_at_once=2)
    workers = [team.start(url, tmp_path / "log") for _ in range(2)]
    while len(served.asked) < 50:
        time.sleep(0.05)
    server.stop()
    time.sleep(2)
    server.start()
    assert [worker.wait(60) for worker in workers] == [0, 0], (tmp_path / "log").read_text()
    archive = Archive.open(url)
    assert len(dump(archive)["articles"]) == 24
    assert count(archive, STORED_TWICE) == 0
    assert count(archive, "SELECT COUNT(*) FROM runs WHERE verdict = 'ok'") == 4
    archive.close()


def test_a_late_worker_writes_nothing(archive: Archive) -> None:
    with archive.begin() as connection:
        site = sites.register_site(connection, "https://voorbeeld.nl/")
        late = sites.lock_site(connection, site, "late", NOW, 10)
        assert late is not None
        sites.check_lock(connection, late)
        assert sites.lock_site(connection, site, "new", NOW + timedelta(seconds=11), 10) is not None

    def write(connection: Connection) -> None:
        sites.check_lock(connection, late)
        runs.begin_run(connection, site, {}, NOW)

    with pytest.raises(SiteLost, match="took this site over"):
        commit(archive, write, Patience(5))
    assert archive.select("SELECT * FROM runs")[1] == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_commit_whose_answer_was_lost_is_looked_up(archive: Archive) -> None:
    """The line is cut right after the server committed, or right before: the row is there once."""
    for case, kill_after_commit in (("after", True), ("before", False)):
        calls = []

        def write(
            connection: Connection,
            case: str = case,
            calls: list[int] = calls,
            late: bool = kill_after_commit,
        ) -> int:
            sites.register_site(connection, f"https://{case}.nl/")
            calls.append(1)
            if len(calls) == 1:
                driver = connection.connection.driver_connection
                assert driver is not None
                real = driver.commit

                def commit_and_lose() -> None:
                    if late:
                        real()
                    driver.pgconn.finish()
                    real()

                driver.commit = commit_and_lose
            return len(calls)

        assert commit(archive, write, Patience(30)) == (1 if kill_after_commit else 2)
    assert [row["name"] for row in archive.select("SELECT name FROM sites ORDER BY id")[1]] == [
        "after.nl",
        "before.nl",
    ]


def test_who_gives_up_waiting_for_a_write_does_not_end_the_writer(
    archive: Archive, tmp_path: Path
) -> None:
    """A heartbeat that is under way is given up when its run ends."""
    writer = ArchiveWriter(archive, WarcWriter(tmp_path, software="tests", operator="tests"))
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> int:
        begun.set()
        go_on.wait(10)
        return sites.register_site(connection, "https://traag.nl/")

    async def give_up() -> None:
        waiting = asyncio.wrap_future(writer.submit(slow))
        await asyncio.to_thread(begun.wait, 10)
        waiting.cancel()
        await asyncio.sleep(0)

    asyncio.run(give_up())
    go_on.set()
    assert writer.submit(lambda connection: len(sites.all_sites(connection))).result(10) == 1
    writer.close()


def _take_over(archive: Archive) -> bool:
    """Take the lock of the one locked site as another worker would; False when it is not free."""
    with archive.begin() as connection:
        (site,) = sites.locked_sites(connection)
        now = sites.moment_of(connection)
        return sites.lock_site(connection, site.site_id, "elsewhere:1:1", now, 60) is not None


def test_a_worker_that_was_stopped_sends_nothing_before_it_knows_that_the_site_is_its_own(
    served: ManySites, postgres: str, tmp_path: Path
) -> None:
    register(postgres, served.places[:1])
    team = Workers(
        folder=tmp_path / "archive",
        places=served.places,
        delay=DELAY,
        sites_at_once=1,
        lock_seconds=1.5,
    )
    worker = team.start(postgres, tmp_path / "log")
    while len(served.asked) < 8:
        time.sleep(0.05)
    worker.send_signal(signal.SIGSTOP)
    archive = Archive.open(postgres)
    time.sleep(2)
    deadline = time.monotonic() + 90
    while not _take_over(archive):  # a worker stopped inside a write keeps its row for a while
        assert time.monotonic() < deadline
        time.sleep(0.2)
    asked = len(served.asked)
    rows = count(archive, "SELECT COUNT(*) FROM fetches")
    worker.send_signal(signal.SIGCONT)
    assert worker.wait(30) == 2
    assert "took this site over" in (tmp_path / "log").read_text()
    assert len(served.asked) == asked
    assert count(archive, "SELECT COUNT(*) FROM fetches") == rows
    archive.close()
