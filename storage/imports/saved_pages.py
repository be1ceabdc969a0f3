"""Folders of saved pages, with the table that says what each is."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

TABLES = ("pages.csv", "pages.tsv", "index.csv", "index.tsv")
COLUMNS = {
    "file": ("file", "path", "filename", "bestand"),
    "url": ("url", "address", "adres"),
    "fetched_at": ("fetched_at", "moment", "timestamp", "date", "saved_at", "datum"),
}
# What a table says without a zone is the wall clock of those who save Dutch pages.
ZONE = ZoneInfo("Europe/Amsterdam")
_DIGITS = re.compile(r"\d{14}")


class NoTable(ValueError):
    """Raised when a folder's table is missing or lacks a column; its text says what to write."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved file with what the table says of it."""

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
            body = (folder / row["file"]).read_bytes()
            yield SavedPage(
                row["url"], moment, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            )
        except (OSError, EOFError):
            counts["no_file"] += 1


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    path = next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if path is None:
        raise NoTable(
            f"{folder} has no table: put a pages.csv there with the columns file, "
            "url and fetched_at."
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
        columns = {}
        for column, aliases in COLUMNS.items():
            found = next((names[alias] for alias in aliases if alias in names), None)
            if found is None:
                raise NoTable(f"{path} has no column {column}.")
            columns[column] = found
        for row in reader:
            yield {column: (row[name] or "").strip() for column, name in columns.items()}


def read_moment(text: str) -> datetime | None:
    """Return the moment that a table's cell tells, None when it tells none."""
    try:
        if _DIGITS.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
