"""A run's shares against the middle of the site's own recent runs. Pure."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

ENOUGH = 10  # articles for a share to mean something


def fallen(run: Mapping[str, Any], past: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return in a sentence each which shares of a *run*'s counters fell far below the middle of
    *past* runs; small runs and short pasts prove nothing.
    """
    found = []
    now = shares(run)
    for name, (words, fall, least_past) in _SHARES.items():
        before = [share for one in past if (share := shares(one).get(name)) is not None]
        if name not in now or len(before) < least_past:
            continue
        usual = median(before)
        if now[name] < usual * (1 - fall):
            shown = (
                f"{now[name]:.0f} against {usual:.0f}"
                if name == "length"
                else f"{now[name]:.0%} against {usual:.0%}"
            )
            found.append(f"{words} fell: {shown} in earlier runs.")
    return found


# Share -> its words, the fall that counts, the earlier runs that it takes: new articles have few
# comments yet, and the nights after a whole crawl see other articles than it did.
_SHARES: Mapping[str, tuple[str, float, int]] = {
    "dated": ("The share of articles with a date", 0.25, 1),
    "authored": ("The share of articles with an author", 0.25, 1),
    "captured": ("The share of declared comments that were captured", 0.25, 1),
    "length": ("The middle length of the articles' text", 0.5, 3),
    "commented": ("The share of articles with comments", 0.7, 3),
}


def shares(run: Mapping[str, Any]) -> dict[str, float]:
    """Return the shares of a run's counters that rest on enough articles."""
    articles = int(run.get("articles_read", run.get("articles")) or 0)  # older runs have one number
    found: dict[str, float] = {}
    if articles >= ENOUGH:
        found = {
            name: int(run.get(name) or 0) / articles for name in ("dated", "authored", "commented")
        }
        if run.get("text_length"):
            found["length"] = float(run["text_length"])
    if int(run.get("declared") or 0) >= ENOUGH:
        found["captured"] = min(1.0, int(run.get("captured") or 0) / int(run["declared"]))
    return found
