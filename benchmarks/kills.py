"""Kill a crawl at random moments, start it again plainly, and compare the archive with that of a
crawl that nobody disturbed.

    python benchmarks/kills.py [--kills 20] [--pages 1200] [--database postgresql://...]

The site is made here: articles of one to four comment pages. Prints one table; exits 1 when the
archives differ, a page is missing, `verify` finds a fault, or more than 16 pages a kill were
fetched twice. The archives are SQLite files, or in PostgreSQL a database that is made anew.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.workers import new_database
from storage.database import Archive, default_database

SEED = 7
WORDS = (
    "molen dijk haven markt brug school veer kerk plein polder sluis toren kade weide boer schipper"
).split()
DUMPS = {
    "articles": "SELECT url, headline, article_body, date_published, comments_declared, "
    "comments_captured, access "
    "FROM articles ORDER BY url",
    "authors": "SELECT a.url, w.position, w.name FROM authors w JOIN articles a ON a.id = "
    "w.article_id ORDER BY 1, 2",
    "comments": "SELECT a.url, c.identity, c.position, c.depth, c.author, c.text, "
    "c.date_created, c.status, "
    "c.gone_at IS NULL AS here, p.identity AS parent FROM comments c JOIN articles "
    "a ON a.id = c.article_id "
    "LEFT JOIN comments p ON p.id = c.parent_id "
    "ORDER BY 1, 3, 2",
    "removed_blocks": "SELECT a.url, b.position, b.text FROM removed_blocks b JOIN articles a "
    "ON a.id = b.article_id ORDER BY 1, 2",
    "pages": "SELECT url, kind, state, outcome FROM pages ORDER BY url",
}


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Keep quiet: a killed crawl resets its connections."""


class Site:
    """A site on loopback whose every request is counted."""

    def __init__(self, articles: int) -> None:
        self.asked: Counter[str] = Counter()
        self._articles = articles
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def articles_asked(self) -> int:
        """Return how many requests of articles there were."""
        with self._lock:
            return sum(n for path, n in self.asked.items() if path.startswith("/2014/"))

    def page(self, path: str) -> tuple[str, str] | None:
        """Return content type and body of *path*, None when there is no such page."""
        if path == "/":
            return "text/html", "<html><body><h1>Weekblad</h1></body></html>"
        if path == "/sitemap.xml":
            places = "".join(
                f"<url><loc>/2014/stuk-over-de-{_name(n)}/</loc></url>"
                for n in range(self._articles)
            )
            return "application/xml", f"<urlset>{places}</urlset>"
        parts = path.strip("/").split("/")
        if parts[0] != "2014" or len(parts) not in {2, 3}:
            return None
        number = int(parts[1].rpartition("-")[2])
        comment_page = int(parts[2].rpartition("-")[2]) if len(parts) == 3 else 1
        if number >= self._articles or comment_page > _comment_pages(number):
            return None
        return "text/html; charset=utf-8", make_article(number, comment_page)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with site._lock:
                    site.asked[self.path] += 1
                found = site.page(self.path)
                kind, body = found or ("text/plain", "weg")
                data = body.encode()
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        return Handler


def _name(number: int) -> str:
    return f"{WORDS[number % len(WORDS)]}-{number}"


def _comment_pages(number: int) -> int:
    return 1 + number % 7 // 5 * (1 + number % 3)


def make_article(number: int, comment_page: int) -> str:
    chance = random.Random(number)  # noqa: S311  # reproducible text, not a secret
    body = "".join(
        f"<p>{' '.join(chance.choices(WORDS, k=60)).capitalize()}.</p>" for _ in range(3)
    )
    last = _comment_pages(number)
    count = 5 if last > 1 else number % 5
    ids = [1000 * number + 10 * comment_page + n for n in range(count)]
    comments = "".join(
        f'<li class="comment" id="comment-{key}"><div class="comment-body"><cite '
        f'class="fn">Lezer {key % 13}</cite> '
        f'<time datetime="2014-06-{key % 28 + 1:02}T10:00:00+02:00">juni</time><div '
        f'class="comment-content"><p>Reactie {key} '
        f"over {' '.join(random.Random(key).choices(WORDS, k=9))}.</p></div></div></li>"  # noqa: S311  # as above
        for key in ids
    )
    base = f"/2014/stuk-over-de-{_name(number)}/"
    nav = "".join(
        f'<a href="{base}comment-page-{n}/#comments">Oudere reacties</a>'
        for n in range(1, last + 1)
        if n != comment_page
    )
    thread = (
        f'<section id="comments"><h2>{count * last} reacties</h2>{nav}<ol '
        f'class="comment-list">{comments}</ol></section>'
    )
    author = f'<a rel="author" href="/a/">Wil {number % 9} Terpstra</a>'
    day = f'<time datetime="2014-05-{number % 28 + 1:02}T09:30:00+02:00">mei</time>'
    return (
        f'<!doctype html><html lang="nl"><head><title>Stuk {number} | '
        'Weekblad</title></head><body class="single"><article>'
        f"<h1>Stuk {number} over de {WORDS[number % len(WORDS)]}</h1><p "
        f'class="byline">Door {author} op {day}</p>'
        f'<div class="entry-content">{body}</div></article>{thread if count else ""}</body></html>'
    )


def start(site: str, folder: Path, database: str | None = None) -> "subprocess.Popen[bytes]":
    """Start a plain crawl of *site*, as a timer does, into an archive in *folder*."""
    settings = ("-s", "LOG_LEVEL=WARNING")
    environment = {"KNIPSEL_CONTACT": "benchmark@example.org", "KNIPSEL_ARCHIVE": str(folder)}
    environment |= {"KNIPSEL_DATABASE": database or ""}
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"site={site}", *settings],
        env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
    )  # fmt: skip  # our own command


def dump(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is kept in *database*, without times and keys."""
    archive = Archive.open(database)
    with archive.read() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(text(query))]
            for name, query in DUMPS.items()
        }
    archive.close()
    return found


def unfit(folder: Path, database: str | None) -> str:
    """Return what `verify` finds at fault in an archive."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "verify", "--quiet"],
        env={**os.environ, "KNIPSEL_ARCHIVE": str(folder), "KNIPSEL_DATABASE": database or ""},
        capture_output=True, check=False, text=True,
    )  # fmt: skip  # our own command
    return done.stderr.strip() if done.returncode else ""


def tear(site: Site, folder: Path, database: str | None, moments: Sequence[float]) -> int:
    """Crawl *site*, killed each time so many seconds after its first request of an article, and
    once more to the end; return the exit code of that.
    """
    for moment in moments:
        before = site.articles_asked()
        crawl = start(f"{site.url}/", folder, database)
        while site.articles_asked() == before and crawl.poll() is None:
            time.sleep(0.02)
        time.sleep(moment)
        crawl.send_signal(signal.SIGKILL)
        crawl.wait()
    return start(f"{site.url}/", folder, database).wait()


def renewed(folder: Path, database: str | None) -> str:
    """Return the database of an archive in *folder* that holds nothing yet."""
    if database:
        new_database(database)
    return database or default_database(folder)


def main() -> int:
    """Print the table; 1 when a bound is broken."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--pages", type=int, default=1200)
    arguments.add_argument("--database")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        site = Site(options.pages)
        try:
            return measure(options, site, Path(name))
        finally:
            site.close()


def measure(options: argparse.Namespace, site: Site, folder: Path) -> int:
    """Crawl *site* undisturbed and torn, print both, and return 1 when a bound is broken."""
    chance = random.Random(SEED)  # noqa: S311  # reproducible moments, not a secret
    calm = renewed(folder / "calm", options.database)
    began = time.monotonic()
    code = start(f"{site.url}/", folder / "calm", options.database).wait()
    whole = time.monotonic() - began
    expected = dump(calm)
    asked, articles = sum(site.asked.values()), len(expected["articles"])
    site.asked.clear()
    print(f"undisturbed: exit code {code}, {whole:.0f} s, {asked} requests, {articles} articles")
    share = whole / (options.kills + 1)
    torn = renewed(folder / "torn", options.database)
    moments = [chance.uniform(0.0, 1.2) * share for _ in range(options.kills)]
    last = tear(site, folder / "torn", options.database, moments)
    found = dump(torn)
    differing = [table for table, rows in expected.items() if rows != found[table]]
    missing = len({row[0] for row in expected["articles"]} - {row[0] for row in found["articles"]})
    damage = unfit(folder / "torn", options.database)
    print(
        f"{options.kills} kills: exit code {last}, {missing} articles missing, tables that "
        f"differ: {', '.join(differing) or 'none'}, verify: {damage or 'fit'}"
    )
    again = [n - 1 for path, n in site.asked.items() if path.startswith("/2014/") and n > 1]
    print(
        f"fetched more than once: {sum(again)} requests of {len(again)} pages in all, "
        f"{sum(again) / options.kills:.1f} a kill"
    )
    return int(bool(differing or missing or damage) or sum(again) > 16 * options.kills)


if __name__ == "__main__":
    sys.exit(main())
