"""Workers as their users start them: `scrapy crawl articles` in processes of their own, on one
PostgreSQL.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.crawl import sites
from storage.database import Archive

ROOT = Path(__file__).parent.parent
DUMPS = {
    "articles": "SELECT url, headline, article_body, date_published, comments_captured, "
    "content_hash FROM articles ORDER BY url",
    "authors": "SELECT a.url, w.position, w.name FROM authors w JOIN articles a ON a.id = "
    "w.article_id ORDER BY 1, 2",
    "comments": "SELECT a.url, c.identity, c.position, c.author, c.text, c.gone_at IS NULL AS "
    "here FROM comments c "
    "JOIN articles a ON a.id = c.article_id ORDER BY 1, 3, 2",
    "pages": "SELECT url, kind, state, outcome FROM pages ORDER BY url",
}
STORED_TWICE = """
SELECT COUNT(*) FROM (SELECT page_id FROM fetches f JOIN pages p ON p.id = f.page_id
 WHERE p.kind = 'page' AND p.found_how = 'sitemap' AND f.outcome = 'ok' GROUP BY page_id HAVING \
COUNT(*) > 1) AS twice"""
# Rows of one site are written under its lock: a row of an earlier run after one of a later run was
# written by a late worker.
LATE_WRITES = """
SELECT COUNT(*) FROM (SELECT r.id AS run, MAX(r.id) OVER (PARTITION BY r.site_id ORDER BY f.id) AS \
newest
  FROM fetches f JOIN runs r ON r.id = f.run_id) AS rows WHERE run < newest"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How workers are started: the pause of every site of *places*, how many sites each holds, for
    how long a lock lasts.
    """

    folder: Path
    places: Sequence[str]
    delay: float
    sites_at_once: int
    lock_seconds: float = 180.0

    def start(self, database: str, log: Path) -> "subprocess.Popen[bytes]":
        """Start a worker on *database*; what it says goes to *log*."""
        slots = {
            place: {"concurrency": 1, "delay": self.delay, "jitter": 0.2} for place in self.places
        }
        settings = {
            "KNIPSEL_ARCHIVE": self.folder,
            "KNIPSEL_DATABASE": database,
            "DOWNLOAD_SLOTS": json.dumps(slots),
            "SITES_AT_ONCE": self.sites_at_once,
            "SITE_LOCK_SECONDS": self.lock_seconds,
            "EXTRACTION_WORKERS": 1,
            "RETRY_AFTER_SECONDS": 0.1,
        }
        command = [sys.executable, "-m", "scrapy", "crawl", "articles"]
        command += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        environment = {**os.environ, "KNIPSEL_CONTACT": "benchmark@example.org"}
        with log.open("ab") as out:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=out, stderr=out
            )  # our own command


def register(database: str, places: Iterable[str]) -> None:
    """Register the sites at *places*."""
    archive = Archive.open(database)
    with archive.begin() as connection:
        for place in places:
            sites.register_site(connection, f"http://{place}/")
    archive.close()


def dump(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is kept, without times and keys."""
    with archive.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(query))]
            for name, query in DUMPS.items()
        }


def count(archive: Archive, query: str) -> int:
    """Return the one number that *query* answers."""
    with archive.read() as connection:
        return int(connection.execute(text(query)).scalar_one())


def remaining(archive: Archive) -> int:
    """Return how many sites are due, or held."""
    with archive.read() as connection:
        now = sites.moment_of(connection)
        return sum(1 for _ in sites.due_sites(connection, now)) + len(
            sites.locked_sites(connection)
        )
