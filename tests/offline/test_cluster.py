"""Bulk work on a Dask cluster of real processes: the same result as on the local cores, whoever is
killed meanwhile.
"""

import csv
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from benchmarks.dask_cluster import DaskCluster
from crawler.offline import ImportPlace, Wanted, import_into
from storage.database import Archive
from storage.progress import no_report
from tests.conftest import new_database
from tests.crawling import CONTACT, KNIPSEL, ROOT, knipsel
from tests.patience import at_most
from tests.village import article, thread

PAGES = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[str]:
    """An archive on PostgreSQL with imported pages of two years."""
    pages = folder / "saved"
    pages.mkdir()
    with (pages / "pages.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "url", "fetched_at"])
        for n in range(PAGES):
            (pages / f"{n}.html").write_text(
                article(
                    f"Stuk {n}",
                    f"201{3 + n % 2}-05-{n % 28 + 1:02}T09:30",
                    thread(1, 2, declared=2),
                )
            )
            table.writerow(
                [f"{n}.html", f"https://dorpsblad.example/stuk-{n}/", "2014-06-05T12:00:00Z"]
            )
    with new_database("postgresql", folder) as url:
        import_into(ImportPlace(url, folder, 2), [pages], Wanted(), report=no_report)
        yield url


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Iterator[DaskCluster]:
    with DaskCluster(2, folder / "log") as made:
        yield made


def ask(database: str, query: str) -> list[dict[str, Any]]:
    archive = Archive.open(database)
    rows = list(archive.select(query)[1])
    archive.close()
    return rows


def spoil(database: str) -> None:
    """Let every article read as another extractor would have read it."""
    archive = Archive.open(database)
    with archive.begin() as connection:
        connection.exec_driver_sql("DELETE FROM article_versions")
        spoilt = (
            "headline = 'Oud', content_hash = 'oud', record_hash = 'oud', extractor_version = '0'"
        )
        connection.exec_driver_sql(f"UPDATE articles SET {spoilt}")  # our own words
    archive.close()


def command(name: str, database: str, folder: Path, cluster: DaskCluster, *more: str) -> list[str]:
    settings = ["-s", f"KNIPSEL_DATABASE={database}", "-s", f"KNIPSEL_ARCHIVE={folder}"]
    return [name, *more, "--cluster", cluster.address, *settings]


def check_reread(database: str) -> None:
    rows = ask(database, "SELECT headline FROM articles ORDER BY url")
    assert sorted(row["headline"] for row in rows) == sorted(f"Stuk {n}" for n in range(PAGES))
    assert ask(
        database, "SELECT COUNT(*) AS n, COUNT(DISTINCT article_id) AS m FROM article_versions"
    ) == [{"n": PAGES, "m": PAGES}]


def test_pages_are_read_again_by_the_workers(
    database: str, folder: Path, cluster: DaskCluster
) -> None:
    spoil(database)
    ended = knipsel(*command("reextract", database, folder, cluster))
    assert ended.code == 0, ended.err
    assert f"changed {PAGES}" in ended.out
    check_reread(database)


def test_a_killed_worker_and_a_restarted_scheduler_change_nothing_of_the_result(
    database: str, folder: Path, cluster: DaskCluster
) -> None:
    spoil(database)
    arguments = [*KNIPSEL, *command("reextract", database, folder, cluster)]
    with (folder / "said").open("wb") as said:
        reading = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env={**os.environ, "KNIPSEL_CONTACT": CONTACT},
            stdout=said,
            stderr=said,
        )
        wait_for_versions(database, 1)
        cluster.workers[0].kill()
        cluster.kill()
        cluster.start()
        assert reading.wait(90) == 0, (folder / "said").read_text()
    check_reread(database)


def wait_for_versions(database: str, least: int) -> None:
    until = time.monotonic() + at_most(60)
    while ask(database, "SELECT COUNT(*) AS n FROM article_versions")[0]["n"] < least:
        assert time.monotonic() < until, "nothing was read again"
        time.sleep(0.05)


def test_sites_are_learned_and_parts_exported_by_the_workers(
    database: str, folder: Path, cluster: DaskCluster, tmp_path: Path
) -> None:
    learned = knipsel(*command("learn", database, folder, cluster, "--all"))
    assert learned.code == 0, learned.err
    assert ask(database, "SELECT COUNT(*) AS n FROM profiles")[0]["n"] >= 1
    made = knipsel(
        *command(
            "export", database, folder, cluster, "articles", str(tmp_path / "out"), "--partition"
        )
    )
    assert made.code == 0, made.err
    alone = knipsel(
        "export", "articles", str(tmp_path / "alone"), "--partition",
        "-s", f"KNIPSEL_DATABASE={database}", "-s", f"KNIPSEL_ARCHIVE={folder}",
    )  # fmt: skip
    assert alone.code == 0, alone.err
    parts = sorted(
        path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.parquet")
    )
    assert [str(part.parent) for part in parts] == [
        f"data/site=dorpsblad.example/year={year}" for year in (2013, 2014)
    ]
    for part in parts:
        assert pyarrow.parquet.read_table(tmp_path / "out" / part).equals(
            pyarrow.parquet.read_table(tmp_path / "alone" / part)
        )


def test_no_scheduler_is_said_in_one_sentence(database: str, folder: Path) -> None:
    ended = knipsel(
        "reextract",
        "--cluster",
        "tcp://127.0.0.1:9",
        "-s",
        f"KNIPSEL_DATABASE={database}",
        "-s",
        f"KNIPSEL_ARCHIVE={folder}",
    )
    assert ended.code == 2
    assert "knipsel reextract: No Dask scheduler answers at tcp://127.0.0.1:9." in ended.err
    assert "Traceback" not in ended.err
