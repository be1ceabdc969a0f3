"""A stored page looks as it did where its style sheets and pictures are kept, and loads nothing."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from crawler.reading_room.appearance import KeptRequisites
from crawler.reading_room.security import shown_original
from storage.crawl import VisitContext, runs, save_fetches, sites
from storage.database import Archive
from storage.records import Exchange, Fetch
from storage.warc import Original, WarcWriter
from tests.sample_archive import FIRST

SITE = "https://blad.example"
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(32))
DATA = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
KEPT = {
    f"{SITE}/css/site.css": ("text/css", b'@import "more.css"; body { background: url(/p.png) }'),
    f"{SITE}/css/more.css": (
        "text/css; charset=utf-8",
        b"@import url(site.css); h1 { color: red } </style><script>alert(1)</script>",
    ),
    f"{SITE}/p.png": ("image/png", PIXEL),
    f"{SITE}/geen.css": ("text/html", b"<p>geen stijl"),
}
HEAD = (
    '<link rel="stylesheet" href="/css/site.css" media="screen"><link rel=stylesheet href=/w.css>'
)


@pytest.fixture
def kept(archive: Archive, tmp_path: Path) -> Iterator["Shown"]:
    """An archive with the answers of KEPT."""
    writer = WarcWriter(tmp_path / "warc", software="x", operator="x")
    with archive.begin() as connection:
        site_id = sites.register_site(connection, f"{SITE}/")
        context = VisitContext(
            run_id=runs.begin_run(connection, site_id, {}, FIRST), site_id=site_id, seen_at=FIRST,
            extractor_version="0", cap=1, max_attempts=1, retry_after_seconds=1,
        )  # fmt: skip
        for url, (content_type, body) in KEPT.items():
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
            exchange = Exchange(
                url=url, fetched_at=FIRST, request=b"GET / HTTP/1.1\r\n\r\n",
                response=f"{head}\r\n\r\n".encode() + body,
            )  # fmt: skip
            fetch = Fetch(
                url=url, fetched_at=FIRST + timedelta(seconds=1), outcome="ok", status=200,
                content_type=content_type, exchange=exchange,
            )  # fmt: skip
            save_fetches(connection, None, (fetch,), context, (writer.write(exchange),))
    writer.close()
    with archive.read() as connection:
        yield Shown(connection, tmp_path / "warc")


@dataclass(frozen=True)
class Shown:
    """Shows pages of SITE with what is kept."""

    connection: Connection
    folder: Path

    def page(self, body: str) -> str:
        original = Original(
            fetch_id=1, page_id=1, url=f"{SITE}/stuk/", fetched_at=FIRST, content_type="text/html",
            warc_file="x", record_id="x", body=body.encode(),
        )  # fmt: skip
        found = KeptRequisites.read(self.connection, self.folder, original)
        return shown_original(original, kept=found)[0]


def test_style_sheets_and_pictures_are_written_into_the_page(kept: Shown) -> None:
    shown = kept.page(
        f'<html><head>{HEAD}</head><body><picture><source srcset="/p-2.png 2x">'
        '<img src="/weg.png" srcset="/p.png 1x"></picture><p style="background: url(/p.png)">x'
    )
    (style,) = re.findall(r"<style[^>]*>(.*?)</style>", shown, re.DOTALL)
    assert '<style media="screen">' in shown
    assert "h1 { color: red }" in style
    assert f"url({DATA})" in style
    assert f'src="{DATA}"' in shown
    assert f'style="background: url({DATA})"' in shown
    assert not re.search(r"<link|srcset", shown)


def test_what_a_style_sheet_holds_beside_styles_stays_text(kept: Shown) -> None:
    shown = kept.page(f"<html><head>{HEAD}</head><body><p>x")
    assert "<\\/style>" in shown
    assert shown.count("</style>") == 1


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="stylesheet" href="/geen.css">', '<img src="/weg.png">',
        '<img src="https://elders.example/p.png">', '<img src="/css/site.css">',
    ],
)  # fmt: skip
def test_what_is_not_kept_or_something_else_is_left_as_it_is(kept: Shown, body: str) -> None:
    shown = kept.page(f"<html><body><p>x</p>{body}</body></html>")
    assert "data:" not in shown
    assert "<style" not in shown


def test_a_picture_that_is_shown_often_does_not_fill_the_memory(
    kept: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.reading_room.appearance.MOST_BYTES", 10 * len(PIXEL))
    shown = kept.page("<html><body>" + "<img src=/p.png>" * 1000)
    assert shown.count(DATA) == 10
