"""Exported links: inside articles, comments and threads, and as a dataset of their own."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from storage.database import Archive
from storage.exports import ExportRequest, export
from storage.privacy import Pseudonyms
from storage.records import Link
from tests.exports.test_exports import lines
from tests.sample_archive import FIRST, PASSIE, SampleArchive

WEB = Link(
    url="https://www.nu.nl/a?b=1",
    canonical_url="https://www.nu.nl/a?b=1",
    domain="nu.nl",
    text="=eerder",
)
CALL = Link(url="tel:0612345678", text="bel 0612345678")
LINKED = replace(
    PASSIE,
    links=(WEB,),
    comments=(
        *PASSIE.comments[:2],
        replace(PASSIE.comments[2], links=(CALL, WEB)),
        *PASSIE.comments[3:],
    ),
)


@pytest.fixture
def make(archive: Archive, tmp_path: Path) -> Callable[..., Path]:
    SampleArchive(archive).save(LINKED, FIRST)

    def made(dataset: str, name: str, **more: Any) -> Path:
        form = name.rpartition(".")[2]
        request = ExportRequest(dataset=dataset, form=form, **more)
        export(archive, request, Pseudonyms(bytes(32)), tmp_path / name)
        return tmp_path / name

    return made


def addresses(found: list[dict[str, Any]]) -> list[str]:
    return [link["url"] for link in found]


def test_texts_hold_their_links_in_json_and_parquet(make: Callable[..., Path]) -> None:
    (article,) = lines(make("articles", "a.jsonl"))
    assert article["links"] == [
        {"url": WEB.url, "canonical_url": WEB.url, "domain": "nu.nl", "text": "=eerder"}
    ]
    found = [addresses(row["links"]) for row in lines(make("comments", "c.jsonl"))]
    assert found == [[], [], [CALL.url, WEB.url], []]
    table = pl.read_parquet(make("comments", "c.parquet"))
    assert table["links"].to_list()[2][1]["domain"] == "nu.nl"


def test_threads_hold_the_links_of_text_and_comments(make: Callable[..., Path]) -> None:
    (thread,) = lines(make("threads", "t.jsonl"))
    assert addresses(thread["links"]) == [WEB.url]
    found = [addresses(comment["links"]) for comment in thread["comments"]]
    assert sorted(found) == [[], [], [], [CALL.url, WEB.url]]
    (row,) = pl.read_parquet(make("threads", "t.parquet")).to_dicts()
    assert [addresses(comment["links"]) for comment in row["comments"]] == found


def test_links_are_a_table_of_their_own(make: Callable[..., Path]) -> None:
    with make("links", "l.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["url"], row["domain"], bool(row["comment_id"])) for row in rows] == [
        (WEB.url, "nu.nl", False),
        (CALL.url, "", True),
        (WEB.url, "nu.nl", True),
    ]
    assert {row["article_url"] for row in rows} == {PASSIE.url}
    assert rows[0]["text"] == "'=eerder", "no formula runs"


def test_masks_hide_telephone_numbers_in_links(make: Callable[..., Path]) -> None:
    for dataset in ("links", "comments", "threads"):
        text = make(dataset, f"{dataset}.jsonl", mask=True).read_text(encoding="utf-8")
        assert "0612345678" not in text
        assert "tel:[telefoon]" in text
    assert "0612345678" in make("links", "open.jsonl").read_text(encoding="utf-8")
