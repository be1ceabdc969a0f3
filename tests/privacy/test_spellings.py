"""What is erased is found in every usual spelling of a name: texts, links, addresses, reports."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from storage.database import Archive, comments, default_database, fetches, pages, sites
from storage.privacy import ErasureRequest, Tombstones, erase, make_plan
from storage.privacy.spellings import address_finder, distinctive_words, finder_of
from storage.records import Exchange
from storage.warc import WarcWriter
from tests.sample_archive import FIRST, PASSIE, fill

NAMES = {
    "Hanneke de Wit": [
        "/leden/hanneke-de-wit/", "/leden/Hanneke_de_Wit", "/profiel?naam=hanneke+de+wit",
        "/u/Hanneke%20de%20Wit", "/u/hanneke%2520de%2520wit", "/users/hannekedewit/",
        "/author/HANNEKE-DE-WIT/feed/",
        "/u/hanneke.de.wit", "/leden/hanneke/de-wit", "/u/hanneke_de_wit2", "/u/hannekedewit123",
        "/u/hanneke%u0020de%u0020wit", "/u/42hanneke-de-wit.jpg",
    ],
    "José d'Ambrosio": [
        "/u/jose-dambrosio", "/u/Jos%C3%A9_d%27Ambrosio", "/u/josedambrosio",
        "/u/jos%C3%A9-d-ambrosio", "/u/jos%E9-d-ambrosio", "/u/jos%25E9_d%27ambrosio",
        "/u/jos%u00e9-dambrosio",
    ],
    "Jürgen Größ": ["/u/jurgen-gross", "/u/juergen-groess", "/u/j%FCrgen_gr%F6%DF"],
    "Łukasz Østby": ["/u/lukasz-ostby", "/u/%C5%81ukasz_%C3%98stby", "/u/lukaszostby7"],
    "Molenaar": [
        "/leden/molenaar/", "/leden/Molenaar", "/profiel?u=molenaar", "/~molenaar/", "/@molenaar",
        "/leden/molenaar.html", "/u/molenaar12",
    ],
}  # fmt: skip
OTHERS = ["/leden/hanneke-wit/", "/nieuws/de-molenaar-stopt/", "/u/jan", "/", "/2014/05/"]


@pytest.mark.parametrize("name", NAMES)
def test_an_address_names_somebody_in_every_usual_spelling(name: str) -> None:
    names_it = address_finder([name])
    for path in NAMES[name]:
        assert names_it(f"https://dorpskrant.example{path}"), path
    for path in OTHERS:
        assert not names_it(f"https://dorpskrant.example{path}"), path


@pytest.mark.parametrize("path", ["/auteur/de-wit-hanneke/", "/auteur/wit_hanneke_de"])
def test_an_address_may_have_the_last_name_first(path: str) -> None:
    assert address_finder(["Hanneke de Wit"])(f"https://dorpskrant.example{path}")


@pytest.mark.parametrize("name", [name for name in NAMES if " " in name])
def test_a_page_with_such_a_link_is_known(name: str) -> None:
    finds = finder_of(distinctive_words((), [name]))
    for path in NAMES[name]:
        assert finds(f'<p>Een <a href="{path}">lid</a> schreef</p>'.encode()), path
    assert not finds(b"<p>Hanneke kent De Wit, en Jose kent Ambrosio.</p>")


def test_profile_addresses_captures_and_reports_go_with_the_person(tmp_path: Path) -> None:
    folder, reports = tmp_path / "archive", tmp_path / "reports"
    archive = Archive.open(default_database(folder))
    fill(archive)
    writer = WarcWriter(folder / "warc", software="tests", operator="tests@example.org")
    with archive.begin() as connection:
        connection.execute(
            update(comments)
            .where(comments.c.author == "Hanneke de Wit")
            .values(author_url="https://vakblad.example/wie/1234/")
        )
        site = connection.execute(select(sites.c.id)).scalars().first()
        row = dict(connection.execute(select(fetches)).mappings().first() or {})
        paths = ("/wie/1234/", *NAMES["Hanneke de Wit"])
        for url in (f"https://vakblad.example{path}" for path in paths):
            made = connection.execute(
                insert(pages).values(
                    site_id=site, url=url, kind="page", state="refused", found_how="link",
                    priority=0, depth=0, first_seen=FIRST,
                )
            )  # fmt: skip
            answer = b"HTTP/1.1 200 OK\r\n\r\n<p>niets</p>"
            place = writer.write(Exchange(url=url, fetched_at=FIRST, request=b"", response=answer))
            key = made.inserted_primary_key
            row |= {"url": url, "page_id": key[0] if key else None, "warc_file": place.file}
            row |= {"warc_record_id": place.record_id, "warc_offset": place.offset}
            connection.execute(insert(fetches).values({k: v for k, v in row.items() if k != "id"}))
    linking = b'HTTP/1.1 200 OK\r\n\r\n<a href="/leden/hanneke_de_wit">lid</a>'
    writer.write(
        Exchange(url="https://x.example/", fetched_at=FIRST, request=b"", response=linking)
    )
    writer.close()
    reports.mkdir()
    (reports / "run-1.html").write_text("bij /leden/hanneke-de-wit/ faalde", encoding="utf-8")
    (reports / "run-2.json").write_text("{}", encoding="utf-8")
    plan = make_plan(archive, ErasureRequest(author="Hanneke de Wit", reports=reports), folder)
    erase(archive, plan, folder)
    with archive.read() as connection:
        left = [
            url
            for table in (pages, fetches)
            for url in connection.execute(select(table.c.url)).scalars()
            if "1234" in url or "hanneke" in url.lower()
        ]
        assert left == []
        assert Tombstones.load(connection).refuses("https://vakblad.example/wie/1234/")
        assert PASSIE.url in set(connection.execute(select(pages.c.url)).scalars())
    said = b"".join(path.read_bytes() for path in folder.rglob("archive.db*")).lower()
    assert b"hanneke" not in said
    assert [path.name for path in reports.iterdir()] == ["run-2.json"]
    kept = b"".join(path.read_bytes() for path in (folder / "warc").iterdir())
    assert b"hanneke" not in gzip.decompress(kept).lower()
    archive.close()
