"""What a command line says that no command reads is refused, and named."""

import pytest
from scrapy.utils.project import get_project_settings

from crawler.cli import run
from tests.crawling import knipsel


@pytest.mark.parametrize(
    ("line", "surplus"),
    [
        ("verify now", "now"),
        ("runs www.example.nl", "www.example.nl"),
        ("forget --author Jan de Vries", "de"),
        ("export comments a.csv year", "year"),
        ("diff https://www.example.nl/a https://www.example.nl/b", "https://www.example.nl/b"),
        ("learn www.example.nl molen", "molen"),
    ],
)
def test_a_word_that_nobody_reads_is_refused(
    line: str, surplus: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *words = line.split()
    assert run(name, words, get_project_settings()) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"knipsel {name}: What is {surplus!r} for? Say: knipsel {name} ")


@pytest.mark.parametrize("name", ["molen", "www.example.nl"])
def test_a_spider_that_nobody_knows_is_named_with_what_may_be_said(name: str) -> None:
    ended = knipsel("crawl", name)
    assert ended.code == 2
    assert f"There is no spider {name!r}. Say the address of a site" in ended.err
