"""The schema of an archive: made when it is missing, brought up to date step by step, with a copy
kept of what was before.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.database import dictionary, seals, search_index, views


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
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision_of(engine: Engine) -> str | None:
    """Return the schema that an archive has, None when it has none yet."""
    with engine.connect().execution_options(knipsel_reading=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> Upgrade | None:
    """Bring an archive to the newest schema, or to *revision*, and return what was done, None when
    nothing was to be done.

    All steps are one transaction: an upgrade that fails leaves the archive as it was.
    Raises alembic's CommandError when the archive is newer than this Knipsel.
    """
    old = revision_of(engine)
    if old == newest_revision():
        return None
    ScriptDirectory.from_config(_config()).get_revision(
        old or "head"
    )  # a newer archive is refused before it is copied
    copied = _keep_copy(engine, old) if old else None
    config = _config()
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
    return Upgrade(old, newest_revision() if revision == "head" else revision, copied)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


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
    """Views are what today's code says, over tables that a migration may change: ours are made anew
    after each.
    """
    for name in (dictionary.NAME, *reversed(views.NAMES)):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
