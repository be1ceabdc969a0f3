"""Running commands as a user does, in a process of their own, and looking at the archive
afterwards.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.database import Archive, default_database
from tests.patience import at_most

ROOT = Path(__file__).parent.parent
CONTACT = "tests@example.org"
KNIPSEL = (sys.executable, "-m", "crawler.console")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def knipsel(
    *arguments: str,
    environment: dict[str, str] | None = None,
    timeout: float = 120,
    program: Sequence[str] = KNIPSEL,
) -> Ended:
    """Run a command in the project and return how it ended."""
    variables = {
        **os.environ,
        "KNIPSEL_CONTACT": CONTACT,
        "PYTHONWARNINGS": "default",
        **(environment or {}),
    }
    done = subprocess.run(
        [*program, *arguments],
        cwd=ROOT, env=variables, capture_output=True, text=True, check=False,
        timeout=at_most(timeout),
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


# As the customer types it: Scrapy, which loads all commands first.
scrapy = partial(knipsel, program=(sys.executable, "-m", "scrapy"))


def crawl(site: str, folder: Path, *more: str, environment: dict[str, str] | None = None) -> Ended:
    """Crawl *site* into an archive in *folder*, quickly."""
    arguments = crawl_arguments(site, folder, "RETRY_AFTER_SECONDS=0.1", "EXTRACTION_WORKERS=1")
    return knipsel(*arguments, *more, environment=environment)


def crawl_arguments(site: str, folder: Path, *settings: str) -> list[str]:
    """Return the words after `knipsel` that crawl *site* into an archive in *folder*."""
    words = ["crawl", "articles", "-a", f"site={site}", "-s", f"KNIPSEL_ARCHIVE={folder}"]
    return words + [word for setting in settings for word in ("-s", setting)]


def start_crawl(site: str, folder: Path, *settings: str, **streams: Any) -> "subprocess.Popen[Any]":
    """Start a crawl of *site* and return the process; *streams* go to Popen as they are."""
    return subprocess.Popen(
        [*KNIPSEL, *crawl_arguments(site, folder, *settings)],
        cwd=ROOT, env={**os.environ, "KNIPSEL_CONTACT": CONTACT}, **streams,
    )  # fmt: skip


def ask(folder: Path, query: str) -> list[dict[str, Any]]:
    """Return what a SQL *query* answers on the archive in *folder*."""
    archive = Archive.open(default_database(folder))
    try:
        with archive.read() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]
    finally:
        archive.close()
