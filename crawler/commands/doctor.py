"""``knipsel doctor``: is everything as a crawl needs it? One line each, with what to do."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from crawler import crawl, politeness, reports
from crawler.archive import open_archive
from crawler.cli import CommandResult, OurCommand, Refused, set_contact
from storage import crawl as stored
from storage import database, warc

LEAST_FREE_BYTES = 1_000_000_000
MOST_PUT_ASIDE = 20
_PACKAGES = ("knipsel", "scrapy", "trafilatura", "sqlalchemy", "lxml")


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """What was looked at, how it is, and what to do when it is not well."""

    what: str
    how: str
    todo: str | None = None


class Command(OurCommand):
    """Look at everything that a crawl needs. Exit code 0: all is well. 1: something is to
    be done.
    """

    promise = (
        "Check Python, archive, disk, locks, contact and the sites' robots.txt; list "
        "pages put aside"
    )
    explanation = "Exit code 1: something is to be done, and each line says what."
    examples = ("knipsel doctor", "knipsel doctor --json")

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Look at everything."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        findings = [*_machine(), *self._contact(), *_notices(self.settings["KNIPSEL_NOTIFY"])]
        try:
            archive, folder = open_archive(self.settings)
        except database.ArchiveUnavailable as error:
            findings.append(
                HealthFinding("archive", str(error), "see KNIPSEL_ARCHIVE and KNIPSEL_DATABASE")
            )
        else:
            findings += [
                *_archive(archive, folder),
                *_store(folder, self.settings["KNIPSEL_WARC"]),
                *_sites(archive, self.settings["USER_AGENT"]),
            ]
            archive.close()
        return CommandResult(
            {"findings": findings},
            tuple(map(_line, findings)),
            int(any(finding.todo for finding in findings)),
        )

    def _contact(self) -> Iterator[HealthFinding]:
        assert self.settings is not None  # noqa: S101  # as above
        try:
            set_contact(self.settings)
        except Refused:
            todo = "set KNIPSEL_CONTACT to a mail address or a web address of yours"
            yield HealthFinding("contact", "none, so no crawl begins", todo)
        else:
            yield HealthFinding("contact", self.settings["USER_AGENT"])


def _line(finding: HealthFinding) -> str:
    mark = "todo" if finding.todo else "ok  "
    return f"{mark} {finding.what}: {finding.how}" + (f" -> {finding.todo}" if finding.todo else "")


def _machine() -> Iterator[HealthFinding]:
    todo = None if (3, 11) <= sys.version_info[:2] < (3, 15) else "use Python 3.11 to 3.14"
    yield HealthFinding("python", platform.python_version(), todo)
    yield HealthFinding("versions", ", ".join(f"{name} {version(name)}" for name in _PACKAGES))


def _notices(receiver: str) -> Iterator[HealthFinding]:
    try:
        place = reports.Notices(receiver).place
    except reports.BadReceiver as reason:
        todo = "set KNIPSEL_NOTIFY to such an address"
        yield HealthFinding("notices", str(reason), todo)
    else:
        yield HealthFinding("notices", f"to {place}" if place else "none (KNIPSEL_NOTIFY)")


def _archive(archive: database.Archive, folder: Path) -> Iterator[HealthFinding]:
    yield HealthFinding("archive", f"{archive.url}, schema {archive.revision()}")
    free = shutil.disk_usage(folder if folder.exists() else Path()).free
    yield HealthFinding(
        "disk",
        f"{free / 1e9:.1f} GB free",
        None if free >= LEAST_FREE_BYTES else "make room: less than 1 GB is left",
    )
    optout = folder / politeness.FILE_NAME
    yield HealthFinding("opt-out list", str(optout) if optout.exists() else f"none ({optout})")
    unfinished = sorted((folder / "warc").glob("*.open"))
    if unfinished:
        yield HealthFinding(
            "warc",
            f"{len(unfinished)} files of runs that were cut off or still go; their "
            "whole records are readable",
        )


def _store(folder: Path, url: str) -> Iterator[HealthFinding]:
    if not url:
        return
    waiting = len(list((folder / "warc").glob("*.warc.gz")))
    try:
        warc.check_store(url)
    except warc.StoreUnavailable as error:
        yield HealthFinding(
            "warc store",
            f"{error} {waiting} files wait for it",
            "see KNIPSEL_WARC; files go with the next run",
        )
    else:
        yield HealthFinding(
            "warc store",
            f"{url} answers; {waiting} files wait on the local disk and go with the next run",
        )


def _sites(archive: database.Archive, user_agent: str) -> Iterator[HealthFinding]:
    now = datetime.now(UTC)
    with archive.read() as connection:
        known = {origin.origin: origin for origin in stored.origins.known_origins(connection)}
        registered = stored.sites.all_sites(connection)
        if not registered:
            yield HealthFinding(
                "sites", "none", "knipsel sites add URL, or knipsel crawl articles -a site=URL"
            )
        for site in registered:
            yield _lock(site, now)
            yield _robots(site, known, user_agent)
            last = stored.runs.last_run(connection, site.site_id)
            if last is not None and last.verdict in {"degraded", "failed"}:
                yield HealthFinding(
                    f"{site.name} last run",
                    f"{last.verdict}: {' '.join(last.reasons)}",
                    "; ".join(last.counters.get("deeds", ())) or "start the crawl again",
                )
            for page in stored.frontier.put_aside(connection, site.site_id, MOST_PUT_ASIDE):
                how = f"put aside after {page.attempts} attempts: {page.outcome}: {page.detail}"
                yield HealthFinding(
                    page.url,
                    how,
                    "look at the page; it is tried again in time, or at once with -a refresh=all",
                )


def _lock(site: stored.sites.Site, now: datetime) -> HealthFinding:
    if site.locked_by is None or site.locked_until is None:
        return HealthFinding(f"{site.name} lock", "free")
    if crawl.is_gone(site.locked_by) or site.locked_until < now:
        return HealthFinding(
            f"{site.name} lock",
            f"left by {site.locked_by}, which is gone; the next run takes it over",
        )
    return HealthFinding(
        f"{site.name} lock", f"held by {site.locked_by} until {site.locked_until:%H:%M} UTC"
    )


def _robots(
    site: stored.sites.Site, known: dict[str, stored.origins.Origin], user_agent: str
) -> HealthFinding:
    parts = urlsplit(site.url)
    origin = known.get(f"{parts.scheme}://{parts.netloc}")
    what = f"{site.name} robots.txt"
    if origin is None or origin.robots_at is None:
        return HealthFinding(what, "not asked for yet")
    asked = f"{origin.robots_at:%Y-%m-%d %H:%M} UTC"
    robots = politeness.Robots.from_answer(
        origin.robots_status, (origin.robots_body or "").encode(), f"{origin.origin}/robots.txt"
    )
    if robots.closed:
        return HealthFinding(
            what,
            f"no answer at {asked}, so the site is closed",
            "wait, or ask the site: nothing is fetched until it answers",
        )
    if not robots.allows(site.url, user_agent):
        return HealthFinding(
            what,
            f"forbids the site's start page (asked at {asked})",
            "ask the site, or knipsel sites pause it",
        )
    delay = robots.crawl_delay(user_agent)
    return HealthFinding(
        what,
        f"allows the site (status {origin.robots_status}, {asked})"
        + (f", one request in {delay:g} s" if delay else ""),
    )
