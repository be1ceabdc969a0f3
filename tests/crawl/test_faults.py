"""Faults of the machine during a crawl: a full disk, a database that goes away, a second
database.
"""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from storage.database import Archive
from tests.conftest import postgres_server
from tests.crawling import ask, crawl, start_crawl
from tests.local_site import LocalSite, Route
from tests.patience import at_most
from tests.village import article, thread


@pytest.fixture
def site() -> Iterator[LocalSite]:
    links = "".join(f'<a href="/2014/stuk-nummer-{n}/">{n}</a>' for n in range(40))
    routes: dict[str, Route] = {"/": f"<html><body>{links}</body></html>"}
    for n in range(40):
        routes[f"/2014/stuk-nummer-{n}/"] = article(
            f"Stuk {n}",
            f"2014-04-{n % 28 + 1:02}T09:30",
            thread(1, 2, declared=2) + "<!--" + os.urandom(2000).hex() + "-->",
        )
    with LocalSite(routes) as served:
        yield served


def limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))


def test_a_full_disk_ends_the_run_with_a_sentence_and_loses_nothing_stored(
    site: LocalSite, tmp_path: Path
) -> None:
    """RLIMIT_FSIZE makes writes fail as a full disk does."""
    with start_crawl(
        f"{site.url}/", tmp_path, "EXTRACTION_WORKERS=1",
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=limit_files,
    ) as crawling:  # fmt: skip  # one thread
        _out, said = crawling.communicate(timeout=at_most(120))
    assert crawling.returncode == 2
    assert [line for line in said.splitlines() if line.startswith("knipsel crawl: ")]
    assert "Traceback" not in said
    whole = ask(
        tmp_path,
        "SELECT COUNT(*) AS n FROM articles a WHERE (SELECT COUNT(*) FROM comments c "
        "WHERE c.article_id = a.id) = 2",
    )[0]["n"]
    stored = ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"]
    assert whole == stored
    after = crawl(site.url, tmp_path)
    assert after.code == 0, after.err
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 40


def test_a_killed_crawl_is_gone_on_with_by_the_next(site: LocalSite, tmp_path: Path) -> None:
    """SIGKILL in the middle: nothing stored is lost, and no page waits for a lease of the dead."""

    def kill_the_crawl(handler: Any) -> None:
        site.routes["/2014/stuk-nummer-20/"] = article(
            "Stuk 20", "2014-04-21T09:30", thread(1, 2, declared=2)
        )
        os.kill(crawling.pid, signal.SIGKILL)
        handler.close_connection = True

    site.routes["/2014/stuk-nummer-20/"] = kill_the_crawl
    crawling = start_crawl(
        f"{site.url}/", tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert crawling.wait(60) == -signal.SIGKILL
    assert crawl(site.url, tmp_path).code == 0
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 40
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM comments")[0]["n"] == 80


@pytest.fixture
def own_database(database: str) -> str:
    if not database.startswith("postgresql"):
        pytest.skip("PostgreSQL only: SQLite has no server that goes away")
    return database


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_crawl_into_postgresql_is_the_same(
    site: LocalSite, own_database: str, tmp_path: Path
) -> None:
    ended = crawl(site.url, tmp_path, "-s", f"KNIPSEL_DATABASE={own_database}")
    assert ended.code == 0, ended.err
    archive = Archive.open(own_database)
    _columns, rows = archive.select(
        "SELECT COUNT(*) AS n, SUM(comments_captured) AS c FROM article_overview"
    )
    archive.close()
    assert (rows[0]["n"], rows[0]["c"]) == (40, 80)
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_ends_the_run_with_a_sentence(
    site: LocalSite, own_database: str, tmp_path: Path
) -> None:
    server = postgres_server()
    assert server is not None
    name = own_database.rpartition("/")[2]

    def pull_the_plug(handler: Any) -> None:
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
                ),
                {"name": name},
            )
        engine.dispose()
        body = article("Laatste", "2014-05-01T09:30").encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.routes["/2014/stuk-nummer-20/"] = pull_the_plug
    ended = crawl(
        site.url, tmp_path, "-s", f"KNIPSEL_DATABASE={own_database}", "-s", "DATABASE_PATIENCE=1"
    )
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    engine.dispose()
    assert ended.code == 2
    assert [line for line in ended.err.splitlines() if line.startswith("knipsel crawl: ")]
    assert "Traceback" not in ended.err
    assert list((tmp_path / "warc").glob("*.warc.gz"))
