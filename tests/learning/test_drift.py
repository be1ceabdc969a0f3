"""Drift: a template that changes is noticed within five pages, one that does not never is; each
slow change is a case.
"""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from pipelines.article import read_article, read_by
from pipelines.learning import Observation, SiteWatch, Verdict, is_checked, learn, observe
from pipelines.profiles import Profile
from tests.template_site import NOW, document, html


@pytest.fixture(scope="module")
def profile() -> Profile:
    (learned,) = learn("dorpsblad.example", [document(number) for number in range(6)])
    return learned


def watch(profile: Profile, pages: dict[int, str]) -> tuple[Verdict | None, int]:
    """Return the first verdict over *pages* by number, and how many pages it took."""
    watching = SiteWatch({1: profile})
    for count, (number, page) in enumerate(pages.items(), 1):
        opened = document(number, page)
        article = read_by(opened, (profile,))
        generic = partial(read_article, opened) if is_checked(opened.url) else None
        verdicts = watching.add(observe(article, opened.fetched_at, generic))
        if verdicts:
            return verdicts[1], count
    return None, len(pages)


def test_a_page_that_no_profile_fits_counts_against_the_body(profile: Profile) -> None:
    opened = document(7, html(7).replace('class="tekst"', 'class="entry-content"'))
    seen = observe(read_by(opened, (profile,)), opened.fetched_at, None)
    assert (seen.template, seen.missed, seen.misses) == (None, {profile.template}, {"article_body"})


def test_pages_with_next_to_no_text_are_no_drift(profile: Profile) -> None:
    pages = {
        n: re.sub(
            '<div class="tekst">.*?</div>', '<div class="tekst"><img src="a.jpg"></div>', html(n)
        )
        for n in range(60, 70)
    }
    articles = [read_by(document(n, page), (profile,)) for n, page in pages.items()]
    assert {dict(one.field_methods)["article_body"] for one in articles} == {"profile"}
    assert {one.article_body for one in articles} == {""}
    assert watch(profile, pages)[0] is None


def test_unchanged_pages_raise_no_alarm(profile: Profile) -> None:
    assert watch(profile, {number: html(number) for number in range(10, 1010)}) == (None, 1000)


CHANGES = {
    "body class renamed": ([('class="tekst"', 'class="artikeltekst"')], "article_body"),
    "author class renamed": (
        [('rel="author" class="naam"', 'class="wie"'), ("Door <a", "<a")],
        "authors",
    ),
    "author line moved out": (
        [(r'(?s)(<article.*?)(<p class="auteursregel">.*?</p>)', r"\2\1")],
        "authors",
    ),
    "date drawn by a script": (
        [('<time class="datum".*?</time>', '<span id="wanneer"></span>')],
        "date_published",
    ),
    "record class renamed": ([('class="comment"', 'class="reactie"')], "comments"),
    "comment text renamed": ([('class="comment-content"', 'class="reactie-tekst"')], "comments"),
    "comment author renamed": (
        [('<cite class="fn">', '<b class="naam">'), ("</cite>", "</b>")],
        "comments",
    ),
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
            (
                '<section class="gesprek" id="comments">',
                '<div class="onder"><section class="gesprek" id="comments">',
            ),
            ("</section>", "</section></div>"),
        ],
    ],
    ids=["a wrapper around the body", "the thread moved into a box"],
)
def test_a_change_that_breaks_nothing_is_none(
    change: list[tuple[str, str]], profile: Profile
) -> None:
    pages = {}
    for number in range(50, 62):
        page = html(number, comments=4)
        for old, new in change:
            assert old in page
            page = page.replace(old, new)
        pages[number] = page
    assert watch(profile, pages)[0] is None
    assert all(
        dict(read_by(document(n, p), (profile,)).field_methods)["comments"] == "profile"
        for n, p in pages.items()
    )


def unfit(number: int, path: str = "2014/01") -> Observation:
    url = f"https://dorpsblad.example/{path}/stuk-{number}/"
    return Observation(
        url, NOW, missed=frozenset({"article.stuk div.tekst"}), misses=frozenset({"article_body"})
    )


def test_pages_of_a_kind_not_known_yet_are_no_drift(profile: Profile) -> None:
    watching = SiteWatch({1: profile})
    assert not any(watching.add(unfit(number, "recepten")) for number in range(20))
    fits = observe(read_by(document(9), (profile,)), NOW, None)
    assert not any(
        watching.add(seen)
        for number in range(20)
        for seen in (unfit(number), unfit(number + 50), fits)
    )
    assert [list(watching.add(unfit(number))) for number in range(101, 107)] == [
        [],
        [],
        [],
        [],
        [1],
        [],
    ]


def test_nights_of_few_pages_add_up_and_a_page_counts_once(profile: Profile) -> None:
    page = re.sub('class="comment-content"', 'class="reactie-tekst"', html(50, comments=4))
    seen = [
        observe(read_by(document(number, page), (profile,)), NOW, None) for number in range(50, 53)
    ]
    assert SiteWatch({1: profile}, seen[:2]).add(seen[1]) == {}
    (verdict,) = SiteWatch({1: profile}, seen[:2]).add(seen[2]).values()
    assert (verdict.fields, verdict.url) == (("comments",), seen[0].url)
    closed_then = replace(profile, valid_from=NOW + timedelta(days=1))
    assert SiteWatch({1: closed_then}, seen[:2]).add(seen[2]) == {}


def test_the_pages_that_are_checked_do_not_depend_on_keys_or_order() -> None:
    for step in range(1, 30):
        every = [
            f"https://dorpsblad.example/2014/01/stuk-{number}/"
            for number in range(0, 3000 * step, step)
        ]
        assert 0.08 < sum(map(is_checked, every)) / len(every) < 0.12


def test_what_is_cut_because_it_recurs_does_not_set_two_readings_apart(profile: Profile) -> None:
    short = document(60, re.sub(r"</p><p>De .*</p><p>Elke", "</p><p>Elke", html(60)))
    found = read_by(short, (profile,))
    assert len(found.article_body) < 600
    assert observe(found, NOW, partial(read_article, short)).apart == frozenset()
