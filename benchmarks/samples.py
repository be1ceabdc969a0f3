"""Sites with pages whose right answers are known: from SHARED_FOLDER/gold/samples, where a site's
own database holds them, and from the hand-made gold of SHARED_FOLDER/gold/pages.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.records import Page

ZONE = ZoneInfo("Europe/Amsterdam")
FETCHED = datetime(2025, 1, 1, 12, tzinfo=ZONE)


@dataclass(frozen=True)
class Sample:
    """A page and what is right of it; None where the gold does not state it."""

    page: Page
    body: str
    title: str | None = None
    authors: frozenset[str] | None = None
    published: datetime | None = None
    comments: tuple[str, ...] | None = None


def samples(shared: Path) -> Iterator[tuple[str, list[Sample]]]:
    """Yield the sites with their pages."""
    for folder in sorted((shared / "gold" / "samples").iterdir()):
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        yield (
            folder.name,
            [
                _from_database(folder, post, truth["fetched"])
                for post in truth["posts"]
                if post["pages"] == 1
            ],
        )
    yield from _gold_sites(shared / "gold" / "pages")


def _from_database(folder: Path, post: dict, fetched: str) -> Sample:  # type: ignore[type-arg]  # JSON
    file = post["files"][0]
    body = gzip.decompress((folder / file["file"]).read_bytes())
    page = Page(
        url=file["url"],
        body=body,
        fetched_at=datetime.fromisoformat(fetched),
        content_type="text/html",
    )
    is_whole = len(post["files"]) == 1  # else the thread goes on on other pages
    comments = (
        tuple(one["text"] for one in post["comments"] if one["type"] == "comment")
        if is_whole
        else None
    )
    published = datetime.fromisoformat(post["published"])
    return Sample(
        page, post["body"], post["title"], frozenset({post["author"]}), published, comments
    )


def _gold_sites(folder: Path) -> Iterator[tuple[str, list[Sample]]]:
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["gold"] == "full"
        ]
    for site, count in Counter(row["site"] for row in rows).items():
        if count >= 4:
            yield site, [_from_gold(folder, row) for row in rows if row["site"] == site]


def _from_gold(folder: Path, row: dict[str, str]) -> Sample:
    gold = json.loads((folder / "gold" / f"{row['id']}.json").read_text(encoding="utf-8"))
    url = row["url"] if "://" in row["url"] else f"https://{row['site']}{row['url']}"
    page = Page(
        url=url,
        body=gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes()),
        fetched_at=FETCHED,
    )
    told = gold["date_published"] or ""
    moment = datetime.fromisoformat(told) if "T" in told else None
    published = moment.replace(tzinfo=moment.tzinfo or ZONE) if moment else None
    comments = tuple(one["text"] for one in gold["comments"])
    return Sample(
        page, gold["body"], gold["title"], frozenset(gold["authors"]), published, comments
    )
