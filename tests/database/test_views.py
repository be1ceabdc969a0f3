"""The views: a comment beside its article, an article's figures, its lists."""

import re
from typing import Any

from storage.database import Archive, views
from tests.crawling import ROOT
from tests.sample_archive import KRANT, VAK

QUESTION = re.compile(r"```sql\n(.*?)```", re.DOTALL)
NAMED = re.compile(r"(?:FROM|JOIN) (\w+)")
CRAWLING = "\n## Where it comes from"


def only(archive: Archive, query: str) -> dict[str, Any]:
    (row,) = archive.select(query)[1]
    return row


def test_a_comment_is_shown_with_its_article_and_whom_it_answers(sample: Archive) -> None:
    row = only(sample, "SELECT * FROM comment_thread WHERE text LIKE 'Onzin.%'")
    assert row["article_url"] == f"{VAK}/passie/"
    assert (row["site"], row["headline"]) == ("vakblad.example", "Marketing met passie")
    assert (row["article_section"], row["status"]) == ("Columns", "visible")
    assert (row["author"], row["parent_author"]) == ("Joost", "Hanneke de Wit")
    assert (row["date_published"], str(row["date_published_day"])) == (
        "2013-12-30 10:21",
        "2013-12-30",
    )
    assert not row["author_is_staff"]
    assert (row["upvotes"], row["downvotes"], row["date_created_offset"]) == (None, None, 60)


def test_a_comment_that_answers_nobody_has_no_parents_author(sample: Archive) -> None:
    row = only(sample, "SELECT parent_id, parent_author FROM comment_thread WHERE author = 'Lies'")
    assert row == {"parent_id": None, "parent_author": None}


def test_comments_alone_are_as_many_as_in_their_threads(sample: Archive) -> None:
    counts = "SELECT COUNT(*) AS n, COUNT(parent_id) AS replies, MAX(depth) AS depth FROM {}"
    alone, beside = (
        only(sample, counts.format(view)) for view in ("comment_overview", "comment_thread")
    )
    assert alone == beside
    assert alone["n"] == 19


def test_an_article_states_its_words_and_when_it_was_first_answered(sample: Archive) -> None:
    query = "SELECT word_count, first_comment FROM article_overview WHERE url = '{}'"
    assert only(sample, query.format(f"{VAK}/radio/")) == {
        "word_count": 9,
        "first_comment": "2014-02-03 08:30",
    }
    assert only(sample, query.format(f"{VAK}/slot/"))["first_comment"] is None


def test_the_lists_of_an_article_are_rows_with_its_site_and_day(sample: Archive) -> None:
    of_radio = f"WHERE article_url = '{VAK}/radio/' ORDER BY position"
    people = sample.select(f"SELECT name, site FROM article_author {of_radio}")[1]
    assert [tuple(row.values()) for row in people] == [
        ("Karel Post", "vakblad.example"),
        ("Sanne Vos", "vakblad.example"),
    ]
    words = sample.select(f"SELECT keyword, headline FROM article_keyword {of_radio}")[1]
    assert [tuple(row.values()) for row in words] == [
        ("radio", "Radio is niet dood"),
        ("marketing", "Radio is niet dood"),
    ]
    cut = only(sample, "SELECT * FROM article_removed_block WHERE reason = 'newsletter'")
    assert (cut["text"], str(cut["date_published_day"])) == ("Nieuwsbrief", "2013-12-30")


def test_a_changed_text_is_counted_anew(sample: Archive) -> None:
    query = f"SELECT word_count, article_body FROM article_overview WHERE url = '{KRANT}/markt/'"
    row = only(sample, query)
    assert row["article_body"].startswith("De markt blijft")
    assert row["word_count"] == len(row["article_body"].split())


def test_questions_about_articles_and_comments_need_no_tables() -> None:
    """A view holds what they ask; only what a crawl did is asked of its own tables."""
    asked, crawling = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8").split(CRAWLING)
    within = {"thread"}  # named in its own query
    named = {name for query in QUESTION.findall(asked) for name in NAMED.findall(query)}
    assert named - within <= set(views.NAMES)
    assert len(QUESTION.findall(asked)) >= 25
    assert "FROM pages" in crawling
