"""Captures as other tools make them, and an archive that they are imported into without worker
processes.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.offline import Import, Imported, PageTask, Reread, Rereader, Wanted
from storage.database import Archive, default_database
from storage.progress import no_report
from storage.warc import WarcWriter
from tests.template_site import NOUNS, html

SITE = "dorpsblad.example"
START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = """<!doctype html><html lang="nl"><head><title>{title} - Dorpsblad</title></head>
<body class="single postid-1"><header><a href="/">Dorpsblad</a></header><article><h1 \
class="entry-title">{title}</h1>
<p class="byline">Door <a rel="author" href="/auteur/wil/">Wil Terpstra</a> op <time \
datetime="2013-12-30T10:21:00+01:00">30 december 2013
om 10:21</time></p><div class="entry-content">{body}</div></article>
<section id="comments"><h2>{count} reacties</h2><ol \
class="commentlist">{comments}</ol>{pages}</section></body></html>"""
COMMENT = """<li class="comment" id="comment-{key}"><cite class="fn">{author}</cite>
<time datetime="2014-01-0{key}T12:00:00+01:00">{key} januari 2014 om 12:00</time><div \
class="comment-content"><p>{text}</p></div></li>"""
TEXT = "De molen aan de dijk draait weer, en het halve dorp liep uit om het te zien. " * 6


def page(
    title: str,
    comments: dict[int, tuple[str, str]],
    body: str = TEXT,
    pages: str = "",
    count: int | None = None,
) -> bytes:
    """Return an article page with comments by id: (author, text)."""
    thread = "".join(
        COMMENT.format(key=key, author=author, text=text)
        for key, (author, text) in comments.items()
    )
    shown = len(comments) if count is None else count
    return PAGE.format(
        title=title, body=f"<p>{body}</p>", comments=thread, count=shown, pages=pages
    ).encode()


def answer(body: bytes, head: str = "200 OK\r\nContent-Type: text/html; charset=utf-8") -> bytes:
    """Return an HTTP answer."""
    return f"HTTP/1.1 {head}\r\n\r\n".encode() + body


def record(
    url: str, moment: datetime, content: bytes, kind: str = "response", **headers: str
) -> bytes:
    """Return a WARC record as other tools write it; an underscore in a header's name stands for a
    hyphen.
    """
    media = (
        "application/http; msgtype=response"
        if content.startswith(b"HTTP/") or kind == "revisit"
        else "text/html"
    )
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000001>",
        "WARC-Target-URI": url,
        "WARC-Date": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type": media,
        "Content-Length": str(len(content)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + content + b"\r\n\r\n"


def captured(path: Path, numbers: range, *changes: tuple[str, str]) -> Path:
    """Write a WARC file with a page for each of *numbers*, a day after the other."""
    records = []
    for number in numbers:
        page = html(number)
        for old, new in changes:
            page = page.replace(old, new)
        url = f"https://{SITE}/2014/01/{NOUNS[number % 18]}-{number}/"
        records.append(record(url, START + timedelta(days=number), answer(page.encode())))
    path.write_bytes(b"".join(records))
    return path


class InlinePool:
    """Stands in for the worker processes: the same work, here."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self._folder, self._database = folder, database or default_database(folder)

    def run(self, method: str, tasks: Iterable[PageTask]) -> Iterator[list[Reread]]:
        """Yield what *method* answers for each task."""
        rereader = Rereader(self._database, self._folder)
        try:
            for task in tasks:
                yield getattr(rereader, method)([task])
        finally:
            rereader.close()


def take(folder: Path, *paths: Path, wanted: Wanted | None = None, database: str = "") -> Imported:
    """Import *paths* into the archive in *folder*."""
    archive = Archive.open(database or default_database(folder))
    warc = WarcWriter(folder / "warc", software="knipsel/test", operator="tests")
    work = Import(archive, folder, warc, wanted or Wanted())
    try:
        work.take_in(paths, None)
    finally:
        warc.close()
    work.read(InlinePool(folder, database), no_report)  # type: ignore[arg-type]  # stands in for it
    archive.close()
    return work.result
