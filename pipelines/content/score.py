"""The scale on which a block of a page is weighed: the weights stand in text_weights.json, fitted by ``make fit``."""

import json
import math
from functools import lru_cache
from importlib.resources import files

from pipelines.content.evidence import Evidence


@lru_cache(maxsize=1)
def weights() -> tuple[dict[str, float], float, float]:
    """Return the weight of each feature, the bias and the threshold."""
    table = json.loads(
        files("pipelines.content").joinpath("text_weights.json").read_text(encoding="utf-8")
    )
    return table["weights"], float(table["bias"]), float(table["threshold"])


def probability(evidence: Evidence) -> float:
    """Return how likely the block with that *evidence* is part of the article's text, from 0 to 1."""
    weight, bias, _threshold = weights()
    total = bias + sum(weight.get(name, 0.0) * value for name, value in evidence.items() if value)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def threshold() -> float:
    """Return the probability from which on a block is kept."""
    return weights()[2]
