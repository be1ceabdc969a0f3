"""Runs without a network: re-extractions and imports, which can be gone on with where they were cut off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.crawl_schema import runs, sites
from storage.runs import begin_run


def resume_or_begin(connection: Connection, site_id: int, arguments: Mapping[str, Any], now: datetime) -> tuple[int, int]:
    """Return the key of the run with these *arguments* that was cut off, and the last page it finished; else a new one."""
    query = select(runs.c.id, runs.c.arguments, runs.c.counters).where(
        runs.c.site_id == site_id, runs.c.ended_at.is_(None), runs.c.arguments["command"].as_string() == arguments["command"]
    )
    for row in connection.execute(query.order_by(runs.c.id.desc())):
        if row.arguments == dict(arguments):
            return row.id, int((row.counters or {}).get("after", 0))
    return begin_run(connection, site_id, arguments, now), 0


def note_progress(connection: Connection, run_id: int, counters: Mapping[str, Any]) -> None:
    """Note how far a run is; *counters* name the last finished page as ``after``."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(counters=dict(counters)))


def chosen_sites(connection: Connection, name: str | None) -> list[tuple[int, str]]:
    """Return key and name of the sites of the archive, or of the one called *name* (a host, with or without "www.")."""
    query = select(sites.c.id, sites.c.name).order_by(sites.c.name)
    if name is not None:
        host = name.split("://")[-1].split("/")[0].lower().removeprefix("www.")
        query = query.where(sites.c.name == host)
    return [(int(row.id), row.name) for row in connection.execute(query)]
