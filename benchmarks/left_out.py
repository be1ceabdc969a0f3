"""What the fitted weights reach on sites they were not fitted on: five folds, whole sites left out.

    python -m benchmarks.left_out READINGS [--ablation]

READINGS is what ``python -m benchmarks.fit --keep READINGS`` kept: how the groups of every page read by
weights fitted without its site. The tables "rank" and "accept" are fitted here once more without
each fold. ``--ablation`` prints what each proposer and each family of features is worth.
"""

import argparse
import pickle
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.fit import left_out, summary
from benchmarks.fit_readings import Reading
from pipelines.comments import fitting

PROPOSERS = ("system", "class", "id", "sibling", "path", "span", "levels")
FAMILIES = {
    "names of records and boxes": r"^(?:few\*)?(?:self|near|above)_|^(?:few\*)?in_aside",
    "the table of known systems": r"by_system",
    "headings that count, forms": r"count|form|x_heading",
    "marks: reply, says, member, permalink": r"^(?:few\*)?(?:replies|says|members|permalinks)$",
    "who, when, ids (once read)": r"x_(?:author|date|complete|all|fine|attribute|days|order|id|url|votes|one)",
    "texts (once read)": r"x_(?:text|length|short|long|spread|most|label|small|excerpts|more|used|page)",
    "teasers, several pages": r"x_(?:teasers|several)|^(?:few\*)?(?:more|headings|links)$",
    "ends of the group": r"x_(?:first|last)_",
    "relations between groups": r"^r_",
    "place on the page": r"^(?:few\*)?(?:position|after_words|before_h1|h1)$",
    "tag of the records": r"tag_",
}


def without(readings: Sequence[Reading], pattern: str) -> list[Reading]:
    """Return *readings* in which the features whose names match *pattern* state nothing."""
    drop = re.compile(pattern)

    def kept(features: fitting.Features) -> fitting.Features:
        return {name: 0.0 if drop.search(name) else value for name, value in features.items()}

    return [
        replace(page, groups=[(kept(f), quality, counts) for f, quality, counts in page.groups])
        for page in readings
    ]


def without_proposer(readings: Sequence[Reading], name: str) -> list[Reading]:
    """Return *readings* without the groups that only the proposer *name* proposed."""
    return [
        replace(
            page,
            groups=[g for g, by in zip(page.groups, page.by, strict=True) if by != {name}],
            by=[by for by in page.by if by != {name}],
        )
        for page in readings
    ]


def show(name: str, readings: Sequence[Reading]) -> None:
    """Print the figures of the corpus and of the gold pages, and how many articles seem threads."""
    chosen = left_out(readings)
    row = []
    for of in ("corpus", "gold"):
        figures = summary([one for one in chosen if one[0].of == of])
        row += [figures["macro_f1"], figures["sites_at_0"], figures["noisy"], figures["author"], figures["day"], figures["parent"]]  # fmt: skip
    row.append(summary([one for one in chosen if one[0].of == "articles"])["noisy"])
    print(f"{name:<40}" + "".join(f"{value:>8.3f}" for value in row), flush=True)


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("readings", type=Path)
    arguments.add_argument("--ablation", action="store_true")
    options = arguments.parse_args()
    kept = options.readings.read_bytes()
    _lessons, readings = pickle.loads(kept)  # noqa: S301 - what our own fit kept
    heads = (*("F1", "at 0", "noisy", "author", "day", "parent") * 2, "noisy")
    print(f"{'corpus, gold pages, articles':<40}" + "".join(f"{head:>8}" for head in heads))
    show("all", readings)
    if not options.ablation:
        return
    for name in PROPOSERS:
        show(f"without what only {name} proposes", without_proposer(readings, name))
    for name, pattern in FAMILIES.items():
        show(f"without {name}", without(readings, pattern))


if __name__ == "__main__":
    main()
