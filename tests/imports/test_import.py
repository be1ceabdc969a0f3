"""Import: whoever made a capture, and in whatever order captures come in, the archive is the one
that a crawl would have made.
"""

import gzip
import io
import itertools
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastwarc.stream_io import ZstdWriter

from crawler.offline import Order, Wanted, reextract_pages
from storage.database import Archive, default_database
from storage.imports import NoCaptures, NoTable
from storage.privacy import add_tombstones
from storage.progress import no_report
from storage.warc import read_original
from tests.crawling import ask, knipsel
from tests.foreign_captures import TEXT, InlinePool, answer, page, record, take

URL = "https://dorpsblad.example/2013/12/molen/"
MOMENTS = [
    datetime(2014, 1, 5, 12, tzinfo=UTC),
    datetime(2014, 2, 5, 12, tzinfo=UTC),
    datetime(2015, 3, 5, 12, tzinfo=UTC),
]
ANS, BAS, COR = (
    ("Ans", "Mooi dat hij weer draait."),
    ("Bas", "Ik stond vooraan."),
    ("Cor", "Te laat, maar toch: prachtig."),
)
THREADS: list[dict[int, tuple[str, str]]] = [
    {1: ANS, 2: BAS},
    {1: ANS, 2: ("Bas", "Ik stond helemaal vooraan."), 3: COR},
    {2: ("Bas", "Ik stond helemaal vooraan."), 3: COR},
]
OTHER = "https://dorpsblad.example/2014/01/fanfare/"


def crawls() -> list[bytes]:
    """The site at three moments: comments added, edited and removed, a text edited, an article
    added and then removed.
    """
    bodies = [TEXT, TEXT + "Naschrift.", TEXT + "Naschrift."]
    made = [
        record(URL, moment, answer(page("De molen", thread, body)))
        for moment, thread, body in zip(MOMENTS, THREADS, bodies, strict=True)
    ]
    made[1] += record(OTHER, MOMENTS[1], answer(page("De fanfare", {})))
    made[2] += record(OTHER, MOMENTS[2], answer(b"weg", "404 Not Found\r\nContent-Type: text/html"))
    return made


def dump(folder: Path) -> list[list[dict[str, Any]]]:
    """Everything of the archive that does not name keys."""
    return [
        ask(folder, query)
        for query in (
            "SELECT * FROM article_overview ORDER BY url",
            "SELECT article_url, depth, position, source_id, author, date_created, "
            "text, first_seen, last_seen, gone_at"
            " FROM comment_thread ORDER BY article_url, source_id",
            "SELECT headline, article_body, seen_at FROM article_versions ORDER BY "
            "article_id, seen_at",
            "SELECT c.source_id, v.text, v.seen_at FROM comment_versions v JOIN "
            "comments c ON c.id = v.comment_id ORDER BY 1, 3",
            "SELECT url, state, outcome, first_seen, last_visit, visits FROM pages ORDER BY url",
            "SELECT url, gone_at FROM articles ORDER BY url",
        )
    ]


def test_three_captures_in_any_order_make_one_archive(tmp_path: Path) -> None:
    files = []
    for number, content in enumerate(crawls()):
        files.append(tmp_path / f"{number}.warc")
        files[-1].write_bytes(content)
    dumps = []
    for order in itertools.permutations(files):
        folder = tmp_path / "-".join(path.stem for path in order)
        for path in order:
            take(folder, path)
        dumps.append(dump(folder))
    assert all(one == dumps[0] for one in dumps[1:])
    articles, comments, versions, edits, pages, gone = dumps[0]
    assert [row["headline"] for row in articles] == ["De molen", "De fanfare"]
    assert articles[0]["article_body"].endswith("Naschrift.")
    assert [(row["source_id"], row["first_seen"], row["gone_at"]) for row in comments] == [
        ("1", stamp(0), stamp(2)), ("2", stamp(0), None), ("3", stamp(1), None),
    ]  # fmt: skip
    assert [row["seen_at"] for row in versions] == [stamp(0)]
    assert [(row["source_id"], row["text"], row["seen_at"]) for row in edits] == [
        ("2", "Ik stond vooraan.", stamp(0))
    ]
    assert {row["url"]: row["state"] for row in pages} == {URL: "done", OTHER: "gone"}
    assert {row["url"]: row["gone_at"] for row in gone} == {URL: None, OTHER: stamp(2)}


def test_captures_out_of_order_on_both_databases(database: str, tmp_path: Path) -> None:
    for number in (2, 0, 1):
        (tmp_path / f"{number}.warc").write_bytes(crawls()[number])
        take(tmp_path, tmp_path / f"{number}.warc", database=database)
    archive = Archive.open(database)
    _columns, rows = archive.select(
        "SELECT source_id, first_seen, gone_at FROM comments ORDER BY source_id"
    )
    stamps = [
        (row["source_id"], _moment(row["first_seen"]), _moment(row["gone_at"])) for row in rows
    ]
    assert stamps == [
        ("1", MOMENTS[0], MOMENTS[2]),
        ("2", MOMENTS[0], None),
        ("3", MOMENTS[1], None),
    ]
    changes = reextract_pages(archive, InlinePool(tmp_path, database), Order(), no_report)  # type: ignore[arg-type]  # stands in
    # The fanfare's newest capture tells that it is gone; its article is read from the one before.
    assert dict(changes.articles) == {"unchanged": 2}
    _columns, gone = archive.select("SELECT url, gone_at FROM articles WHERE gone_at IS NOT NULL")
    assert [(row["url"], _moment(row["gone_at"])) for row in gone] == [(OTHER, MOMENTS[2])]
    archive.close()


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def stamp(number: int) -> str:
    return MOMENTS[number].isoformat(sep=" ")


def test_all_at_once_and_a_second_time_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "all.warc").write_bytes(b"".join(reversed(crawls())))
    first = take(tmp_path / "a", tmp_path / "all.warc")
    assert (first.taken, first.known, dict(first.pages)) == (5, 0, {"article": 2})
    before = dump(tmp_path / "a")
    second = take(tmp_path / "a", tmp_path / "all.warc")
    assert (second.taken, second.known, dict(second.pages)) == (0, 5, {})
    assert dump(tmp_path / "a") == before
    assert before[1][0]["gone_at"] == stamp(2)


def test_a_late_import_keeps_the_keys_of_article_and_comments(tmp_path: Path) -> None:
    for number, content in enumerate(crawls()):
        (tmp_path / f"{number}.warc").write_bytes(content)
    take(tmp_path / "a", tmp_path / "1.warc")
    query = (
        "SELECT a.id, c.id AS c, c.source_id FROM articles a JOIN comments c ON "
        "c.article_id = a.id ORDER BY c.id"
    )
    before = ask(tmp_path / "a", query)
    take(tmp_path / "a", tmp_path / "0.warc")
    assert ask(tmp_path / "a", query) == before


def test_a_yesterday_counts_from_the_capture(tmp_path: Path) -> None:
    told = (
        page("De molen", {})
        .replace(b'datetime="2013-12-30T10:21:00+01:00"', b"")
        .replace(b"30 december 2013\nom 10:21", b"gisteren om 14:05")
    )
    (tmp_path / "a.warc").write_bytes(record(URL, MOMENTS[0], answer(told)))
    take(tmp_path / "a", tmp_path / "a.warc")
    dates = "SELECT date_published, date_published_utc FROM article_overview"
    assert ask(tmp_path / "a", dates) == [
        {
            "date_published": "2014-01-04 14:05",
            "date_published_utc": "2014-01-04 13:05:00+00:00",
        }
    ]


def test_comment_pages_become_one_thread(tmp_path: Path) -> None:
    links = f'<a class="next" href="{URL}comment-page-2/#comments">Nieuwere reacties</a>'
    one = page("De molen", {1: ANS}, pages=links, count=2)
    two = page("De molen", {2: BAS}, pages=f'<a href="{URL}#comments">Oudere reacties</a>', count=2)
    records = [
        record(f"{URL}comment-page-2/", MOMENTS[0] + timedelta(seconds=4), answer(two)),
        record(URL, MOMENTS[0], answer(one)),
    ]
    for number, content in enumerate(records):
        (tmp_path / f"{number}.warc").write_bytes(content)
        take(tmp_path / "a", tmp_path / f"{number}.warc")
    assert [
        row["author"]
        for row in ask(tmp_path / "a", "SELECT author FROM comment_thread ORDER BY position")
    ] == ["Ans", "Bas"]
    assert (
        ask(tmp_path / "a", "SELECT comments_gap_reason FROM articles")[0]["comments_gap_reason"]
        is None
    )


def test_http_https_and_www_are_one_page(tmp_path: Path) -> None:
    old = record(
        "http://www.dorpsblad.example/2013/12/molen",
        MOMENTS[0],
        answer(page("De molen", THREADS[0])),
    )
    (tmp_path / "a.warc").write_bytes(old + crawls()[2])
    take(tmp_path / "a", tmp_path / "a.warc")
    assert len(ask(tmp_path / "a", "SELECT url FROM pages WHERE url LIKE '%molen%'")) == 1
    assert len(ask(tmp_path / "a", "SELECT id FROM comments")) == 3


GOOD = record(URL, MOMENTS[0], answer(page("De molen", THREADS[0])))
NEXT = record(OTHER, MOMENTS[1], answer(page("De fanfare", {3: COR})))
BODY = page("De molen", THREADS[0])
ARC_HEAD = b"1 0 Alexa\nURL IP-address Archive-date Content-type Archive-length\n"


def arc(*entries: tuple[str, str, bytes]) -> bytes:
    made = (
        b"filedesc://x.arc 0.0.0.0 20140105120000 text/plain %d\n" % len(ARC_HEAD)
        + ARC_HEAD
        + b"\n"
    )
    for url, digits, content in entries:
        made += f"{url} 192.0.2.1 {digits} text/html {len(content)}\n".encode() + content + b"\n"
    return made


def zst(content: bytes) -> bytes:
    packed = io.BytesIO()
    writer = ZstdWriter(packed)
    writer.write(content)
    writer.close()
    return packed.getvalue()


def wacz(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("datapackage.json", "{}")
        package.writestr("archive/data.warc.gz", gzip.compress(content))
    return packed.getvalue()


def chunked(body: bytes) -> bytes:
    return (
        b"%x\r\n" % 100
        + body[:100]
        + b"\r\n"
        + b"%x\r\n" % len(body[100:])
        + body[100:]
        + b"\r\n0\r\n\r\n"
    )


ARC = arc(
    (URL, "20140105120000", answer(BODY)),
    (OTHER, "20140205120000", answer(page("De fanfare", {3: COR}))),
)
HEAD = "200 OK\r\nContent-Type: text/html"
FILES = {
    "warc": (GOOD + NEXT, 2, {}),
    "warc.gz": (gzip.compress(GOOD) + gzip.compress(NEXT), 2, {}),
    "one gzip member": (gzip.compress(GOOD + NEXT), 2, {}),
    "warc.zst": (zst(GOOD) + zst(NEXT), 2, {}),
    "wacz": (wacz(GOOD + NEXT), 2, {}),
    "arc": (ARC, 2, {}),
    "arc.gz": (gzip.compress(ARC), 2, {}),
    "truncated": ((GOOD + NEXT)[:-700], 1, {"cut_off": 1}),
    "truncated gz": ((gzip.compress(GOOD) + gzip.compress(NEXT))[:-300], 1, {"cut_off": 1}),
    "truncated arc": (ARC[:-300], 1, {"cut_off": 1}),
    "wrong digest": (
        record(URL, MOMENTS[0], answer(BODY),
            WARC_Block_Digest="sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") + NEXT, 2,
            {"wrong_digest": 1}
    ),
    "wrong length": (GOOD.replace(b"Content-Length: ", b"Content-Length: 1") + b"", 0,
        {"cut_off": 1}),
    "no HTTP inside": (record(URL, MOMENTS[0], b"HTTX broken",
        Content_Type="application/http") + NEXT, 1, {"mislabelled": 1}),
    "brackets": (GOOD.replace(f": {URL}".encode(), f": <{URL}>".encode()), 1, {}),
    "chunks left in, header gone": (record(URL, MOMENTS[0], answer(chunked(BODY))), 1, {}),
    "chunked": (record(URL, MOMENTS[0], answer(chunked(BODY),
        f"{HEAD}\r\nTransfer-Encoding: chunked")), 1, {}),
    "chunked, says the header only": (record(URL, MOMENTS[0],
        answer(BODY, f"{HEAD}\r\nTransfer-Encoding: chunked")), 1, {}),
    "gzip": (record(URL, MOMENTS[0], answer(gzip.compress(BODY),
        f"{HEAD}\r\nContent-Encoding: gzip")), 1, {}),
    "gzip, says the header only": (record(URL, MOMENTS[0],
        answer(BODY, f"{HEAD}\r\nContent-Encoding: gzip")), 1, {}),
    "gzip, header gone": (record(URL, MOMENTS[0], answer(gzip.compress(BODY))), 1, {}),
    "wrong charset": (
        record(URL, MOMENTS[0], answer(BODY.replace(b"Ans", "Ansé".encode("cp1252")),
            f"{HEAD}; charset=utf-8")), 1, {}
    ),
    "revisit": (
        GOOD + record(URL, MOMENTS[1], b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
            "revisit",
                      WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date="2014-01-05T12:00:00Z"), 2,
                      {},
    ),
    "revisit without payload": (record(URL, MOMENTS[1], b"HTTP/1.1 200 OK\r\n\r\n",
        "revisit") + NEXT, 1, {"revisit_without_payload": 1}),
    "picture and script": (
        record(f"{URL}a.jpg", MOMENTS[0], answer(b"x", "200 OK\r\nContent-Type: image/jpeg"))
        + record(f"{URL}a", MOMENTS[0], answer(b"x", "200 OK\r\nContent-Type: image/jpeg")) + GOOD,
        1, {"media": 1, "not_html": 1},
    ),
    "redirect": (record(URL, MOMENTS[0], answer(b"", "301 Moved\r\nLocation: /")) + NEXT, 1,
        {"status_301": 1}),
    "dns": (record("dns:dorpsblad.example", MOMENTS[0], b"20140105 192.0.2.1", "response") + GOOD,
        1, {"no_web_address": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_other_tools_write_is_read_to_the_last_whole_record(name: str, tmp_path: Path) -> None:
    content, taken, left_out = FILES[name]
    (tmp_path / "x").write_bytes(content)
    result = take(tmp_path / "a", tmp_path / "x")
    assert (result.taken, dict(result.left_out)) == (taken, left_out)
    assert set(result.pages) <= {"article"}
    if taken:
        assert ask(tmp_path / "a", "SELECT text FROM comment_thread ORDER BY source_id")[0][
            "text"
        ] in {ANS[1], COR[1]}


def test_a_folder_of_saved_pages(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "a.html").write_bytes(page("De molen", THREADS[0]))
    (saved / "b.html").write_bytes(gzip.compress(page("De molen", THREADS[1])))
    rows = [
        f"a.html,{URL},2014-01-05T13:00:00+01:00",
        f"b.html,{URL},20140205120000",
        f"c.html,{URL},2014-03-01",
        f"a.html,{URL},eens",
    ]
    (saved / "pages.csv").write_text("File,URL,Fetched_at\n" + "\n".join(rows), encoding="utf-8")
    result = take(tmp_path / "a", saved)
    assert (result.taken, dict(result.left_out)) == (2, {"no_file": 1, "no_moment": 1})
    firsts = ask(tmp_path / "a", "SELECT first_seen FROM comments ORDER BY source_id")
    assert [row["first_seen"] for row in firsts] == [stamp(0), stamp(0), stamp(1)]
    assert take(tmp_path / "a", saved).known == 2
    archive = Archive.open(default_database(tmp_path / "a"))
    (first, *_later) = ask(
        tmp_path / "a", "SELECT id FROM fetches WHERE warc_file IS NOT NULL ORDER BY fetched_at"
    )
    with archive.read() as connection:
        assert read_original(connection, tmp_path / "a" / "warc", first["id"]).body == page(
            "De molen", THREADS[0]
        )
    archive.close()


def test_what_was_erased_on_request_stays_away(tmp_path: Path) -> None:
    take(tmp_path / "a", empty(tmp_path))
    archive = Archive.open(default_database(tmp_path / "a"))
    with archive.begin() as connection:
        add_tombstones(connection, [("page", OTHER), ("author", "Ans")], MOMENTS[0])
    archive.close()
    for number, content in enumerate(crawls()):
        (tmp_path / f"{number}.warc").write_bytes(content)
    results = [take(tmp_path / "a", tmp_path / f"{number}.warc") for number in (1, 0)]
    assert [result.left_out["erased"] for result in results] == [1, 0]
    assert [row["url"] for row in ask(tmp_path / "a", "SELECT url FROM articles")] == [URL]
    authors = ask(tmp_path / "a", "SELECT DISTINCT author FROM comments ORDER BY author")
    assert [row["author"] for row in authors] == ["Bas", "Cor"]


def empty(folder: Path) -> Path:
    """Write a WARC file with a picture only."""
    (folder / "leeg.warc").write_bytes(
        record(f"{URL}a.jpg", MOMENTS[0], answer(b"x", "200 OK\r\nContent-Type: image/jpeg"))
    )
    return folder / "leeg.warc"


def test_filters_by_host_and_day(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(
        b"".join(crawls()) + record("https://elders.example/a-b-c/", MOMENTS[1], answer(BODY))
    )
    wanted = Wanted(hosts=("dorpsblad.example",), since=MOMENTS[1].date(), until=MOMENTS[1].date())
    result = take(tmp_path / "a", tmp_path / "x", wanted=wanted)
    assert (result.taken, dict(result.left_out)) == (2, {"other_day": 3, "other_host": 1})


def test_what_is_no_capture_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Geen WARC.", encoding="utf-8")
    with pytest.raises(NoCaptures, match="no WARC, WACZ or ARC file"):
        take(tmp_path / "a", tmp_path / "x.txt")
    with pytest.raises(NoTable, match="columns file, url and fetched_at"):
        take(tmp_path / "a", tmp_path)


def test_the_command_tells_what_would_come_in_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.warc").write_bytes(b"".join(crawls()))
    settings = ("-s", f"KNIPSEL_ARCHIVE={tmp_path / 'a'}", "-s", "EXTRACTION_WORKERS=1")
    dry = knipsel("import", "--dry-run", *settings, str(tmp_path / "x.warc"))
    assert (dry.code, "5 new, 0 known" in dry.out, "article 2" in dry.out) == (0, True, True), (
        dry.err
    )
    assert ask(tmp_path / "a", "SELECT id FROM pages") == []
    done = knipsel("import", *settings, str(tmp_path / "x.warc"))
    assert (done.code, "5 new, 0 known" in done.out) == (0, True), done.err
    assert len(ask(tmp_path / "a", "SELECT id FROM articles")) == 2
    wrong = knipsel("import", *settings, str(tmp_path / "nowhere.warc"))
    assert (wrong.code, "There is no" in wrong.err) == (2, True)
