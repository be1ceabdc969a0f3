"""History: every reading is kept with its moments, and the archive can be asked how it stood."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from storage.articles import changes, read_story
from storage.articles.versions import Change
from storage.database import Archive
from tests.sample_archive import CHANGED, FIRST, MARKT, PASSIE, SECOND, THIRD, SampleArchive, fill

AS_OF = """
SELECT headline FROM article_history
 WHERE url = :url AND valid_from <= :moment AND (valid_until IS NULL OR valid_until > :moment)"""
THREAD_AS_OF = """
SELECT author, text FROM comment_history
 WHERE article_url = :url AND status <> 'gone' AND valid_from <= :moment AND (valid_until IS NULL \
OR valid_until > :moment)
 ORDER BY position, id"""

TOLD = """
SELECT o.authors, a.date_published, a.date_published_raw, a.date_published_source, a.record_hash
  FROM articles a JOIN article_overview o ON o.url = a.url"""


def stood(archive: Archive, moment: datetime, url: str = MARKT.url) -> tuple[list[str], list[str]]:
    values = {
        "url": url,
        "moment": moment if archive.dialect == "postgresql" else moment.isoformat(sep=" "),
    }
    headlines = [row["headline"] for row in archive.select(AS_OF, **values)[1]]
    return headlines, [row["text"] for row in archive.select(THREAD_AS_OF, **values)[1]]


def test_the_archive_as_it_stood_at_any_moment(archive: Archive) -> None:
    fill(archive)
    minute = timedelta(minutes=1)
    assert stood(archive, FIRST - minute) == ([], [])
    for moment in (FIRST, SECOND - minute):
        headlines, texts = stood(archive, moment)
        assert headlines == [MARKT.headline]
        assert texts == [comment.text for comment in MARKT.comments]
    headlines, texts = stood(archive, SECOND)
    assert headlines == [CHANGED.headline]
    assert texts == [comment.text for comment in CHANGED.comments]
    _headlines, texts = stood(archive, THIRD)
    assert texts == [comment.text for comment in CHANGED.comments[1:]]


def test_a_comment_that_was_gone_and_came_back(archive: Archive) -> None:
    sample = SampleArchive(archive)
    without = replace(PASSIE, comments=PASSIE.comments[1:2], comments_gap_reason=None)
    moments = [FIRST + timedelta(days=days) for days in range(4)]
    for moment, article in zip(moments, (PASSIE, without, PASSIE, PASSIE), strict=True):
        sample.save(article, moment)
    counts = [len(stood(archive, moment, PASSIE.url)[1]) for moment in moments]
    assert counts == [4, 1, 4, 4]
    with archive.read() as connection:
        story = read_story(connection, PASSIE.url)
    assert story is not None
    assert [reading.text[:4] for reading in story.comments[0].readings] == ["Eens", "", "Eens"]
    assert [reading.since for reading in story.comments[0].readings] == moments[:3]
    assert len(story.comments[1].readings) == len(story.readings) == 1


def test_a_story_has_every_reading_in_order(archive: Archive) -> None:
    fill(archive)
    with archive.read() as connection:
        story = read_story(connection, MARKT.url)
        assert read_story(connection, "https://nergens.example/") is None
    assert story is not None
    assert [
        (reading.text.split("\n")[0], reading.since, reading.until) for reading in story.readings
    ] == [
        (MARKT.headline, FIRST, SECOND),
        (CHANGED.headline, SECOND, None),
    ]
    edited = next(comment for comment in story.comments if len(comment.readings) == 2)
    assert edited.author == "Opa Jan"
    gone = [comment.author for comment in story.comments if comment.gone_at == THIRD]
    assert gone == ["Hanneke de Wit"]


UNSTATED = dict.fromkeys(
    ("date_published", "date_published_raw", "date_published_precision", "date_published_source")
)


def test_a_redesign_takes_no_known_date_or_author_away(archive: Archive) -> None:
    sample = SampleArchive(archive)
    bare = replace(PASSIE, authors=(), **UNSTATED)  # type: ignore[arg-type]  # four fields that are None
    told = []
    for moment, article in ((FIRST, PASSIE), (SECOND, bare), (THIRD, bare)):
        sample.save(article, moment)
        told.append(archive.select(TOLD)[1][0])
    assert [row["record_hash"] for row in told[1:]] == [told[1]["record_hash"]] * 2
    for row in told:
        assert (row["authors"], row["date_published_raw"], row["date_published_source"]) == (
            "Karel Post",
            "2013-12-30T10:21",
            "time",
        )
    methods = archive.select("SELECT field_methods FROM articles")[1][0]["field_methods"]
    assert (json.loads(methods) if isinstance(methods, str) else methods) == {
        "authors": "earlier",
        "date_published": "earlier",
    }


def test_another_article_at_the_same_address_inherits_nothing(archive: Archive) -> None:
    sample = SampleArchive(archive)
    sample.save(PASSIE, FIRST)
    sample.save(replace(PASSIE, headline="De week van nu", authors=(), **UNSTATED), SECOND)  # type: ignore[arg-type]  # four fields that are None
    row = archive.select(TOLD)[1][0]
    assert (row["authors"], row["date_published"], row["date_published_raw"]) == (None, None, None)


def test_changes_are_told_word_by_word() -> None:
    assert changes("De markt gaat weg.\n\nSlot.", "De markt blijft.\n\nSlot.") == (
        Change("same", "De markt "),
        Change("removed", "gaat weg.\n"),
        Change("added", "blijft.\n"),
        Change("same", "\nSlot."),
    )
    assert changes("een\ntwee\n", "een\ntwee\n") == (Change("same", "een\ntwee\n"),)
    assert changes("", "nieuw") == (Change("added", "nieuw"),)


def test_both_readings_can_be_put_together_again() -> None:
    old, new = "a b c\n\nd e\nf", "a x c\nd e\n\nf g h"
    told = changes(old, new)
    assert "".join(change.text for change in told if change.kind != "added") == old
    assert "".join(change.text for change in told if change.kind != "removed") == new
