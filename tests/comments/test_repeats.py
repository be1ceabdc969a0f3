"""A comment that a page shows in two lists is one; one that is in a list twice was said twice."""

import pytest

from tests.ferry import SAID, thread_below

ONE = (
    "<div class='reactie'><b class='naam'>{who}</b> <i class='datum'>{day} mei 2014 om 10:21</i>"
    "<p>{text}</p>{more}</div>"
)


def read(below: str) -> list[str | None]:
    return [one.author for one in thread_below(below).comments]


def one(number: int, more: str = "", template: str = ONE) -> str:
    who, text = SAID[number]
    return template.format(who=who, text=text, day=number + 3, more=more)


OLD, NEW = "".join(map(one, range(4))), "".join(map(one, (3, 2, 1, 0)))
ANSWERED = one(0, one(1))
NAMES = [who for who, _text in SAID]


@pytest.mark.parametrize(
    ("lists", "names"),
    [
        (f"<div id='t1'>{NEW}</div><div id='t2' hidden>{OLD}</div>", NAMES[::-1]),
        (f"<div class='tab'>{OLD}</div><div class='tab'>{NEW}</div>", NAMES),
        (f"<div class='vast'>{one(2)}</div><div class='alle'>{OLD}</div>", NAMES),
        (f"<ul><li>{one(2)}</li></ul><div>{OLD}</div>", NAMES),
        (f"<div>{OLD}</div><div>{NEW}</div><div>{one(1)}{one(0)}</div>", NAMES),
        (f"<div>{ANSWERED}{one(2)}</div><div>{one(2)}{ANSWERED}</div>", [*NAMES[:3]]),
        (f"<div>{OLD}</div><div>{NEW}</div>".replace(" om 10:21", ""), NAMES),
    ],
    ids=["tabs", "tabs alike", "pinned", "pinned in a list", "three", "answers", "days"],
)
def test_a_list_of_what_another_has_is_read_once(lists: str, names: list[str]) -> None:
    assert read(f"<section><h2>Reacties</h2>{lists}</section>") == names


@pytest.mark.parametrize(
    ("lists", "number"),
    [
        (f"<div>{one(0)}{one(1)}{one(1)}{one(2)}</div>", 4),
        ("".join(f"<div>{one(number)}</div>" for number in (0, 1, 1, 2)), 4),
        (f"<div>{OLD}</div><div>{one(1)}{one(3).replace('zondag', 'maandag')}</div>", 6),
        (f"<div>{OLD}</div><div>{one(1).replace('10:21', '11:40')}</div>", 5),
        (f"<div>{OLD}{NEW}</div>".replace(" om 10:21", ""), 8),
        (f"<div>{OLD}</div><div>{one(1)}</div>".replace(" om 10:21", ""), 5),
        (f"<div>{one(0, one(1))}{one(2, one(1))}{one(3)}</div>", 5),
    ],
    ids=["twice", "boxed", "more", "later", "one list", "days", "two answers"],
)
def test_what_was_said_twice_is_two_comments(lists: str, number: int) -> None:
    assert len(read(f"<section><h2>Reacties</h2>{lists}</section>")) == number
