"""What a heading counts, however its number is marked up."""

from datetime import UTC, datetime

import pytest

from pipelines.comments import Thread, heading_words, read_thread
from pipelines.document import open_document
from storage.records import Page

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT = "<p>Over de pont is jaren gepraat, en nu vaart zij weer, elke dag van zes tot tien.</p>" * 8
SAID = (
    ("Geesje", "De pont was vol, en de kapitein in een best humeur."),
    ("Harm Mulder", "Wie had dat gedacht na al die jaren?"),
    ("Trijn de Boer", "Mijn fiets stond binnen een kwartier aan de overkant."),
)


def read(below: str) -> Thread:
    body = (
        f"<html lang='nl'><body><h1>De pont vaart weer</h1><div>{TEXT}</div>{below}</body></html>"
    )
    url = "https://voorbeeld.nl/pont/"
    page = Page(url=url, body=body.encode(), fetched_at=NOW, content_type="text/html")
    return read_thread(open_document(page))


def under(heading: str) -> Thread:
    records = "".join(
        f"<div><span>{who}</span> <span>{day} mei 2014 om 10:21</span><div>{text}</div></div>"
        for day, (who, text) in enumerate(SAID, 3)
    )
    return read(f"<section>{heading}{records}</section>")


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
    assert [(one.author, one.text) for one in thread.comments] == [*SAID]
    assert (thread.declared, thread.gap_reason) == (3, None)


def test_a_number_that_no_comment_is_under_is_a_gap() -> None:
    thread = read("<section><h2>Reacties<span>12</span></h2><div id='app'></div></section>")
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
    page = Page(
        url="https://x.nl/", body=heading.encode(), fetched_at=NOW, content_type="text/html"
    )
    assert heading_words(open_document(page).tree.find(".//h2")) == words
