"""Drift: a template that changes is noticed within five pages, one that does not never is; each slow change is a case."""

import re
from functools import partial

import pytest

from pipelines.article import read_article, read_by
from pipelines.drift import EVERY, Verdict, Watch, observe
from pipelines.learning.templates import learn
from pipelines.profile import Profile
from tests.template_site import document, html


@pytest.fixture(scope="module")
def profile() -> Profile:
    (learned,) = learn("dorpsblad.example", [document(number) for number in range(6)])
    return learned


def watch(profile: Profile, pages: dict[int, str]) -> tuple[Verdict | None, int]:
    """Return the first verdict over *pages* by number, and how many pages it took."""
    watching = Watch(profile)
    for count, (number, page) in enumerate(pages.items(), 1):
        opened = document(number, page)
        article = read_by(opened, (profile,))
        generic = partial(read_article, opened) if number % EVERY == 0 else None
        verdict = watching.add(observe(article, opened.fetched_at, generic))
        if verdict is not None:
            return verdict, count
    return None, len(pages)


def test_a_page_that_no_profile_fits_counts_against_the_body(profile: Profile) -> None:
    opened = document(7, html(7).replace('class="tekst"', 'class="entry-content"'))
    seen = observe(read_by(opened, (profile,)), opened.fetched_at, None)
    assert (seen.template, seen.misses) == (None, {"article_body"})


def test_pages_with_next_to_no_text_are_no_drift(profile: Profile) -> None:
    pages = {
        n: re.sub('<div class="tekst">.*?</div>', '<div class="tekst"><img src="a.jpg"></div>', html(n)) for n in range(60, 70)
    }
    assert dict(read_by(document(60, pages[60]), (profile,)).field_methods)["article_body"] == "short"
    assert watch(profile, pages)[0] is None


def test_unchanged_pages_raise_no_alarm(profile: Profile) -> None:
    assert watch(profile, {number: html(number) for number in range(10, 210)}) == (None, 200)


CHANGES = {
    "body class renamed": ([('class="tekst"', 'class="artikeltekst"')], "article_body"),
    "author class renamed": ([('rel="author" class="naam"', 'class="wie"'), ("Door <a", "<a")], "authors"),
    "author line moved out": ([('<p class="auteursregel">', '</article><p class="auteursregel">')], "authors"),
    "date drawn by a script": (
        [('<time class="datum".*?</time>', '<span id="wanneer"></span>')],
        "date_published",
    ),
    "record class renamed": ([('class="comment"', 'class="reactie"')], "comments"),
    "comment text renamed": ([('class="comment-content"', 'class="reactie-tekst"')], "comments"),
    "comment author renamed": ([('<cite class="fn">', '<b class="naam">'), ("</cite>", "</b>")], "comments"),
    "heading with the count renamed": ([('class="aantal"', 'class="hoeveel"')], "comments"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_slow_change_is_noticed_within_five_pages(name: str, profile: Profile) -> None:
    changes, field = CHANGES[name]
    pages = {}
    for number in range(50, 56):
        page = html(number, comments=4)
        for old, new in changes:
            page = re.sub(old, new, page)
        pages[number] = page
    verdict, count = watch(profile, pages)
    assert verdict is not None
    assert field in verdict.fields
    assert count <= 5
    assert verdict.url in str(verdict)


@pytest.mark.parametrize(
    "change",
    [
        [
            ('<div class="tekst">', '<div class="nieuw"><div class="tekst">'),
            ('</p></div>\n<p class="etik', '</p></div></div>\n<p class="etik'),
        ],
        [
            ('<section class="gesprek" id="comments">', '<div class="onder"><section class="gesprek" id="comments">'),
            ("</section>", "</section></div>"),
        ],
    ],
    ids=["a wrapper around the body", "the thread moved into a box"],
)
def test_a_change_that_breaks_nothing_is_none(change: list[tuple[str, str]], profile: Profile) -> None:
    pages = {}
    for number in range(50, 62):
        page = html(number, comments=4)
        for old, new in change:
            assert old in page
            page = page.replace(old, new)
        pages[number] = page
    assert watch(profile, pages)[0] is None
    assert all(dict(read_by(document(n, p), (profile,)).field_methods)["comments"] == "profile" for n, p in pages.items())
