"""On which day, month and year the archive has what its pages date: in SQL, exports, search and the
reading room.

The site is made here: articles and comments dated to the day, the month, the year and the minute,
in words, in `datetime` and in JSON-LD, about New Year and on both nights of the clock change.
They are read, stored and asked for; every answer is held against what the page shows.

python benchmarks/local_days.py [postgresql://root@127.0.0.1/EMPTY]
"""

import csv
import http.client
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson
import pyarrow.parquet as pq

from pipelines.article import extract
from storage.crawl import Listing, VisitContext, add_candidates, runs, save_visit, sites
from storage.database import Archive, default_database
from storage.exports import ExportRequest, export
from storage.privacy import Pseudonyms
from storage.records import Candidate, Page, Visit
from storage.search import Query, find_facets, search

FETCHED = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
SITE = "https://dagblad.example"
MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
DAYS = (
    "2012-12-31", "2013-01-01", "2013-01-02", "2013-03-30", "2013-03-31", "2013-04-01",
    "2013-06-30", "2013-07-01", "2013-10-26", "2013-10-27", "2013-10-28", "2023-12-31",
    "2024-01-01", "2024-02-29", "2024-03-31",
)  # fmt: skip
CLOCKS = ("2013-01-01 00:05", "2012-12-31 23:55", "2013-03-31 03:30", "2013-10-27 02:30")
PERIODS = ("2013-01", "2013-12", "2013", "2024")


@dataclass(frozen=True)
class Dated:
    """A page: *shown* is the date that it shows, as the archive should have it."""

    shown: str
    stated: str

    @property
    def html(self) -> str:
        """The page."""
        text = " ".join(
            f"De molen van {self.shown} draait, zin {number}: er is koren en er is wind genoeg."
            for number in range(12)
        )
        return (
            "<!doctype html><html lang='nl'><head><title>Molennieuws</title></head><body>"
            f"<article><h1>Molen op {self.shown}</h1><p class='byline'>Door Wil Terpstra</p>"
            f"{self.stated}<div class='entry-content'><p>{text}</p></div></article>"
            "<section id='comments'><h2>1 reactie</h2><ol class='comment-list'><li class='comment' "
            "id='comment-1'><cite class='fn'>Ans</cite> "
            f"<span class='comment-date'>{in_words(self.shown)}</span>"
            "<div class='comment-content'><p>Dat is mooi nieuws voor het hele dorp.</p></div></li>"
            "</ol></section></body></html>"
        )


def in_words(shown: str) -> str:
    """Return a local value as a Dutch page writes it."""
    day, _space, clock = shown.partition(" ")
    year, *rest = day.split("-")
    words = " ".join(
        (*(str(int(rest[1])) for _ in rest[1:]), *(MONTHS[int(m) - 1] for m in rest[:1]))
    )
    return f"{words} {year}".strip() + (f" om {clock} uur" if clock else "")


def dated_pages() -> Iterator[Dated]:
    """Yield the pages of the site."""
    for shown in (*DAYS, *CLOCKS, *PERIODS):
        yield Dated(shown, f"<time class='entry-date'>{in_words(shown)}</time>")
    for shown in DAYS:
        yield Dated(shown, f"<time class='entry-date' datetime='{shown}'>{in_words(shown)}</time>")
        facts = {"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": shown}
        script = orjson.dumps({**facts, "headline": f"Molen op {shown}"}).decode()
        yield Dated(shown, f"<script type='application/ld+json'>{script}</script>")
    for shown in CLOCKS:
        opening = f"<time class='entry-date' datetime='{shown.replace(' ', 'T')}'>"
        yield Dated(shown, f"{opening}{in_words(shown)}</time>")


def store(archive: Archive, pages: list[Dated]) -> None:
    """Read and store every page."""
    with archive.begin() as connection:
        site = sites.register_site(connection, f"{SITE}/")
        run = runs.begin_run(connection, site, {}, FETCHED)
        found = [Candidate(url=f"{SITE}/{number}/") for number in range(len(pages))]
        add_candidates(connection, found, Listing(site_id=site, now=FETCHED, cap=len(pages)))
        context = VisitContext(
            run_id=run, site_id=site, seen_at=FETCHED, extractor_version="0", cap=0,
            max_attempts=1, retry_after_seconds=1,
        )  # fmt: skip
        for number, page in enumerate(pages):
            url = f"{SITE}/{number}/"
            article = extract(Page(url=url, body=page.html.encode(), fetched_at=FETCHED))
            if len(page.shown) == len("2013"):  # no page's bare year is taken for its date
                first = datetime(int(page.shown), 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))
                article = replace(article, date_published=first, date_published_precision="year")
            visit = Visit(
                page_id=number + 1, url=url, state="done", outcome="article", article=article
            )
            save_visit(connection, visit, context, ())


class Score:
    """How many answers there are of each place, and how many are wrong."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    def add(self, place: str, got: object, wanted: object) -> None:
        """Count an answer."""
        self.asked[place] += 1
        if got != wanted:
            self.wrong[place] += 1
            print(f"{place}: {got!r} for {wanted!r}", file=sys.stderr)


def number_of(url: str) -> int:
    """Return which page stands at *url*."""
    return int(urlsplit(url).path.strip("/"))


def ask_sql(archive: Archive, pages: list[Dated], score: Score) -> None:
    """Ask the views."""
    for row in archive.select("SELECT * FROM article_overview")[1]:
        shown = pages[number_of(row["url"])].shown
        score.add("SQL, article_overview", row["date_published"], shown)
        day = str(row["date_published_day"]) if row["date_published_day"] else None
        score.add("SQL, date_published_day", day, shown[:10] if len(shown) >= 10 else None)
    for row in archive.select("SELECT * FROM comment_thread")[1]:
        score.add(
            "SQL, comment_thread", row["date_created"], pages[number_of(row["article_url"])].shown
        )
    months = Counter(page.shown[:7] for page in pages)
    for row in archive.select("SELECT month, articles FROM coverage")[1]:
        score.add("SQL, coverage", row["articles"], months[row["month"]])


def exported(archive: Archive, folder: Path, request: ExportRequest) -> list[dict[str, Any]]:
    """Return the rows of an export."""
    path = folder / f"made.{request.form}"
    export(archive, request, Pseudonyms(b"local days"), path)
    if request.form == "jsonl":
        return [orjson.loads(line) for line in path.read_bytes().splitlines()]
    if request.form == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    return pq.read_table(path).to_pylist()


def ask_exports(archive: Archive, folder: Path, pages: list[Dated], score: Score) -> None:
    """Ask the exports: each form, each day from itself to itself, the parts by year."""
    for form in ("jsonl", "csv", "parquet"):
        for row in exported(archive, folder, ExportRequest(dataset="articles", form=form)):
            shown = pages[number_of(row["url"])].shown
            score.add(f"export, {form}", row["date_published"], shown)
            day = shown[:10] if len(shown) >= 10 else ""
            score.add(f"export, {form}, day", str(row["date_published_day"] or ""), day)
    days = {date.fromisoformat(day) + timedelta(n) for day in DAYS for n in (-1, 0, 1)}
    for day in sorted(days):
        wanted = sorted(n for n, page in enumerate(pages) if page.shown[:10] == str(day))
        for dataset, name in (("articles", "url"), ("comments", "article_url")):
            request = ExportRequest(dataset=dataset, form="jsonl", since=day, until=day)
            got = sorted(number_of(row[name]) for row in exported(archive, folder, request))
            score.add(f"--since D --until D, {dataset}", got, wanted)
    whole = ExportRequest(dataset="articles", form="parquet", partitioned=True)
    export(archive, whole, Pseudonyms(b"local days"), folder / "parts")
    years = Counter(page.shown[:4] for page in pages)
    for path in (folder / "parts").glob("*/year=*/*.parquet"):
        year = path.parent.name.removeprefix("year=")
        score.add("--partition", pq.read_metadata(path).num_rows, years[year])


def ask_search(archive: Archive, pages: list[Dated], score: Score) -> None:
    """Ask the search: the years among its hits, and each year by itself."""
    years = Counter(page.shown[:4] for page in pages)
    with archive.read() as connection:
        facets = find_facets(connection, Query(words="molen"))
        score.add("search, years", dict(facets.counts["year"]), dict(years))
        for year, count in years.items():
            first, last = date(int(year), 1, 1), date(int(year) + 1, 1, 1)
            hits = search(connection, Query(words="molen", since=first, before=last, limit=999))
            score.add("search, one year", len(hits), count)


def ask_reading_room(folder: Path, pages: list[Dated], score: Score) -> None:
    """Ask the reading room for each article's page."""
    command = [sys.executable, "-u", "-m", "scrapy", "browse", "--port", "0"]
    settings = ["-s", f"KNIPSEL_ARCHIVE={folder}"]
    with subprocess.Popen([*command, *settings], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://([\d.:]+)", process.stdout.readline())
            assert found
            for number, page in enumerate(pages):
                connection = http.client.HTTPConnection(found[1], timeout=60)
                connection.request("GET", f"/article/{number + 1}")
                shown = re.findall(
                    r"<time>([^<]+)</time>", connection.getresponse().read().decode()
                )
                score.add("reading room", shown, [page.shown] * 2)
        finally:
            process.terminate()


def measure(url: str, folder: Path) -> Score:
    """Return what an archive at *url* answers."""
    pages, score, archive = list(dated_pages()), Score(), Archive.open(url)
    try:
        store(archive, pages)
        ask_sql(archive, pages, score)
        ask_exports(archive, folder, pages, score)
        ask_search(archive, pages, score)
    finally:
        archive.close()
    if url.startswith("sqlite"):
        ask_reading_room(folder, pages, score)
    return score


def main() -> int:
    """Print a table for each database; 1 when an answer is wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for url in (default_database(Path(name)), *sys.argv[1:]):
            score = measure(url, Path(name))
            print(f"\n| {url.partition(':')[0]} | asked | wrong |\n| --- | --- | --- |")
            for place, asked in score.asked.items():
                print(f"| {place} | {asked} | {score.wrong[place]} |")
            wrong += score.wrong.total()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
