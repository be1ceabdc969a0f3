"""An export that was made: what was written and counted, and its manifest.

All that is said of it is dated by what was read, not by the clock: of an archive that did not
change, all exports are the same.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from storage.exports.fields import ExportRequest, shown_name
from storage.exports.moments import iso
from storage.exports.nested import Batch, Records
from storage.records import Field

PRODUCT = "knipsel"


@dataclass(slots=True)
class CardCounts:
    """What was written: rows, by site and year and by language, how many have a value in each
    field, and the *contents* of what is no table: texts and tokens, or commenters and pairs.
    """

    rows: int = 0
    by_site_and_year: Counter[tuple[str, str]] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    contents: Counter[str] = field(default_factory=Counter)
    declared: int = 0
    captured: int = 0
    reserved: int = 0

    def add(self, batch: Batch, day: str) -> None:
        """Count the rows of *batch*; *day* is the field that dates them."""
        plain = {name: values for name, values in batch.items() if not isinstance(values, Records)}
        self.rows += len(next(iter(batch.values())))
        for name, values in batch.items():
            empty = (
                values.counts.count(0)
                if isinstance(values, Records)
                else values.count(None) + (values.count([]) if isinstance(values, list) else 0)
            )
            self.filled[name] += len(values) - empty
        if plain.get("site") and plain.get(day):
            years = (moment[:4] if moment else "undated" for moment in plain[day])
            self.by_site_and_year.update(zip(plain["site"], years, strict=True))
        languages = filter(None, plain.get("in_language", ()))
        self.languages.update(language.partition("-")[0].lower() for language in languages)
        self.declared += sum(filter(None, plain.get("comments_declared", ())))
        self.captured += sum(filter(None, plain.get("comments_captured", ())))
        reservations = plain.get("tdm_reservation", ())
        self.reserved += len(reservations) - reservations.count(None) - reservations.count("0")

    def merge(self, other: "CardCounts") -> None:
        """Count what *other* counted, too."""
        self.rows += other.rows
        self.by_site_and_year.update(other.by_site_and_year)
        self.filled.update(other.filled)
        self.languages.update(other.languages)
        self.contents.update(other.contents)
        self.declared += other.declared
        self.captured += other.captured
        self.reserved += other.reserved


@dataclass(slots=True)
class Seen:
    """What was seen of the rows of an export: counts, by which extractors they were read, and when
    last as the database has it.
    """

    counts: CardCounts = field(default_factory=CardCounts)
    versions: set[str] = field(default_factory=set)
    newest: Any = None

    @classmethod
    def of(cls, parts: "Iterable[Seen]") -> Self:
        """Return what *parts* of an export saw together."""
        seen = cls()
        for one in parts:
            seen.counts.merge(one.counts)
            seen.versions |= one.versions
            seen.newest = max(filter(None, (seen.newest, one.newest)), default=None)
        return seen

    def facts(self) -> dict[str, Any]:
        """Return when the newest of the rows was last read, as ISO text in UTC, and by which
        extractors all were.
        """
        return {"last_read": iso([self.newest])[0], "extractor_versions": sorted(self.versions)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An export that was made: its files with their sizes and digests, what was counted, what was
    left out.
    """

    request: ExportRequest
    fields: Sequence[Field]
    files: Sequence[dict[str, Any]]
    counts: CardCounts
    left_out: int
    facts: dict[str, Any]

    @property
    def title(self) -> str:
        """The dataset's title."""
        return f"{self.request.dataset.capitalize()} of Dutch article sites"

    def description(self, version: str) -> str:
        """Return in two sentences what it is, who made it of what, and what was asked."""
        counts = (f"{count} {what}" for what, count in self.counts.contents.items())
        contents = ", ".join((f"{self.counts.rows} {self.request.origin}", *counts))
        asked = "; ".join(_asked(manifest(self, version)["query"]))
        return (
            f"{contents}, exported by Knipsel {version} from what was last read at "
            f"{self.facts['last_read']}. Asked: {asked}."
        )


def describe_file(path: Path, name: str) -> dict[str, Any]:
    """Return a file's name, size and SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": name, "bytes": path.stat().st_size, "sha256": digest}


def manifest(made: Made, version: str) -> dict[str, Any]:
    """Return the manifest of an export as plain data."""
    asked = {
        name: value
        for name, value in asdict(made.request).items()
        if value not in (None, False, ())
    }
    if made.request.form != "csv":
        del asked["delimiter"]
    return {
        "product": f"{PRODUCT}/{version}",
        "dataset": made.request.dataset,
        "rows": made.counts.rows,
        **({"contents": dict(made.counts.contents)} if made.counts.contents else {}),
        "files": list(made.files),
        "schema": [
            {
                "name": shown_name(one, made.request),
                "type": one.kind,
                "description": one.meaning,
                "filled": made.counts.filled[one.name],
            }
            for one in made.fields
        ],
        "query": {
            name: str(value) if name in {"since", "until"} else value
            for name, value in asked.items()
        },
        "names": "as written" if made.request.names else "pseudonyms",
        "left_out": {"tdm_reservation": made.left_out},
        **made.facts,
    }


def _asked(query: Mapping[str, Any]) -> list[str]:
    """Return what was asked for, in words; what is on or off comes last."""
    valued = [f"{name} {value}" for name, value in query.items() if value is not True]
    return valued + [name for name, value in query.items() if value is True]
