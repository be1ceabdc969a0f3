"""Comment sources as teachers: what a page's own source tells of its thread, and the page shows, is
how the thread is learned.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipelines.article import read_article, read_by
from pipelines.comments import read_thread
from pipelines.document import Document
from pipelines.learning import StatedEvidence, learn
from pipelines.learning.corrections import taught_thread
from pipelines.profiles import Profile
from storage.records import Comment
from storage.urls import variant_key
from tests.odd_threads import ABOUT, RANKED, SILENT, count_of, heard, odd, odd_html, told
from tests.template_site import document, html

SITE = "dorpsblad.example"
Told = dict[str, StatedEvidence]
# A date that is nobody's, before the comment's own; no words that name a date.
MEMBER = RANKED.replace('<em class="toen">', '<em class="lid">03-02-2009</em> <em class="toen">')
BARE = '<div class="praat"><p class="gezegd">{text}</p><i class="naam">{author}</i></div>'


# The reader errs no longer on these pages, so that their source has nothing to correct (#16).
def taught(pages: list[Document], said: Told) -> Profile:
    (learned,) = learn(SITE, pages, said)
    return learned


def read(page: Document, profile: Profile) -> list[tuple[str | None, str, str | None, int | None]]:
    article = read_by(page, (profile,))
    assert dict(article.field_methods)["comments"] == "profile"
    return [(c.author, c.text, c.source_id, c.parent_position) for c in article.comments]


def as_told(number: int) -> list[tuple[str | None, str, str | None, int | None]]:
    comments = told(number, count_of(number))
    return [
        (c.author, c.text, c.source_id, place - 1 if c.parent_source_id else None)
        for place, c in enumerate(comments)
    ]


@pytest.mark.parametrize(
    "thread", [ABOUT, SILENT], ids=["authors taken wrongly", "comments missed"]
)
def test_a_profile_that_the_source_taught_reads_as_the_source_tells(thread: str) -> None:
    page = odd(19, thread=thread)
    if thread is SILENT:  # which nothing but its source gives away
        assert [c.author for c in read_article(page).comments] != [c.author for c in told(19, 3)]
    profile = taught([odd(number, thread=thread) for number in range(6)], heard(range(6)))
    assert profile.thread is not None
    assert (profile.thread.record, profile.thread.author, profile.taught) == (
        "li.bijdrage",
        "span.wie",
        ("comments",),
    )
    assert read(page, profile) == as_told(19)
    assert "de Vries" not in read_by(page, (profile,)).article_body


def test_pages_whose_source_is_silent_follow_those_whose_source_spoke() -> None:
    profile = taught([odd(number) for number in range(9)], heard(range(4)))
    assert profile.thread is not None
    assert (profile.thread.author, profile.taught, profile.confidence) == (
        "span.wie",
        ("comments",),
        1.0,
    )
    assert read(odd(19), profile) == as_told(19)


def test_a_page_that_does_not_show_what_its_source_tells_spoils_no_other() -> None:
    """On one of the pages the readers' names are shortened: what was mined there is wrong, and
    teaches nothing.
    """
    pages = [odd(number) for number in range(6)]
    names = [str(comment.author) for comment in told(2, 4)]
    body = odd_html(2, 4)
    for name in names:
        body = body.replace(name, f"{name[:2]}.")
    pages[2] = document(2, body)
    profile = taught(pages, heard(range(6)))
    assert profile.thread is not None
    assert (profile.thread.author, profile.taught) == ("span.wie", ("comments",))
    assert read(odd(19), profile) == as_told(19)


def test_a_comment_that_only_the_page_has_stays_though_it_holds_the_words_of_a_short_one() -> None:
    last = told(2, 4)[3]
    body = odd_html(2, 4).replace(last.text, f"{last.text} Ja!")
    page = document(
        2, body.replace("</ol>", '</ol><div class="naschrift"><i>Ina</i> <q>Ja!</q></div>', 1)
    )
    mined = read_thread(page)
    short = Comment(text="Ja!", author="Ina", source_id="999", method="wp-json")
    thread = taught_thread(page, mined, (*told(2, 3), short))
    assert [c.text for c in thread.comments] == [*(c.text for c in mined.comments), "Ja!"]


def test_a_parent_that_is_only_a_guess_gives_way_to_a_source_that_knows_of_none() -> None:
    page = odd(1)
    first, second = read_thread(page).comments
    guess = replace(second, parent_position=0, parent_how="name")
    thread = replace(read_thread(page), comments=(first, guess))
    knowing = told(1, 2)
    silent = tuple(replace(comment, method="comment-feed") for comment in knowing)
    assert [c.parent_position for c in taught_thread(page, thread, knowing).comments] == [
        None,
        None,
    ]
    assert [c.parent_position for c in taught_thread(page, thread, silent).comments] == [None, 0]


def test_a_thread_that_its_source_makes_whole_has_no_gap() -> None:
    page = odd(2)
    mined = read_thread(page)
    short = replace(mined, comments=mined.comments[:3], gap_reason="unknown")
    thread = taught_thread(page, short, told(2, 4))
    assert (len(thread.comments), thread.declared, thread.gap_reason) == (4, 4, None)


def test_a_date_of_something_else_gives_way_to_the_one_stated_as_exactly_as_the_page_shows() -> (
    None
):
    page = odd(2, record=MEMBER)
    mined = read_thread(page).comments
    thread = taught_thread(page, read_thread(page), told(2, count_of(2)))
    assert {c.date_created.year for c in mined if c.date_created} == {2009}
    assert [(f"{c.date_created:%d %H:%M}", c.date_created_precision) for c in thread.comments] == [
        ("11 10:30", "minute"), ("11 11:30", "minute"), ("11 12:30", "minute"),
        ("11 13:30", "minute"),
    ]  # fmt: skip
    profile = taught([odd(number, record=MEMBER) for number in range(6)], heard(range(6)))
    assert profile.thread is not None
    assert profile.thread.date == "em.toen"


def test_comments_without_date_id_or_class_of_their_own_are_learned_too() -> None:
    thread = '<section class="stemmen"><h3>Uit het dorp</h3>{records}</section>'
    profile = taught(
        [odd(number, thread=thread, record=BARE) for number in range(6)], heard(range(6))
    )
    found = read(odd(19, thread=thread, record=BARE), profile)
    assert [(author, text) for author, text, _number, _parent in found] == [
        (c.author, c.text) for c in told(19, 3)
    ]


def unnamed(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    return tuple(replace(comment, author=f"Echte Naam {comment.source_id}") for comment in comments)


def elsewhere(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    return tuple(
        replace(c, text=f"Heel iets anders, {c.text}", source_id=f"9{c.source_id}")
        for c in comments
    )


def undated(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    return tuple(
        replace(c, date_created=c.date_created.replace(year=1999) if c.date_created else None)
        for c in comments
    )


def unanswered(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    return tuple(
        replace(c, parent_source_id=comments[0].source_id if place else None)
        for place, c in enumerate(comments)
    )


@pytest.mark.parametrize(
    "change", [unnamed, elsewhere, undated, unanswered], ids=["names", "texts", "dates", "parents"]
)
def test_what_the_page_does_not_show_is_not_taught(
    change: Callable[[tuple[Comment, ...]], tuple[Comment, ...]],
) -> None:
    pages = [document(number) for number in range(8)]
    said = {
        variant_key(page.url): StatedEvidence(comments=change(read_thread(page).comments))
        for page in pages
    }
    alone, beside = taught(pages, {}), taught(pages, said)
    assert alone.thread is not None
    assert (beside.thread, beside.taught, beside.confidence) == (alone.thread, (), alone.confidence)


def test_names_that_no_rule_finds_leave_the_threads_as_they_were_mined() -> None:
    """On each page the source names whom another element shows: the place of the date, the box of
    the answer.
    """
    pages = [document(number, html(number, comments=3)) for number in range(6)]
    mined = [read_thread(page).comments for page in pages]
    assert all(c.date_created_raw for comments in mined for c in comments)
    shown = {
        variant_key(page.url): StatedEvidence(
            comments=tuple(replace(c, author=c.date_created_raw) for c in comments[: number % 3])
        )
        for number, (page, comments) in enumerate(zip(pages, mined, strict=True))
    }
    alone, beside = taught(pages, {}), taught(pages, shown)
    assert alone.thread is not None
    assert (beside.thread, beside.taught) == (alone.thread, ())


def test_a_source_that_tells_the_newest_only_changes_nothing_else() -> None:
    page = odd(2)
    mined = read_thread(page)
    newest = told(2, 4)[2:]
    thread = taught_thread(page, mined, newest)
    assert [c.author for c in thread.comments] == [
        *(c.author for c in mined.comments[:2]),
        *(c.author for c in newest),
    ]
    assert [c.text for c in thread.comments] == [c.text for c in mined.comments]
    assert thread.comments[3] == replace(mined.comments[3], author=newest[1].author)


QUOTES = [f"<div><p>{comment.text}</p><i>{comment.author}</i></div>" for comment in told(6, 2)]


@pytest.mark.parametrize(
    "changes",
    [
        [("<p>Elke week", f"{QUOTES[0]}{QUOTES[1]}<p>Elke week")],
        [("<h1", f"{QUOTES[0]}<h1"), ('<div class="tekst">', f'{QUOTES[1]}<div class="tekst">')],
        [("</header>", f"{QUOTES[0]}</header>"), ("<footer", f"{QUOTES[1]}<footer")],
    ],
    ids=["in the text", "around the headline", "around the article"],
)
def test_an_article_that_quotes_its_readers_is_no_thread(changes: list[tuple[str, str]]) -> None:
    body = odd_html(6, 0)
    for old, new in changes:
        body = body.replace(old, new, 1)
    page = document(6, body)
    assert taught_thread(page, read_thread(page), told(6, 2)).comments == ()


def test_a_headline_between_two_quotes_makes_no_thread_of_a_short_post() -> None:
    page = document(
        6,
        f"<html><body><article>{QUOTES[0]}<h1>Uit het "
        f"dorp</h1>{QUOTES[1]}<p>Kort.</p></article></body></html>",
    )
    assert taught_thread(page, read_thread(page), told(6, 2)).comments == ()


def test_what_stands_in_a_list_of_latest_comments_is_no_place_of_a_comment() -> None:
    (one,) = told(7, 1)
    row = f"<li><i>{one.author}</i> <span>{one.text}</span></li>"
    latest = (
        f'<aside class="widget recent-comments"><h3>Laatste reacties</h3><ul>{row}</ul></aside>'
    )
    page = document(7, odd_html(7, 0).replace("<aside", f"{latest}<aside", 1))
    assert taught_thread(page, read_thread(page), (one,)).comments == ()


def test_the_date_is_the_line_that_tells_most_exactly_not_a_day_that_is_talked_about() -> None:
    told_once = replace(
        told(2, 1)[0], text="Op 11 januari 2014 stond de molen stil, dat weet iedereen."
    )
    record = (
        f'<li id="b200"><b class="wie">{told_once.author}</b> <p>{told_once.text}</p> '
        '<em class="toen">11-01-2014 10:30</em></li>'
    )
    page = document(
        2,
        odd_html(2, 0).replace(
            '<div id="respond">', f'<ol class="lijst">{record}</ol><div id="respond">'
        ),
    )
    (comment,) = taught_thread(page, read_thread(page), (told_once,)).comments
    assert (comment.author, comment.date_created_precision, comment.date_created_raw) == (
        told_once.author,
        "minute",
        "11-01-2014 10:30",
    )
