"""The score: fitted weights of named features, which one table holds for each decision.

``weights.json`` is written by ``make fit`` (benchmarks/fit.py) and holds plain numbers: "cheap"
chooses which groups are read, "author" and "text" label columns, "rank" states which group reads
best, "accept" whether it is a thread at all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from math import exp
from typing import Any

Features = dict[str, float]
Weights = Mapping[str, float]

ACCEPTED = -0.5  # the least that a thread scores
CLEAR = 3.0  # the least of one that comes before all others
ALSO = 0.75  # what that score weighs where groups are ranked
MOST_TEASERS = 0.3  # of the records
TWO, THREE = 1.09, 1.38  # records, as the logarithm that the feature "n" is
# What is a thread by plain signs: the least of each feature.
PLAIN: tuple[Weights, ...] = (
    {"by_system": 0.5, "x_complete": 0.95},
    {"by_system": 0.5, "count_equal": 1.0, "x_author": 0.95},
    {"n": TWO, "x_complete": 0.95, "x_texts": 0.8, "x_fine": 0.95, "replies": 0.95},
    {"n": THREE, "x_author": 0.95, "x_text": 0.95, "x_texts": 0.95, "x_heading": 2.9, "count_equal": 1.0},
    {"n": TWO, "x_over_form": 1.0, "x_complete": 0.95, "x_texts": 0.8, "x_fine": 0.95},
    {"n": THREE, "x_over_form": 1.0, "x_complete": 0.6, "x_texts": 0.8, "x_fine": 0.6},
)  # fmt: skip
WHOLE: Weights = {"n": THREE, "x_complete": 0.8, "x_texts": 0.8}
SIGNS = ("count_equal", "x_heading", "x_form", "replies", "self_record", "says")

# Few records are judged by other signs than many are.
CROSSED = (
    "by_system", "self_record", "near_list", "above_list", "above_record", "count", "count_equal",
    "form_after", "form_before", "replies", "says", "x_complete", "x_author", "x_date", "x_text",
    "self_aside", "above_aside", "near_aside", "tag_li", "page", "x_length", "named", "headings",
    "x_id", "x_heading", "x_form", "x_heading_other", "x_teasers", "x_fine", "after_words",
    "permalinks", "listed",
)  # fmt: skip


_held: dict[str, Any] = {}


def weights(decision: str) -> Any:
    """Return the weights of *decision* by the name of the feature; for "cheap" and "accept" a forest."""
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
    return probability(total(table, features))


def probability(score: float) -> float:
    """Return a weighted sum, or what a forest grew, as a probability."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def crossed(features: Features) -> Features:
    """Return *features* and, for a group of one or two records, some of them once more."""
    small = 1.0 if features.get("single") else 0.6 if features.get("pair") else 0.0
    if not small:
        return features
    return features | {"few*" + k: small * features[k] for k in CROSSED if features.get(k)}


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """What the fitted weights make of a group: its *rank* among its page's, its score as a thread;
    and whether plain signs make it one.
    """

    rank: float
    score: float
    is_plain: bool

    @property
    def is_thread(self) -> bool:
        """Whether the group can be a thread."""
        return self.is_plain or self.score >= ACCEPTED

    @property
    def is_clear(self) -> bool:
        """Whether the group comes before all that are not clear: plain signs do so only where the
        score does not speak against it.
        """
        return self.score >= (ACCEPTED if self.is_plain else CLEAR)


def judge(features: Features) -> GroupVerdict:
    """Return the verdict on a group by all its *features*."""
    weighed = crossed(features)
    score = grown(weights("accept"), weighed)
    return GroupVerdict(total(weights("rank"), weighed) + ALSO * score, score, is_plain(features))


def is_plain(features: Features) -> bool:
    """Tell whether a group is a thread by the plainest signs alone, whatever the weights state:
    whole records that lead nowhere else, and are a known system's, or have a button to answer in
    each, or are just as many as a heading states, or are all there is in the box of a form to
    answer with, or bear two marks of people who talk. No page
    without comments that the weights were fitted on shows such a group.
    """
    against = ("x_several_pages", "x_excerpts", "x_heading_other", "h1")
    if any(map(features.get, against)) or features["x_teasers"] > MOST_TEASERS:
        return False
    if any(_reaches(features, least) for least in PLAIN):
        return True
    return _reaches(features, WHOLE) and sum(features[name] >= 0.5 for name in SIGNS) >= 2


def _reaches(features: Features, least: Weights) -> bool:
    return all(features.get(name, 0.0) >= value for name, value in least.items())


def grown(forest: Mapping[str, Any], features: Features) -> float:
    """Return the value of a small forest of decisions: each node a feature, a limit and the nodes
    for values up to it and above it, each leaf a number.
    """
    value, known = float(forest["start"]), features.get
    for tree in forest["trees"]:
        node = tree
        while isinstance(node, list):
            name, limit, below, above = node
            node = below if known(name, 0.0) <= limit else above
        value += node
    return value
