"""``knipsel sites``: the registered sites, their health, and how each is crawled."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.table import Table

from crawler import crawl, downloader, politeness, rendering
from crawler.archive import open_archive
from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import crawl as stored
from storage import database

ACTIONS = ("list", "add", "set", "pause", "resume", "remove", "show")
_EVERY = re.compile(r"(\d+)(m|h|d)")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}

LOOK_UPS_AT_ONCE = 32
_COMMENT = re.compile(r"(?:^|\s)#.*")  # "https://blad.example/#top" has none
_UNCHECKED = "With --unchecked DNS is not asked and private addresses are taken."
COLUMNS = "site,state,last run,verdict,waiting,due,put aside,next run,hours,drawn".split(",")


class Command(ArchiveCommand):
    """List, add, set, pause, resume, remove or show sites."""

    promise = "List the registered sites and their health; add, set, pause, resume, remove one"
    explanation = (
        "A registered site is crawled by knipsel crawl articles when it is due. Adding refuses "
        "what cannot be crawled, with the reason; removing loses nothing that is archived."
    )
    arguments = "[list | add URL... | set|pause|resume|remove|show SITE]"
    examples = (
        "knipsel sites",
        "knipsel sites add https://www.example.nl/ --every 12h --hours 22:00-06:00",
        "knipsel sites add -f sites.txt",
        "knipsel sites set www.example.nl --render",
        "knipsel sites pause www.example.nl",
    )
    choices = ACTIONS

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "-f",
            "--file",
            metavar="FILE",
            help="add: every address in FILE, one a line; what follows a # is a comment",
        )
        parser.add_argument(
            "--unchecked",
            action="store_true",
            help="add: do not ask DNS for the hosts (offline), and take private addresses, too",
        )
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
        parser.add_argument(
            "--render",
            action=argparse.BooleanOptionalAction,
            help="add, set: draw its articles in a browser, where scripts show their threads",
        )

    def open(self, args: list[str]) -> database.Archive:
        """Return the archive, made when it is missing: a site can be the first thing in it."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return open_archive(self.settings)[0]

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Do what is asked."""
        assert self.settings is not None  # noqa: S101  # as above
        action, names = _asked(args, opts.file)
        try:
            if opts.render:
                rendering.find_browser(self.settings["KNIPSEL_BROWSER"])
            if action == "add":
                places = [_Named(url, url) for url in names]
                places += _lines(Path(opts.file)) if opts.file is not None else []
                names = _add(archive, places, opts)
            elif action == "set":
                if opts.render is None:
                    raise Refused("Say: knipsel sites set SITE --render, or --no-render.")
                _change(archive, names[0], partial(stored.sites.set_render, render=opts.render))
            elif action in {"pause", "resume"}:
                since = datetime.now(UTC) if action == "pause" else None
                _change(archive, names[0], partial(stored.sites.set_paused, moment=since))
            elif action == "remove":
                with archive.begin() as connection:
                    remains = stored.health.remove_site(connection, names[0], datetime.now(UTC))
                return _removed(remains)
        except (stored.UnknownSite, politeness.BadHours, rendering.BrowserMissing) as reason:
            raise Refused(str(reason)) from reason
        return _answer(archive, () if action == "list" else names)


def _asked(args: list[str], file: str | None) -> tuple[str, list[str]]:
    """Return what is to be done, and the sites that are meant."""
    action, names = (args[0], args[1:]) if args else ("list", [])
    wanted = {"list": not names, "add": bool(names) or file is not None}
    if action not in ACTIONS or not wanted.get(action, len(names) == 1):
        raise Refused(
            "Say: knipsel sites, or knipsel sites add|set|pause|resume|remove|show with a site."
        )
    if file is not None and action != "add":
        raise Refused(f"A file of sites can be added only: knipsel sites add -f {file}")
    return action, names


@dataclass(frozen=True, slots=True)
class _Named:
    """An address that somebody wants to add, and the words that say where it was named."""

    place: str
    url: str


def _lines(file: Path) -> list[_Named]:
    """Return the addresses of *file*, one a line; what follows a "#" is none.

    Raises Refused where it cannot be read or names no site.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read as a list of sites: {error}.") from error
    found = [
        _Named(f"{file}, line {number}", address)
        for number, line in enumerate(lines, 1)
        if (address := _COMMENT.sub("", line).strip())
    ]
    if not found:
        raise Refused(f"{file} names no site: write one address a line.")
    return found


def _checked(places: list[_Named], *, unchecked: bool) -> list[str]:
    """Return the addresses in their canonical form; asks DNS for their hosts unless *unchecked*.

    Raises Refused with a line for each that cannot be crawled, and the reason.
    """
    with ThreadPoolExecutor(LOOK_UPS_AT_ONCE) as threads:
        read = list(threads.map(partial(_read, unchecked=unchecked), places))
    faults = [f"{one.place}: {found}" for one, found in zip(places, read, strict=True)
              if isinstance(found, Exception)]  # fmt: skip
    if faults:
        last = "" if unchecked else f" {_UNCHECKED}"
        raise Refused("\n".join((*faults, f"Nothing was added.{last}")))
    return [found for found in read if isinstance(found, str)]


def _read(named: _Named, *, unchecked: bool) -> str | Exception:
    try:
        url = crawl.read_arguments({"site": named.url}).site or ""
        if not unchecked:
            downloader.look_up(urlsplit(url).hostname or "")
    except (crawl.BadArgument, downloader.PrivateAddress, downloader.UnknownHost) as reason:
        return reason
    return url


def _add(archive: database.Archive, places: list[_Named], opts: argparse.Namespace) -> list[str]:
    """Register all of *places*, or none, and return their addresses."""
    if opts.hours is not None:
        politeness.read_hours(opts.hours)
    seconds = _seconds(opts.every)
    urls = _checked(places, unchecked=opts.unchecked)
    with archive.begin() as connection:
        for url in urls:
            site_id = stored.sites.register_site(connection, url)
            stored.sites.set_rhythm(connection, site_id, every_seconds=seconds, hours=opts.hours)
            if opts.render is not None:
                stored.sites.set_render(connection, site_id, render=opts.render)
    return urls


def _removed(remains: stored.health.Remains) -> CommandResult:
    """Tell what stays of a site that was removed."""
    is_gone = not (remains.runs or remains.pages)
    sentence = (
        f"{remains.site} is removed; it was never crawled."
        if is_gone
        else f"{remains.site} is crawled no more. {remains.articles:,} articles and "
        f"{remains.comments:,} comments of it stay in the archive, and the site stays in the list "
        f"as paused. To erase them: knipsel forget --site {remains.site}"
    )
    return CommandResult({"removed": remains, "is_listed": not is_gone}, (sentence,))


def _seconds(every: str | None) -> int | None:
    if every is None:
        return None
    found = _EVERY.fullmatch(every)
    if found is None or int(found[1]) == 0:
        raise Refused(f"--every {every} is no span: say 30m, 20h or 7d.")
    return int(found[1]) * _SECONDS[found[2]]


def _change(archive: database.Archive, name: str, change: Callable[..., None]) -> None:
    with archive.begin() as connection:
        change(connection, stored.sites.find_site(connection, name).site_id)


def _answer(archive: database.Archive, names: Sequence[str]) -> CommandResult:
    """Tell of the sites that *names* name, of all where none is."""
    with archive.read() as connection:
        try:
            chosen: Iterable[stored.Site] = [
                stored.sites.find_site(connection, name) for name in names
            ] or stored.sites.all_sites(connection)
        except stored.UnknownSite as reason:
            raise Refused(str(reason)) from reason
        now = datetime.now(UTC)
        rows = [
            _row(
                site,
                stored.health.health_of(connection, site.site_id, now),
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
    site: stored.Site, health: stored.health.Health, last: stored.runs.Run | None, now: datetime
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
        "render": site.render,
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(*COLUMNS, box=None, pad_edge=False)
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
            "yes" if row["render"] else "",
        ]
        table.add_row(*(str(value) for value in values))
        for reason in row["reasons"]:
            table.add_row("", "", "", reason)
    return table


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"
