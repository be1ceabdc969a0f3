"""What the user asked of a run, read from the ``-a`` arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.numbers import whole_number
from storage.urls import BadAddress, canonical

IF_RUNNING = ("skip", "wait", "fail")
REQUISITES = ("off", "on")
THREADS = ("off", "same-host", "all")
# What a user may say of a crawl with -a, and how it is said.
ARGUMENTS: Mapping[str, tuple[str, str]] = {
    "site": ("site=URL", "the site, its own host only; else every registered site that is due"),
    "limit": ("limit=N", "stop after N articles"),
    "since": ("since=YYYY-MM-DD", "store no article published before that day"),
    "until": ("until=YYYY-MM-DD", "store no article published after that day"),
    "refresh": ("refresh=all", "visit every known page again"),
    "if_running": ("if_running=skip", "when another run is on the site: skip, wait or fail"),
}
_KNOWN = " and ".join((", ".join([*ARGUMENTS][:-1]), [*ARGUMENTS][-1]))


class BadArgument(ValueError):
    """Raised when an argument of the crawl cannot be used; its text gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlArguments:
    """A site (or None: every registered site that is due), at most *limit* articles, published from
    *since* to *until*.

    *refresh* has every known page looked at again. *if_running* is what to do when another run is
    on the site: "skip", "wait" or "fail".
    """

    site: str | None = None
    limit: int | None = None
    since: date | None = None
    until: date | None = None
    refresh: bool = False
    if_running: str = "skip"

    def as_row(self) -> dict[str, Any]:
        """Return plain data for the archive."""
        row = {"site": self.site, "limit": self.limit, "refresh": self.refresh}
        return row | {
            name: str(day) if day else None
            for name, day in (("since", self.since), ("until", self.until))
        }


def read_arguments(arguments: dict[str, Any]) -> CrawlArguments:
    """Return the assignment that the ``-a`` arguments make.

    Raises BadArgument with a sentence on what to write instead.
    """
    unknown = arguments.keys() - ARGUMENTS.keys()
    if unknown:
        raise BadArgument(f"There is no argument {', '.join(sorted(unknown))}: use {_KNOWN}.")
    limit = arguments.get("limit")
    if limit is not None and not whole_number(limit):
        raise BadArgument(f"limit={limit} is no number of articles: say limit=10")
    refresh = arguments.get("refresh")
    if refresh not in {None, "all"}:
        raise BadArgument(f"refresh={refresh} is not known: say refresh=all")
    if_running = arguments.get("if_running", "skip")
    if if_running not in IF_RUNNING:
        raise BadArgument(
            f"if_running={if_running} is not known: say if_running=skip, wait or fail"
        )
    return CrawlArguments(
        site=_site(arguments.get("site")),
        limit=int(limit) if limit else None,
        since=_day("since", arguments.get("since")),
        until=_day("until", arguments.get("until")),
        refresh=refresh == "all",
        if_running=if_running,
    )


def threads_asked(settings: Mapping[str, Any]) -> str:
    """Return whose threads the setting KNIPSEL_THREADS has a run ask for: "off", "same-host" or
    "all".

    Raises BadArgument with a sentence on what to write instead.
    """
    threads = str(settings["KNIPSEL_THREADS"])
    if threads not in THREADS:
        raise BadArgument(f"KNIPSEL_THREADS={threads} is not known: say off, same-host or all")
    return threads


def requisites_asked(settings: Mapping[str, Any]) -> bool:
    """Return whether the setting KNIPSEL_REQUISITES has a run keep style sheets and pictures.

    Raises BadArgument with a sentence on what to write instead.
    """
    asked = str(settings["KNIPSEL_REQUISITES"])
    if asked not in REQUISITES:
        raise BadArgument(f"KNIPSEL_REQUISITES={asked} is not known: say off or on")
    return asked == "on"


def _site(site: str | None) -> str | None:
    if site is None:
        return None
    if not site:
        raise BadArgument(
            "Which site? Say -a site=https://www.example.nl/, or leave it out for "
            "every site that is due."
        )
    try:
        return canonical(site if "://" in site else f"https://{site}")
    except BadAddress as error:
        raise BadArgument(f"The site {site!r} is no address: {error}") from error


def _day(name: str, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError as error:
        raise BadArgument(f"{name}={value} is no day: say {name}=2024-01-31") from error
