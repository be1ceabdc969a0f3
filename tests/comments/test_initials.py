"""Initials that a page draws where it has no picture of a reader: they are nobody's name, and no
words of his.
"""

from collections.abc import Sequence

import pytest

from pipelines.comments.rules.columns import are_initials, are_letters
from tests.comments.test_reader import read
from tests.comments.test_reader import said as told

READERS = (
    ("Henk Jansen", "HJ", "Wij wonen aan de overkant, en het is elke dag weer omrijden."),
    ("annemiek", "AN", "Gewoon een pontje inzetten, dat deden ze vroeger ook."),
    ("Kees de Vries", "KV", "De aannemer is failliet, dus reken maar op de zomer."),
    ("Fatima", "F", "Bij ons op school komt de helft van de kinderen te laat."),
)
TEMPLATES = {
    "boxes": "<div class='flex gap-3'><div class='rounded-full'>{drawn}</div><div>"
    "<div class='flex'><span class='bold'>{name}</span><span class='text-xs'>{day}</span></div>"
    "<p class='mt-1'>{words}</p><button>Beantwoorden</button></div></div>",
    "spans": "<div class='q'><span class='w'><span>{drawn}</span></span><div><span>{name}</span>"
    "<span>{day}</span><p>{words}</p></div></div>",
    "cells": "<tr><td>{drawn}</td><td><b>{name}</b> {day}<br>{words}</td></tr>",
    "drawing": "<li><svg><text>{drawn}</text></svg><p>{name}</p><p>{day}</p><p>{words}</p></li>",
    "below": "<div class='q'><p>{words}</p><div><div>{drawn}</div><span>{name}</span>"
    " <span>{day}</span></div></div>",
    "undated": "<div class='q'><div>{drawn}</div><div><div><span>{name}</span></div>"
    "<p>{words}</p></div></div>",
}
BOXES = {"cells": "table", "drawing": "ul"}


def said(
    template: str, box: str, readers: Sequence[tuple[str, str, str]]
) -> list[tuple[str | None, str]]:
    days = (f"{n} mei 2014 10:2{n}" for n in range(3, 9))
    records = "".join(
        template.format(name=name, drawn=drawn, words=words, day=day)
        for (name, drawn, words), day in zip(readers, days, strict=False)
    )
    thread = f"<h2>{len(readers)} reacties</h2><{box}>{records}</{box}>"
    return told(read(thread))


@pytest.mark.parametrize("template", TEMPLATES)
def test_drawn_initials_are_no_name_and_no_words(template: str) -> None:
    box = BOXES.get(template, "div")
    assert said(TEMPLATES[template], box, READERS) == [
        (name, words) for name, _drawn, words in READERS
    ]


def test_readers_who_call_themselves_by_a_letter_keep_it() -> None:
    letters = [(name[0], name[0], words) for name, _drawn, words in READERS]
    plain = "<div class='q'><b>{name}</b> <i>{day}</i><p>{words}</p></div>"
    assert said(plain, "div", letters) == [(name, words) for name, _drawn, words in letters]


SHORT = (("Jan", "Ja, als niemand iets doet komt er nooit wat van terecht."),
         ("Bo", "Benieuwd of het ook zo open blijft."), ("AB", "Als bewoner vind ik het mooi."),
         ("J", "Ja, mooi is het wel geworden, en dat mag gezegd."))  # fmt: skip


@pytest.mark.parametrize(("name", "words"), SHORT)
def test_a_short_name_is_kept_where_words_begin_as_it_does(name: str, words: str) -> None:
    plain = "<div class='q'><b>{name}</b> <i>{day}</i><p>{words}</p></div>"
    assert said(plain, "div", [(name, "", words)]) == [(name, words)]
    assert said(plain, "div", [(name, "", words), *READERS])[0] == (name, words)


def test_a_column_named_for_authors_is_theirs_whatever_stands_beside_it() -> None:
    beside = "<b class='naam'>{drawn}</b> <span>{name}</span> <i>{day}</i><p>{words}</p>"
    records = f"<div class='q'>{beside}</div>"
    assert [name for name, _words in said(records, "div", READERS)] == ["HJ", "AN", "KV", "F"]


@pytest.mark.parametrize(
    ("text", "name", "is_so"),
    [
        ("HJ", "Henk Jansen", True),
        ("h.j.", "Henk de Jansen", True),
        ("KV", "Kees de Vries", True),
        ("AN", "annemiek", True),
        ("BO", "Benieuwd of het open blijft", True),
        ("HJJ", "Henk Jansen", False),
        ("É", "Élise", True),
        ("HJ", "Henk", False),
        ("JH", "Henk Jansen", False),
        ("H", "H", False),
        ("H", "", False),
    ],
)
def test_initials_begin_the_words_of_a_name(text: str, name: str, is_so: bool) -> None:
    assert are_initials(text, name) is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("HJ", True),
        ("H. J.", True),
        ("a", True),
        ("12", False),
        ("Jan", False),
        ("ed", False),
        ("ANNA", False),
        ("", False),
    ],
)
def test_initials_are_a_few_letters(text: str, is_so: bool) -> None:
    assert are_letters(text) is is_so
