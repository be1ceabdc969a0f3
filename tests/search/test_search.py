"""Search on both databases: Dutch forms, filters, snippets, and an index that follows every
change.
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from storage.database import Archive
from storage.search import BadQuery, Hit, Query, hits, query, search
from storage.search.query import matching_texts
from storage.search.stemming import forms, stem
from tests.sample_archive import FIRST, MOLEN, PASSIE, SECOND, SampleArchive, article


def ask(archive: Archive, words: str, **more: object) -> tuple[Hit, ...]:
    with archive.read() as connection:
        return search(connection, Query(words=words, **more))


def test_all_words_must_occur_in_any_dutch_form(sample: Archive) -> None:
    (hit,) = ask(sample, "passie marketing")
    assert (hit.headline, hit.site) == ("Marketing met passie", "vakblad.example")
    assert "[passie] zoekt in [marketing]," in hit.snippet
    assert [hit.headline for hit in ask(sample, "boom")] == ["Markt verhuist toch niet"], (
        "the text says bomen"
    )
    assert [hit.headline for hit in ask(sample, "adverteerder geeft meer")] == [], (
        "the stemmer knows no verbs"
    )


def test_a_word_of_the_headline_counts_more(sample: Archive) -> None:
    assert ask(sample, "marketing")[0].headline == "Marketing met passie"
    assert [hit.headline for hit in ask(sample, "wieken")] == ["Nieuwe wieken"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('"geven meer uit"', ["Budgetten groeien weer"]),
        ('"verhaal merk"', []),
        ("molen -verf", ["Nieuwe wieken"]),
        ("zwembad OR radio", ["Radio is niet dood", "Zwembad dicht door lek"]),
        ("de markt", ["Markt verhuist toch niet"]),
        ("een lek", ["Zwembad dicht door lek"]),
        ("Één spot", ["Radio is niet dood"]),
        ("o'reilly", []),
        ('kat"', ["De Kat draait weer", "De Kat draait weer"]),
    ],
)
def test_the_query_language(sample: Archive, words: str, found: list[str]) -> None:
    assert sorted(hit.headline for hit in ask(sample, words)) == found


def test_comments_by_site_and_day(sample: Archive) -> None:
    assert {hit.author for hit in ask(sample, "cijfers", within="comments")} == {
        "Joost",
        "Hanneke de Wit",
    }
    assert ask(sample, "cijfers", within="comments", site="molenblog.example") == ()
    later = ask(
        sample, "cijfers", within="comments", site="vakblad.example", since=date(2014, 1, 1)
    )
    assert [(hit.author, str(hit.date)[:10]) for hit in later] == [("Joost", "2014-02-21")]
    assert [hit.headline for hit in ask(sample, "marketing", since=date(2014, 2, 10))] == [
        "Budgetten groeien weer"
    ]


def test_the_index_follows_changes(archive: Archive) -> None:
    sample = SampleArchive(archive)
    sample.save(PASSIE, FIRST)
    sample.save(
        replace(PASSIE, article_body="Een heel andere tekst.", comments=PASSIE.comments[1:]), SECOND
    )
    assert ask(archive, "doos") == ()
    assert len(ask(archive, "andere tekst")) == 1
    assert len(ask(archive, "verkoopt", within="comments")) == 1, (
        "a comment that is gone is still in the archive"
    )
    with archive.begin() as connection:
        connection.execute(text("DELETE FROM comments"))
    assert ask(archive, "cijfers", within="comments") == ()
    if archive.dialect == "sqlite":
        with archive.begin() as connection:
            for index in ("article_search", "comment_search"):
                connection.execute(
                    text(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
                )


def test_a_phrase_is_looked_for_further_back_until_the_page_is_full(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "PHRASE_WINDOW", 1)
    sample = SampleArchive(archive)
    for name, headline in (("oud", "Het groene huis"), ("tussen", "Een huis"), ("nieuw", "Dorp")):
        sample.save(
            article(f"{MOLEN}/{name}/", headline, "Daar staat het groene huis.", None), FIRST
        )
    best, *others = ask(archive, '"groene huis"')
    assert (best.url, len(others)) == (f"{MOLEN}/oud/", 2)
    (first,) = ask(archive, '"groene huis"', limit=1)
    assert first.url == (f"{MOLEN}/oud/" if archive.dialect == "sqlite" else f"{MOLEN}/nieuw/")


def test_of_words_the_texts_stored_last_are_ranked_however_far_they_lie_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (hits, query):
        monkeypatch.setattr(room, "RANKED", 2)
    monkeypatch.setattr(hits, "PHRASE_WINDOW", 1)
    sample = SampleArchive(archive)
    headlines = ("Het groene huis", "Een groen huis", "Groen is het huis", "Dorp", "Nog een dorp")
    for number, headline in enumerate(headlines):
        sample.save(article(f"{MOLEN}/{number}/", headline, "Daar staat het.", None), FIRST)
    found = {hit.headline for hit in ask(archive, "groen huis")}
    assert found == {"Een groen huis", "Groen is het huis"}
    (best,) = ask(archive, "groen huis", limit=1)
    assert best.headline in found


def test_only_common_words_are_refused(sample: Archive) -> None:
    for words in ("de het een", "-molen", "?!", ""):
        with pytest.raises(BadQuery, match="no word to search for"):
            ask(sample, words)


def test_a_book_of_different_words_is_stored_and_its_beginning_found(archive: Archive) -> None:
    book = " ".join(f"woord{number}" for number in range(300_000))
    SampleArchive(archive).save(article(f"{MOLEN}/boek/", "Boek", book, None), FIRST)
    assert len(ask(archive, "woord17")) == 1


def test_stems_are_those_of_postgresql(archive: Archive) -> None:
    words = (
        "marketing passies huizen manen één café lezers mogelijkheden katten gezellige "
        "onafhankelijkheid bomen"
    ).split()
    if archive.dialect == "postgresql":
        columns, rows = archive.select(
            "SELECT w, ts_lexize('dutch_stem', w) AS s FROM unnest(CAST(:words AS text[])) w",
            words=words,
        )
        assert columns == ("w", "s")
        assert {row["w"]: row["s"] for row in rows} == {word: [stem(word)] for word in words}


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("kat", "katten"),
        ("maan", "manen"),
        ("bomen", "boom"),
        ("Lezers", "lezer"),
        ("mogelijk", "mogelijkheden"),
    ],
)
def test_forms_of_a_word(word: str, form: str) -> None:
    assert form in forms(word)
    assert all(stem(other) == stem(word) for other in forms(word))


@pytest.mark.parametrize(
    "query",
    [Query(words="molen", site="molenblog.example"), Query(words="molen", since=date(2020, 1, 1))],
)
def test_a_filter_does_not_make_sqlite_search_once_for_every_key(
    query: Query, sample: Archive
) -> None:
    if sample.dialect != "sqlite":
        return
    statement, values = matching_texts("sqlite", query)
    with sample.read() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), values).all()
    scans = [row.detail for row in plan if "VIRTUAL TABLE" in row.detail]
    assert scans
    assert not [scan for scan in scans if "=" in scan]  # "=" is a search for one rowid
