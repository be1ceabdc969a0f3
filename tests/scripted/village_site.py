"""A village paper of sixty articles whose threads a script draws, and what its readers say: all of
our own invention.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.crawling import ask
from tests.local_site import LocalSite, Route

ARTICLES, COMMENTS = 60, 400
BUSIEST = 130  # first comments under one article: more than one page of Waline's
FIRST_MOMENT = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)
_NAMES = (
    "Aaltje Berend Carolien Dirk-Jan Evelien Foppe Geesje Harm Ilse Jelmer Klaasje Lubbert".split()
)
_SURNAMES = ("van Dijk", "de Boer", "Hoekstra", "Ümit", "Zwart", "ter Horst", "Pietersen")
_OPENERS = ("Goed stuk", "Daar ben ik het niet mee eens", "Bij ons in de straat ook", "Jammer hoor")
_SUBJECTS = ("de veerpont", "het oude postkantoor", "de bloembakken", "het fietspad naar de dijk")
_ENDS = ("Wie komt er kijken?", "Dat zei mijn moeder al.", "Het kan écht beter.", "Tot zaterdag!")


@dataclass(frozen=True)
class Remark:
    """What a reader said under the article at *path*; *parent* is its place among all remarks."""

    path: str
    author: str
    text: str
    moment: datetime
    parent: int | None = None


def remarks() -> list[Remark]:
    """Return four hundred remarks; a third answer another one, some an answer."""
    said: list[Remark] = []
    latest: dict[str, list[int]] = {}
    for number in range(COMMENTS):
        path = path_of(0 if number < BUSIEST else number % ARTICLES)
        above = latest.get(path, [])
        parent = above[-1] if number >= BUSIEST and number % 3 and above else None
        text = (
            f"{_OPENERS[number % 4]}: {_SUBJECTS[number // 4 % 4]} is nummer {number + 1} waard. "
            f"{_ENDS[number // 16 % 4]}"
        )
        author = f"{_NAMES[number % 12]} {_SURNAMES[number % 7]}"
        moment = FIRST_MOMENT + timedelta(minutes=7 * number)
        said.append(Remark(path, author, text, moment, parent))
        latest.setdefault(path, []).append(number)
    return said


def path_of(number: int) -> str:
    """Return the path of an article."""
    return f"/nieuws/bericht-{number + 1}/"


def village(box: str) -> LocalSite:
    """Return the paper, each article with *box* where its thread is to be drawn; it is to be
    entered.
    """
    links = "".join(
        f'<li><a href="{path_of(n)}">Bericht {n + 1} uit het dorp</a></li>' for n in range(ARTICLES)
    )
    routes: dict[str, Route] = {
        "/": f"<html lang=nl><title>Dorpsblad</title><h1>Dorpsblad</h1><ul>{links}</ul></html>",
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n"),
    }
    for number in range(ARTICLES):
        page = article_page(number, box).encode()
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": f'"{number}"'}
        routes[path_of(number)] = (200, headers, page)
    return LocalSite(routes)


def article_page(number: int, box: str) -> str:
    """Return an article's page."""
    paragraph = (
        f"In het dorp werd dinsdag voor de {number + 1}e keer gesproken over "
        f"{_SUBJECTS[number % 4]}. De wethouder noemde het plan redelijk, de buurt vond van niet, "
        "en de zaal bleef tot laat in de avond bij elkaar om er iets beters van te maken."
    )
    return f"""<!doctype html><html lang="nl"><head><title>Bericht {number + 1} | Dorpsblad</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2025-02-{number % 27 + 1:02}T10:00:00+01:00">
</head><body><main><article><h1>Bericht {number + 1} uit het dorp</h1>
<p>{paragraph}</p><p>{paragraph.replace("dinsdag", "woensdag")}</p></article>
<section class="naschrift">{box}</section></main></body></html>"""


@dataclass(frozen=True)
class Kept:
    """A comment as the archive has it."""

    path: str
    author: str | None
    text: str
    minute: str
    parent: str | None
    status: str
    is_gone: bool


def kept(folder: Path) -> dict[str, Kept]:
    """Return the archive's comments by the site's own ids."""
    rows = ask(
        folder,
        "select c.*, a.url, p.source_id as parent_key from comments c join articles a "
        "on a.id = c.article_id left join comments p on p.id = c.parent_id",
    )
    return {row["source_id"]: _kept(row) for row in rows}


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(
        path="/" + row["url"].split("/", 3)[3],
        author=row["author"],
        text=row["text"],
        minute=str(row["date_created"]).replace("T", " ")[:16],
        parent=row["parent_key"],
        status=row["status"],
        is_gone=row["gone_at"] is not None,
    )


def minute(moment: datetime) -> str:
    """Return a moment as the archive writes it, by the clock in Amsterdam, to the minute."""
    return moment.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%d %H:%M")


def told(said: Sequence[Remark], number: int, parent: str | None) -> Kept:
    """Return what the archive should have of a remark that is to be seen."""
    one = said[number]
    return Kept(one.path, one.author, one.text, minute(one.moment), parent, "visible", False)
