"""Other people's captures of what scripts drew: an import gives each to the article it is about."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import ask
from tests.foreign_captures import answer, record, take
from tests.scripted.golden_threads import DISCOURSE, DISQUS, REMARK, Golden
from tests.scripted.village_site import article_page

MOMENT = datetime(2025, 6, 1, 12, tzinfo=UTC)
PAGE = "https://dorpsblad.example/nieuws/pont/"
ISSO = (
    '<script data-isso="https://praat.example/" src="https://praat.example/js/embed.min.js">'
    '</script><section id="isso-thread"></section>'
)


def warc(path: Path, box: str, answers: dict[str, Any]) -> Path:
    """Write a WARC file in which the answers stand before the page, as threads may."""
    records = []
    for url, said in answers.items():
        is_frame = isinstance(said, str)
        kind = "text/html" if is_frame else "application/json"
        body = said if isinstance(said, str) else json.dumps(said)
        records.append(
            record(url, MOMENT, answer(body.encode(), f"200 OK\r\nContent-Type: {kind}"))
        )
    records.append(record(PAGE, MOMENT, answer(article_page(0, box).encode())))
    path.write_bytes(b"".join(records))
    return path


@pytest.mark.parametrize("golden", [DISQUS, REMARK], ids=lambda golden: golden.system)
def test_a_thread_in_a_foreign_file_is_the_articles(golden: Golden, tmp_path: Path) -> None:
    more = {f"{url}&lang=nl": said for url, said in golden.answers.items()}
    imported = take(tmp_path, warc(tmp_path / "vreemd.warc", golden.box, more))
    assert imported.taken == 2
    rows = ask(tmp_path, "select source_id, author, status from comments order by position")
    wanted = [(row[0], row[1], row[5]) for row in golden.comments]
    assert [tuple(row.values()) for row in rows] == wanted
    assert ask(tmp_path, "select url from sites") == [{"url": "https://dorpsblad.example/"}]


def test_a_thread_that_says_only_a_path_belongs_to_the_page_with_that_path(tmp_path: Path) -> None:
    said = {"id": 4, "parent": None, "author": "Aaltje", "text": "<p>Mooi!</p>", "mode": 1,
            "created": 1740909600.0, "hidden_replies": 1, "replies": []}  # fmt: skip
    more = {**said, "id": 5, "parent": 4, "text": "<p>Zeker.</p>", "hidden_replies": 0}
    answers = {
        "https://praat.example/?uri=%2Fnieuws%2Fpont%2F&nested_limit=5": {
            "id": None, "total_replies": 2, "hidden_replies": 0, "replies": [said]},
        "https://praat.example/?uri=%2Fnieuws%2Fpont%2F&parent=4&limit=5": {
            "id": 4, "total_replies": 1, "hidden_replies": 0, "replies": [more]},
        "https://praat.example/?uri=%2Felders%2F": {"id": None, "replies": []},
    }  # fmt: skip
    imported = take(tmp_path, warc(tmp_path / "vreemd.warc", ISSO, answers))
    assert imported.left_out == {"thread_without_page": 1}
    rows = ask(tmp_path, "select source_id, parent_source_id from comments order by position")
    assert [tuple(row.values()) for row in rows] == [("4", None), ("5", "4")]
    assert ask(tmp_path, "select comments_gap_reason as gap from articles") == [{"gap": None}]


def test_a_topic_whose_page_nobody_names_is_left_out_and_counted(tmp_path: Path) -> None:
    imported = take(tmp_path, warc(tmp_path / "vreemd.warc", DISCOURSE.box, DISCOURSE.answers))
    assert imported.left_out["thread_without_page"] == 2
    assert ask(tmp_path, "select comments_gap_reason as gap from articles") == [{"gap": "widget"}]
