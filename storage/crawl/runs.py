"""Runs: when they began and ended, what they counted, how they are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, select, update

from storage.crawl.sites import set_due
from storage.database import articles, fetches, missing_reason, pages, runs, sites

IS_CRAWL = runs.c.arguments["command"].as_string().is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run on a site; *ended_at* is None while it goes and after it was cut off."""

    run_id: int
    site: str
    arguments: Mapping[str, Any]
    started_at: datetime
    ended_at: datetime | None
    verdict: str | None
    reasons: tuple[str, ...]
    counters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run saw, counted in the archive itself; *drawn* and *scripted* as the run counted the
    pages that a browser drew, and those whose thread only a browser shows.
    """

    run_id: int
    site: str
    url: str
    articles: int
    articles_new: int
    comments_declared: int
    comments_captured: int
    gap_reasons: Mapping[str, int]
    date_precisions: Mapping[str, int]
    refusals: Mapping[str, int]
    fetch_outcomes: Mapping[str, int]
    drawn: Mapping[str, int]
    scripted: int
    verdict: str | None
    reasons: tuple[str, ...]


def begin_run(
    connection: Connection, site_id: int, arguments: Mapping[str, Any], now: datetime
) -> int:
    """Note that a run begins and return its key; its site is due until it ends, so that one that is
    cut off is gone on with.
    """
    connection.execute(update(sites).where(sites.c.id == site_id).values(due_at=now))
    row = (
        insert(runs)
        .values(site_id=site_id, arguments=dict(arguments), started_at=now)
        .returning(runs.c.id)
    )
    return int(connection.execute(row).scalar_one())


def recent_runs(
    connection: Connection, site_id: int | None, limit: int, until: int | None = None
) -> tuple[Run, ...]:
    """Return the newest runs, of one site or of all, up to and with the run *until*; the newest
    first.
    """
    query = select(runs, sites.c.name).join(sites).order_by(runs.c.id.desc()).limit(limit)
    if site_id is not None:
        query = query.where(runs.c.site_id == site_id)
    if until is not None:
        query = query.where(runs.c.id <= until)
    return _runs(connection, query)


def _runs(connection: Connection, query: Select[Any]) -> tuple[Run, ...]:
    return tuple(
        Run(
            run_id=row.id,
            site=row.name,
            arguments=row.arguments,
            started_at=row.started_at,
            ended_at=row.ended_at,
            verdict=row.verdict,
            reasons=tuple(row.reasons or ()),
            counters=row.counters or {},
        )
        for row in connection.execute(query)
    )


def last_run(connection: Connection, site_id: int) -> Run | None:
    """Return the newest crawl of a site, None before the first; imports and re-extractions fetched
    nothing and do not count.
    """
    newest = (
        select(func.max(runs.c.id)).where(runs.c.site_id == site_id, IS_CRAWL).scalar_subquery()
    )
    return next(
        iter(_runs(connection, select(runs, sites.c.name).join(sites).where(runs.c.id == newest))),
        None,
    )


def verdict_before(connection: Connection, run_id: int) -> str | None:
    """Return how the site's newest crawl before run *run_id* ended, of those that came to an end;
    None before the first.
    """
    site_id = select(runs.c.site_id).where(runs.c.id == run_id).scalar_subquery()
    query = select(runs.c.verdict).where(
        runs.c.site_id == site_id, runs.c.id < run_id, runs.c.verdict.is_not(None), IS_CRAWL
    )
    newest = query.order_by(runs.c.id.desc()).limit(1)
    verdict: str | None = connection.execute(newest).scalar_one_or_none()
    return verdict


def past_counters(
    connection: Connection, site_id: int, limit: int
) -> tuple[Mapping[str, Any], ...]:
    """Return the counters of a site's newest healthy runs, the newest first: what is broken for
    long is no measure.
    """
    query = select(runs.c.counters).where(
        runs.c.site_id == site_id, runs.c.verdict == "ok", runs.c.counters.is_not(None), IS_CRAWL
    )
    return tuple(
        row.counters for row in connection.execute(query.order_by(runs.c.id.desc()).limit(limit))
    )


def count_articles(connection: Connection, site_id: int) -> int:
    """Return how many articles of a site the archive holds."""
    of_site = articles.c.page_id.in_(select(pages.c.id).where(pages.c.site_id == site_id))
    return int(
        connection.execute(select(func.count()).select_from(articles).where(of_site)).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: its counters, its verdict and the reasons in words."""

    counters: Mapping[str, Any]
    verdict: str
    reasons: Sequence[str]


def end_run(connection: Connection, run_id: int, ending: Ending, now: datetime) -> None:
    """Note that a run ended, and how."""
    values = {
        "ended_at": now,
        "counters": dict(ending.counters),
        "verdict": ending.verdict,
        "reasons": list(ending.reasons),
    }
    ended = update(runs).where(runs.c.id == run_id).values(values).returning(runs.c.site_id)
    set_due(connection, connection.execute(ended).scalar_one(), now)


def run_summary(connection: Connection, run_id: int) -> RunSummary:
    """Return what run *run_id* saw."""
    run = connection.execute(
        select(runs, sites.c.name, sites.c.url).join(sites).where(runs.c.id == run_id)
    ).one()
    counters = run.counters or {}
    seen = (
        articles.c.page_id.in_(select(pages.c.id).where(pages.c.site_id == run.site_id)),
        articles.c.last_seen >= run.started_at,
    )
    totals = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(articles.c.comments_declared), 0),
            func.coalesce(func.sum(articles.c.comments_captured), 0),
        ).where(*seen)
    ).one()
    new = connection.execute(
        select(func.count())
        .select_from(articles)
        .where(*seen, articles.c.first_seen >= run.started_at)
    ).scalar_one()
    visited = (
        pages.c.site_id == run.site_id,
        pages.c.kind == "page",
        pages.c.last_visit >= run.started_at,
    )
    precision = func.coalesce(articles.c.date_published_precision, "undated")
    return RunSummary(
        run_id=run_id,
        site=run.name,
        url=run.url,
        articles=totals[0],
        articles_new=new,
        comments_declared=totals[1],
        comments_captured=totals[2],
        gap_reasons=_counts(connection, articles, missing_reason, *seen),
        date_precisions=_counts(connection, articles, precision, *seen),
        refusals=_counts(
            connection, pages, pages.c.outcome, *visited, pages.c.outcome != "article"
        ),
        fetch_outcomes=_counts(connection, fetches, fetches.c.outcome, fetches.c.run_id == run_id),
        drawn=counters.get("drawn", {}),
        scripted=counters.get("scripted", 0),
        verdict=run.verdict,
        reasons=tuple(run.reasons or ()),
    )


def _counts(
    connection: Connection, table: Table, column: ColumnElement[Any], *where: Any
) -> dict[str, int]:
    query = (
        select(column, func.count())
        .select_from(table)
        .where(*where, column.is_not(None))
        .group_by(column)
    )
    return {str(value): count for value, count in connection.execute(query)}


def resume_or_begin(
    connection: Connection, site_id: int, arguments: Mapping[str, Any], now: datetime
) -> tuple[int, int]:
    """Return the key of the run with these *arguments* that was cut off, and the last page it
    finished; else a new one.
    """
    query = select(runs.c.id, runs.c.arguments, runs.c.counters).where(
        runs.c.site_id == site_id,
        runs.c.ended_at.is_(None),
        runs.c.arguments["command"].as_string() == arguments["command"],
    )
    for row in connection.execute(query.order_by(runs.c.id.desc())):
        if row.arguments == dict(arguments):
            return row.id, int((row.counters or {}).get("after", 0))
    return begin_run(connection, site_id, arguments, now), 0


def note_progress(connection: Connection, run_id: int, counters: Mapping[str, Any]) -> None:
    """Note how far a run is; *counters* name the last finished page as ``after``."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(counters=dict(counters)))


def chosen_sites(connection: Connection, name: str | None) -> list[tuple[int, str]]:
    """Return key and name of the sites of the archive, or of the one called *name* (a host, with or
    without "www.").
    """
    query = select(sites.c.id, sites.c.name).order_by(sites.c.name)
    if name is not None:
        host = name.split("://")[-1].split("/")[0].lower().removeprefix("www.")
        query = query.where(sites.c.name == host)
    return [(int(row.id), row.name) for row in connection.execute(query)]
