"""Records within rows: authors, links or the thread of each article of a batch, column by
column.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Records:
    """The records of some rows: row *i* has the next ``counts[i]`` values of each column."""

    counts: Sequence[int]
    columns: "Sequence[Sequence[Any] | Records]"

    @classmethod
    def of(
        cls,
        owners: Sequence[int],
        columns: "Sequence[Sequence[Any] | Records]",
        keys: Sequence[int],
    ) -> Self:
        """Return the records of the rows *keys*; *owners* names the row of each record, in the
        order of *keys*.
        """
        held = Counter(owners)
        return cls([held[key] for key in keys], columns)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.counts)

    def lists(self, names: "Names") -> list[list[dict[str, Any]]]:
        """Return each row's records as dictionaries; *names* are those of the columns, with those
        of the records in them.
        """
        columns = (
            values.lists(names[name]) if isinstance(values, Records) else values
            for name, values in zip(names, self.columns, strict=True)
        )
        records = (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
        return [list(islice(records, count)) for count in self.counts]


# The names of columns, each with those of the records in it.
Names = Mapping[str, "Names"]
# Some rows of a dataset: for each field its values.
Batch = dict[str, Sequence[Any] | Records]


def columns_of(rows: Sequence[Any], width: int) -> Sequence[Sequence[Any]]:
    """Return the columns of *rows*, *width* empty ones where there are none."""
    return tuple(zip(*rows, strict=True)) or ((),) * width
