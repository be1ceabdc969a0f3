"""Folders of saved pages, with the table that describes each."""

import csv
import logging
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

from storage.warc import unpack_body

logger = logging.getLogger(__name__)

LARGEST_FILE = 64_000_000
LONGEST_NAME = 200
LONGEST_LINE = 1_000_000  # letters of a table

TABLES = ("pages.csv", "pages.tsv", "index.csv", "index.tsv")
COLUMNS = {
    "file": ("file", "path", "filename", "bestand"),
    "url": ("url", "address", "adres"),
    "fetched_at": ("fetched_at", "moment", "timestamp", "date", "saved_at", "datum"),
}
# What a table states without a zone is the wall clock of those who save Dutch pages.
ZONE = ZoneInfo("Europe/Amsterdam")
_DIGITS = re.compile(r"\d{14}")


class NoTable(ValueError):
    """Raised when a folder's table is missing or lacks a column; its text is what to write."""


class BadFile(ValueError):
    """Raised when a file that a table names is not read; its text is the reason in a word."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved file with what the table states of it."""

    url: str
    fetched_at: datetime
    body: bytes


def read_saved_pages(folder: Path, counts: "Counter[str]") -> Iterator[SavedPage]:
    """Yield the pages that the table in *folder* names; rows that cannot be used are counted in
    *counts*.

    The table is pages.csv, pages.tsv, index.csv or index.tsv with the columns file, url and
    fetched_at (ISO 8601, or 14 digits in UTC). Files may be gzip-compressed. Raises NoTable.
    """
    for row in _rows(folder):
        moment = read_moment(row["fetched_at"])
        if moment is None:
            counts["no_moment"] += 1
            continue
        if not row["url"].startswith(("http://", "https://")):
            counts["no_web_address"] += 1
            continue
        try:
            body = read_inside(folder, row["file"])
        except BadFile as fault:
            counts[str(fault)] += 1
            logger.warning("%s is left out: %s.", row["file"][:LONGEST_NAME], fault)
            continue
        yield SavedPage(row["url"], moment, body)


def read_inside(folder: Path, name: str) -> bytes:
    """Return what the regular file *name* below *folder* holds, unpacked where it is compressed.

    Raises BadFile: for a name that leads out of the folder, or over a link; for what is no regular
    file; for more than 64 MB; for a file that is not there or cannot be unpacked.
    """
    with _opened_inside(folder, name) as file:
        body = file.read(LARGEST_FILE + 1)
    if body[:2] == b"\x1f\x8b":
        body, problem = unpack_body(body, "gzip", LARGEST_FILE)
        if problem is not None:
            raise BadFile("too_large" if problem == "too_large" else "no_file")
    if len(body) > LARGEST_FILE:
        raise BadFile("too_large")
    return body


def _opened_inside(folder: Path, name: str) -> BinaryIO:
    parts = Path(name).parts
    if not parts or "\0" in name or Path(name).is_absolute() or ".." in parts:
        raise BadFile("outside_the_folder")
    paths = [folder.joinpath(*parts[: length + 1]) for length in range(len(parts))]
    try:
        if any(path.is_symlink() for path in paths):
            raise BadFile("a_link")
        # Not blocking: else a named pipe would be waited for.
        handle = os.open(paths[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BadFile("no_file") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadFile("no_regular_file")
    return os.fdopen(handle, "rb")


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    tables = (folder / name for name in TABLES if (folder / name).is_file())
    path = next((table for table in tables if not table.is_symlink()), None)
    if path is None:
        raise NoTable(
            f"{folder} has no table: put a pages.csv there with the columns file, "
            "url and fetched_at."
        )
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(
            _lines(file, path), delimiter="\t" if path.suffix == ".tsv" else ","
        )
        try:
            columns = _columns_of(path, reader.fieldnames or ())
            for row in reader:
                yield {column: (row[name] or "").strip() for column, name in columns.items()}
        except csv.Error as error:
            raise NoTable(
                f"{path} cannot be read on in line {reader.line_num}: {error}."
            ) from error


def _lines(file: TextIO, path: Path) -> Iterator[str]:
    """Yield the lines of a table. Raises NoTable at one that no table of pages has."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise NoTable(f"{path} is no table: a line of it is longer than {LONGEST_LINE:,}.")
        yield line


def _columns_of(path: Path, header: Sequence[str]) -> dict[str, str]:
    """Return how each of our columns is called in a table. Raises NoTable where one is missing."""
    names = {(name or "").strip().lower(): name for name in header}
    columns = {}
    for column, aliases in COLUMNS.items():
        found = next((names[alias] for alias in aliases if alias in names), None)
        if found is None:
            raise NoTable(f"{path} has no column {column}.")
        columns[column] = found
    return columns


def read_moment(text: str) -> datetime | None:
    """Return the moment in a table's cell, None when it has none."""
    try:
        if _DIGITS.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
