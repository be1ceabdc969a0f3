"""Spiders of a user's own: in a folder that ``knipsel init`` made, against sites on loopback."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.demo import DemoServer
from tests.crawling import CONTACT, ROOT, Ended, ask
from tests.patience import at_most

PAGE = "2025/05/een-vierkante-meter/"
QUICKLY = ("-s", "RETRY_AFTER_SECONDS=0.1", "-s", "EXTRACTION_WORKERS=1")
THREE_LINES = """
from crawler.spiders import KnipselSpider
class MySite(KnipselSpider):
    name, site = "mysite", "{site}"
"""
OWN_PARSE = """
from dataclasses import replace
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import Rule
from crawler.spiders import KnipselSpider

class Parsed(KnipselSpider):
    name, site = "parsed", "{site}"
    rules = (Rule(LinkExtractor(allow=(r"/20(09|25)/", r"/page/"))),)

    async def parse(self, response):
        article = await self.read(response)
        if article is not None and "meter" in response.url:
            yield replace(article, article_section="Eigen")
        yield {{"seen": response.url}}
"""
PLAIN = """
import scrapy
from storage.records import Article

class Plain(scrapy.Spider):
    name = "plain"
    start_urls = ["{site}", "{site}geheim/"]
    custom_settings = {{"DOWNLOAD_DELAY": 0}}

    async def start(self):
        yield Article(url="{site}nergens/", headline="Nergens", article_body="Nooit gehaald.")
        for url in self.start_urls:
            yield scrapy.Request(url, errback=self.note)

    def parse(self, response):
        yield response.follow("{page}", self.parse_article)

    def parse_article(self, response):
        text = "\\n\\n".join(response.css("article p::text").getall())
        yield Article(url=response.url, headline=response.css("h1::text").get(), article_body=text)

    def note(self, failure):
        self.logger.info("refused %s", failure.request.url)
"""
SETTINGS = """
from crawler.settings import *
SPIDER_MODULES = ["crawler.spiders", "my_spiders"]
ITEM_PIPELINES = {"my_pipelines.Shout": 150}
EXTENSIONS = {"my_pipelines.StatsFile": 500}
"""
PIPELINES = """
import json
from dataclasses import replace
from pathlib import Path
from scrapy import signals

class Shout:
    def process_item(self, item):
        article = getattr(item, "article", None)
        if article is None:
            return item
        return replace(item, article=replace(article, headline=article.headline.upper()))

class StatsFile:
    @classmethod
    def from_crawler(cls, crawler):
        crawler.signals.connect(lambda: Path("stats.json").write_text(
            json.dumps(crawler.stats.get_stats(), default=str)), signals.spider_closed, weak=False)
        return cls()
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder of a user's own with three spiders, and the address of their site."""
    with DemoServer() as server:
        site = f"{server.url}/"
        assert knipsel(tmp_path, "init", ".", "--contact", CONTACT).code == 0
        for name, source in (("mysite", THREE_LINES), ("parsed", OWN_PARSE), ("plain", PLAIN)):
            text = source.format(site=site, page=PAGE)
            (tmp_path / "my_spiders" / f"{name}.py").write_text(text)
        yield tmp_path, site


def knipsel(folder: Path, *words: str, program: str = "crawler.console", **more: str) -> Ended:
    """Run ``knipsel`` (or *program*) in *folder*, with the variables that are given only."""
    quiet = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KNIPSEL_", "SCRAPY_"))
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", program, *words],
        cwd=folder, env={**quiet, "PYTHONPATH": str(ROOT), **more},
        capture_output=True, text=True, check=False, timeout=at_most(120),
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def stored(folder: Path) -> list[dict[str, Any]]:
    return ask(folder / "archive", "SELECT url, headline, article_section FROM article_overview")


def test_three_lines_crawl_politely_into_the_archive_and_feeds_get_the_articles(
    own: tuple[Path, str],
) -> None:
    folder, site = own
    assert knipsel(folder, "list").out.split() == ["articles", "mysite", "parsed", "plain"]
    ended = knipsel(folder, "crawl", "mysite", *QUICKLY, "-o", "out.jsonl")
    assert ended.code == 0, ended.err
    assert "12 (12 new)" in ended.out
    fed = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert {one["url"] for one in fed} == {one["url"] for one in stored(folder)}
    assert all("article_body" in one and "comments" in one for one in fed)
    fetched = ask(folder / "archive", "SELECT url, warc_file FROM fetches WHERE status = 200")
    assert f"{site}robots.txt" in {one["url"] for one in fetched}
    assert all(one["warc_file"] for one in fetched)
    (run,) = ask(folder / "archive", "SELECT arguments, verdict FROM runs")
    assert run["verdict"] == "ok"


def test_rules_and_a_parse_of_one_s_own_count_also_when_the_site_is_named(
    own: tuple[Path, str],
) -> None:
    folder, site = own
    (folder / "my_spiders" / "mysite.py").unlink()
    ended = knipsel(folder, "crawl", site, *QUICKLY, "-o", "out.jsonl", "--json")
    assert ended.code in {0, 1}, ended.err
    assert [(one["url"], one["article_section"]) for one in stored(folder)] == [
        (f"{site}{PAGE}", "Eigen")
    ]
    pages = ask(folder / "archive", "SELECT url, outcome FROM pages WHERE kind = 'page'")
    outcomes = {one["url"].removeprefix(site): one["outcome"] for one in pages}
    assert set(outcomes) - {""} == {url for url in outcomes if re.search("^20(09|25)/|page/", url)}
    assert "not_wanted" in outcomes.values()
    lines = (folder / "out.jsonl").read_text().splitlines()
    seen = [json.loads(line).get("seen") for line in lines]
    assert f"{site}{PAGE}" in seen, "items of one's own go to feeds and pipelines"


def test_settings_of_one_s_own_add_pipelines_and_extensions_and_figures_are_scrapy_s(
    own: tuple[Path, str],
) -> None:
    folder, _site = own
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = my_settings\n")
    (folder / "my_settings.py").write_text(SETTINGS)
    (folder / "my_pipelines.py").write_text(PIPELINES)
    ended = knipsel(folder, "crawl", "mysite", *QUICKLY, program="scrapy")
    assert ended.code == 0, ended.err
    headlines = [one["headline"] for one in stored(folder)]
    assert headlines
    assert all(headline == headline.upper() for headline in headlines)
    figures = json.loads((folder / "stats.json").read_text())
    ours = {name for name in figures if name.startswith("knipsel/")}
    assert (figures["knipsel/articles"], figures["knipsel/verdict"]) == (12, "ok")
    assert figures["item_scraped_count"] >= 12  # one that is found at two addresses comes twice
    table = (ROOT / "docs" / "scrapy.md").read_text()
    documented = set(re.findall(r"`(knipsel/[a-z_/]+)`", table))
    plain = {name for name in ours if name.count("/") == 1}
    assert plain == {name for name in documented if name.count("/") == 1}
    kinds = {name.rpartition("/")[0] for name in ours if name.count("/") == 2}
    assert kinds <= {name.rstrip("/") for name in documented}


def test_a_plain_spider_s_articles_are_stored_with_their_answers(own: tuple[Path, str]) -> None:
    folder, site = own
    ended = knipsel(folder, "crawl", "plain")
    assert ended.code == 0, ended.err
    assert [one["url"] for one in stored(folder)] == [f"{site}{PAGE}"]
    assert "nergens/ is not stored: yield an article from the callback" in ended.err
    assert f"refused {site}geheim/" in ended.err, "robots.txt counts for every spider"
    assert knipsel(folder, "verify").code == 0
    (kept,) = ask(folder / "archive", "SELECT url, warc_file FROM fetches")
    assert kept["url"] == f"{site}{PAGE}"
    (known,) = ask(folder / "archive", "SELECT paused_at FROM sites")
    assert known["paused_at"], "no timer of Knipsel's crawls it"


def test_scrapy_s_own_commands_try_a_spider_and_store_nothing(own: tuple[Path, str]) -> None:
    folder, site = own
    tried = knipsel(folder, "parse", "--spider", "parsed", f"{site}{PAGE}", "--nolog")
    assert "'article_section': 'Eigen'" in tried.out
    assert f"'seen': '{site}{PAGE}'" in tried.out
    fetched = knipsel(folder, "fetch", f"{site}robots.txt", "--nolog")
    assert "Disallow: /geheim/" in fetched.out
    asked = ("--spider", "mysite", f"{site}{PAGE}", "-c", "response.css('h1::text').get()")
    shown = knipsel(folder, "shell", *asked, "--nolog")
    assert shown.out.strip() == "Eén vierkante meter"
    assert "Ran 0 contracts" in knipsel(folder, "check", "mysite").err
    assert not (folder / "archive").exists()


def test_genspider_makes_a_spider_that_crawls(own: tuple[Path, str]) -> None:
    folder, site = own
    for name in ("mysite", "parsed", "plain"):
        (folder / "my_spiders" / f"{name}.py").unlink()
    assert knipsel(folder, "genspider", "-t", "knipsel", "buurt", site).code == 0
    assert "knipsel" in knipsel(folder, "genspider", "--list").out.split()
    ended = knipsel(folder, "runspider", "my_spiders/buurt.py", "-a", "limit=2")
    assert (ended.code, len(stored(folder))) == (0, 2), ended.err
    refused = knipsel(folder, "genspider", "-t", "knipsel")
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)


def test_what_cannot_be_done_is_one_sentence(own: tuple[Path, str]) -> None:
    folder, site = own
    (folder / "knipsel.toml").write_text('spiders = ["my_spiders"]\n')
    for words in (("crawl", "mysite"), ("crawl", "plain"), ("fetch", site), ("crawl", "nobody")):
        refused = knipsel(folder, *words)
        assert refused.code == 2
        assert len([one for one in refused.err.splitlines() if "INFO" not in one]) == 1
    spider = THREE_LINES.format(site=site).replace("MySite", "Ruled").replace("mysite", "ruled")
    rule = "    rules = (Rule(LinkExtractor(restrict_css='nav')),)\n"
    imports = "from scrapy.spiders import Rule\nfrom scrapy.linkextractors import LinkExtractor\n"
    (folder / "my_spiders" / "ruled.py").write_text(imports + spider + rule)
    refused = knipsel(folder, "crawl", "ruled", KNIPSEL_CONTACT=CONTACT)
    assert refused.code == 2
    assert "may say allow and deny, not where a link is" in refused.err
    assert "Traceback" not in refused.err
