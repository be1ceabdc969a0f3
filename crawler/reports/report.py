"""What a report contains, as plain data: the page, the JSON twin and the metrics are three ways to
show the same.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.crawl import DEGRADED, FAILED, OK, shares
from crawler.politeness import Robots
from storage.crawl import Run, Site, sites
from storage.crawl import health as site_health
from storage.database import Archive
from storage.reporting import HostFacts, RunFacts, RunFinding, run_facts, runs_to_report

PRODUCT = "Knipsel"
NOT_ENDED = "not ended"
VERDICTS = (OK, NOT_ENDED, DEGRADED, FAILED)  # the worst last
COUNTED = (
    "pages", "requests", "articles", "articles_new", "articles_changed", "comments", "comments_new",
    "declared", "captured",
)  # fmt: skip
LOST = {
    "read": "a text", "dated": "a date", "authored": "an author", "commented": "comments",
    "long": "their full length", "own": "a text of their own",
}  # fmt: skip


class NothingToReport(LookupError):
    """Raised when no run answers what was asked; its text is what to do."""


def make_report(
    archive: Archive, folder: Path, run_id: int | None = None, since: datetime | None = None
) -> dict[str, Any]:
    """Return the report on one run, on all since a moment, or on the newest ended run of every
    site, as JSON has it.

    Raises NothingToReport when there is no such run.
    """
    with archive.read() as connection:
        keys = runs_to_report(connection, run_id, since)
        data = [_run(run_facts(connection, key)) for key in keys]
        registered = [
            _site(connection, site, datetime.now(UTC)) for site in sites.all_sites(connection)
        ]
    if not data:
        raise NothingToReport(
            f"There is no run {run_id} in this archive: knipsel runs lists them."
            if run_id is not None
            else "No run answers that: crawl a site first, or ask for an earlier day."
        )
    return {
        "product": f"{PRODUCT} {version('knipsel')}",
        "archive": archive.url,
        "lead": _lead(data),
        "runs": data,
        "sites": registered,
        "disk": _disk(folder),
    }


def _lead(reported: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The worst verdict of *reported* runs, and the three figures that are asked for first."""
    found = [run["found"] for run in reported]
    lacking = [max((one["declared"] or 0) - (one["captured"] or 0), 0) for one in found]
    return {
        "verdict": max((run["verdict"] for run in reported), key=VERDICTS.index),
        "articles_new": sum(one["articles_new"] or 0 for one in found),
        "comments_new": sum(one["comments_new"] or 0 for one in found),
        "comments_missing": sum(lacking),
    }


def _site(connection: Connection, site: Site, now: datetime) -> dict[str, Any]:
    """What waits on a site, whether it was crawled or not."""
    health = site_health.health_of(connection, site.site_id, now)
    return {
        "site": site.name,
        "waiting": health.waiting,
        "due": health.due,
        "put_aside": health.put_aside,
        "locked": site.locked_until is not None and site.locked_until > now,
        "paused": site.paused_at is not None,
    }


def _run(facts: RunFacts) -> dict[str, Any]:
    run = facts.run
    return {
        **_summary(run),
        "ended_at": run.ended_at and run.ended_at.isoformat(),
        "reasons": list(run.reasons),
        "arguments": dict(run.arguments),
        "visited": facts.visited,
        "found": {name: run.counters.get(name) for name in COUNTED},
        "outcomes": dict(run.counters.get("outcomes", {})),
        "gaps": _findings(facts.gaps),
        "lacking": _findings(facts.lacking),
        "refused": _findings(facts.refused),
        "lost": _lost(run.counters, facts.lost_examples),
        "lists_lost": list(run.counters.get("lists_lost", ())),
        "trend": [_summary(one) for one in reversed((run, *facts.past))],
        "hosts": [_host(host) for host in facts.hosts],
        "bytes_fetched": int(facts.bytes_fetched),
    }


def _summary(run: Run) -> dict[str, Any]:
    return {
        "run": run.run_id,
        "site": run.site,
        "started_at": run.started_at.isoformat(),
        "seconds": (run.ended_at - run.started_at).total_seconds() if run.ended_at else None,
        "verdict": run.verdict or NOT_ENDED,
        "articles": run.counters.get("articles"),
        "articles_new": run.counters.get("articles_new"),
        "comments_new": run.counters.get("comments_new"),
        "shares": shares(run.counters),
    }


def _findings(found: Mapping[str, RunFinding]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "count": finding.count,
            "examples": [asdict(example) for example in finding.examples],
        }
        for name, finding in found.items()
    ]


def _lost(
    counters: Mapping[str, Any], examples: Mapping[str, tuple[str, ...]]
) -> list[dict[str, Any]]:
    """Fields that articles had at an earlier visit and have not any more."""
    lost, had = counters.get("lost", {}), counters.get("had", {})
    return [
        {
            "name": name,
            "words": words,
            "lost": lost[name],
            "had": had[name],
            "examples": list(examples.get(name, ())),
        }
        for name, words in LOST.items()
        if lost.get(name)
    ]


def _host(host: HostFacts) -> dict[str, Any]:
    """A host as it was asked; *kept* is None where its robots.txt asks for no pause."""
    robots = Robots.from_answer(host.robots_status, (host.robots_body or "").encode(), host.host)
    delay = None if robots.closed else robots.crawl_delay(PRODUCT)
    allowed = 60 / delay if delay else None
    return {
        "host": urlsplit(host.host).netloc,
        "requests": host.requests,
        "median_seconds": host.median_seconds,
        "slowest_seconds": host.slowest_seconds,
        "busiest_minute": host.busiest_minute,
        "allowed_a_minute": allowed,
        "kept": None
        if allowed is None
        else host.busiest_minute <= allowed + 1,  # both ends of a minute may have one
    }


def _disk(folder: Path) -> dict[str, int]:
    database, warc = folder / "archive.db", folder / "warc"
    return {
        "database_bytes": database.stat().st_size if database.exists() else 0,
        "warc_bytes": sum(path.stat().st_size for path in warc.glob("*")) if warc.is_dir() else 0,
        "free_bytes": shutil.disk_usage(folder).free if folder.exists() else 0,
    }
