"""The schema of an archive: made when it is missing, brought up to date step by step, with a copy
kept of what was before.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from storage.database import dictionary, seals, search_index, views

MIGRATIONS = Path(__file__).parent / "migrations"
_STEP = re.compile(r"s(\d+)_\w+\.py")  # each bears its revision in its name
_VERSION = "alembic_version"


class NewerArchive(Exception):
    """Raised for an archive whose schema this Knipsel does not know."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A change of an archive's schema: from which revision (None: it was new) to which, and the
    copy of what was before.
    """

    old: str | None
    new: str
    copy: Path | None


def newest_revision() -> str:
    """Return the schema that this Knipsel writes."""
    steps = (_STEP.fullmatch(path.name) for path in (MIGRATIONS / "versions").iterdir())
    return max(step[1] for step in steps if step)


def revision_of(engine: Engine) -> str | None:
    """Return the schema that an archive has, None when it has none yet."""
    with engine.connect().execution_options(knipsel_reading=True) as connection:
        if not inspect(connection).has_table(_VERSION):
            return None
        return connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar()  # noqa: S608  # a constant


def upgrade(engine: Engine, revision: str = "head") -> Upgrade | None:
    """Bring an archive to the newest schema, or to *revision*, and return what was done, None when
    nothing was to be done.

    All steps are one transaction: an upgrade that fails leaves the archive as it was.
    Raises NewerArchive when a newer Knipsel wrote the archive.
    """
    old = revision_of(engine)
    if old == newest_revision():
        return None
    if old is not None and old > newest_revision():
        raise NewerArchive
    copied = _keep_copy(engine, old) if old else None
    _step_up(engine, revision)
    return Upgrade(old, newest_revision() if revision == "head" else revision, copied)


def _step_up(engine: Engine, revision: str) -> None:
    from alembic import command  # noqa: PLC0415  # slow to load, and most archives are at the newest schema
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(
                text("SELECT pg_advisory_xact_lock(20131230)")
            )  # two processes, one schema
        config.attributes["connection"] = connection
        _drop_views(connection)
        command.upgrade(config, revision)
        if revision == "head":
            seals.seal_unsealed(connection)
            for statement in (
                *views.statements(connection.dialect.name),
                *dictionary.statements(connection.dialect.name),
                *search_index.triggers(connection.dialect.name),
            ):
                connection.execute(text(statement))


def _keep_copy(engine: Engine, revision: str) -> Path | None:
    """Copy a SQLite archive beside itself before it changes; PostgreSQL takes its changes back
    whole when a step fails.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    target = Path(f"{engine.url.database}.before-upgrade-{revision}")
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM INTO :target"), {"target": str(fresh)})
    fresh.replace(target)
    return target


def _drop_views(connection: Connection) -> None:
    """Views are those of today's code, over tables that a migration may change: ours are made anew
    after each.
    """
    for name in (dictionary.NAME, *reversed(views.NAMES)):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
