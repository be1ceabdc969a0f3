"""What goes with a dataset: a manifest for machines and a card for people.

Both are dated by what was read, not by the clock: of an archive that did not change, all exports
are the same.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from storage.exports.fields import ExportRequest, shown_name
from storage.exports.nested import Batch, Records
from storage.records import Field

PRODUCT = "knipsel"


@dataclass(slots=True)
class CardCounts:
    """What was written: rows, by site and year, and how many have a value in each field."""

    rows: int = 0
    by_site_and_year: Counter[tuple[str, str]] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
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
                else values.count(None) + values.count([])
            )
            self.filled[name] += len(values) - empty
        if plain.get("site") and plain.get(day):
            years = (moment[:4] if moment else "undated" for moment in plain[day])
            self.by_site_and_year.update(zip(plain["site"], years, strict=True))
        self.declared += sum(filter(None, plain.get("comments_declared", ())))
        self.captured += sum(filter(None, plain.get("comments_captured", ())))
        reservations = plain.get("tdm_reservation", ())
        self.reserved += len(reservations) - reservations.count(None) - reservations.count("0")

    def merge(self, other: "CardCounts") -> None:
        """Count what *other* counted, too."""
        self.rows += other.rows
        self.by_site_and_year.update(other.by_site_and_year)
        self.filled.update(other.filled)
        self.declared += other.declared
        self.captured += other.captured
        self.reserved += other.reserved


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


def card(made: Made, version: str) -> str:
    """Return the dataset card as Markdown, with the header that dataset hubs read."""
    request, counts = made.request, made.counts
    asked = _asked(manifest(made, version)["query"])
    return "\n".join(
        (
            "---",
            "language: nl",
            "license: other",
            f"pretty_name: {request.dataset} of a Knipsel archive",
            "---",
            "",
            f"# {request.dataset.capitalize()} of Dutch article sites",
            "",
            f"{counts.rows} rows, made by Knipsel {version} from what was last read "
            f"at {made.facts['last_read']}. "
            f"Asked: {'; '.join(asked)}.",
            "",
            "## Files",
            "",
            *(
                f"- `{one['name']}`: {one['bytes']} bytes, SHA-256 `{one['sha256']}`"
                for one in made.files
            ),
            "",
            "## Fields",
            "",
            "| field | type | filled | meaning |",
            "| --- | --- | --- | --- |",
            *(
                f"| {shown_name(one, request)} | {one.kind} | {counts.filled[one.name]} "
                f"| {one.meaning} |"
                for one in made.fields
            ),
            "",
            "## Sites and years",
            "",
            "| site | year | rows |",
            "| --- | --- | --- |",
            *(
                f"| {site} | {year} | {count} |"
                for (site, year), count in sorted(counts.by_site_and_year.items())
            ),
            "",
            *_coverage(counts),
            *_names(request),
            *_rights(made),
        )
    )


def _coverage(counts: CardCounts) -> tuple[str, ...]:
    if not counts.declared:
        return ()
    share = counts.captured / counts.declared
    return (
        "## Coverage",
        "",
        f"The sites declare {counts.declared} comments under these articles; "
        f"{counts.captured} were captured ({share:.1%}). "
        "Why the others are missing is in `comments_gap_reason`. A date that a "
        "page does not state is empty, never guessed.",
        "",
    )


def _names(request: ExportRequest) -> tuple[str, ...]:
    treated = (
        "Commenters' names are as they wrote them."
        if request.names
        else "Commenters' names are pseudonyms: a keyed hash (HMAC-SHA-256) whose key stays "
        "with the archive. "
        "The same name has the same pseudonym throughout. Names of the articles' "
        "authors are as published."
    )
    masked = (
        "Mail addresses, phone numbers and postal addresses inside comments are masked."
        if request.mask
        else "The comments' texts are as written; they may name people."
    )
    return ("## Names", "", f"{treated} {masked}", "")


def _rights(made: Made) -> tuple[str, ...]:
    left_out = (
        f" {made.left_out} rows of pages with a reservation were left out."
        if made.request.training
        else ""
    )
    stated = any(one.name == "tdm_reservation" for one in made.fields) and not made.request.training
    reserved = f" {made.counts.reserved} rows are of pages that reserve it." if stated else ""
    return (
        "## Rights",
        "",
        "Texts belong to those who wrote them; the archive knows no licence for them. "
        "Whether a site reserved text and data mining (W3C TDMRep) is in "
        "`tdm_reservation` as it last stated; "
        f"no signal is no consent.{left_out}{reserved}",
        "",
    )
