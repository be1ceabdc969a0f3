"""Local time: a stated moment as its page shows it, no more exact than the page is.

"1 januari 2013" is 2013-01-01 in the site's zone; in UTC it would be another day, month and year.
Local values are texts that sort by time: "2013", "2013-01", "2013-01-01", "2013-01-01 10",
"2013-01-01 10:21" and "2013-01-01 10:21:07".
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from storage.records import Article

SITE_ZONE = ZoneInfo("Europe/Amsterdam")
PAGE_CLOCK = timezone(timedelta(0), "page clock")  # UTC where the page's own clock shows it
_LENGTHS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}
_START = "0001-01-01 00:00:00"
# A time of day is known from here on.
_CLOCK = _LENGTHS["hour"]


def local_value(moment: datetime, precision: str | None) -> str:
    """Return an aware *moment* as the page shows it, to the minute where *precision* is None.

    What the page states in UTC is shown by the clock of the site's zone, unless the page's own
    shows UTC (PAGE_CLOCK); any other stated offset is that of the clock on the page. Raises
    ValueError for a moment without a time zone.
    """
    whole = _shown(moment).replace(tzinfo=None, microsecond=0).isoformat(sep=" ")
    return whole[: _LENGTHS.get(precision or "", _LENGTHS["minute"])]


def has_clock(value: str) -> bool:
    """Return whether a local value has a time of day."""
    return len(value) >= _CLOCK


def utc_of(moment: datetime, precision: str | None) -> datetime | None:
    """Return *moment* in UTC, None where the page states no time of day."""
    return moment.astimezone(UTC) if has_clock(local_value(moment, precision)) else None


def offset_of(moment: datetime) -> int:
    """Return by how many minutes the clock of ``local_value`` was ahead of UTC."""
    return int((_shown(moment).utcoffset() or timedelta(0)).total_seconds() // 60)


def _shown(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is not stored.")
    is_shown = moment.utcoffset() or moment.tzname() == PAGE_CLOCK.tzname(None)
    return moment if is_shown else moment.astimezone(SITE_ZONE)


def moment_of(value: str, offset: int | None, utc: datetime | None) -> datetime:
    """Return the aware moment that a local value was made of; its first where the value is a day, a
    month or a year.
    """
    own = PAGE_CLOCK if offset == 0 else timezone(timedelta(minutes=offset or 0))
    zone = SITE_ZONE if offset is None else own
    if utc is not None:
        return utc.astimezone(zone)
    return datetime.fromisoformat(value + _START[len(value) :]).replace(tzinfo=zone)


def site_day(moment: datetime) -> date:
    """Return the day in the site's zone on which one of our own moments fell."""
    return moment.astimezone(SITE_ZONE).date()


def start_of_day(day: date) -> datetime:
    """Return the moment when *day* began in the site's zone."""
    return datetime.combine(day, time.min, tzinfo=SITE_ZONE)


def is_before(value: str, day: date) -> bool:
    """Return whether the whole day, month or year of a local value lies before *day*."""
    return value[:10] < day.isoformat()[: len(value)]


def is_after(value: str, day: date) -> bool:
    """Return whether the whole day, month or year of a local value lies after *day*."""
    return value[:10] > day.isoformat()[: len(value)]


def older_comments(article: Article) -> int:
    """Return how many comments on *article* are of a day, month or year before its own: it was
    published anew, or its date is not the one of its publication.
    """
    if article.date_published is None:
        return 0
    own = local_value(article.date_published, article.date_published_precision)[:10]
    dated = (
        local_value(one.date_created, one.date_created_precision)[: len(own)]
        for one in article.comments
        if one.date_created is not None
    )
    return sum(value < own[: len(value)] for value in dated)
