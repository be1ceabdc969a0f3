"""What was there before, or is named by the site's own lists, and is not found: a run counts it and
says so, and stays silent on what every site lacks.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl.stats import RunStats
from crawler.crawl.verdict import Judged, Judgement, judge
from storage.articles import CommentChanges, Saved
from storage.crawl import Before, VisitSaved
from storage.records import Article, Author, Candidate, Visit
from tests.crawling import Ended, ask, crawl
from tests.local_site import LocalSite, Route
from tests.village import article

SITE = "https://vaartbode.example"
KNOWN = Before(outcome="article", article_id=1, dated=True, authored=True, length=600)
NEW = Before(outcome=None)


def text_of(number: int | str) -> Article:
    body = f"Stuk {number}: de brug over de vaart blijft dicht, en niemand weet hoe lang nog.\n" * 9
    return Article(
        url=f"{SITE}/{number}/", headline=f"Stuk {number}", article_body=body,
        authors=(Author(name="Wil Terpstra"),), date_published=datetime(2014, 5, 1, tzinfo=UTC),
    )  # fmt: skip


class Run:
    """Counts made-up visits, each of a page of its own."""

    def __init__(self) -> None:
        self.stats = RunStats()
        self.number = 0

    def see(self, state: str, outcome: str, before: Before = KNOWN, **fields: Any) -> None:
        """Visit the next page; *fields* are those of VisitSaved and Visit."""
        self.number += 1
        of_visit = {name: fields.pop(name) for name in ("candidates", "unread") if name in fields}
        shown = fields.pop("shown", text_of(self.number)) if outcome == "article" else None
        url = fields.pop("url", f"{SITE}/{self.number}/")
        visit = Visit(
            page_id=self.number, url=url, state=state, outcome=outcome, article=shown, **of_visit
        )
        if before.article_id is not None:
            before = replace(before, article_id=self.number)
        if shown is not None:
            is_new = before.article_id is None
            changed = fields.pop("changed", is_new)
            fields["article"] = Saved(self.number, is_new, changed, CommentChanges())
        saved = VisitSaved(state=state, outcome=outcome, before=before, **fields)
        self.stats.counters.fetched += 1
        self.stats.note(visit, saved)

    def judged(self) -> Judged:
        self.stats.counters.known_articles = 400
        return judge(self.stats.counters, (), Judgement())

    def reasons(self) -> tuple[str, ...]:
        judged = self.judged()
        assert (judged.verdict == "ok") == (not judged.reasons)
        assert len(judged.deeds) == len(set(judged.deeds))
        return judged.reasons


@pytest.mark.parametrize(
    ("gone", "there", "reason"),
    [
        ([("not_found", 12)], [], "12 of 12 articles that were there are gone."),
        ([("gone", 6)], [("unchanged", 6)], "6 of 12 articles that were there are gone."),
        ([("gone", 2), ("not_found", 1)], [("done", 3)], "3 of 6 articles that were"),
        ([("gone", 1)], [("unchanged", 11)], None),
        ([("gone", 2)], [], None),
        ([("not_found", 5)], [("unchanged", 12)], None),
    ],
)
def test_articles_that_are_gone_are_named_from_the_share_on_that_counts_for_fields(
    gone: list[tuple[str, int]], there: list[tuple[str, int]], reason: str | None
) -> None:
    run = Run()
    for outcome, count in gone:
        for _ in range(count):
            run.see("gone", outcome)
    for state, count in there:
        for _ in range(count):
            run.see(state, "article" if state == "done" else "not_modified")
    assert [one for one in run.reasons() if "are gone" in one or not reason] == (
        [] if reason is None else [one for one in run.reasons() if one.startswith(reason)]
    )
    assert bool(run.reasons()) == (reason is not None)


def test_what_was_gone_before_is_not_lost_again() -> None:
    run = Run()
    for _ in range(9):
        run.see("gone", "not_found", replace(KNOWN, gone=True))
        run.see("gone", "not_found", NEW)  # a link to nowhere
    assert run.reasons() == ()


@pytest.mark.parametrize(
    ("missing", "found_how", "before", "is_told"),
    [
        (9, "sitemap", NEW, True),
        (3, "feed", NEW, True),
        (2, "sitemap", NEW, False),
        (9, "link", NEW, False),
        (9, "sitemap", Before(outcome="not_found"), False),
    ],
)
def test_pages_that_the_site_s_lists_name_are_there(
    missing: int, found_how: str, before: Before, is_told: bool
) -> None:
    run = Run()
    for _ in range(missing):
        run.see("gone", "not_found", before, found_how=found_how)
    for _ in range(12 - missing):
        run.see("done", "article", NEW, found_how=found_how)
    reason = f"{missing} of 12 pages that the site's lists name are not there."
    assert run.reasons() == ((reason,) if is_told else ())


def test_an_article_in_whose_place_another_is_counts_as_lost() -> None:
    run = Run()
    run.see("done", "article")
    for _ in range(11):
        run.see("done", "article", displaced=True, shown=text_of(1))
    (reason,) = (one for one in run.reasons() if "a text before" in one)
    assert reason.startswith("11 of 12 articles that had a text before have it no more")


def test_one_text_in_the_place_of_many_is_named() -> None:
    run = Run()
    for number in range(8):
        run.see("done", "article", changed=True, shown=text_of("te koop" if number < 5 else number))
    reason = "5 of 8 articles that had texts of their own before have one and the same text now."
    assert run.reasons() == (reason,)


@pytest.mark.parametrize(
    ("changed", "before", "names"),
    [
        (False, KNOWN, ["zelfde"] * 8),  # addresses of one text, as ever
        (True, KNOWN, list(range(8))),
        (True, KNOWN, ["zelfde", "zelfde", *range(6)]),
        (True, NEW, ["zelfde"] * 8),
    ],
)
def test_texts_that_were_the_same_or_are_not_are_left_in_peace(
    changed: bool, before: Before, names: list[Any]
) -> None:
    run = Run()
    for name in names:
        run.see("done", "article", before, changed=changed, shown=text_of(name))
    assert run.reasons() == ()


PAGES = (Candidate(url=f"{SITE}/7/"),)
MAP = f"{SITE}/sitemap.xml"


@pytest.mark.parametrize(
    ("state", "outcome", "fields", "reason"),
    [
        ("gone", "not_found", {"found_how": "robots"}, "could not be read (not_found): "),
        ("refused", "forbidden", {"found_how": "sitemap"}, "could not be read (forbidden): "),
        ("done", "bad_sitemap", {"found_how": "robots"}, "could not be read (bad_sitemap): "),
        ("done", "empty_sitemap", {"found_how": "robots"}, "could not be read (empty_sitemap): "),
        ("unchanged", "not_modified", {"found_how": "robots", "before": "bad_sitemap"}, "(bad_sit"),
        ("done", "sitemap", {"found_how": "start", "unread": ("entries",)}, "in part only"),
        ("done", "sitemap", {"found_how": "robots"}, None),
        ("unchanged", "not_modified", {"found_how": "robots", "before": "sitemap"}, None),
        ("gone", "not_found", {"found_how": "start"}, None),
        ("done", "bad_sitemap", {"found_how": "start"}, None),
        ("gone", "not_found", {"found_how": "feed", "kind": "feed"}, None),
        ("refused", "opted_out", {"found_how": "robots"}, None),
        ("retry", "server_error", {"found_how": "robots"}, None),
    ],
)
def test_a_list_that_the_site_names_and_that_is_not_read_whole_is_named(
    state: str, outcome: str, fields: dict[str, Any], reason: str | None
) -> None:
    run, before = Run(), Before(outcome=fields.pop("before", None))
    named = PAGES if outcome == "sitemap" else ()
    run.see(state, outcome, before, **{"kind": "sitemap", "url": MAP, "candidates": named} | fields)
    if reason is None:
        assert run.reasons() == ()
    else:
        (told,) = run.reasons()
        assert reason in told
        assert told.endswith(MAP)


INDEX = (Candidate(url=f"{SITE}/deel.xml", kind="sitemap"),)


@pytest.mark.parametrize(
    ("candidates", "before", "is_told"),
    [(PAGES, None, False), (INDEX, None, True), (INDEX, "sitemap", False)],
    ids=["full", "a new index", "an index of lists that are not due"],
)
def test_an_empty_list_beside_one_that_is_full_is_as_it_should_be(
    candidates: tuple[Candidate, ...], before: str | None, *, is_told: bool
) -> None:
    """A sitemap of news names nothing on a quiet day."""
    run, known = Run(), Before(outcome=before)
    run.see("done", "empty_sitemap", NEW, kind="sitemap", found_how="robots")
    run.see("done", "sitemap", known, kind="sitemap", found_how="robots", candidates=candidates)
    assert bool(run.reasons()) == is_told


@pytest.mark.parametrize(("kind", "is_told"), [("page", True), ("feed", False)])
def test_requests_that_are_refused_are_trouble_but_at_places_that_were_guessed(
    kind: str, is_told: bool
) -> None:
    run = Run()
    for _ in range(9):
        run.see("refused", "client_error", NEW, kind=kind, found_how="start")
        run.see("done", "article", NEW)
    reason = "9 of 18 pages could not be had: client_error 9."
    assert run.reasons() == ((reason,) if is_told else ())


NUMBERS = range(6)
PLAIN = {"Content-Type": "text/plain"}
XML = {"Content-Type": "application/xml"}


def village() -> dict[str, Route]:
    """A home page and a sitemap that name six articles of different words."""
    links = "".join(f'<a href="/2014/stuk-nummer-{n}/">{n}</a>' for n in NUMBERS)
    entries = "".join(f"<url><loc>/2014/stuk-nummer-{n}/</loc></url>" for n in NUMBERS)
    pages: dict[str, Route] = {
        f"/2014/stuk-nummer-{n}/": article(
            f"Stuk {n}", f"2014-05-0{n + 1}T09:30", extra=f"<p>{f'Regel van stuk {n}. ' * 15}</p>"
        )
        for n in NUMBERS
    }
    listed = (200, XML, f"<urlset>{entries}</urlset>".encode())
    return {"/": f"<html><body>{links}</body></html>", "/sitemap.xml": listed, **pages}


def crawled(site: LocalSite, folder: Path) -> Ended:
    return crawl(site.url, folder, "-a", "refresh=all")


def test_a_page_that_leads_to_another_article_is_lost_and_one_that_moved_is_not(
    tmp_path: Path,
) -> None:
    with LocalSite(village()) as site:
        assert crawled(site, tmp_path).code == 0
        for n in (1, 2, 3):
            moved = site.routes[f"/2014/stuk-nummer-{n}/"]
            site.routes[f"/nieuws/stuk-nummer-{n}/"] = moved
            to = (301, {"Location": f"/nieuws/stuk-nummer-{n}/"}, b"")
            site.routes[f"/2014/stuk-nummer-{n}/"] = to
        assert crawled(site, tmp_path).code == 0
        for n in NUMBERS[1:]:
            to = (301, {"Location": "/2014/stuk-nummer-0/"}, b"")
            site.routes[f"/2014/stuk-nummer-{n}/"] = to
        ended = crawled(site, tmp_path)
    assert ended.code == 1
    assert "5 of 9 articles that had a text before have it no more" in ended.err


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ((404, {}, b""), "could not be read (not_found)"),
        ((200, {}, b"<html><body>Niet gevonden</body></html>"), "could not be read (bad_sitemap)"),
        ((200, XML, b"<urlset></urlset>"), "could not be read (empty_sitemap)"),
        ((302, {"Location": "/"}, b""), "could not be read (bad_sitemap)"),
        (None, "in part only"),
    ],
    ids=["missing", "a page", "empty", "leads home", "broken off"],
)
def test_a_sitemap_that_robots_txt_names_is_read_or_named_and_home_is_not_blamed(
    listed: Route | None, words: str, tmp_path: Path
) -> None:
    routes = village()
    whole = routes["/sitemap.xml"]
    assert isinstance(whole, tuple)
    routes["/sitemap.xml"] = listed or (200, XML, whole[2][:-40])
    with LocalSite(routes) as site:
        routes["/robots.txt"] = (200, PLAIN, f"Sitemap: {site.url}/sitemap.xml".encode())
        ended = crawled(site, tmp_path)
        assert ended.code == 1
        assert words in ended.err
        assert f"{site.url}/sitemap.xml" in ended.err
        (home,) = ask(tmp_path, f"SELECT outcome FROM pages WHERE url = '{site.url}/'")
        assert home["outcome"] == "no_text"
