"""What a heading counts, however its number is marked up."""

import pytest
from lxml.html import fragment_fromstring

from pipelines.comments import Thread, heading_words
from tests.ferry import SAID, thread_below

THREE = SAID[:3]


def under(heading: str) -> Thread:
    records = "".join(
        f"<div><span>{who}</span> <span>{day} mei 2014 om 10:21</span><div>{text}</div></div>"
        for day, (who, text) in enumerate(THREE, 3)
    )
    return thread_below(f"<section>{heading}{records}</section>")


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Reacties<span>3</span></h2>",
        "<h2><span>3</span>Reacties</h2>",
        "<h3><strong>3</strong>reacties</h3>",
        "<h2>Reacties<br>3</h2>",
        "<h2><i></i>Reacties<sup>3</sup></h2>",
        "<div><div>Reacties</div><div>3</div></div>",
        "<p><b>Reacties</b><b>3</b></p>",
    ],
)
def test_a_number_beside_its_word_in_an_element_of_its_own_counts(heading: str) -> None:
    thread = under(heading)
    assert [(one.author, one.text) for one in thread.comments] == THREE
    assert (thread.declared, thread.gap_reason) == (3, None)


def test_a_number_that_no_comment_is_under_is_a_gap() -> None:
    thread = thread_below("<section><h2>Reacties<span>12</span></h2><div id='app'></div></section>")
    assert (thread.comments, thread.declared, thread.gap_reason) == ((), 12, "unknown")


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("<h2>De 1<sup>e</sup> reactie</h2>", "De 1e reactie"),
        ("<h2>De 2<sup>de</sup> brug</h2>", "De 2de brug"),
        ("<h2>Kamer 3<b>B</b></h2>", "Kamer 3B"),
        ("<h2>Reactie<b>s</b> (3)</h2>", "Reacties (3)"),
        ("<h2><b>1</b>204 reacties</h2>", "1204 reacties"),
        ("<h2>CO<sub>2</sub> op de pont</h2>", "CO2 op de pont"),
        ("<h2>Reacties<b>3</b></h2>", "Reacties 3"),
    ],
)
def test_what_is_one_word_stays_one(heading: str, words: str) -> None:
    assert heading_words(fragment_fromstring(heading)) == words
