"""Characters that no XML may hold: no reader stumbles over one, wherever it stands."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from pipelines.document import open_document
from storage.records import Page

SENTENCE = "De sluis bij het oude gemaal gaat na drie jaar weer open, meldt het waterschap."
WRITTEN = ("\x01", "\x0b", "\x1f", "\ufffe", "\uffff", "&#2;", "&#x1F;", "&#65535;", "&#&#2;2;")


def page(html: str) -> Page:
    return Page(
        url="https://dorp.example/sluis",
        body=html.encode(),
        fetched_at=datetime(2026, 11, 25, tzinfo=UTC),
        content_type="text/html; charset=utf-8",
    )


@pytest.mark.parametrize("control", WRITTEN)
def test_a_control_character_is_gone_from_all_texts(control: str) -> None:
    html = f"<h1>De {control}sluis</h1>" + f"<p>{SENTENCE} {control}Echt.</p>" * 5
    tree = open_document(page(html)).tree
    assert not [sign for sign in tree.text_content() if sign < " " and sign not in "\t\n\r"]
    assert extract(page(html)).article_body.count("Echt.") == 5


@pytest.mark.parametrize("control", WRITTEN)
def test_it_stops_no_reader_in_what_is_nested_deeper_than_any_page_needs(control: str) -> None:
    nested = "<div>" * 600 + SENTENCE + f"</div>{control}behind" * 600
    html = f"<h1>De sluis</h1>{f'<p>{SENTENCE}</p>' * 5}{nested}"
    assert extract(page(html)).headline == "De sluis"


def test_what_is_a_character_stays() -> None:
    tree = open_document(page("<p>a&#9;b &#8217; &#x1F600; &#12345; caf\u00e9</p>")).tree
    assert tree.text_content() == "a\tb \u2019 \U0001f600 \u3039 caf\u00e9"


def test_a_vertical_tab_and_a_form_feed_part_words_as_spaces_do() -> None:
    tree = open_document(page("<p\x0cclass='x'>een\x0blange\x0cregel</p>")).tree
    assert tree.text_content() == "een lange regel"
