"""The frontier and the sites' locks on SQLite and PostgreSQL: what is due, who holds what, what an
old lease may not do.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crawler.crawl import next_visit
from storage.crawl import (
    LeaseLost,
    Listing,
    Origin,
    UnknownSite,
    VisitContext,
    VisitSaved,
    add_candidates,
    frontier,
    origins,
    runs,
    save_visit,
    sites,
)
from storage.crawl.candidates import IDLE_LOOKS
from storage.database import Archive
from storage.records import Article, Candidate, Fetch, Lease, Visit

NOW = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
SITE = "https://voorbeeld.nl"
STUK = Article(
    url=f"{SITE}/stuk/",
    headline="Een molen",
    article_body="De molen draait.",
    date_published=NOW - timedelta(days=40),
)


class Night:
    """A run on one site, by hand."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.now = NOW
        with archive.begin() as connection:
            self.site = sites.register_site(connection, SITE)
            self.run = runs.begin_run(connection, self.site, {}, NOW)

    def add(self, *candidates: Candidate, page_id: int | None = None) -> Sequence[str]:
        listing = Listing(
            site_id=self.site, now=self.now, cap=1000, page_id=page_id, is_list=page_id is not None
        )
        with self.archive.begin() as connection:
            return add_candidates(connection, candidates, listing).new

    def lease(self, count: int = 1, worker: str = "a") -> tuple[Lease, ...]:
        order = frontier.LeaseOrder(worker=worker, count=count, now=self.now, lease_seconds=60)
        with self.archive.begin() as connection:
            return frontier.lease(connection, self.site, order)

    def keep(self, lease: Lease, article: Article | None = None, **fields: object) -> VisitSaved:
        context = VisitContext(
            run_id=self.run, site_id=self.site, seen_at=self.now, extractor_version="1", cap=1000,
            max_attempts=3,
            retry_after_seconds=5, schedule=next_visit,
        )  # fmt: skip
        outcome = "article" if article else "listing"
        visit = Visit(
            page_id=lease.page_id, token=lease.token, url=lease.url,
            state="done" if article else "refused", outcome=outcome,
            article=article, fetches=(Fetch(url=lease.url, fetched_at=self.now, outcome="ok",
                status=200, etag='"1"'),),
        )  # fmt: skip
        changed = replace(visit, **fields)
        with self.archive.begin() as connection:
            return save_visit(connection, changed, context, (None,) * len(changed.fetches))

    def page(self, path: str) -> dict[str, object]:
        return self.archive.select("SELECT * FROM pages WHERE url = :url", url=SITE + path)[1][0]

    def queue_due(self) -> int:
        with self.archive.begin() as connection:
            return frontier.queue_due(connection, self.site, self.now)


@pytest.fixture
def night(archive: Archive) -> Night:
    return Night(archive)


def test_what_comes_in_under_an_old_lease_is_not_stored(night: Night) -> None:
    night.add(Candidate(url=STUK.url))
    (old,) = night.lease(worker="slow")
    night.now += timedelta(minutes=5)
    (new,) = night.lease(worker="quick")
    assert (new.page_id, new.token) == (old.page_id, old.token + 1)
    with pytest.raises(LeaseLost, match="leased to another"):
        night.keep(old, STUK)
    assert night.archive.select("SELECT * FROM articles")[1] == []
    assert night.archive.select("SELECT * FROM fetches")[1] == []
    assert night.keep(new, STUK).state == "done"


def test_a_page_put_back_is_as_if_it_had_not_been_leased(night: Night) -> None:
    night.add(Candidate(url=STUK.url))
    (lease,) = night.lease()
    night.keep(lease, state="put_back", outcome="sent_away", fetches=())
    page = night.page("/stuk/")
    assert (page["state"], page["attempts"], page["visits"], page["last_visit"]) == (
        "queued",
        0,
        0,
        None,
    )


def test_settled_pages_are_queued_when_their_time_has_come(night: Night) -> None:
    night.add(Candidate(url=STUK.url))
    night.keep(night.lease()[0], STUK)
    assert night.queue_due() == 0
    night.now += timedelta(days=15)
    assert night.queue_due() == 1
    (again,) = night.lease()
    assert (again.hint, again.etag) == (None, '"1"')
    assert night.page("/stuk/")["priority"] == frontier.AGAIN


def test_new_pages_come_before_pages_whose_time_has_come_again(night: Night) -> None:
    night.add(Candidate(url=STUK.url, priority=10))
    night.keep(night.lease()[0], STUK)
    night.now += timedelta(days=15)
    night.queue_due()
    night.add(Candidate(url=f"{SITE}/nieuw/", priority=50))
    assert [lease.url for lease in night.lease(2)] == [f"{SITE}/nieuw/", STUK.url]


@pytest.mark.parametrize(
    ("told", "hint"),
    [
        ({"lastmod": NOW - timedelta(days=1)}, None),
        ({"lastmod": NOW + timedelta(days=1)}, "lastmod"),
        ({"last_comment": NOW - timedelta(days=1)}, None),
        ({"last_comment": NOW + timedelta(days=1)}, "comment"),
        ({"comments_listed": 4}, None),
        ({"comments_listed": 5}, "comment"),
        ({}, None),
    ],
)
def test_a_list_s_word_makes_a_known_page_due(
    told: dict[str, object], hint: str | None, night: Night
) -> None:
    night.add(Candidate(url=STUK.url, comments_listed=4))
    night.keep(night.lease()[0], STUK)
    night.now += timedelta(hours=1)
    night.add(Candidate(url=STUK.url, **told))  # type: ignore[arg-type]
    assert [lease.hint for lease in night.lease()] == ([hint] if hint else [])
    night.add(Candidate(url=STUK.url, **told))  # type: ignore[arg-type]
    assert night.lease() == ()


def test_a_site_that_stamps_every_page_anew_is_believed_for_twenty_idle_looks(night: Night) -> None:
    night.add(Candidate(url=STUK.url))
    night.keep(night.lease()[0], STUK)
    looks = 0
    for _night in range(IDLE_LOOKS + 10):
        night.now += timedelta(days=1)
        night.add(Candidate(url=STUK.url, lastmod=night.now))
        for lease in night.lease():
            looks += 1
            night.keep(lease, STUK)
    assert looks == IDLE_LOOKS


def test_a_lastmod_that_was_right_stays_believed(night: Night) -> None:
    night.add(Candidate(url=STUK.url))
    night.keep(night.lease()[0], STUK)
    for number in range(IDLE_LOOKS + 5):
        night.now += timedelta(days=1)
        night.add(Candidate(url=STUK.url, lastmod=night.now))
        (lease,) = night.lease()
        night.keep(lease, replace(STUK, article_body=f"De molen draait, dag {number}."))


def test_what_a_sitemap_names_no_more_is_missing_from_it(night: Night) -> None:
    night.add(Candidate(url=f"{SITE}/sitemap.xml", kind="sitemap", found_how="start", priority=1))
    named = tuple(Candidate(url=f"{SITE}/{n}/") for n in range(3))
    (lease,) = night.lease()
    night.keep(lease, state="done", outcome="sitemap", candidates=named)
    for page in night.lease(3):
        night.keep(page, replace(STUK, headline=page.url))
    night.queue_due()
    (lease,) = night.lease()
    saved = night.keep(lease, state="done", outcome="sitemap", candidates=named[:2])
    assert list(saved.missing) == [f"{SITE}/2/"]


def test_more_of_a_list_is_read_only_while_it_tells_news(night: Night) -> None:
    comments = f"{SITE}/wp-json/wp/v2/comments?page="
    further = Candidate(url=f"{comments}2", kind="comments", found_how="archive", is_next=True)
    assert night.add(Candidate(url=STUK.url), further) == (STUK.url,)
    night.keep(night.lease()[0], STUK)
    night.now += timedelta(days=1)
    assert night.add(Candidate(url=STUK.url, last_comment=night.now), further) == (further.url,)


def test_a_twin_address_of_an_article_leads_to_the_page_that_has_it(night: Night) -> None:
    night.add(
        Candidate(url=STUK.url),
        Candidate(url=f"{SITE}/stuk"),
        Candidate(url="http://www.voorbeeld.nl/stuk/index.html"),
    )
    first, *twins = night.lease(3)
    night.keep(first, STUK)
    for twin in twins:
        assert night.keep(twin, replace(STUK, url=twin.url)).state == "redirect"
    assert len(night.archive.select("SELECT * FROM articles")[1]) == 1


def test_two_articles_whose_addresses_differ_in_a_slash_stay_two(night: Night) -> None:
    night.add(Candidate(url=STUK.url), Candidate(url=f"{SITE}/stuk"))
    first, second = night.lease(2)
    night.keep(first, STUK)
    night.keep(second, replace(STUK, url=second.url, headline="Een ander stuk"))
    assert len(night.archive.select("SELECT * FROM articles")[1]) == 2


def test_the_beginning_that_a_paywall_leaves_never_replaces_the_whole(night: Night) -> None:
    night.add(Candidate(url=STUK.url))
    night.keep(night.lease()[0], STUK)
    night.now += timedelta(days=15)
    night.queue_due()
    saved = night.keep(night.lease()[0], replace(STUK, article_body="De mo", access="paywall"))
    assert (saved.state, saved.outcome) == ("refused", "paywall")
    assert (
        night.archive.select("SELECT article_body FROM articles")[1][0]["article_body"]
        == STUK.article_body
    )


def test_one_run_holds_a_site_and_a_silent_one_loses_it(archive: Archive) -> None:
    with archive.begin() as connection:
        site = sites.register_site(connection, SITE)
        first = sites.lock_site(connection, site, "a", NOW, 180)
        assert first is not None
        assert sites.lock_site(connection, site, "b", NOW + timedelta(seconds=179), 180) is None
        assert sites.extend_lock(connection, first, NOW + timedelta(seconds=170), 180)
        assert sites.lock_site(connection, site, "b", NOW + timedelta(seconds=340), 180) is None
        second = sites.lock_site(connection, site, "b", NOW + timedelta(seconds=351), 180)
        assert second is not None
        assert second.token == first.token + 1
        assert not sites.extend_lock(connection, first, NOW + timedelta(seconds=352), 180)
        sites.unlock_site(connection, first)  # too late: it is not ours any more
        assert sites.find_site(connection, SITE).locked_by == "b"
        sites.break_lock(connection, site, "b")
        assert sites.lock_site(connection, site, "c", NOW + timedelta(seconds=353), 180) is not None


def test_the_sites_that_are_due(archive: Archive) -> None:
    names = ("nooit", "pas", "lang", "wacht", "pauze", "bezig")
    with archive.begin() as connection:
        keys = {name: sites.register_site(connection, f"https://{name}.nl/") for name in names}
        for name, hours in (("pas", 2), ("lang", 30), ("wacht", 1), ("pauze", 30), ("bezig", 30)):
            run = runs.begin_run(connection, keys[name], {}, NOW - timedelta(hours=hours))
            if name == "wacht":
                listing = Listing(site_id=keys["wacht"], now=NOW, cap=9)
                add_candidates(connection, [Candidate(url="https://wacht.nl/stuk/")], listing)
            runs.end_run(
                connection, run, runs.Ending({}, "ok", ()), NOW - timedelta(hours=hours) / 2
            )
        sites.set_paused(connection, keys["pauze"], NOW)
        sites.lock_site(connection, keys["bezig"], "elders", NOW, 180)
    with archive.read() as connection:
        assert [site.name for site in sites.due_sites(connection, NOW)] == [
            "nooit.nl",
            "lang.nl",
            "wacht.nl",
        ]
        assert (
            next(sites.due_sites(connection, NOW + timedelta(days=2), closed=["22:00-06:00"])).name
            == "nooit.nl"
        )
        with pytest.raises(UnknownSite, match=r"elders\.nl"):
            sites.find_site(connection, "elders.nl")


def test_what_is_known_of_an_origin_comes_back_as_it_was(archive: Archive) -> None:
    known = Origin(
        origin=SITE, robots_status=200, robots_body="User-agent: *", robots_at=NOW,
        tdm_rules=({"location": "/*", "tdm-reservation": 1},), tdm_at=NOW,
    )  # fmt: skip
    with archive.begin() as connection:
        assert origins.find_origin(connection, SITE) == Origin(origin=SITE)
        origins.save_origin(connection, known)
        origins.save_origin(connection, replace(known, closed_until=NOW))
        assert origins.find_origin(connection, SITE) == replace(known, closed_until=NOW)
        assert [origin.origin for origin in origins.known_origins(connection)] == [SITE]


def test_claims_walk_along_an_index(archive: Archive) -> None:
    night = Night(archive)
    night.add(*(Candidate(url=f"{SITE}/{n}/") for n in range(900)))
    if archive.dialect == "sqlite":
        query = (
            "SELECT id FROM pages WHERE site_id = 1 AND state = 'queued' ORDER BY "
            "priority, id LIMIT 16"
        )
        with archive.read() as connection:
            plan = " ".join(
                str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
            )
        assert "ix_pages_frontier" in plan
        assert "TEMP B-TREE" not in plan
    assert len({lease.page_id for _ in range(50) for lease in night.lease(16)}) == 800
