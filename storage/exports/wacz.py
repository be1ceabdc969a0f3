"""Captured pages packed for other archives' tools: a WACZ file with the records as they are, an
index, the list of articles.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.database import Archive, articles, fetches, runs, sites
from storage.exports.fields import BadExport
from storage.extras import how_to_install
from storage.leftovers import scratch
from storage.local_time import site_day
from storage.progress import Report, no_report
from storage.urls import site_named
from storage.warc import DamagedFile, bring_home, read_members


@dataclass(frozen=True, slots=True, kw_only=True)
class WaczRequest:
    """Which captures are packed: of one site, fetched on or after a day; None is all."""

    site: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """How many captures are in the file, and how many articles its list names."""

    captures: int
    articles: int


def export_wacz(
    archive: Archive, folder: Path, request: WaczRequest, target: Path, report: Report = no_report
) -> Packed:
    """Pack captures of the archive in *folder* into *target*, which is replaced when the new file
    is whole.

    Raises BadExport when nothing was captured, a WARC file is missing or damaged, or the library
    wacz is not installed.
    """
    with archive.read() as connection:
        places = _places(connection, request)
        listed = list(_articles(connection, request))
    if not places:
        raise BadExport(
            "No captures of the kind are in the archive: ask without --site and "
            "--since, or crawl first."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = target.with_name(f".{target.name}.partial-{os.getpid()}")
        with scratch(folder, work):
            work.mkdir()
            captures = 0
            for done, path in enumerate(_files(archive, folder / "warc", places, work), 1):
                captures += _copy_records(path, places, work)
                report("WARC files", done, len(places))
            pages = work / "pages.jsonl"
            header = {"format": "json-pages-1.0", "id": "pages", "title": "Articles"}
            pages.write_text(
                "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (header, *listed)),
                encoding="utf-8",
            )
            fresh = work / "packed.wacz"
            _pack(sorted(work.glob("*.warc.gz")), pages, fresh)
            fresh.replace(target)
    except DamagedFile as error:
        raise BadExport(str(error)) from error
    except OSError as error:
        raise BadExport(f"{target} cannot be written: {error.strerror or error}.") from error
    return Packed(captures, len(listed))


def _chosen(query: Select[Any], request: WaczRequest) -> Select[Any]:
    query = query.join(runs, fetches.c.run_id == runs.c.id).join(
        sites, runs.c.site_id == sites.c.id
    )
    if request.site:
        query = query.where(sites.c.name == site_named(request.site))
    return query.where(fetches.c.warc_file.is_not(None))


def _places(connection: Connection, request: WaczRequest) -> dict[str, set[str]]:
    """Return the record ids of the captures by file."""
    query = _chosen(
        select(fetches.c.warc_file, fetches.c.warc_record_id, fetches.c.fetched_at), request
    )
    places: dict[str, set[str]] = {}
    for row in connection.execute(query):
        if request.since is None or site_day(row.fetched_at) >= request.since:
            places.setdefault(row.warc_file, set()).add(row.warc_record_id)
    return places


def _articles(connection: Connection, request: WaczRequest) -> Iterator[dict[str, str]]:
    """Yield each article that was captured, as the list of pages has it, at its newest capture."""
    columns = (articles.c.id, articles.c.url, articles.c.headline, fetches.c.fetched_at)
    query = _chosen(
        select(*columns)
        .select_from(articles)
        .join(fetches, fetches.c.page_id == articles.c.page_id),
        request,
    )
    newest: dict[int, dict[str, str]] = {}
    for row in connection.execute(
        query.where(fetches.c.status == 200, fetches.c.url == articles.c.url).order_by(fetches.c.id)
    ):
        if request.since is None or site_day(row.fetched_at) >= request.since:
            at = row.fetched_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            newest[row.id] = {"id": str(row.id), "url": row.url, "ts": at, "title": row.headline}
    yield from newest.values()


def _files(
    archive: Archive, folder: Path, places: dict[str, set[str]], work: Path
) -> Iterator[Path]:
    """Yield the WARC files that *places* name, those in a store as copies for as long as they are
    needed.
    """
    with archive.read() as connection:
        for name in sorted(places):
            local = next(
                (path for path in (folder / name, folder / f"{name}.open") if path.exists()), None
            )
            try:
                yield local or bring_home(connection, work / "fetched", name)[0]
            except FileNotFoundError as error:
                raise BadExport(
                    f"The WARC file {name} is missing; knipsel verify names the others."
                ) from error
            if local is None:
                (work / "fetched" / name).unlink()


def _copy_records(path: Path, places: dict[str, set[str]], work: Path) -> int:
    """Copy the chosen records of a file byte for byte, with their requests and what describes the
    file.
    """
    name = path.name.removesuffix(".open")
    wanted, members, copied = places[name], list(read_members(path)), 0
    # A revisit is nothing without the answer that it repeats.
    needed = wanted | {
        member.about for member in members if member.payload and member.record_id in wanted
    }
    with path.open("rb") as old, (work / name).open("wb") as new:
        for member in members:
            chosen = member.record_id in needed
            if chosen or member.about in needed or member.offset == 0:
                old.seek(member.offset)
                new.write(old.read(member.end - member.offset))
                copied += chosen
    return copied


def _pack(files: list[Path], pages: Path, fresh: Path) -> None:
    try:
        from wacz.main import main  # noqa: PLC0415  # an extra, and slow to load
    except ModuleNotFoundError as error:
        raise BadExport(f"WACZ needs its library: {how_to_install('wacz')}") from error
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        failed = main(
            ["create", "-o", str(fresh), "-p", str(pages), "-c", *(str(path) for path in files)]
        )
    if failed:
        raise BadExport("The library wacz could not pack these captures.")
