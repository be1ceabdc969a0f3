"""The pages from which the weights are fitted: the shared corpus, the gold pages, articles and
forums of the public benchmarks, the project's own golden pages with and without their names, and
made-up Dutch ones.
"""

import gzip
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from benchmarks.made_pages import NOW, made_pages

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PAGES = ROOT / "tests" / "pages"
sys.path.append(str(SHARED / "score"))
import score_bench  # noqa: E402 - the scorers stand beside the material, not in the project
import score_corpus  # noqa: E402
import score_pages  # noqa: E402

FOLDS = 5
MOST_PAGES = 4  # of one site: they are of one template
MADE = 120


@dataclass(frozen=True)
class Entry:
    """A page with its gold comments, none on one that has none; or one of whose comments nothing is
    known, with *pieces* of its article, which are none. *of* names what it is of: corpus, gold,
    articles, forums, made.
    """

    name: str
    site: str
    url: str
    now: datetime
    body: bytes
    comments: list[dict[str, Any]]
    of: str = "corpus"
    pieces: tuple[str, ...] = ()

    @property
    def fold(self) -> int:
        return zlib.crc32(self.site.encode()) % FOLDS


def all_pages() -> list[Entry]:
    """Return all pages, few of each site."""
    return [*_few(entries()), *_few(_articles()), *_few(_forums()), *_own_pages(), *_made()]


def entries() -> Iterator[Entry]:
    """Yield the pages of the corpus, then those with gold: pages, pages2, samples."""
    for row, label, body in score_corpus.pages(SHARED / "corpus", [], []):
        now = datetime.fromisoformat(label["fetched_at"])
        yield Entry(row["id"], row["site"], label["url"], now, body, label["comments"])
    samples = sorted((SHARED / "gold" / "samples").iterdir())
    for folder in (SHARED / "gold" / "pages", SHARED / "gold" / "pages2", *samples):
        for page in score_pages.load(folder, None):
            is_sample = "/" in page["id"]
            site = page["id"].partition("/")[0] if is_sample else page["id"].rpartition("-")[0]
            comments = [
                {"author": None, "date": None, "parent": None, "parent_known": not c.get("orphan")}
                | c
                for c in page["comments"]
            ]
            yield Entry(
                page["id"], site, page["url"], page["now"], page["html"], comments, of="gold"
            )


def _articles() -> Iterator[Entry]:
    """Yield pages of the article benchmarks with paragraphs of their text."""
    for name, every in (("articles181", 1), ("readability", 1), ("trafeval", 3)):
        (_name, rows), *_others = score_bench.load(SHARED / "bench", [name], every)
        for identity, url, file, gold in rows:
            pieces = gold.get("with") or (gold.get("body") or "").split("\n")
            yield Entry(
                identity,
                urlsplit(url).netloc if name != "readability" else identity.rpartition("-")[0],
                url,
                score_bench.NOW,
                gzip.decompress(file.read_bytes()),
                [],
                of="articles",
                pieces=tuple(piece for piece in pieces if piece.strip()),
            )


def _forums() -> Iterator[Entry]:
    """Yield the topics of the forum benchmark with their posts."""
    for _name, rows in score_bench.load(SHARED / "bench", ["forums"], 1):
        for identity, url, file, gold in rows:
            posts = [
                {"author": post["author"], "text": post["text"], "date": None, "parent": None}
                | {"parent_known": False}
                for post in gold["comments"]
            ]
            body = gzip.decompress(file.read_bytes())
            site = urlsplit(url).netloc
            yield Entry(identity, site, url, score_bench.NOW, body, posts, of="forums")


def _own_pages() -> Iterator[Entry]:
    """Yield the pages of tests/pages, each its own site, as they are and without names."""
    for folder in sorted(path.parent for path in PAGES.glob("*/*/expected.json")):
        case = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        if "comments" not in case["expected"]:
            continue
        comments = [
            {"author": None, "date": None, "parent": None, "parent_known": True} | comment
            for comment in case["expected"]["comments"]
        ]
        now = datetime.fromisoformat(case["page"]["fetched_at"])
        body = (folder / "page.html").read_bytes()
        site = f"own-{folder.parent.name}-{folder.name}"
        for name, page in ((site, body), (site + "-nameless", without_names(body))):
            yield Entry(name, site, case["page"]["url"], now, page, comments, of="gold")


def _made() -> Iterator[Entry]:
    for page in made_pages(MADE):
        body = page.html.encode()
        yield Entry(page.name, page.name, page.url, NOW, body, page.comments, of="made")


def without_names(body: bytes) -> bytes:
    """Return a page whose classes and ids say nothing any more."""
    tree = html.document_fromstring(body.decode("utf-8", "replace"))
    for element in tree.iter("*"):
        for name in list(element.attrib):
            if name in {"class", "id"}:
                words = [f"x{zlib.crc32(word.encode()):08x}" for word in element.get(name).split()]
                element.set(name, " ".join(words))
            elif name in {"rel", "itemprop"} or name.startswith("data-"):
                del element.attrib[name]
    return html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")


def _few(pages: Iterable[Entry]) -> list[Entry]:
    """Return at most MOST_PAGES of each site: they are of one template."""
    by_site: dict[str, list[Entry]] = defaultdict(list)
    for page in pages:
        by_site[page.site].append(page)
    return [page for held in by_site.values() for page in _spread(held)]


def _spread(pages: Sequence[Entry]) -> Sequence[Entry]:
    step = max(1, -(-len(pages) // MOST_PAGES))
    return pages[::step]
