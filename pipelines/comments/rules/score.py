"""The score: fitted weights of named features, which one table holds for each decision.

``weights.json`` is written by ``make fit`` (benchmarks/fit.py) and holds plain numbers: "cheap"
chooses which groups are read, "author" and "text" label columns, "rank" says which group reads best,
"accept" whether it is a thread at all.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from math import exp
from typing import Any

Features = dict[str, float]
Weights = Mapping[str, float]

# Few records are judged by other signs than many are.
CROSSED = (
    "by_system", "self_record", "near_list", "above_list", "above_record", "count", "count_equal",
    "form_after", "form_before", "replies", "says", "x_complete", "x_author", "x_date", "x_text",
    "self_aside", "above_aside", "near_aside", "tag_li", "page", "x_length", "named", "headings",
    "x_id", "x_heading", "x_form", "x_heading_other", "x_teasers", "x_fine", "after_words",
    "permalinks",
)  # fmt: skip


_held: dict[str, Any] = {}


def weights(decision: str) -> Any:
    """Return the weights of *decision* by the name of the feature; for "accept" a forest."""
    if not _held:
        text = files("pipelines.comments.rules").joinpath("weights.json").read_text("utf-8")
        _held.update(json.loads(text))
    return _held[decision]


def use(tables: Mapping[str, Any]) -> None:
    """Read pages by *tables* from here on: for the fit, which leaves sites out."""
    _held.clear()
    _held.update(tables)


def total(table: Weights, features: Features) -> float:
    """Return the weighted sum of *features*."""
    return sum(table[name] * value for name, value in features.items() if value and name in table)


def chance(table: Weights, features: Features) -> float:
    """Return the weighted sum of *features* as a probability."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, total(table, features)))))


def crossed(features: Features) -> Features:
    """Return *features* and, for a group of one or two records, some of them once more."""
    small = 1.0 if features.get("single") else 0.6 if features.get("pair") else 0.0
    if not small:
        return features
    return features | {"few*" + k: small * features[k] for k in CROSSED if features.get(k)}


def grown(forest: Mapping[str, Any], features: Features) -> float:
    """Return the value of a small forest of decisions: each node a feature, a limit and the nodes
    for values up to it and above it, each leaf a number.
    """
    return float(forest["start"]) + sum(_leaf(tree, features) for tree in forest["trees"])


def _leaf(node: Any, features: Features) -> float:
    while isinstance(node, list):
        name, limit, below, above = node
        node = below if features.get(name, 0.0) <= limit else above
    return float(node)
