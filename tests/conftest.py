"""Archives for the tests: each test that asks for one runs on SQLite and on PostgreSQL."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Archive, default_database
from tests.patience import PATIENCE
from tests.sample_archive import fill


def pytest_report_header() -> list[str]:
    """Say what a run of the tests makes."""
    server = "databases of its own on the server that KNIPSEL_TEST_POSTGRES names"
    none = "nothing: its tests skip unless KNIPSEL_TEST_POSTGRES names a server"
    return [
        "made, and gone afterwards: folders for temporary files, servers on free loopback ports",
        f"PostgreSQL: {server if os.environ.get('KNIPSEL_TEST_POSTGRES') else none}",
        f"limits of time: KNIPSEL_TEST_PATIENCE={PATIENCE:g} times what an idle machine needs",
    ]


def postgres_server() -> str | None:
    """Return the URL of the PostgreSQL server that the user gave to the tests, None without one."""
    given = os.environ.get("KNIPSEL_TEST_POSTGRES")
    if not given:
        return None
    url = given.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return url
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a new database of one kind, gone afterwards."""
    if kind == "sqlite":
        yield default_database(folder)
        return
    server = postgres_server()
    if server is None:
        pytest.skip("no PostgreSQL server answers; set KNIPSEL_TEST_POSTGRES to one")
    name = f"knipsel_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, gone afterwards."""
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def archive(database: str) -> Iterator[Archive]:
    """An empty archive."""
    opened = Archive.open(database)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def sample(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """The sample archive, shared by all tests that only read it."""
    with new_database(request.param, tmp_path_factory.mktemp("sample")) as url:
        opened = Archive.open(url)
        fill(opened)
        yield opened
        opened.close()
