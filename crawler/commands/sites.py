"""``knipsel sites``: the registered sites, their health, and what a timer does with them."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from crawler import crawl, politeness
from crawler.archive import open_archive
from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import crawl as stored
from storage import database

ACTIONS = ("list", "add", "pause", "resume", "show")
_EVERY = re.compile(r"(\d+)(m|h|d)")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


class Command(ArchiveCommand):
    """List, add, pause, resume or show sites."""

    promise = "List the registered sites and their health; add, pause, resume or show one"
    explanation = "A registered site is crawled by knipsel crawl articles when it is due."
    arguments = "[list | add URL | pause SITE | resume SITE | show SITE]"
    examples = (
        "knipsel sites",
        "knipsel sites add https://www.example.nl/ --every 12h --hours 22:00-06:00",
        "knipsel sites pause www.example.nl",
    )
    choices = ACTIONS

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "--every",
            metavar="20h",
            help="add: how long after a run the next is due (m, h or d; default: 20h)",
        )
        parser.add_argument(
            "--hours",
            metavar="22:00-06:00",
            help="add: fetch only between these hours (Amsterdam time)",
        )

    def open(self, args: list[str]) -> database.Archive:  # noqa: ARG002  # every command's signature
        """Return the archive, made when it is missing: a site can be the first thing in it."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return open_archive(self.settings)[0]

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Do what is asked."""
        action, names = (args[0], args[1:]) if args else ("list", [])
        if action not in ACTIONS or len(names) != (action != "list"):
            raise Refused("Say: knipsel sites, or knipsel sites add|pause|resume|show with a site.")
        try:
            if action == "add":
                _add(archive, names[0], opts)
            elif action in {"pause", "resume"}:
                _pause(archive, names[0], datetime.now(UTC) if action == "pause" else None)
        except (stored.UnknownSite, crawl.BadArgument, politeness.BadHours) as reason:
            raise Refused(str(reason)) from reason
        return _answer(archive, names[0] if names else None)


def _add(archive: database.Archive, url: str, opts: argparse.Namespace) -> None:
    address = crawl.read_arguments({"site": url}).site
    assert address is not None  # noqa: S101  # it was given
    if opts.hours is not None:
        politeness.read_hours(opts.hours)
    with archive.begin() as connection:
        site_id = stored.sites.register_site(connection, address)
        stored.sites.set_rhythm(
            connection, site_id, every_seconds=_seconds(opts.every), hours=opts.hours
        )


def _seconds(every: str | None) -> int | None:
    if every is None:
        return None
    found = _EVERY.fullmatch(every)
    if found is None or int(found[1]) == 0:
        raise Refused(f"--every {every} is no span: say 30m, 20h or 7d.")
    return int(found[1]) * _SECONDS[found[2]]


def _pause(archive: database.Archive, name: str, moment: datetime | None) -> None:
    with archive.begin() as connection:
        stored.sites.set_paused(
            connection, stored.sites.find_site(connection, name).site_id, moment
        )


def _answer(archive: database.Archive, name: str | None) -> CommandResult:
    with archive.read() as connection:
        try:
            chosen = (
                (stored.sites.find_site(connection, name),)
                if name
                else stored.sites.all_sites(connection)
            )
        except stored.UnknownSite as reason:
            raise Refused(str(reason)) from reason
        now = datetime.now(UTC)
        rows = [
            _row(
                site,
                stored.sites.health_of(connection, site.site_id, now),
                stored.runs.last_run(connection, site.site_id),
                now,
            )
            for site in chosen
        ]
    shown = (
        _table(rows) if rows else "No site is registered: knipsel sites add https://www.example.nl/"
    )
    return CommandResult({"sites": rows}, (shown,))


def _row(
    site: stored.Site, health: stored.sites.Health, last: stored.runs.Run | None, now: datetime
) -> dict[str, Any]:
    is_locked = site.locked_until is not None and site.locked_until > now
    ran: dict[str, Any] = {"last_run": None, "verdict": None, "reasons": []}
    next_run = now
    if last is not None:
        verdict = last.verdict or ("running" if is_locked else "cut off")
        ran = {"last_run": last.started_at, "verdict": verdict, "reasons": list(last.reasons)}
        next_run = last.started_at + timedelta(seconds=site.every_seconds)
    active = "running" if is_locked else "active"
    return {
        "site": site.name,
        "url": site.url,
        "state": "paused" if site.paused_at else active,
        **ran,
        "waiting": health.waiting,
        "due": health.due,
        "put_aside": health.put_aside,
        "next_run": None if site.paused_at else max(next_run, now) if health.waiting == 0 else now,
        "next_visit": health.next_visit,
        "hours": site.hours,
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in (
        "site",
        "state",
        "last run",
        "verdict",
        "waiting",
        "due",
        "put aside",
        "next run",
        "hours",
    ):
        table.add_column(column)
    for row in rows:
        values = [
            row["site"],
            row["state"],
            _moment(row["last_run"]),
            row["verdict"] or "never ran",
        ]
        values += [
            row["waiting"],
            row["due"],
            row["put_aside"],
            _moment(row["next_run"]),
            row["hours"] or "any",
        ]
        table.add_row(*(str(value) for value in values))
        for reason in row["reasons"]:
            table.add_row("", "", "", reason)
    return table


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"
