"""When a page is worth another visit. Pure policy: no clock, no archive, no network.

One law: a page is looked at again after a quarter of the time for which it has been quiet. An
article of four hours is due in one hour, one of a month in a week; a late comment makes a thread
young again. Lists of what is new are read in every run. benchmarks/year.py is where the quarter and
the sixty days come from.
"""

import zlib
from datetime import datetime, timedelta

from storage.outcomes import WALLS
from storage.records import Lease, Look

SOONEST = timedelta(hours=1)
LATEST = timedelta(days=60)
QUIET_SHARE = 4
# A list that brought nothing waits as long as it has been quiet, but a night at least; where
# sitemaps or feeds tell what is new,
# walking through tags and archives again is only a check on them.
LIST_SOONEST, LIST_FIRST = timedelta(hours=20), timedelta(days=7)
LIST_SOONEST_BESIDE_LISTS, LIST_FIRST_BESIDE_LISTS = timedelta(days=7), timedelta(days=60)
# A sitemap that its index dates is read when the date moves, one of nothing but tags or authors
# hardly ever, nor a feed that names no page of the site beside lists that do; all once a week.
DATED_LIST = timedelta(days=7)
NOT_THERE = timedelta(days=90)
WALL = timedelta(days=7)
FAILED = timedelta(days=1)
BROKEN = timedelta(days=30)
REDIRECT = timedelta(days=90)
# Comments often do not change a page's validators: so often the page is fetched without them.
FULL_LOOK = timedelta(days=7)
FULL_LOOK_LIST = timedelta(days=30)
SPREAD = 0.2

_SETTLED_FOR_LONG = {"gone": NOT_THERE, "redirect": REDIRECT}
_OURS = frozenset({"internal_error", "extraction_failed"})


def next_visit(look: Look) -> datetime:
    """Return the moment from which a page that was just looked at is due again; pages of one night
    are spread apart.
    """
    wait = _wait(look)
    if wait <= timedelta(0):
        return look.now
    return look.now + wait * (1 + SPREAD * _place(look.url))


def _wait(look: Look) -> timedelta:
    quiet = max(look.now - look.last_news, timedelta(0))
    if look.kind != "page" and look.state not in {"failed", "gone", "redirect"}:
        return _wait_of_list(look)
    if look.outcome == "article" and look.state == "done":
        return _within(quiet / QUIET_SHARE, SOONEST, LATEST)
    if look.state == "failed":
        longest = (
            BROKEN if look.outcome in _OURS else FAILED * 2 ** min(max(look.attempts - 3, 0), 5)
        )
        return min(longest, BROKEN)
    if look.state == "gone" and look.visits > 1:
        return _within(quiet, LIST_SOONEST, NOT_THERE)
    if look.state in _SETTLED_FOR_LONG:
        return _SETTLED_FOR_LONG[look.state]
    return _wait_of_other_page(look, quiet)


def _wait_of_list(look: Look) -> timedelta:
    if (
        look.is_further or look.kind == "posts"
    ):  # texts to learn from are asked for when there is something to learn
        return NOT_THERE
    if look.state == "refused":
        return WALL
    is_empty = look.outcome == "empty_feed" and look.site_has_lists
    is_told = look.lastmod is not None or not look.lists_articles or is_empty
    return DATED_LIST if is_told else timedelta(0)


def _wait_of_other_page(look: Look, quiet: timedelta) -> timedelta:
    """A listing, a page about the site, a wall."""
    if look.outcome == "trap":
        return NOT_THERE
    if look.outcome in WALLS:
        return WALL
    soonest = LIST_SOONEST_BESIDE_LISTS if look.site_has_lists else LIST_SOONEST
    first = LIST_FIRST_BESIDE_LISTS if look.site_has_lists else LIST_FIRST
    return first if look.visits == 1 else _within(quiet, soonest, NOT_THERE)


def _within(wait: timedelta, soonest: timedelta, latest: timedelta) -> timedelta:
    return min(max(wait, soonest), latest)


def _place(url: str) -> float:
    """Return a page's place between -1 and 1, always the same."""
    return zlib.crc32(url.encode("utf-8", "surrogatepass")) / 2**31 - 1


def validators(lease: Lease, now: datetime) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed; none where a full look is due or
    something hints at a change.
    """
    if lease.hint is not None or lease.last_full_visit is None:
        return {}
    longest = FULL_LOOK if lease.kind == "page" else FULL_LOOK_LIST
    if now - lease.last_full_visit > longest:
        return {}
    asked = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
    return {name: value for name, value in asked.items() if value}
