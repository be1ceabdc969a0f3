"""The same article at two addresses: linked, exact and near, and only looked at again when it
changed.
"""

from dataclasses import replace
from typing import Any

import pytest

from storage.articles import duplicates, link_duplicates
from storage.articles.duplicates import Linked
from storage.database import Archive
from tests.sample_archive import FIRST, KRANT, MOLEN, SECOND, VAK, SampleArchive, article

WORDS = [f"woord{number}" for number in range(200)]
TEXT = " ".join(WORDS)
NEARLY = " ".join([*WORDS[:100], "aangepast", *WORDS[100:]])
OTHER = " ".join([*WORDS[:60], *(f"anders{number}" for number in range(140))])


def links(archive: Archive) -> set[tuple[str, str, str]]:
    _columns, rows = archive.select("SELECT url, same_as, how, similarity FROM same_article")
    assert all(0.8 <= row["similarity"] <= 1 for row in rows)
    return {(row["url"], row["same_as"], row["how"]) for row in rows}


def test_exact_and_near_duplicates_are_linked_both_ways(archive: Archive) -> None:
    sample = SampleArchive(archive)
    one, same = (
        article(f"{VAK}/a/", "Kop", TEXT, None),
        article(f"{MOLEN}/b/", "Andere kop", f"  {TEXT.upper()}\n", None),
    )
    near, other = (
        article(f"{KRANT}/c/", "Kop", NEARLY, None),
        article(f"{KRANT}/d/", "Kop", OTHER, None),
    )
    short, again = (
        article(f"{VAK}/v/", "Video", "Bekijk de video.", None),
        article(f"{VAK}/w/", "Video", "Bekijk de video.", None),
    )
    for made in (one, same, near, other, short, again):
        sample.save(made, FIRST)
    assert link_duplicates(archive) == Linked(6, 1, 2)
    pairs = {
        (one.url, same.url, "exact"),
        (one.url, near.url, "near"),
        (same.url, near.url, "near"),
    }
    assert links(archive) == pairs | {(two, first, how) for first, two, how in pairs}
    assert link_duplicates(archive) == Linked(0, 0, 0)
    assert len(archive.select("SELECT id FROM articles")[1]) == 6
    sample.save(replace(near, article_body=OTHER + " nieuw"), SECOND)
    assert link_duplicates(archive) == Linked(1, 0, 1)
    assert (other.url, near.url, "near") in links(archive)
    assert (one.url, near.url, "near") not in links(archive)


def test_each_article_is_looked_at_once_whatever_became_of_those_before_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a million articles would be read anew for each lot of them."""
    sample, looked_at = SampleArchive(archive), list[int]()
    for number in range(7):
        sample.save(article(f"{VAK}/{number}/", "Kop", f"{TEXT} {number}", None), FIRST)

    def leave(_connection: object, row: Any) -> dict[int, tuple[str, float]]:
        assert row.id not in looked_at
        looked_at.append(row.id)
        return {}

    monkeypatch.setattr(duplicates, "BATCH", 2)
    monkeypatch.setattr(duplicates, "_link", leave)
    assert link_duplicates(archive) == Linked(7, 0, 0)
    assert looked_at == sorted(looked_at)
