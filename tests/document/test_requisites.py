"""Which addresses a page or a style sheet loads pictures and style sheets from."""

from datetime import UTC, datetime

import pytest

from pipelines.document import requisites_of
from storage.records import Page

URL = "https://blad.example/nieuws/stuk/"


def found(body: str, content_type: str = "text/html; charset=utf-8") -> list[str]:
    page = Page(
        url=URL, body=body.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_type=content_type,
    )  # fmt: skip
    return [url.removeprefix("https://blad.example/") for url in requisites_of(page)]


@pytest.mark.parametrize(
    ("body", "urls"),
    [
        ('<link rel="Stylesheet preload" href="/a.css">', ["a.css"]),
        ('<link rel="alternate stylesheet" href="/a.css"><link rel="icon" href="/i.png">', []),
        ('<style>@import "b.css"; p{background:url( \'../c.png\' )}</style>',
            ["nieuws/stuk/b.css", "nieuws/c.png"]),
        ('<p style="background: URL(/d.png)">x</p>', ["d.png"]),
        ('<picture><source srcset="/e-1.webp 1x, /e-2.webp 2x"><img src="/e.jpg"></picture>',
            ["e-1.webp", "e-2.webp", "e.jpg"]),
        ('<base href="/media/"><img src="f.jpg">', ["media/f.jpg"]),
        ('<base href="//cdn.example/"><img src="f.jpg">', ["https://cdn.example/f.jpg"]),
        ('<noscript><img src="/g.jpg"></noscript><table background="/h.gif"></table>',
            ["g.jpg", "h.gif"]),
        ('<img src="/avatar/1.png"><img class="gravatar" src="/2.png">'
            '<img src="//secure.gravatar.com/avatar/0bc8"><img src="/i.png" width=9 height=9>',
            []),
        ('<img src="data:image/gif;base64,AA"><img src="javascript:x"><img src="https://"><img>',
            []),
        ('<img src="/a.png#x"><img src="/a.png">', ["a.png"]),
        ('<input type="image" src="/knop.png"><input src="/geen.png"><video poster="/v.jpg">',
            ["knop.png", "v.jpg"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_page_names_its_style_sheets_and_pictures(body: str, urls: list[str]) -> None:
    assert found(f"<html><body><p>tekst</p>{body}</body></html>" if body else "") == urls


def test_a_style_sheet_names_others_and_pictures_but_no_fonts_are_wanted() -> None:
    styles = (
        "@import url(\"basis.css\"); @import '/druk.css'; a{background:url(x.png)}"
        "@font-face{src:url(letter.woff2) url(letter.ttf?v=1)} b{background:url(data:image/png,)}"
    )
    place = "nieuws/stuk/"
    assert found(styles, "text/css") == [f"{place}basis.css", "druk.css", f"{place}x.png"]


def test_a_page_of_ten_thousand_pictures_names_two_hundred() -> None:
    assert len(found("<html><body>" + "".join(f"<img src=/{n}.png>" for n in range(10_000)))) == 200
