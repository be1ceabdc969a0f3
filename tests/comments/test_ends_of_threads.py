"""What stands before the first comment of a thread, and behind the last, is no part of either."""

import pytest

from pipelines.comments import Thread
from tests.ferry import SAID, thread_below

RECORDS = {
    "spans": "<div><span>{who}</span> <span>{day} mei 2014 om 10:21</span><div>{text}</div></div>",
    "items": "<li><b>{who}</b> <i>{day} mei 2014 om 10:21</i><p>{text}</p></li>",
    "line": "<div><p>Door {who} op {day} mei 2014 10:21</p><p>{text}</p></div>",
    "below": "<div><p>{text}</p><p>{who}, {day} mei 2014 10:21</p></div>",
    "articles": "<article><div>{who} {day} mei 2014 10:21</div><div>{text}</div></article>",
}


def said(thread: Thread) -> list[tuple[str | None, str]]:
    return [(one.author, one.text) for one in thread.comments]


def records(template: str) -> str:
    return "".join(
        template.format(who=who, text=text, day=day) for day, (who, text) in enumerate(SAID, 3)
    )


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize(
    "intro",
    [
        "<p>Houd het netjes. Lees de huisregels.</p>",
        "<p>Sorteer op: nieuwste</p>",
        "<div>Log in om mee te praten over dit stuk.</div>",
        "<h3>Reageren? Lees eerst onze huisregels</h3>",
        "<ul><li><a href='?s=n'>Nieuwste</a></li><li><a href='?s=o'>Oudste</a></li></ul>",
    ],
)
def test_a_line_over_the_first_comment_is_nobody_s(kind: str, intro: str) -> None:
    thread = thread_below(f"<section><h2>Reacties</h2>{intro}{records(RECORDS[kind])}</section>")
    assert said(thread) == SAID


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind != "below"])
@pytest.mark.parametrize(
    "tail",
    [
        "<p>Log in om te reageren</p>",
        "<p><a href='#'>Laad meer reacties</a></p>",
        "<span>Terug naar boven</span>",
        "<p>De redactie kan reacties verwijderen.</p><p>Lees daarvoor onze huisregels.</p>",
        "<p>Wil je ook reageren? Maak dan eerst een account aan, dan kun je meepraten.</p>",
    ],
)
def test_a_line_under_the_last_comment_is_nobody_s(kind: str, tail: str) -> None:
    thread = thread_below(f"<section><h2>Reacties</h2>{records(RECORDS[kind])}{tail}</section>")
    assert said(thread) == SAID


@pytest.mark.parametrize(
    "record",
    [
        "<h4>{who} - {day} mei 2014 10:21</h4><p>{text}</p>",
        "<p>{who}, {day} mei 2014 10:21</p><p>{text}</p>",
    ],
    ids=["heading", "paragraphs"],
)
def test_a_last_comment_that_goes_on_keeps_its_end(record: str) -> None:
    more = "<p>En neem dan ook de hond mee, die vindt het prachtig.</p>"
    thread = thread_below(f"<section><h2>Reacties</h2>{records(record)}{more}</section>")
    assert [one.author for one in thread.comments] == [who for who, _text in SAID]
    assert thread.comments[-1].text.endswith("die vindt het prachtig.")


def test_paragraphs_after_their_signatures_are_read_under_a_line_that_looks_the_same() -> None:
    lines = records("<p>{who}, {day} mei 2014 10:21</p><p>{text}</p>")
    thread = thread_below(f"<section><h2>Reacties</h2><p>Houd het netjes.</p>{lines}</section>")
    assert said(thread) == SAID
