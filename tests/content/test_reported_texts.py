"""Texts that comparable tools were reported to lose, to glue or to fold: each in five forms."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Article, Page

LINES = [
    f"In het jaar {year} stond het water van de Aa hoger dan ooit, zo schreef de sluiswachter "
    "in zijn boek."
    for year in (1825, 1861, 1916, 1953)
]


def read(body: str) -> Article:
    html = f"<html lang=nl><head><title>Hoog water</title></head><body>{body}</body></html>"
    return extract(
        Page(
            url="https://sluisbode.example/hoog-water",
            body=html.encode(),
            fetched_at=datetime(2026, 11, 29, tzinfo=UTC),
        )
    )


def article(inside: str) -> str:
    body = f'<div class="article-body">{inside}</div>'
    return f"<main><article><h1>Hoog water</h1>{body}</article></main>"


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "around",
    [
        '<span style="display:block">{}</span>',
        "<x-alinea>{}</x-alinea>",
        '<span class="alinea">{}</span>',
        "<a href='#n'>{}</a>",
        "<label>{}</label>",
        '<b style="display: table">{}</b>',
    ],
)
def test_blocks_that_only_css_makes_are_not_glued(around: str) -> None:
    text = read(article("".join(map(around.format, LINES)))).article_body
    assert [line for line in LINES if line not in text] == []
    assert "boek.In" not in text


@pytest.mark.parametrize(
    "inline",
    [
        "De sluis<b>wachter</b> schreef",
        "De <span>sluis</span><span>wachter</span> schreef",
        "De sluis<x-noot>wachter</x-noot> schreef",
        "De sluis<sup>wachter</sup> schreef",
        "De <i>sluis</i>wachter schreef",
    ],
)
def test_a_word_in_parts_stays_one(inline: str) -> None:
    assert "sluiswachter schreef" in read(article(paragraphs([inline, *LINES]))).article_body


@pytest.mark.parametrize(
    "more",
    [
        "<ul><li>De brief van maart ging over de kade.</li><li>Die van april niet.</li></ul>",
        "<dl><dt>maart</dt><dd>De brief van maart ging over de kade.</dd></dl>",
        "<h2>De brief van maart ging over de kade</h2>",
        "<div>De brief van maart ging over de kade.</div>",
        "<blockquote>De brief van maart ging over de kade.</blockquote>",
    ],
)
def test_a_bare_page_is_read_whole(more: str) -> None:
    page = f"<h1>Hoog water</h1>{paragraphs(LINES[:2])}{more}{paragraphs(LINES[2:])}"
    assert "De brief van maart ging over de kade" in read(page).article_body


@pytest.mark.parametrize(
    "poem",
    [
        "<pre>Het water\n  stijgt\nen stijgt</pre>",
        "<pre><code>Het water\n  stijgt\nen stijgt</code></pre>",
        '<p style="white-space: pre-line">Het water\n  stijgt\nen stijgt</p>',
        '<div style="white-space:pre-wrap">Het water\n  stijgt\nen stijgt</div>',
        "<pre class=vers>\nHet water\n  stijgt\nen stijgt\n</pre>",
    ],
)
def test_lines_and_indents_of_set_text_stay(poem: str) -> None:
    text = read(article(paragraphs(LINES[:2]) + poem + paragraphs(LINES[2:]))).article_body
    assert "Het water\n  stijgt\nen stijgt" in text


@pytest.mark.parametrize(
    ("rest", "control"),
    [
        ('<span style="display:none">{}</span>', '<a href="#">Lees meer</a>'),
        ("<span hidden>{}</span>", '<a href="javascript:open()">Read more</a>'),
        ('<span class="hidden">{}</span>', "<button>Toon meer</button>"),
        ('<span style="display: none">{}</span>', '<a href="#meer">Weiterlesen</a>'),
        ('<span class="d-none">{}</span>', '<a href="#">Lire la suite</a>'),
    ],
)
def test_what_a_click_opens_is_kept_without_the_button(rest: str, control: str) -> None:
    hidden = rest.format("en toen brak de dijk bij de molen door.")
    text = read(article(paragraphs(LINES) + f"<p>Het stormde {hidden} {control}</p>")).article_body
    assert "Het stormde en toen brak de dijk bij de molen door." in text
    assert text.endswith("door.")


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "h5", "h6"])
def test_subheads_between_paragraphs_stay(tag: str) -> None:
    inside = f"{paragraphs(LINES[:2])}<{tag}>De nacht</{tag}>{paragraphs(LINES[2:])}"
    assert "\n\nDe nacht\n\n" in read(article(inside)).article_body


@pytest.mark.parametrize(
    "name", ["has-sidebar", "no-sidebar", "sticky-footer", "with-banner", "nav-open"]
)
def test_a_word_in_a_wrappers_class_is_no_verdict(name: str) -> None:
    page = f'<div class="{name}">{article(paragraphs(LINES))}</div>'
    assert read(page).article_body.split("\n\n") == LINES
