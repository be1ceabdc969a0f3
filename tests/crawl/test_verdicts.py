"""The verdict of a run: what is broken is named in words, and a healthy run is left in peace."""

from typing import Any

import pytest

from crawler.crawl.verdict import Counters, Judged, Judgement, judge


def counters(**changed: Any) -> Counters:
    healthy: dict[str, Any] = {
        "pages": 60, "fetched": 60, "articles": 40,
        "articles_read": 40, "dated": 40, "authored": 38, "commented": 20,
        "declared": 100,
        "captured": 98, "text_lengths": [2000] * 40, "known_articles": 400,
        "outcomes": {"article": 40, "listing": 20},
    }  # fmt: skip
    return Counters(**{**healthy, **changed})


COUNTED = ("articles", "articles_read", "dated", "authored", "commented", "declared", "captured")
PAST = [counters().as_row()] * 5


def test_a_healthy_run_is_ok() -> None:
    assert judge(counters(), PAST, Judgement()) == Judged("ok")
    assert judge(counters(), [], Judgement()) == Judged("ok")


def test_a_quiet_night_is_ok() -> None:
    night = counters(pages=12, fetched=12, **dict.fromkeys(COUNTED, 0), text_lengths=[])
    assert judge(night, PAST, Judgement()) == Judged("ok")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"dated": 4}, "share of articles with a date fell: 10% against 100%"),
        ({"authored": 3}, "share of articles with an author fell"),
        ({"captured": 20}, "declared comments that were captured fell: 20% against 98%"),
        (
            {"text_lengths": [300] * 40},
            "middle length of the articles' text fell: 300 against 2000",
        ),
        ({"commented": 2}, "share of articles with comments fell"),
        (
            {"outcomes": {"article": 40, "consent": 15, "server_error": 5}},
            "20 of 60 pages could not be had: consent 15, server_error 5",
        ),
        (
            {"had": {"dated": 12}, "lost": {"dated": 11}},
            "11 of 12 articles that had a date before have it no more",
        ),
        ({"had": {"read": 5}, "lost": {"read": 5}}, "5 of 5 articles that had a text before"),
        (
            {"lists_lost": ["https://voorbeeld.nl/sitemap.xml"]},
            "names none now: https://voorbeeld.nl/sitemap.xml",
        ),
        (
            {"known_articles": 0, "articles": 0, "articles_read": 0},
            "No article was found on 60 pages",
        ),
    ],
)
def test_what_broke_is_named(changed: dict[str, Any], words: str) -> None:
    judged = judge(counters(**changed), PAST, Judgement())
    assert judged.verdict == "degraded"
    assert any(words in reason for reason in judged.reasons), judged.reasons
    assert judged.deeds


@pytest.mark.parametrize(
    ("changed", "ending", "words"),
    [
        ({}, Judgement(problem="The disk is full."), "The disk is full."),
        (
            {"fetched": 0, "outcomes": {"dns": 3}},
            Judgement(),
            "Nothing could be fetched from the site (dns).",
        ),
        (
            {"articles": 0, "articles_read": 0, "outcomes": {"bot_check": 55, "listing": 5}},
            Judgement(),
            "No article could be read: bot_check 55",
        ),
    ],
)
def test_what_fails_is_said(changed: dict[str, Any], ending: Judgement, words: str) -> None:
    judged = judge(counters(**changed), PAST, ending)
    assert judged.verdict == "failed"
    assert words in " ".join(judged.reasons)


def test_a_run_that_ended_early_is_degraded_and_says_why() -> None:
    judged = judge(counters(), PAST, Judgement(halt="The run was told to stop."))
    assert (judged.verdict, judged.reasons) == ("degraded", ("The run was told to stop.",))


def test_few_articles_prove_nothing() -> None:
    seen = {**dict.fromkeys(COUNTED, 0), "articles": 4, "articles_read": 4, "declared": 3}
    few = counters(**seen, text_lengths=[50])
    assert judge(few, PAST, Judgement()) == Judged("ok")


def test_new_articles_without_comments_are_no_alarm_right_after_the_first_crawl() -> None:
    assert judge(counters(commented=1), PAST[:1], Judgement()) == Judged("ok")
