"""Links in the archive: of a text and of its comments, through visits, readings and erasures."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from storage.articles import Sighting, differences, save_again, stored_articles
from storage.database import Archive, links, pages
from storage.privacy import ErasureRequest, erase, make_plan
from storage.records import Link
from tests.sample_archive import FIRST, PASSIE, SECOND, SampleArchive

HERE = Link(
    url="https://www.nu.nl/economie/",
    canonical_url="https://www.nu.nl/economie/",
    domain="nu.nl",
    text="eerder",
)
MAIL = Link(url="mailto:[…]@merk.nl", text="mail")
BOOK = Link(
    url="https://boek.co.uk/?utm_source=x",
    canonical_url="https://boek.co.uk/",
    domain="boek.co.uk",
    text="dit boek",
)
LINKED = replace(
    PASSIE,
    article_html="<p>Wie passie zoekt</p>",
    links=(HERE, MAIL),
    comments=(
        PASSIE.comments[0],
        replace(PASSIE.comments[1], links=(BOOK,)),
        *PASSIE.comments[2:],
    ),
)


def kept(archive: Archive) -> list[tuple[object, ...]]:
    query = (
        "SELECT c.author, l.position, l.url, l.canonical_url, l.domain, l.text FROM links l "
        "LEFT JOIN comments c ON c.id = l.comment_id ORDER BY c.position IS NOT NULL, 2"
    )
    return [tuple(row.values()) for row in archive.select(query)[1]]


def stated(author: str | None, *found: Link) -> Sequence[tuple[object, ...]]:
    return [
        (author, place, link.url, link.canonical_url, link.domain, link.text)
        for place, link in enumerate(found)
    ]


def test_the_links_of_a_text_and_of_its_comments_are_kept_apart(archive: Archive) -> None:
    SampleArchive(archive).save(LINKED, FIRST)
    assert kept(archive) == [*stated(None, HERE, MAIL), *stated("Bert", BOOK)]
    overview = archive.select("SELECT link_count, article_html FROM article_overview")[1]
    assert overview == [{"link_count": 2, "article_html": "<p>Wie passie zoekt</p>"}]
    domains = archive.select(
        "SELECT domain, comment_id IS NOT NULL AS is_readers FROM article_link "
        "WHERE domain IS NOT NULL ORDER BY domain"
    )[1]
    assert [(row["domain"], bool(row["is_readers"])) for row in domains] == [
        ("boek.co.uk", True),
        ("nu.nl", False),
    ]


def test_another_visit_that_reads_the_same_writes_no_link_anew(archive: Archive) -> None:
    sample = SampleArchive(archive)
    sample.save(LINKED, FIRST)
    before = archive.select("SELECT id, url FROM links ORDER BY id")[1]
    sample.save(LINKED, SECOND)
    assert archive.select("SELECT id, url FROM links ORDER BY id")[1] == before


def test_links_follow_their_text_and_those_of_comments_that_are_gone_stay(
    archive: Archive,
) -> None:
    sample = SampleArchive(archive)
    sample.save(LINKED, FIRST)
    later = replace(LINKED, links=(BOOK,), comments=LINKED.comments[:1], comments_declared=1)
    sample.save(later, SECOND)
    assert kept(archive) == [*stated(None, BOOK), *stated("Bert", BOOK)]


def test_a_look_that_was_cut_off_takes_no_links_away(archive: Archive) -> None:
    sample = SampleArchive(archive)
    sample.save(LINKED, FIRST)
    short = replace(
        LINKED, article_body="Wie", links=(), comments=(), comments_gap_reason="cut_off"
    )
    sample.save(short, SECOND)
    assert kept(archive) == [*stated(None, HERE, MAIL), *stated("Bert", BOOK)]


def test_what_another_reading_would_change_names_the_links(archive: Archive) -> None:
    """An archive of an earlier version has none: reading again fills them."""
    sample = SampleArchive(archive)
    sample.save(PASSIE, FIRST)
    with archive.read() as connection:
        page_id = connection.execute(
            select(pages.c.id).where(pages.c.url == PASSIE.url)
        ).scalar_one()
        (held,) = stored_articles(connection, [page_id]).values()
        assert differences(held, LINKED).fields == ("article_html", "links")
    with archive.begin() as connection:
        save_again(connection, page_id, LINKED, Sighting(1, FIRST + timedelta(days=1), "2"))
    assert len(kept(archive)) == 3
    with archive.read() as connection:
        (held,) = stored_articles(connection, [page_id]).values()
        assert differences(held, LINKED).fields == ()


def test_an_erased_readers_links_go_with_the_comment(archive: Archive, tmp_path: Path) -> None:
    SampleArchive(archive).save(LINKED, FIRST)
    request = ErasureRequest(author="Bert")
    erase(archive, make_plan(archive, request, tmp_path), tmp_path)
    assert kept(archive) == list(stated(None, HERE, MAIL))
    with archive.read() as connection:
        assert connection.execute(select(links.c.record_hash)).scalars().all()
