"""The verdict of a run, in words: against what was there before, and against the site's own recent
runs. Pure.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from storage.outcomes import TROUBLES

OK, DEGRADED, FAILED = "ok", "degraded", "failed"
FEW = 3  # fewer pages than this prove nothing
MANY_LOST = 0.5  # of the articles that had a field
MANY_REFUSED = 0.2  # of the visited pages
ENOUGH = 10  # articles for a share to mean something
PAST_RUNS = 10

_FIELDS = {
    "read": "a text",
    "dated": "a date",
    "authored": "an author",
    "commented": "comments",
    "long": "their full length",
}


@dataclass(slots=True)
class Counters:
    """What a run counted; kept in ``runs.counters`` and compared with those of later runs.

    *had* and *lost* count the fields that an article had at an earlier visit and has not any more
    (*lost_examples* are the keys of a few of their pages), *walled* the walls in the place of
    articles that could be read before. *lists_lost* are lists that named pages before and do not
    now. *drift* tells which fields of a template are no longer where they stood, and on which page
    that was first seen.
    """

    pages: int = 0
    fetched: int = 0
    requests: int = 0
    unchanged: int = 0
    articles: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    comments: int = 0
    comments_new: int = 0
    declared: int = 0
    captured: int = 0
    gone: int = 0
    dated: int = 0
    authored: int = 0
    commented: int = 0
    text_lengths: list[int] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    had: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    lost_examples: dict[str, list[int]] = field(default_factory=dict)
    walled: dict[str, int] = field(default_factory=dict)
    lists_lost: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    known_articles: int = 0

    def as_row(self) -> dict[str, Any]:
        """Return plain data for the archive."""
        row = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name != "text_lengths"
        }
        row["text_length"] = int(median(self.text_lengths)) if self.text_lengths else None
        return row


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a run ended before its pages did: *problem* is ours, *halt* is the site's or the user's;
    both are sentences.
    """

    problem: str | None = None
    halt: str | None = None


def judge(
    counters: Counters, past: Sequence[Mapping[str, Any]], ending: Judgement
) -> tuple[str, tuple[str, ...]]:
    """Return "ok", "degraded" or "failed" with the reasons in words; *past* are the counters of
    earlier runs, newest first.
    """
    failures = tuple(_failures(counters, ending))
    if failures:
        return FAILED, failures
    reasons = tuple(_doubts(counters, past, ending))
    return (DEGRADED if reasons else OK), reasons


def _failures(counters: Counters, ending: Judgement) -> list[str]:
    if ending.problem:
        return [ending.problem]
    if not counters.fetched:
        outcome = max(
            counters.outcomes, key=lambda name: counters.outcomes[name], default="nothing to visit"
        )
        return [
            f"Nothing could be fetched from the site ({outcome}).",
            *([ending.halt] if ending.halt else []),
        ]
    walls = sum(_of(counters, TROUBLES).values())
    answered = counters.pages - counters.outcomes.get(
        "not_found", 0
    )  # many sites lack the usual places of lists
    if not counters.articles and not counters.unchanged and walls >= FEW and walls >= answered / 2:
        return [f"No article could be read: {_most(_of(counters, TROUBLES))}."]
    return []


def _doubts(counters: Counters, past: Sequence[Mapping[str, Any]], ending: Judgement) -> list[str]:
    found = [ending.halt] if ending.halt else []
    if not counters.known_articles:
        found.append(f"No article was found on {counters.pages} pages: {_most(counters.outcomes)}.")
    walled = sum(counters.walled.values())
    if walled >= FEW and walled >= MANY_REFUSED * counters.had.get("read", 0):
        found.append(
            f"{walled} articles that could be read before are behind a wall now: {_most(counters.walled)}."
        )
    for name, words in _FIELDS.items():
        had, lost = counters.had.get(name, 0), counters.lost.get(name, 0)
        if lost >= FEW and lost >= MANY_LOST * had:
            found.append(
                f"{lost} of {had} articles that had {words} before have it no more: was the site redesigned?"
            )
    found += [f"{change}." for change in counters.drift[:5]]
    found += [
        f"A list that named pages before names none now: {url}" for url in counters.lists_lost[:5]
    ]
    troubles = sum(_of(counters, TROUBLES).values())
    if troubles >= FEW and troubles >= MANY_REFUSED * counters.pages:
        found.append(
            f"{troubles} of {counters.pages} pages could not be had: {_most(_of(counters, TROUBLES))}."
        )
    return found + _fallen(counters, past[:PAST_RUNS])


def _of(counters: Counters, among: Set[str]) -> dict[str, int]:
    return {name: count for name, count in counters.outcomes.items() if name in among}


def _most(outcomes: Mapping[str, int]) -> str:
    chosen = sorted(((count, name) for name, count in outcomes.items()), reverse=True)
    return ", ".join(f"{name} {count}" for count, name in chosen[:6])


def _fallen(counters: Counters, past: Sequence[Mapping[str, Any]]) -> list[str]:
    """Compare this run's shares with the middle of the site's own runs; small runs and short pasts
    prove nothing.
    """
    found = []
    now = shares(counters.as_row())
    for name, (words, fall, least_past) in _SHARES.items():
        before = [share for run in past if (share := shares(run).get(name)) is not None]
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
# comments yet, and the nights
# after a whole crawl see other articles than it did.
_SHARES: Mapping[str, tuple[str, float, int]] = {
    "dated": ("The share of articles with a date", 0.25, 1),
    "authored": ("The share of articles with an author", 0.25, 1),
    "captured": ("The share of declared comments that were captured", 0.25, 1),
    "length": ("The middle length of the articles' text", 0.5, 3),
    "commented": ("The share of articles with comments", 0.7, 3),
}


def shares(run: Mapping[str, Any]) -> dict[str, float]:
    """Return the shares of a run's counters that rest on enough articles."""
    articles = int(run.get("articles") or 0)
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
