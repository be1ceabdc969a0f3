"""What commands load before they work: a start is quick as long as these lists are short."""

import subprocess
import sys
from pathlib import Path

import pytest

from crawler import console

ROOT = Path(__file__).parent.parent.parent
# Of what is not Python's own, ``knipsel --help`` may load this:
OVERVIEW = {"crawler", "crawler.console"}
# and the help of one command nothing of these, which is what the commands work with.
WORKS_WITH = {
    "alembic", "dateparser", "fastwarc", "jinja2", "pebble", "pipelines.article", "playwright",
    "prometheus_client", "pyarrow", "snowballstemmer", "sqlalchemy", "trafilatura", "warcio",
}  # fmt: skip
# What an archive of the newest schema is opened without, and a crawl begins without.
NOT_TO_OPEN = {"alembic", "trafilatura", "pebble", "dateparser", "warcio", "pyarrow", "jinja2"}
NOT_TO_CRAWL = {
    "aiohttp", "alembic", "dateparser", "jinja2", "pipelines.article", "playwright", "pyarrow",
    "requests", "tldextract", "trafilatura", "warcio",
}  # fmt: skip


def loaded(program: str, folder: Path = ROOT) -> set[str]:
    """Return the modules that *program* has loaded when it ends."""
    ending = "\nimport sys; print('\\nLOADED', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program + ending],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.rpartition("LOADED ")[2].split())


def helped(*words: str) -> str:
    return (
        "import contextlib\nfrom crawler import console\n"
        f"with contextlib.suppress(SystemExit):\n    console.main({list(words)!r})\n"
    )


def test_the_overview_loads_python_s_own_modules_only() -> None:
    bare = loaded("import contextlib")
    found = {
        name
        for name in loaded(helped("--help")) - bare
        if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert found == OVERVIEW


@pytest.mark.parametrize("command", console.commands())
def test_help_of_a_command_loads_nothing_that_it_works_with(command: str) -> None:
    assert loaded(helped(command, "--help")) & WORKS_WITH == set()


def test_an_archive_is_opened_without_what_makes_and_reads_one(tmp_path: Path) -> None:
    program = helped("sites", "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    made = loaded(program)
    assert {"alembic", "sqlalchemy"} <= made
    assert loaded(program) & NOT_TO_OPEN == set()


def test_a_crawl_begins_without_the_readers_of_its_workers() -> None:
    program = """
import os
os.environ["KNIPSEL_CONTACT"] = "a@b.example"
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings
import crawler.commands.crawl, pipelines.items
from crawler.crawl import open_session, take_next
from crawler.spiders import ArticlesSpider
made = AsyncCrawlerProcess(get_project_settings()).create_crawler(ArticlesSpider)
made._apply_settings()
for name in ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES"):
    made.settings.get_component_priority_dict_with_base(name)
"""
    assert loaded(program) & NOT_TO_CRAWL == set()
