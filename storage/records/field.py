"""What a field of a record is, declared once: tables, exports, the data dictionary and the
documents read it from here.

A field is written ``name: Annotated[str | None, Meaning("who wrote it", "author")] = None``; its
kind follows from its type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is declared of a field: its meaning in one sentence and schema.org's name for it.

    *personal* fields identify a reader. *kind* is set where the type does not show it ("name": a
    reader's name). *is_kept* is False for what only travels and has no column. *is_reading* marks
    what states how the page was read: that another way reads the same is no change.
    """

    text: str
    schema_org: str | None = None
    personal: bool = False
    kind: str | None = None
    is_kept: bool = True
    is_reading: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record, a column or an exported column.

    *kind* is "text", "name", "integer", "boolean", "date" (stated by a page), "moment" (UTC),
    "day", "texts" (a list), "pairs", or that of a list of records: "authors", "comments", "blocks".
    """

    name: str
    kind: str
    meaning: str
    schema_org: str | None = None
    personal: bool = False
    is_required: bool = False
    is_kept: bool = True
    is_reading: bool = False

    @property
    def is_column(self) -> bool:
        """Whether the field is a column of its record's own table."""
        return self.is_kept and self.kind in COLUMN_KINDS


DATE_PARTS = ("", "_raw", "_precision", "_source")
COLUMN_KINDS = frozenset({"text", "name", "integer", "boolean", "date", "pairs"})
_KINDS: Mapping[Any, str] = MappingProxyType(
    {
        str: "text",
        int: "integer",
        bool: "boolean",
        datetime: "date",
        tuple[str, ...]: "texts",
        tuple[tuple[str, str], ...]: "pairs",
    }
)


@cache
def fields_of(record: type) -> tuple[Field, ...]:
    """Return the declared fields of a record's class, in its order.

    Raises TypeError for a field without a Meaning.
    """
    hints = get_type_hints(record, include_extras=True)
    return tuple(_field(one.name, hints[one.name]) for one in fields(record))


def dates_of(record: type) -> tuple[str, ...]:
    """Return the names of a record's stated dates; each has its ``_raw``, ``_precision`` and
    ``_source`` beside it.
    """
    return tuple(field.name for field in fields_of(record) if field.kind == "date")


def copied_fields(record: type) -> tuple[str, ...]:
    """Return the names of the fields that go into columns as they are and are compared there."""
    parts = tuple(f"{name}{part}" for name in dates_of(record) for part in DATE_PARTS)
    return tuple(
        field.name
        for field in fields_of(record)
        if field.is_column and not field.is_reading and field.name not in parts
    )


def _field(name: str, hint: Any) -> Field:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"The field {name} is declared without its Meaning.")
    stated, meaning = get_args(hint)[:2]
    inner = [one for one in get_args(stated) if one is not type(None)]
    is_optional = type(None) in get_args(stated)
    return Field(
        name=name,
        kind=meaning.kind or _KINDS[inner[0] if is_optional else stated],
        meaning=meaning.text,
        schema_org=meaning.schema_org,
        personal=meaning.personal,
        is_required=not is_optional,
        is_kept=meaning.is_kept,
        is_reading=meaning.is_reading,
    )
