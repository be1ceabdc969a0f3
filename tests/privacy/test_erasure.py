"""Erasure: a byte search finds nothing afterwards, the WARC files stay valid, and a later crawl
brings nothing back.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import select, text, update
from sqlalchemy.engine import make_url

from crawler.demo import DemoServer
from pipelines.profiles import Profile
from storage.articles import Sighting, save_article
from storage.crawl import Listing, add_candidates, add_profile, stored_profiles
from storage.database import Archive, default_database, metadata, runs, sites
from storage.exports import ExportRequest, export
from storage.privacy import (
    Erased,
    ErasureRequest,
    NothingToErase,
    Tombstones,
    count_rows,
    erase,
    make_plan,
    open_pseudonyms,
)
from storage.records import Candidate, Exchange
from storage.search import Query, search
from storage.warc import WarcWriter, find_captures, parse_answer
from tests.crawling import Ended, crawl, knipsel
from tests.sample_archive import (
    FIRST,
    KRANT,
    MARKT,
    MOLEN,
    PASSIE,
    SECOND,
    VAK,
    SampleArchive,
    fill,
)


def forget(archive: Archive, folder: Path, **asked: object) -> dict[str, int]:
    plan = make_plan(archive, ErasureRequest(**asked), folder)
    foretold = count_rows(archive, plan)
    receipt = erase(archive, plan, folder)
    assert receipt.rows == foretold
    return receipt.rows


def everything(archive: Archive) -> str:
    """All that the database says, search index and tables alike."""
    said = []
    with archive.read() as connection:
        tables = [table.name for table in metadata.sorted_tables]
        for name in tables:
            said += [str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {name}"))]
    return "\n".join(said)


def bytes_of(database: str) -> bytes:
    path = Path(make_url(database).database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.fixture
def full(archive: Archive) -> Archive:
    fill(archive)
    return archive


def test_an_author_is_forgotten_and_stays_so(full: Archive, database: str, tmp_path: Path) -> None:
    rows = forget(full, tmp_path, author="hanneke  de wit")
    assert rows == {"comments": 3}
    told = everything(full)
    assert "Hanneke" not in told
    assert "Schande" not in told
    assert "cijfers zonder verhaal" not in told
    if full.dialect == "sqlite":
        raw = bytes_of(database)
        assert not any(word in raw.lower() for word in (b"hanneke", b"schande", b"verkoopt"))
    _columns, (article,) = full.select(
        "SELECT * FROM article_overview WHERE url = :url", url=PASSIE.url
    )
    assert (
        article["comments_declared"],
        article["comments_captured"],
        article["comments_gap_reason"],
    ) == (6, 2, "unknown")
    again = SampleArchive(full)
    again.save(PASSIE, SECOND)
    assert "Hanneke" not in everything(full)
    _columns, thread = full.select(
        "SELECT author, parent_id FROM comment_thread WHERE article_url = :url ORDER BY position",
        url=PASSIE.url,
    )
    assert [row["author"] for row in thread] == ["Bert", "Joost"], (
        "Joost's answer stays, without the comment that it answered"
    )


def test_a_comment_with_its_versions_is_forgotten(full: Archive, tmp_path: Path) -> None:
    _columns, (row,) = full.select(
        "SELECT id FROM comment_thread WHERE author = 'Opa Jan' AND text LIKE 'Vroeger%'"
    )
    assert forget(full, tmp_path, comment=row["id"]) == {"comment_versions": 1, "comments": 1}
    told = everything(full)
    assert "Vroeger stond" not in told
    assert "Wij allemaal" in told
    with full.read() as connection:
        assert search(connection, Query(words="vroeger", within="comments")) == ()
    # The site's own id is known as well: an edited text does not bring it back.
    SampleArchive(full).save(
        replace(MARKT, comments=(replace(MARKT.comments[1], text="Toen was het ook zo."),)), SECOND
    )
    assert "Toen was het" not in everything(full)


def test_an_article_is_forgotten_with_all_that_hangs_on_it(
    full: Archive, database: str, tmp_path: Path
) -> None:
    rows = forget(full, tmp_path, url=MARKT.url)
    assert rows == {
        "article_versions": 1, "articles": 1, "authors": 1, "comment_versions": 1, "comments": 5,
        "fetches": 3, "fingerprints": 1,
        "keywords": 2, "pages": 1,
    }  # fmt: skip
    assert "/markt/" not in everything(full)
    if full.dialect == "sqlite":
        assert b"belooft bomen" not in bytes_of(database)
    with full.begin() as connection, pytest.raises(Erased):
        save_article(connection, 1, MARKT, Sighting(1, SECOND, "1"))


def test_links_that_share_an_article_go_with_it(full: Archive, tmp_path: Path) -> None:
    with full.begin() as connection:
        site_id = connection.execute(
            text("SELECT id FROM sites WHERE name = 'dorpskrant.example'")
        ).scalar_one()
        links = [
            Candidate(url=f"{KRANT}/delen?url=%2Fmarkt%2F"),
            Candidate(url=f"{KRANT}/delen?url=%2Fplein%2F"),
        ]
        add_candidates(connection, links, Listing(site_id=site_id, now=FIRST, cap=100))
    assert forget(full, tmp_path, url=MARKT.url)["pages"] == 2
    assert "2Fmarkt" not in everything(full)
    assert "2Fplein" in everything(full)


def test_profiles_and_verdicts_name_nothing_that_is_erased(full: Archive, tmp_path: Path) -> None:
    block = {
        "fingerprint": "f1",
        "begin": "Laatste reacties: Hanneke de Wit over passie",
        "pages": 9,
        "share": 1.0,
    }
    learned = Profile(
        site="vakblad.example", body="div.stuk", learned_from=(PASSIE.url, f"{VAK}/radio/")
    )
    changed = (
        "The site's template changed: authors is no longer where it stood, first seen "
        f"on {PASSIE.url}"
    )
    with full.begin() as connection:
        site_id = connection.execute(
            select(sites.c.id).where(sites.c.name == "vakblad.example")
        ).scalar_one()
        add_profile(connection, site_id, {**learned.to_json(), "furniture": [block]}, FIRST)
        connection.execute(
            update(runs)
            .where(runs.c.site_id == site_id)
            .values(reasons=[changed], counters={"drift": [changed]})
        )
    forget(full, tmp_path, author="Hanneke de Wit")
    forget(full, tmp_path, url=PASSIE.url)
    told = everything(full)
    assert "Hanneke" not in told
    assert PASSIE.url not in told
    assert "first seen on an erased page" in told
    with full.read() as connection:
        (kept,) = stored_profiles(connection, site_id)
    profile = Profile.from_json(kept.data)
    assert profile.learned_from == (f"{VAK}/radio/",)
    assert [(one.fingerprint, one.begin) for one in profile.furniture] == [("f1", "")]


def test_a_site_is_forgotten(full: Archive, tmp_path: Path) -> None:
    with full.begin() as connection:
        connection.execute(
            text("INSERT INTO origins (origin) VALUES ('https://www.molenblog.example')")
        )
    forget(full, tmp_path, site="www.molenblog.example")
    assert "molenblog" not in everything(full)
    assert len(full.select("SELECT url FROM article_overview")[1]) == 7
    with full.read() as connection:
        assert Tombstones.load(connection).refuses(f"{MOLEN}/een-nieuw-stuk/")


def test_nothing_of_the_kind_is_said_and_changes_nothing(full: Archive, tmp_path: Path) -> None:
    before = everything(full)
    for asked in (
        {"author": "Niemand"},
        {"comment": 999},
        {"url": "https://nergens.example/"},
        {"site": "nergens.example"},
    ):
        with pytest.raises(NothingToErase, match="holds nothing of the kind"):
            make_plan(full, ErasureRequest(**asked), tmp_path)
    plan = make_plan(full, ErasureRequest(author="Truus"), tmp_path)
    assert count_rows(full, plan) == {"comments": 2}
    assert everything(full) == before


def test_texts_of_others_that_name_the_author_are_counted(full: Archive, tmp_path: Path) -> None:
    assert make_plan(full, ErasureRequest(author="Joost"), tmp_path).mentions == 1


def test_a_crawl_at_work_is_waited_for(archive: Archive, tmp_path: Path) -> None:
    SampleArchive(archive).save(PASSIE, FIRST)
    with archive.begin() as connection:
        connection.execute(
            text("UPDATE pages SET state = 'leased', lease_until = '2999-01-01 00:00:00+00:00'")
        )
    with pytest.raises(NothingToErase, match="A crawl is at work"):
        make_plan(archive, ErasureRequest(author="Joost"), tmp_path)


NAME, WORDS = "Hilde Brandsma", "Het rookte ook echt"


def bodies(folder: Path) -> Iterator[bytes]:
    for path in (folder / "warc").glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(
                stream, record_types=WarcRecordType.response, parse_http=False
            ):
                yield (
                    bytes(str(dict(record.headers)), "utf-8")
                    + parse_answer(record.reader.read()).body
                )


def find(folder: Path, *words: str) -> list[str]:
    """Return where any of *words* still stands: captures, the database's files, an export
    made now.
    """
    needles = [word.encode() for word in words]
    places = ["warc" for body in bodies(folder) if any(needle in body for needle in needles)]
    archive = Archive.open(default_database(folder))
    request = ExportRequest(dataset="threads", form="jsonl", names=True)
    export(archive, request, open_pseudonyms(folder), folder / "out" / "t.jsonl")
    archive.close()
    for path in (
        *folder.glob("archive.db*"),
        *(folder / "out").iterdir(),
        *folder.glob("receipts/*"),
    ):
        raw = path.read_bytes().lower()
        places += [path.name for needle in needles if needle.lower() in raw]
    return places


def test_every_capture_is_searched_however_it_crossed_the_wire(tmp_path: Path) -> None:
    warc = WarcWriter(tmp_path, "Knipsel/test", "test@example.org")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    packed = gzip.compress(b"<p>Hilde schreef dit.</p>" * 20)
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    squeezed = head + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + framed
    made = Exchange(
        url="http://dorp.example/1",
        fetched_at=FIRST,
        request=b"GET / HTTP/1.1\r\n\r\n",
        response=squeezed,
    )
    warc.write(made)
    warc.write(
        replace(
            made, url="http://dorp.example/2", response=head + b"\r\n<p>Hilde schreef dit ook.</p>"
        )
    )
    warc.write(
        replace(
            made,
            url="http://dorp.example/3",
            response=b"<p>Hilde, bewaard.</p>",
            request=b"",
            media_type="text/html",
        )
    )
    warc.write(replace(made, url="http://dorp.example/4", response=head + b"\r\n<p>Een ander.</p>"))
    warc.close()
    (path,) = tmp_path.glob("*.warc.gz")
    found = [
        capture.url[-1] for capture in find_captures(path, lambda capture: b"Hilde" in capture.body)
    ]
    assert found == ["1", "2", "3"]


def check_warc(folder: Path) -> None:
    files = sorted(str(path) for path in (folder / "warc").glob("*.warc.gz"))
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def command(folder: Path, *arguments: str) -> Ended:
    return knipsel("forget", *arguments, "-s", f"KNIPSEL_ARCHIVE={folder}")


def test_a_crawled_author_leaves_no_trace_and_does_not_come_back(tmp_path: Path) -> None:
    with DemoServer() as server:
        assert crawl(f"{server.url}/", tmp_path).code == 0
        assert find(tmp_path, NAME, WORDS)
        told = command(tmp_path, "--author", NAME)
        assert (told.code, "Nothing was changed" in told.out) == (0, True), told.err
        assert find(tmp_path, NAME, WORDS)
        done = command(tmp_path, "--author", NAME, "--yes")
        assert done.code == 0, done.err
        assert NAME not in done.out
        assert (
            json.loads((next((tmp_path / "receipts").iterdir())).read_text())["rows"]["comments"]
            == 2
        )
        assert find(tmp_path, NAME, WORDS) == []
        check_warc(tmp_path)
        check_places(tmp_path)
        assert crawl(f"{server.url}/", tmp_path).code == 0
    assert find(tmp_path, NAME, WORDS) == []
    check_warc(tmp_path)
    check_places(tmp_path)
    assert command(tmp_path, "--author", NAME).code == 2


def test_a_crawled_article_does_not_come_back(tmp_path: Path) -> None:
    with DemoServer() as server:
        assert crawl(f"{server.url}/", tmp_path).code == 0
        archive = Archive.open(default_database(tmp_path))
        _columns, (row,) = archive.select(
            "SELECT url, headline FROM article_overview WHERE url LIKE '%etalage%'"
        )
        archive.close()
        path = row["url"].removeprefix(server.url)
        assert command(tmp_path, "--url", row["url"], "--yes").code == 0
        assert find(tmp_path, path, row["headline"], WORDS) == []
        check_warc(tmp_path)
        assert crawl(f"{server.url}/", tmp_path).code == 0
    assert find(tmp_path, path, row["headline"], WORDS) == []
    check_warc(tmp_path)
    check_places(tmp_path)


def check_places(folder: Path) -> None:
    """Every fetch that names a capture names the right one."""
    archive = Archive.open(default_database(folder))
    _columns, rows = archive.select(
        "SELECT url, warc_file, warc_offset, warc_record_id FROM fetches WHERE "
        "warc_file IS NOT NULL"
    )
    archive.close()
    assert rows
    for row in rows:
        with (folder / "warc" / row["warc_file"]).open("rb") as stream:
            stream.seek(row["warc_offset"])
            record = next(iter(ArchiveIterator(stream)))
            assert (record.record_id, record.headers["WARC-Target-URI"]) == (
                row["warc_record_id"],
                row["url"],
            )


def test_forget_asks_for_one_thing(tmp_path: Path) -> None:
    Archive.open(default_database(tmp_path)).close()
    assert "one of the arguments" in command(tmp_path).err
    ended = command(tmp_path, "--author", "Niemand")
    assert (ended.code, ended.err) == (
        2,
        "knipsel forget: The archive holds nothing of the kind; nothing was erased.\n",
    )
