"""A clock that was set forward or back, by an hour or a year, between two runs or within one, and
the two nights in which it changes: nothing is lost, and nothing is asked sooner than it may be.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.politeness import is_open
from storage.crawl import (
    Listing,
    Origin,
    add_candidates,
    frontier,
    origins,
    register_site,
    runs,
    sites,
)
from storage.database import Archive, default_database, pages
from storage.records import Candidate
from tests.crawling import ask, crawl
from tests.local_site import LocalSite
from tests.village import article

NOW = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
URL = "https://voorbeeld.nl/stuk/"
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
SHIFTS = [HOUR, -HOUR, YEAR, -YEAR]


class Clocked:
    """An archive with one page, worked on at whatever moment is said."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        with archive.begin() as connection:
            self.site = sites.register_site(connection, URL)
            runs.begin_run(connection, self.site, {}, NOW)
            listing = Listing(site_id=self.site, now=NOW, cap=9, page_id=None, is_list=False)
            add_candidates(connection, (Candidate(url=URL),), listing)

    def lease(self, now: datetime) -> int:
        order = frontier.LeaseOrder(worker="a", count=1, now=now, lease_seconds=900)
        with self.archive.begin() as connection:
            return len(frontier.lease(connection, self.site, order))

    def set(self, **values: object) -> None:
        with self.archive.begin() as connection:
            connection.execute(update(pages).values(values))


@pytest.fixture
def clocked(archive: Archive) -> Clocked:
    return Clocked(archive)


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_leased_page_is_leased_again_and_never_within_its_time(
    shift: timedelta, clocked: Clocked
) -> None:
    assert clocked.lease(NOW) == 1
    assert clocked.lease(NOW + timedelta(minutes=5)) == 0
    later = NOW + shift + timedelta(minutes=5)
    if shift == -HOUR:  # an hour more of waiting than was meant, and no more
        assert clocked.lease(later) == 0
        later += HOUR + timedelta(minutes=11)
    assert clocked.lease(later) == 1
    assert clocked.lease(later + timedelta(minutes=1)) == 0


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_page_that_rests_after_a_failure_is_tried_again(
    shift: timedelta, clocked: Clocked
) -> None:
    clocked.set(state="retry", next_visit=NOW + timedelta(minutes=30))
    assert clocked.lease(NOW + timedelta(minutes=29)) == 0
    wait = timedelta(minutes=91) if shift == -HOUR else timedelta(0)
    assert clocked.lease(NOW + shift + wait) == 1


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_site_whose_run_died_is_free_again(shift: timedelta, clocked: Clocked) -> None:
    with clocked.archive.begin() as connection:
        first = sites.lock_site(connection, clocked.site, "a", NOW, 180)
        assert first is not None
        soon = NOW + timedelta(seconds=9)
        assert sites.lock_site(connection, clocked.site, "b", soon, 180) is None
        wait = timedelta(minutes=64) if shift == -HOUR else timedelta(0)
        later = NOW + shift + wait
        second = sites.lock_site(connection, clocked.site, "b", later, 180)
        assert second is not None
        assert not sites.extend_lock(connection, first, later, 180)


@pytest.mark.parametrize(
    ("night", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 6, 1), 8)]
)
def test_a_night_in_which_the_clock_changes_has_one_window(night: date, hours: int) -> None:
    noon = datetime(night.year, night.month, night.day, 12, tzinfo=UTC)
    minutes = [noon + timedelta(minutes=n) for n in range(24 * 60)]
    states = [is_open("22:00-06:00", minute) for minute in minutes]
    assert sum(states) == hours * 60
    assert sum(before != after for before, after in pairwise(states)) == 2


@pytest.mark.parametrize("ahead", [timedelta(days=40), YEAR])
def test_what_a_clock_that_was_ahead_noted_of_a_site_does_not_close_it(
    ahead: timedelta, tmp_path: Path
) -> None:
    later = datetime.now(UTC) + ahead
    with LocalSite(
        {
            "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /x\n"),
            "/": '<a href="/2014/05/een-stuk-over-de-molen/">stuk</a>',
            "/2014/05/een-stuk-over-de-molen/": article("Molen", "2014-05-01"),
        }
    ) as site:
        archive = Archive.open(default_database(tmp_path))
        with archive.begin() as connection:
            register_site(connection, site.url)
            noted = Origin(
                origin=site.url, robots_status=200, robots_body="User-agent: *\nDisallow: /",
                robots_at=later, closed_until=later,
            )  # fmt: skip
            origins.save_origin(connection, noted)
        archive.close()
        crawl(f"{site.url}/", tmp_path)
        assert "/robots.txt" in site.paths()
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 1
