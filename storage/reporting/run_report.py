"""What a run report contains, asked of the archive: what a run visited, what is missing there, how
its hosts were asked.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select

from storage.crawl import Run, find_origin
from storage.crawl import runs as run_rows
from storage.database import articles, authors, fetches, missing_reason, pages, runs, sites

EXAMPLES = 5
PAST_RUNS = 10
A_MINUTE = timedelta(minutes=1)
NOT_SENT = ("robots", "opted_out")


@dataclass(frozen=True, slots=True)
class Example:
    """One page that shows what is meant, with a remark on it."""

    url: str
    detail: str


@dataclass(frozen=True, slots=True)
class RunFinding:
    """How many pages have something in common, with a few of them."""

    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """How one host was asked in a run: seconds an answer took, the most requests within a minute,
    what its robots.txt asked for.
    """

    host: str
    requests: int
    median_seconds: float | None
    slowest_seconds: float | None
    busiest_minute: int
    robots_status: int | None
    robots_body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """A run with what the archive now holds of the pages that it visited; *past* are the site's
    earlier runs, newest first.

    *gaps* counts articles by why declared comments are missing, *refused* pages by why they are no
    article, *lacking* articles by the field that they have not. *lost_examples* are pages whose
    articles had a field at an earlier visit.
    """

    run: Run
    visited: int
    gaps: Mapping[str, RunFinding]
    refused: Mapping[str, RunFinding]
    lacking: Mapping[str, RunFinding]
    lost_examples: Mapping[str, tuple[str, ...]]
    hosts: tuple[HostFacts, ...]
    bytes_fetched: int
    past: tuple[Run, ...]


def runs_to_report(
    connection: Connection, run_id: int | None, since: datetime | None
) -> tuple[int, ...]:
    """Return the keys of the runs to report: that one, or all since a moment, or the newest ended
    one of every site.
    """
    query = select(runs.c.id).join(sites).order_by(sites.c.name, runs.c.id)
    if run_id is not None:
        query = query.where(runs.c.id == run_id)
    elif since is not None:
        query = query.where(runs.c.started_at >= since)
    else:
        newest = (
            select(func.max(runs.c.id)).where(runs.c.ended_at.is_not(None)).group_by(runs.c.site_id)
        )
        query = query.where(runs.c.id.in_(newest))
    return tuple(connection.execute(query).scalars())


def run_facts(connection: Connection, run_id: int) -> RunFacts:
    """Return what is to be reported of run *run_id*."""
    site_id = connection.execute(select(runs.c.site_id).where(runs.c.id == run_id)).scalar_one()
    earlier = run_rows.recent_runs(connection, site_id, PAST_RUNS + 1, until=run_id)
    visited = (
        select(fetches.c.page_id)
        .where(fetches.c.run_id == run_id, fetches.c.page_id.is_not(None))
        .distinct()
    )
    return RunFacts(
        run=earlier[0],
        visited=connection.execute(
            select(func.count()).select_from(visited.subquery())
        ).scalar_one(),
        gaps=_gaps(connection, visited),
        refused=_refused(connection, visited),
        lacking=_lacking(connection, visited),
        lost_examples=_lost_examples(connection, earlier[0]),
        hosts=_hosts(connection, run_id),
        bytes_fetched=connection.execute(
            select(func.coalesce(func.sum(fetches.c.warc_length), 0)).where(
                fetches.c.run_id == run_id
            )
        ).scalar_one(),
        past=earlier[1:],
    )


def _lost_examples(connection: Connection, run: Run) -> dict[str, tuple[str, ...]]:
    """Return the addresses of pages whose articles lost a field; those that were erased since are
    not among them.
    """
    return {
        name: tuple(
            connection.execute(
                select(pages.c.url).where(pages.c.id.in_(keys)).order_by(pages.c.id)
            ).scalars()
        )
        for name, keys in run.counters.get("lost_examples", {}).items()
    }


def _gaps(connection: Connection, visited: Select[Any]) -> dict[str, RunFinding]:
    missing = func.coalesce(articles.c.comments_declared, 0) - articles.c.comments_captured
    found = (articles.c.page_id.in_(visited), missing_reason.is_not(None))
    columns = (articles.c.url, articles.c.comments_declared, articles.c.comments_captured)
    return {
        reason: RunFinding(
            count,
            tuple(
                Example(row.url, f"{row.comments_captured} of {row.comments_declared} comments")
                for row in connection.execute(
                    select(*columns)
                    .where(*found, missing_reason == reason)
                    .order_by(missing.desc(), articles.c.id)
                    .limit(EXAMPLES)
                )
            ),
        )
        for reason, count in _counts(connection, missing_reason, found)
    }


def _refused(connection: Connection, visited: Select[Any]) -> dict[str, RunFinding]:
    found = (
        pages.c.id.in_(visited),
        pages.c.kind == "page",
        pages.c.state.in_(("refused", "failed", "gone")),
    )
    return {
        outcome: RunFinding(
            count,
            tuple(
                Example(row.url, row.detail or "")
                for row in connection.execute(
                    select(pages.c.url, pages.c.detail)
                    .where(*found, pages.c.outcome == outcome)
                    .order_by(pages.c.id)
                    .limit(EXAMPLES)
                )
            ),
        )
        for outcome, count in _counts(connection, pages.c.outcome, found)
    }


def _lacking(connection: Connection, visited: Select[Any]) -> dict[str, RunFinding]:
    of_run = articles.c.page_id.in_(visited)
    conditions = {
        "date": articles.c.date_published.is_(None),
        "author": ~exists().where(authors.c.article_id == articles.c.id),
        "comments": (articles.c.comments_declared > 0) & (articles.c.comments_captured == 0),
    }
    found = {}
    for name, condition in conditions.items():
        count = connection.execute(
            select(func.count()).select_from(articles).where(of_run, condition)
        ).scalar_one()
        if count:
            query = (
                select(articles.c.url, articles.c.headline)
                .where(of_run, condition)
                .order_by(articles.c.id)
                .limit(EXAMPLES)
            )
            found[name] = RunFinding(
                count, tuple(Example(row.url, row.headline) for row in connection.execute(query))
            )
    return found


def _counts(
    connection: Connection, column: ColumnElement[Any], where: tuple[ColumnElement[bool], ...]
) -> list[tuple[str, int]]:
    number = func.count()
    query = (
        select(column, number)
        .where(*where, column.is_not(None))
        .group_by(column)
        .order_by(number.desc(), column)
    )
    return [(str(value), count) for value, count in connection.execute(query)]


def _hosts(connection: Connection, run_id: int) -> tuple[HostFacts, ...]:
    """Return the run's hosts, slowest first."""
    moments: dict[str, list[datetime]] = {}
    seconds: dict[str, list[float]] = {}
    for url, moment, elapsed in _requests(connection, run_id):
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        moments.setdefault(origin, []).append(moment)
        if elapsed is not None:
            seconds.setdefault(origin, []).append(elapsed)
    found = []
    for origin, asked in moments.items():
        known, took = find_origin(connection, origin), seconds.get(origin)
        found.append(
            HostFacts(
                host=origin,
                requests=len(asked),
                median_seconds=median(took) if took else None,
                slowest_seconds=max(took) if took else None,
                busiest_minute=busiest_minute(sorted(asked)),
                robots_status=known.robots_status,
                robots_body=known.robots_body,
            )
        )
    return tuple(sorted(found, key=lambda host: (-(host.median_seconds or 0), host.host)))


def _requests(connection: Connection, run_id: int) -> Iterator[tuple[str, datetime, float | None]]:
    query = select(fetches.c.url, fetches.c.fetched_at, fetches.c.elapsed_seconds)
    sent = query.where(fetches.c.run_id == run_id, fetches.c.outcome.not_in(NOT_SENT))
    for row in connection.execute(sent.execution_options(yield_per=5000)):
        yield row.url, row.fetched_at, row.elapsed_seconds


def busiest_minute(moments: Iterable[datetime]) -> int:
    """Return the most of *moments*, in order, that lie within any sixty seconds."""
    window: deque[datetime] = deque()
    most = 0
    for moment in moments:
        window.append(moment)
        while moment - window[0] >= A_MINUTE:
            window.popleft()
        most = max(most, len(window))
    return most
