"""A crawl that ends while it still learns leaves no task behind."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from crawler.extraction import ExtractionPool, LearnedPages
from pipelines.learning import StatedEvidence
from storage.records import Page
from tests.crawling import ask, crawl
from tests.local_site import LocalSite
from tests.village import article, thread

ARTICLES, ANSWERS = 60, 40  # some answers say that there is no feed and no sitemap
POOL = "tests.crawl.test_early_end.EndlessLearner"


class EndlessLearner(ExtractionPool):
    """Reads pages, and never has learned from them."""

    async def learn(
        self, site: str, pages: Sequence[Page], stated: Mapping[str, StatedEvidence]
    ) -> LearnedPages:
        """Say that it learns, and wait for good."""
        print("learning begins", flush=True)
        await asyncio.Event().wait()
        raise AssertionError((site, pages, stated))


def test_learning_is_given_up_where_a_crawl_ends_early(tmp_path: Path) -> None:
    names = [f"/2014/stuk-{number}/" for number in range(ARTICLES)]
    links = "".join(f'<li><h2><a href="{name}">Stuk</a></h2></li>' for name in names)
    routes = {
        name: article(f"Stuk {number}", "2014-05-01T09:30:00+02:00", thread(1, 3, declared=3))
        for number, name in enumerate(names)
    }
    with LocalSite({"/": f"<html lang=nl><body><ul>{links}</ul></body></html>", **routes}) as site:
        early = ("-s", f"EXTRACTION_POOL={POOL}", "-s", f"CLOSESPIDER_PAGECOUNT={ANSWERS}")
        ended = crawl(site.url, tmp_path, *early)
    assert "learning begins" in ended.out
    assert "Task was destroyed" not in ended.err
    assert "Traceback" not in ended.err
    assert "was never awaited" not in ended.err
    assert ask(tmp_path, "SELECT count(*) AS n FROM articles")[0]["n"] > 0
    assert ask(tmp_path, "SELECT ended_at FROM runs")[0]["ended_at"] is not None
