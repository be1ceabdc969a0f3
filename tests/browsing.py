"""An archive to look at: the demo's site as crawled, the sample, a long thread, and a page by
somebody who means harm.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from crawler.demo import DemoServer
from storage.database import Archive, articles, default_database, fetches
from storage.records import Article, Author, Comment, Exchange, RemovedBlock
from storage.warc import WarcWriter
from tests.crawling import ROOT, crawl
from tests.patience import at_most
from tests.sample_archive import FIRST, SECOND, SampleArchive, article, comment, fill

LONG_THREAD = "https://vakblad.example/lange-draad/"
HOSTILE_PAGE = "https://vijand.example/kwaad/"
BIDI = "\u202eVAN RECHTS\u2066\u2067"
WORD = "vijandigheden"

MARKED = (
    "<h2 class='x'>Tussenkop</h2><blockquote><p>Citaat.</p></blockquote>"
    "<p><a href='https://elders.example/a' target='_top' onclick='y()'>elders</a></p>"
)


def hostile_texts(target: str) -> tuple[str, ...]:
    """Return texts that would act if they were anything but text; *target* is a server that must
    never be asked.
    """
    return (
        f"<script>document.title = 'gekaapt'; fetch('{target}/script')</script>",
        f"<svg onload=\"fetch('{target}/svg')\"><image href='{target}/svg-image'/></svg>",
        f"<style>body {{ display: none; background: url({target}/style) }}</style>",
        f"<img src='{target}/image' onerror=\"document.title = 'gekaapt'\">",
        f"</div></li></ol></main><iframe src='{target}/frame'></iframe><base href='{target}/'>",
        "javascript:document.title='gekaapt'",
        "{{ 7 * 7 }} {% raw %} ${7*7} &lt;b&gt;",
        f"{BIDI} achterstevoren",
        "a" + "\u0301" * 3000,
        "w" * 1_000_000,
    )


def hostile_article(target: str) -> Article:
    texts = hostile_texts(target)
    comments = [
        replace(
            comment(number, text[:300], text, "2024-05-01T10:00"),
            author_url="javascript:alert(1)",
            url=f"javascript:alert({number})",
        )
        for number, text in enumerate(texts, 1)
    ]
    deep = [
        comment(
            100 + number,
            f"Diep {number}",
            f"Laag {number}",
            None,
            under=len(texts) + number - 1 if number else None,
        )
        for number in range(300)
    ]
    made = article(
        HOSTILE_PAGE,
        f"{texts[0]} {texts[3]} {BIDI}",
        f"Over {WORD}: " + " ".join(texts[:7]),
        "2024-05-01T09:00",
        (*comments, *deep),
    )
    return replace(
        made,
        authors=(Author(name=texts[0], role=texts[1], organisation=texts[4]),),
        keywords=(texts[2], texts[3]), article_section=texts[4], description=texts[1],
        article_html="".join(texts[:7]) + MARKED + f"<a href='{texts[5]}' onclick='x()'>weg</a>",
        removed_blocks=tuple(RemovedBlock(reason="advertisement", text=text) for text in texts[:6]),
    )  # fmt: skip


def hostile_answer(target: str) -> bytes:
    """Return the page as that site sent it: everything in it that could load, run or lead away."""
    page = f"""<!doctype html><html><head><meta charset="utf-8"><title>Kwaad</title>
<base href="{target}/"><meta http-equiv="refresh" content="0; url={target}/refresh">
<link rel="preconnect" href="{target}"><link rel="dns-prefetch" href="{target}"><link \
rel="prefetch" href="{target}/prefetch">
<link rel="stylesheet" href="{target}/style.css"><style>@import url({target}/import.css); body {{ \
background: url({target}/bg) }}</style>
<script src="{target}/script.js"></script><script>location = "{target}/location"</script></head>
<body onload="fetch('{target}/onload')"><h1>De kop van het origineel</h1><img src="{target}/img" \
srcset="{target}/srcset 2x">
<iframe src="{target}/iframe"></iframe><object data="{target}/object"></object><embed \
src="{target}/embed"><video src="{target}/video" autoplay></video>
<form action="{target}/form"><button id="send">stuur</button></form><a id="away" \
href="{target}/away" target="_top" ping="{target}/ping">weg</a>
<a id="inside" href="{target}/inside">binnen</a><svg><image href="{target}/svg"></image><use \
href="{target}/use#x"></use></svg></body></html>"""
    body = page.encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
        % len(body)
        + body
    )


def long_article() -> Article:
    comments: list[Comment] = []
    for number in range(200):
        under = number - 1 if number % 5 else None
        comments.append(
            comment(
                500 + number,
                f"Lezer {number}",
                f"Reactie nummer {number}",
                "2024-05-01T10:00",
                under=under,
            )
        )
    return article(
        LONG_THREAD,
        "Een lange draad",
        "Veel lezers schreven hieronder.",
        "2024-05-01T09:00",
        comments,
    )


def build(folder: Path, target: str) -> None:
    """Build the archive in *folder*."""
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", folder)
    assert ended.code == 0, ended.err
    archive = Archive.open(default_database(folder))
    fill(archive)
    sample = SampleArchive(archive)
    sample.save(long_article(), FIRST)
    sample.save(
        replace(long_article(), comments=long_article().comments[:-1]), SECOND + timedelta(hours=1)
    )
    sample.save(hostile_article(target), FIRST)
    writer = WarcWriter(folder / "warc", software="tests", operator="tests@example.org")
    place = writer.write(
        Exchange(
            url=HOSTILE_PAGE,
            fetched_at=FIRST,
            request=b"GET /kwaad/ HTTP/1.1\r\n\r\n",
            response=hostile_answer(target),
        )
    )
    writer.close()
    kept = {
        "warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length,
        "warc_record_id": place.record_id,
        "content_type": "text/html; charset=utf-8",
    }  # fmt: skip
    with archive.begin() as connection:
        connection.execute(update(fetches).where(fetches.c.url == HOSTILE_PAGE).values(kept))
    archive.close()


def article_key(folder: Path, url: str) -> int:
    archive = Archive.open(default_database(folder))
    try:
        with archive.read() as connection:
            return int(
                connection.execute(select(articles.c.id).where(articles.c.url == url)).scalar_one()
            )
    finally:
        archive.close()


@contextmanager
def browsing(folder: Path, *options: str) -> Iterator[str]:
    """Run `knipsel browse` on a free port and yield its address."""
    place = ("-s", f"KNIPSEL_ARCHIVE={folder}")
    browse = [sys.executable, "-u", "-m", "crawler.console", "browse"]
    command = [*browse, "--port", "0", *place, *options]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield found[0]
        finally:
            process.terminate()
            process.wait(timeout=at_most(20))
