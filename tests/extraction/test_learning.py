"""Learning inside the crawl: after a few pages of a template it is read by, a change closes it with
a date, and the next is learned.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection

from crawler.extraction import (
    KnownSite,
    LearnedPages,
    PageReading,
    SiteTemplates,
    learn_pages,
    read,
)
from crawler.extraction.site_templates import LARGEST_LESSON, MOST_LESSONS
from pipelines.learning import StatedEvidence, Verdict
from pipelines.profiles import Profile
from storage.crawl import register_site, stored_profiles
from storage.database import Archive, default_database
from storage.records import Candidate, Page
from tests.crawling import ask, crawl
from tests.foreign_captures import SITE, START, captured, take
from tests.local_site import LocalSite, Route
from tests.template_site import NOUNS, html

Result = TypeVar("Result")
STORY = ('class="tekst"', 'class="verhaal"'), ('class="stuk"', 'class="lang"')
REDESIGN = ('class="tekst"', 'class="artikelinhoud"'), ('class="naam"', 'class="wie"')


class Desk:
    """Stands in for the session and the pool: the archive at once, learning here."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.profiles: tuple[Profile, ...] = ()
        self.lessons: list[int] = []
        self.changes: list[Verdict] = []

    async def run(self, operation: Callable[[Connection], Result]) -> Result:
        with self.archive.begin() as connection:
            return operation(connection)

    async def learn(
        self, site: str, pages: Sequence[Page], stated: Mapping[str, StatedEvidence]
    ) -> LearnedPages:
        self.lessons.append(len(pages))
        return learn_pages(
            site,
            pages,
            [profile for profile in self.profiles if profile.valid_until is None],
            stated,
        )


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(default_database(tmp_path))
    with opened.begin() as connection:
        register_site(connection, f"https://{SITE}/")
    yield opened
    opened.close()


def page(number: int, *changes: tuple[str, str], folder: str = "2014/01") -> Page:
    body = html(number, comments=number % 4)
    for old, new in changes:
        body = body.replace(old, new)
    url = f"https://{SITE}/{folder}/{NOUNS[number % 18]}-{number}/"
    return Page(
        url=url,
        body=body.encode(),
        fetched_at=START + timedelta(hours=number),
        content_type="text/html; charset=utf-8",
    )


def run(
    archive: Archive, pages: Iterable[Page], folder: Path | None = None
) -> tuple[SiteTemplates, Desk, list[str | None]]:
    """Read *pages* one after the other as a crawl does; return how each was read too."""
    desk = Desk(archive)
    templates = SiteTemplates(desk, desk, KnownSite(1, SITE, ()), desk.changes.append)
    methods = []

    async def crawl_all() -> None:
        with archive.read() as connection:
            templates.begin(connection, folder or Path("nowhere"))
        for one in pages:
            reading = read(one, "page", 0, desk.profiles)
            assert reading.article is not None, reading.detail
            methods.append(reading.article.method)
            await templates.note(one, reading)
            await templates.finish_learning()

    asyncio.run(crawl_all())
    return templates, desk, methods


def spans(archive: Archive) -> list[tuple[str, datetime, datetime | None]]:
    with archive.read() as connection:
        return [
            (str(one.data["body"]), one.valid_from, one.valid_until)
            for one in stored_profiles(connection, 1)
        ]


def test_after_five_pages_the_site_is_read_by_its_profile(archive: Archive) -> None:
    templates, desk, methods = run(archive, map(page, range(12)))
    assert methods == ["blocks"] * 5 + ["profile"] * 7
    assert (desk.lessons, len(templates._lessons), desk.changes) == ([5], 0, [])


def test_several_templates_of_one_site_are_learned_side_by_side(archive: Archive) -> None:
    mixed = [page(number, *(STORY if number % 3 == 0 else ())) for number in range(36)]
    _templates, desk, methods = run(archive, mixed)
    assert sorted(body for body, _since, _until in spans(archive)) == ["div.tekst", "div.verhaal"]
    assert {(since.year, until) for _body, since, until in spans(archive)} == {(1990, None)}
    assert set(methods[-12:]) == {"profile"}
    assert desk.changes == []


def test_a_change_closes_the_profile_with_its_date_and_the_next_is_learned(
    archive: Archive,
) -> None:
    pages = [page(number, *(REDESIGN if number >= 20 else ())) for number in range(40)]
    _templates, before, methods = run(archive, pages[:20])
    _templates, desk, later = run(archive, pages[20:])
    methods += later
    assert before.changes == []
    (change,) = desk.changes
    assert str(change) == (
        "The site's template changed: article_body is no longer where it stood, first "
        f"seen on {pages[20].url}"
    )
    old, new = spans(archive)
    assert old == ("div.tekst", datetime(1990, 1, 1, tzinfo=UTC), pages[20].fetched_at)
    assert new == ("div.artikelinhoud", pages[20].fetched_at, None)
    assert (methods[:20].count("profile"), methods[20:26], set(methods[26:])) == (
        15,
        ["blocks"] * 5 + ["profile"],
        {"profile"},
    )


def test_what_differs_within_a_first_run_is_no_change_in_time(archive: Archive) -> None:
    pages = [page(number, *(REDESIGN if number >= 20 else ())) for number in range(40)]
    _templates, desk, methods = run(archive, pages)
    assert desk.changes == []
    assert set(methods[30:]) == {"profile"}


def test_a_field_that_moves_closes_the_profile_though_the_body_stands(archive: Archive) -> None:
    moved = ('class="comment-content"', 'class="reactie-tekst"')
    pages = [page(number, *((moved,) if number >= 20 else ())) for number in range(40)]
    run(archive, pages[:20])
    _templates, desk, _methods = run(archive, pages[20:])
    assert [change.fields for change in desk.changes] == [("comments",)]
    assert spans(archive)[0][2] == pages[21].fetched_at  # page 20 has no comments
    texts = {
        profile.thread.text
        for profile in desk.profiles
        if profile.thread and profile.valid_until is None
    }
    assert texts == {"div.reactie-tekst"}


def test_pages_that_teach_nothing_are_asked_ever_more_rarely_and_held_in_bounds(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.extraction.worker.learn", lambda _site, _documents, _said: ())
    templates, desk, _methods = run(archive, map(page, range(60)))
    assert (desk.lessons, len(templates._lessons)) == ([5, 15, MOST_LESSONS], MOST_LESSONS)
    large = replace(page(1), body=html(1).encode() + b" " * LARGEST_LESSON)
    templates, _desk, _methods = run(archive, [large])
    assert len(templates._lessons) == 0


def test_a_page_that_is_no_article_teaches_nothing(archive: Archive) -> None:
    desk = Desk(archive)
    templates = SiteTemplates(desk, desk, KnownSite(1, SITE, ()), desk.changes.append)
    asyncio.run(templates.note(page(1), PageReading(outcome="listing")))
    assert len(templates._lessons) == 0


def test_a_source_is_asked_only_to_learn_where_no_profile_fits_and_not_for_ever(
    archive: Archive,
) -> None:
    article = read(page(3), "page", 0).article
    assert article is not None
    asking = replace(article, comment_sources=(f"https://{SITE}/wp-json/",))
    templates, _desk, _methods = run(archive, [])
    assert not templates.may_ask(article)
    assert not templates.may_ask(replace(asking, field_methods=(("template", "div.tekst"),)))
    assert [templates.may_ask(asking) for _ in range(21)] == [True] * 20 + [False]
    templates, _desk, _methods = run(archive, [])
    for number in range(10):
        assert templates.may_ask(asking)
        asyncio.run(templates.note(page(number), PageReading(outcome="listing"), article.comments))
    assert not templates.may_ask(asking)


def listing(number: int, kind: str, **more: Any) -> tuple[Page, PageReading]:
    """Return a page that is no article and names a list of posts; or that list, as one of *kind* is
    read.
    """
    posts = f"https://{SITE}/wp-json/wp/v2/posts"
    url = posts if "posts" in kind else f"https://{SITE}/{number}/"
    named = () if "posts" in kind else (Candidate(url=posts, kind="posts"),)
    return replace(page(number), url=url), PageReading(outcome=kind, candidates=named, **more)


@pytest.mark.parametrize("end", ["posts", "bad_posts", "lost", "never"])
def test_learning_waits_for_a_list_of_posts_as_long_as_one_may_come(
    archive: Archive, end: str
) -> None:
    desk = Desk(archive)
    templates = SiteTemplates(desk, desk, KnownSite(1, SITE, ()), desk.changes.append)

    async def crawl_all() -> None:
        with archive.read() as connection:
            templates.begin(connection, Path("nowhere"))
        await templates.note(*listing(90, "listing"))
        for number in range(8 if end != "never" else 20):
            await templates.note(page(number), read(page(number), "page", 0))
        assert templates._learning is None or end == "never"
        if end == "lost":
            templates.note_lost(listing(90, "posts")[0].url)
        elif end != "never":
            await templates.note(*listing(90, end))
        assert templates._learning is not None
        await templates._learning

    asyncio.run(crawl_all())
    assert desk.lessons == [20 if end == "never" else 8]


def test_nights_of_two_pages_teach_too(tmp_path: Path) -> None:
    take(tmp_path, captured(tmp_path / "x", range(4)))
    archive = Archive.open(default_database(tmp_path))
    _templates, desk, methods = run(archive, map(page, (50, 51)), tmp_path)
    assert (desk.lessons, methods) == ([5], ["blocks", "profile"])
    archive.close()


def site(numbers: Iterable[int], *changes: tuple[str, str]) -> dict[str, Route]:
    pages = {f"/2014/01/{NOUNS[number % 18]}-{number}/": html(number) for number in numbers}
    for old, new in changes:
        pages = {url: body.replace(old, new) for url, body in pages.items()}
    links = "".join(f'<a href="{url}">{url}</a> ' for url in pages)
    return {**pages, "/": f"<html><body>{links}</body></html>"}


def test_a_crawl_learns_and_tells_what_changed_in_its_verdict(tmp_path: Path) -> None:
    with LocalSite(site(range(12))) as local:
        assert crawl(f"{local.url}/", tmp_path).code == 0
        (profile,) = ask(tmp_path, "SELECT valid_until, profile FROM profiles")
        assert (profile["valid_until"], json.loads(profile["profile"])["body"]) == (
            None,
            "div.tekst",
        )
        local.routes = site(range(100, 112), *REDESIGN)
        second = crawl(f"{local.url}/", tmp_path, "-a", "refresh=all")
    assert (second.code, "template changed: article_body" in second.err) == (1, True), second.err
    (told,) = ask(tmp_path, "SELECT verdict, reasons FROM runs ORDER BY id DESC LIMIT 1")
    assert told["verdict"] == "degraded"
    assert (
        "The site's template changed: article_body is no longer where it stood, first "
        "seen on http://127.0.0.1" in told["reasons"]
    )
    bodies = ask(tmp_path, "SELECT profile, valid_until IS NULL AS holds FROM profiles ORDER BY id")
    assert [(json.loads(row["profile"])["body"], row["holds"]) for row in bodies] == [
        ("div.tekst", 0),
        ("div.artikelinhoud", 1),
    ]
