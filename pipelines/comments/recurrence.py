"""Blocks that recur on other pages of a site: what "Laatste reacties" shows everywhere was not said under this article."""

from collections.abc import Sequence

from pipelines.comments.zone import Roots
from pipelines.fingerprints import leaf_blocks

MOST = 0.5
SAMPLE = 10


def recur(records: Sequence[Roots], recurring: frozenset[str]) -> bool:
    """Tell whether most of *records* say what other pages of the site say too; *recurring* are fingerprints of these pages' blocks."""
    if not recurring:
        return False
    sample = records[:SAMPLE]
    return sum(_recurs(roots, recurring) for roots in sample) > MOST * len(sample)


def _recurs(roots: Roots, recurring: frozenset[str]) -> bool:
    blocks = [block for root in roots for block in leaf_blocks(root)]
    known = sum(len(block.text) for block in blocks if block.fingerprint in recurring)
    return known > MOST * sum(len(block.text) for block in blocks)
