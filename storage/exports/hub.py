"""The header of a dataset card, by which the Hugging Face Hub shows, finds and loads a dataset."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from storage.exports.made import Made

_BOUNDS = (0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
_ZEROS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))
_TAGS = {
    "articles": ("news", "articles"),
    "comments": ("news", "comments"),
    "threads": ("news", "articles", "comments"),
    "links": ("news", "articles", "comments", "hyperlinks"),
    "corpus": ("news", "articles", "comments", "corpus-linguistics"),
    "network": ("news", "comments", "reply-network"),
}
LEAST_SHARE = 0.01  # of the rows, by which a dataset is in a language


def front_matter(made: Made) -> Iterator[str]:
    """Yield the lines of the header; of a dataset that is no table the Hub shows only the card."""
    request = made.request
    entries: dict[str, Any] = {
        "language": _languages(made),
        "license": "other",
        "pretty_name": made.title,
        "size_categories": [size_category(made.counts.rows)],
        "tags": list(_TAGS[request.dataset]),
    }
    if request.is_table and made.files:
        paths = "data/**/*.parquet" if request.partitioned else made.files[0]["name"]
        config = {"config_name": request.dataset, "data_files": [{"split": "train", "path": paths}]}
        separator = {"sep": request.delimiter} if request.form == "csv" else {}
        entries["configs"] = [config | separator]
    else:
        entries["viewer"] = False
    yield "---"
    # JSON is YAML, and needs no library of it.
    yield from (f"{name}: {json.dumps(value)}" for name, value in entries.items())
    yield "---"


def size_category(rows: int) -> str:
    """Return the Hub's word for so many rows: n<1K, 1K<n<10K ... n>1B."""
    for least, most in pairwise(_BOUNDS):
        if rows < most:
            return f"{_short(least)}<n<{_short(most)}" if least else f"n<{_short(most)}"
    return f"n>{_short(_BOUNDS[-1])}"


def _short(number: int) -> str:
    return next(f"{number // size}{sign}" for size, sign in _ZEROS if number >= size)


def _languages(made: Made) -> list[str]:
    """Return the languages of the dataset, the commonest first; Dutch where it does not tell."""
    counted = made.counts.languages
    least = LEAST_SHARE * counted.total()
    common = (language for language, count in counted.items() if count >= least)
    return sorted(common, key=lambda language: (-counted[language], language)) or ["nl"]
