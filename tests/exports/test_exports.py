"""Exports: what they hold, who may be recognised in them, which programs open them, and that they
are the same each time.
"""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from storage.database import Archive
from storage.exports import BadExport, ExportRequest, export
from storage.exports import dataset as datasets
from storage.exports.text_files import TextFile, guard
from storage.privacy import Pseudonyms, open_pseudonyms
from tests.sample_archive import ARTICLES, CHANGED

KEY = bytes(range(32))
NAMES = {
    comment.author
    for article in (*ARTICLES, CHANGED)
    for comment in article.comments
    if comment.author
}

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def make(sample: Archive, tmp_path: Path) -> Make:
    def made(dataset: str, name: str, **more: Any) -> dict[str, Any]:
        form = more.pop("form", name.rpartition(".")[2])
        return export(
            sample,
            ExportRequest(dataset=dataset, form=form, **more),
            Pseudonyms(KEY),
            tmp_path / name,
        )

    return made


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_json_lines_hold_every_field_of_an_article(make: Make, tmp_path: Path) -> None:
    make("articles", "a.jsonl")
    rows = lines(tmp_path / "a.jsonl")
    assert len(rows) == len(ARTICLES)
    first = {name: value for name, value in rows[0].items() if value is not None}
    assert first == {
        "id": 1,
        "url": "https://vakblad.example/passie/",
        "site": "vakblad.example",
        "headline": "Marketing met passie",
        "article_type": "Article",
        "authors": [
            {
                "name": "Karel Post",
                "role": "Managing Partner",
                "organisation": "Admix",
                "url": None,
            }
        ],
        "method": "body",
        "article_section": "Columns",
        "keywords": ["marketing", "storytelling"],
        "in_language": "nl",
        "language_declared": "nl",
        "language_found": "nl",
        "date_published": "2013-12-30 10:21",
        "date_published_day": "2013-12-30",
        "date_published_utc": "2013-12-30T09:21:00Z",
        "date_published_offset": 60,
        "date_published_precision": "minute",
        "date_published_raw": "2013-12-30T10:21",
        "date_published_source": "time",
        "article_body": ARTICLES[0].article_body,
        "article_html": "",
        "links": [],
        "access": "full",
        "comments_declared": 6,
        "comments_captured": 4,
        "word_count": 22,
        "comments_gap_reason": "unknown",
        "extractor_version": "0.1.0",
        "first_seen": "2024-05-01T06:00:00Z",
        "last_seen": "2024-05-01T06:00:00Z",
    }


def test_commenters_leave_as_pseudonyms_unless_names_are_asked_for(
    make: Make, tmp_path: Path
) -> None:
    make("comments", "c.jsonl")
    rows = lines(tmp_path / "c.jsonl")
    written = (tmp_path / "c.jsonl").read_text(encoding="utf-8")
    assert '"Hanneke de Wit"' not in written
    assert "profiel.example" not in written
    assert not {row["author"] for row in rows} & NAMES
    pseudonyms = {row["author"] for row in rows}
    assert len(pseudonyms - {None}) == len(NAMES)
    assert None in pseudonyms, "an anonymous comment stays anonymous"
    assert all("author_url" not in row and "source_id" not in row for row in rows)
    make("comments", "n.jsonl", names=True)
    named = lines(tmp_path / "n.jsonl")
    assert {row["author"] for row in named} == NAMES | {None}
    of = {row["id"]: row["author"] for row in rows}
    assert len({(of[row["id"]], row["author"]) for row in named}) == len(pseudonyms), (
        "one pseudonym for one name"
    )


def test_threads_hold_their_comments(make: Make, tmp_path: Path) -> None:
    make("threads", "t.jsonl")
    market = next(row for row in lines(tmp_path / "t.jsonl") if row["url"].endswith("/markt/"))
    assert market["headline"] == CHANGED.headline
    shown = [comment for comment in market["comments"] if comment["gone_at"] is None]
    assert [comment["text"] for comment in shown] == [
        comment.text for comment in CHANGED.comments[1:]
    ]
    parents = {comment["id"]: comment["parent_id"] for comment in shown}
    assert parents[shown[2]["id"]] == shown[1]["id"]
    (gone,) = (comment for comment in market["comments"] if comment["gone_at"])
    assert gone["gone_at"] == "2024-06-05T06:00:00Z"


def test_both_databases_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    make("threads", "t.jsonl")
    # Read with one's own eyes once; from then on neither database nor a change may make another
    # file of it.
    assert (
        hashlib.sha256((tmp_path / "t.jsonl").read_bytes()).hexdigest()[:16] == "77e164a4c27a9107"
    )


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a.jsonl", {}),
        ("a.csv", {}),
        ("a.parquet", {}),
        ("a.jsonl.zst", {"form": "jsonl", "compression": "zstd"}),
        ("a.csv.gz", {"form": "csv", "compression": "gzip"}),
    ],
)
def test_two_exports_of_one_archive_are_the_same(
    make: Make, tmp_path: Path, name: str, more: dict[str, Any]
) -> None:
    first, again = tmp_path / "1", tmp_path / "2"
    make("comments", f"1/{name}", **more)
    make("comments", f"2/{name}", **more)
    described = (".README.md", ".croissant.json", ".datapackage.json", ".manifest.json")
    for suffix in ("", *described):
        assert (first / f"{name}{suffix}").read_bytes() == (again / f"{name}{suffix}").read_bytes()
    assert [path.name for path in sorted(first.iterdir())] == [
        name,
        *(f"{name}{suffix}" for suffix in described),
    ]


def test_a_csv_opens_with_accents_and_lines_and_runs_no_formula(make: Make, tmp_path: Path) -> None:
    make("comments", "c.csv")
    raw = (tmp_path / "c.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    assert texts[0] == "Eens, passie verkoopt.\nMaar alleen als het echt is."
    assert "'=SOM(A1:A9) kostte het zeker?" in texts
    assert "'@Joost: cijfers zonder verhaal leest niemand." in texts
    assert pd.read_csv(tmp_path / "c.csv")["text"].tolist() == texts
    make("articles", "a.csv", delimiter=";")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        articles = list(csv.DictReader(file, delimiter=";"))
    assert articles[1]["authors"] == "Karel Post; Sanne Vos"
    assert articles[1]["article_body"] == "De radio luistert mee.\n\nEén spot per uur volstaat."


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@naam", " =1", "\t=1", "＝1"])
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert guard(f"Zo: {text}") == f"Zo: {text}"


def test_parquet_opens_in_duckdb_pandas_and_polars_typed_and_nested(
    make: Make, tmp_path: Path
) -> None:
    make("threads", "t.parquet")
    path = tmp_path / "t.parquet"
    comments = sum(len(article.comments) for article in ARTICLES) + 1
    connection = duckdb.connect()
    counted = connection.execute(
        "SELECT COUNT(*), SUM(len(comments)), MIN(date_published_utc), MAX(len(keywords)) "
        "FROM read_parquet(?)",
        [str(path)],
    ).fetchone()
    assert counted == (len(ARTICLES), comments, datetime(2013, 12, 30, 9, 21, tzinfo=UTC), 2)
    (author,) = connection.execute(
        "SELECT DISTINCT authors[1].organisation FROM read_parquet(?) WHERE id = 1", [str(path)]
    ).fetchone()
    assert author == "Admix"
    frame = pd.read_parquet(path)
    assert str(frame["date_published_utc"].dt.tz) == "UTC"
    assert frame["comments"].map(len).sum() == comments
    lazy = pl.read_parquet(path)
    assert lazy.schema["date_published_utc"] == pl.Datetime("us", "UTC")
    assert lazy.schema["date_published_day"] == pl.Date
    assert (
        lazy.explode("comments")
        .unnest("comments", separator="_")["comments_text"]
        .drop_nulls()
        .len()
        == comments
    )


def test_parquet_by_site_and_year(make: Make, tmp_path: Path) -> None:
    told = make("articles", "set", form="parquet", partitioned=True)
    names = [file["name"] for file in told["files"]]
    assert "data/site=vakblad.example/year=2013/part-0.parquet" in names
    assert "data/site=molenblog.example/year=undated/part-0.parquet" in names
    assert all((tmp_path / "set" / name).is_file() for name in names)
    assert told["rows"] == len(ARTICLES)
    query = (
        "SELECT site, COUNT(*) FROM read_parquet(?, hive_partitioning = false) GROUP "
        "BY site ORDER BY site"
    )
    counted = (
        duckdb.connect()
        .execute(query, [str(tmp_path / "set" / "data" / "*" / "*" / "*.parquet")])
        .fetchall()
    )
    assert counted == [("dorpskrant.example", 3), ("molenblog.example", 3), ("vakblad.example", 4)]
    frame = pd.read_parquet(tmp_path / "set" / "data")
    assert (len(frame), frame["site"].nunique()) == (len(ARTICLES), 3)
    assert pl.read_parquet(tmp_path / "set" / "data")["site"].n_unique() == 3
    told = make("comments", "set", form="parquet", partitioned=True, site="vakblad.example")
    assert json.loads((tmp_path / "set" / "manifest.json").read_text()) == told
    assert [path.name for path in (tmp_path / "set" / "data").iterdir()] == ["site=vakblad.example"]
    (tmp_path / "mine").mkdir()
    with pytest.raises(BadExport, match="is there already and is no export"):
        make("articles", "mine", form="parquet", partitioned=True)


def test_the_manifest_tells_what_the_file_is(make: Make, tmp_path: Path) -> None:
    told = make("articles", "a.jsonl", since=date(2014, 1, 1), until=date(2014, 2, 20))
    path = tmp_path / "a.jsonl"
    assert json.loads((tmp_path / "a.jsonl.manifest.json").read_text()) == told
    assert told["rows"] == len(lines(path)) == 2
    assert told["files"] == [
        {
            "name": "a.jsonl",
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    ]
    assert told["query"] == {
        "dataset": "articles",
        "form": "jsonl",
        "since": "2014-01-01",
        "until": "2014-02-20",
    }
    assert told["last_read"] == "2024-05-01T06:00:00Z"
    assert (told["extractor_versions"], told["names"]) == (["0.1.0"], "pseudonyms")
    card = (tmp_path / "a.jsonl.README.md").read_text(encoding="utf-8")
    assert "| vakblad.example | 2014 | 2 |" in card
    assert "| headline | text | 2 | headline |" in card
    filled = {field["name"]: field["filled"] for field in make("articles", "all.jsonl")["schema"]}
    assert filled["keywords"] == len([one for one in ARTICLES if one.keywords]) < len(ARTICLES)
    assert filled["authors"] == len([one for one in ARTICLES if one.authors]) < len(ARTICLES)
    assert "Commenters' names are pseudonyms" in card


def test_filters_columns_and_schema_org_names(make: Make, tmp_path: Path) -> None:
    make(
        "articles",
        "a.jsonl",
        site="www.molenblog.example",
        columns=("headline", "keywords", "date_published"),
        schema_org=True,
    )
    assert lines(tmp_path / "a.jsonl")[0] == {
        "headline": "De Kat draait weer",
        "keywords": ["molen", "verf"],
        "datePublished": "2023-07-14 16:00",
    }
    make(
        "articles",
        "w.jsonl",
        where="comments_captured > 2 AND keywords LIKE '%gemeente%' AND 'a:b' = 'a:b'",
        columns=("url",),
    )
    assert [row["url"] for row in lines(tmp_path / "w.jsonl")] == [
        "https://dorpskrant.example/markt/"
    ]
    make("threads", "t.jsonl", schema_org=True, site="vakblad.example")
    assert {"@", "dateCreated", "text", "author"} - set(
        lines(tmp_path / "t.jsonl")[0]["comment"][0]
    ) == {"@"}


def test_pages_with_a_reservation_are_no_training_data(make: Make, tmp_path: Path) -> None:
    for dataset in ("articles", "threads", "comments"):
        told = make(dataset, f"{dataset}.jsonl", training=True)
        assert {row["site"] for row in lines(tmp_path / f"{dataset}.jsonl")} == {
            "vakblad.example",
            "molenblog.example",
        }
        assert told["left_out"] == {"tdm_reservation": 6 if dataset == "comments" else 3}
    assert (
        "3 rows of pages with a reservation were left out"
        in (tmp_path / "articles.jsonl.README.md").read_text()
    )


def test_contact_details_are_masked_on_request(make: Make, tmp_path: Path) -> None:
    make("comments", "c.jsonl", mask=True, site="molenblog.example")
    written = (tmp_path / "c.jsonl").read_text(encoding="utf-8")
    assert "Mail me op [mail] of bel [telefoon]." in written
    assert "06-12345678" not in written


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"columns": ("headline", "kop")}, "kop is no column of articles"),
        ({"dataset": "corpus"}, "of the dataset corpus has the form vrt"),
        ({"dataset": "network", "form": "vrt"}, "of the dataset network has the form gexf"),
        ({"form": "gexf"}, "of the dataset articles has one of the forms jsonl"),
        ({"dataset": "corpus", "form": "vrt", "columns": ("url",)}, "A corpus has no columns"),
        ({"where": "kop = 1"}, "cannot answer that"),
        ({"where": "id < 5 OR abs(-9223372036854775803 - id) > 0"}, "cannot answer that"),
        ({"where": "1 = 1; DROP TABLE articles"}, "cannot answer that"),
        ({"dataset": "threads", "form": "csv"}, "holds no comments inside articles"),
        ({"partitioned": True}, "Only Parquet"),
        ({"dataset": "comments", "columns": ("author_url",)}, "only with --names"),
        ({"site": "nergens.example"}, "no site nergens.example"),
        (
            {"since": date(2020, 1, 1), "until": date(2019, 1, 1)},
            "No day is on or after 2020-01-01",
        ),
    ],
)
def test_what_cannot_be_made_says_why_and_leaves_no_file(
    sample: Archive, tmp_path: Path, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadExport, match=words):
        export(
            sample,
            ExportRequest(**{"dataset": "articles", "form": "jsonl"} | fields),
            Pseudonyms(KEY),
            tmp_path / "x",
        )
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_export_leaves_the_old_file_whole(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("articles", "a.jsonl")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def interrupt(file: TextFile, _encoded: object) -> None:
        file._packed.write(b'{"half')
        raise KeyboardInterrupt

    monkeypatch.setattr(TextFile, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        make("articles", "a.jsonl")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_killed_export_left_behind_goes_with_the_next(make: Make, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f".a.jsonl.partial-{ended.pid}").write_text("half")
    (tmp_path / f".a.jsonl.partial-{os.getppid()}").write_text("of an export that is at work")
    make("articles", "a.jsonl")
    assert [path.name for path in tmp_path.glob(".*")] == [f".a.jsonl.partial-{os.getppid()}"]


def test_a_full_disk_is_one_sentence(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(datasets, "describe_file", refuse)
    with pytest.raises(BadExport, match="cannot be written: No space left"):
        make("articles", "a.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_the_key_of_the_pseudonyms_stays_with_the_archive(tmp_path: Path) -> None:
    one, again = open_pseudonyms(tmp_path / "a"), open_pseudonyms(tmp_path / "a")
    other = open_pseudonyms(tmp_path / "b")
    assert one.of("Hanneke de Wit") == again.of("  hanneke DE Wit ")
    assert one.of("Hanneke de Wit") != other.of("Hanneke de Wit")
    assert one.of(None) is None
    assert (tmp_path / "a" / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
