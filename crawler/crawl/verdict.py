"""The verdict of a run, in words: against what was there before, against the site's own recent
runs, and against what its pages show. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from crawler.crawl.floors import USUAL, Bounds, breaches
from crawler.rendering import ENDINGS
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
    """What a run counted; kept in ``runs.counters`` and compared with those of later runs. An
    article counts once, whatever addresses lead to it: *articles* are those that were seen, with
    the *comments* shown under them, *articles_read* those among them that were not as before.

    *had* and *lost* count the fields that an article had at an earlier visit and has not any more
    (*lost_examples* are the keys of a few of their pages), *walled* the walls in the place of
    articles that could be read before. *lists_lost* are lists that named pages before and do not
    now. *mended* counts what no database stores as it came (storage.storable). *drift* names which
    fields of a template are no longer where they were, and on which page that was first seen.
    *faults* count what the pages show and was not read, by the names of floors, and *examples* are
    an address for each. *drawn* counts the pages that a browser drew ("pages"), and those where
    each word of Visit.drawn was met; *scripted* are articles whose thread only a browser shows.
    """

    pages: int = 0
    fetched: int = 0
    requests: int = 0
    unchanged: int = 0
    articles: int = 0
    articles_read: int = 0
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
    faults: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, int] = field(default_factory=dict)
    scripted: int = 0
    known_articles: int = 0
    mended: dict[str, int] = field(default_factory=dict)

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


class Doubt(NamedTuple):
    """Something that is wrong with a run, and what to do about it."""

    sentence: str
    deed: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How a run ended: "ok", "degraded" or "failed", the reasons in words, and what to do about
    each.
    """

    verdict: str
    reasons: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()

    @classmethod
    def of(cls, verdict: str, doubts: Sequence[Doubt]) -> "Judged":
        """Return a verdict that rests on *doubts*."""
        deeds = dict.fromkeys(doubt.deed for doubt in doubts)
        return cls(verdict, tuple(doubt.sentence for doubt in doubts), tuple(deeds))


_GO_ON = "start the crawl again: it goes on with what is left"
_LOOK_AT_SITE = (
    "open the site in a browser: does it answer, and does it ask for consent, a login or proof of"
    " being no robot? Ask its owner where it refuses Knipsel, or say knipsel sites pause SITE"
)
_LEARN_AGAIN = (
    "nothing, where the next run is ok: the new template is learned from its pages; else run scrapy"
    " inspect on the page named and correct the profile (docs/profiles.md)"
)


def judge(
    counters: Counters,
    past: Sequence[Mapping[str, Any]],
    ending: Judgement,
    bounds: Bounds = USUAL,
) -> Judged:
    """Return the verdict on a run; *past* are the counters of earlier runs, newest first."""
    failures = tuple(_failures(counters, ending))
    if failures:
        return Judged.of(FAILED, failures)
    doubts = (*_doubts(counters, past, ending), *_unread(counters, bounds))
    return Judged.of(DEGRADED if doubts else OK, doubts)


def _failures(counters: Counters, ending: Judgement) -> list[Doubt]:
    if ending.problem:
        return [Doubt(ending.problem, f"mend what the sentence names, then {_GO_ON}")]
    if not counters.fetched:
        outcome = max(
            counters.outcomes, key=lambda name: counters.outcomes[name], default="nothing to visit"
        )
        return [
            Doubt(f"Nothing could be fetched from the site ({outcome}).", _LOOK_AT_SITE),
            *([Doubt(ending.halt, _GO_ON)] if ending.halt else []),
        ]
    walls = sum(_of(counters, TROUBLES).values())
    answered = counters.pages - counters.outcomes.get(
        "not_found", 0
    )  # many sites lack the usual places of lists
    if (
        not counters.articles_read
        and not counters.unchanged
        and walls >= FEW
        and walls >= answered / 2
    ):
        sentence = f"No article could be read: {_most(_of(counters, TROUBLES))}."
        return [Doubt(sentence, _LOOK_AT_SITE)]
    return []


def _unread(counters: Counters, bounds: Bounds) -> Iterator[Doubt]:
    """Yield what the pages show and was not read."""
    counted = ("articles_read", "dated", "authored", "commented", "comments", "declared")
    counts = {name: getattr(counters, name) for name in counted}
    for breach in breaches({**counts, **counters.faults}, counters.examples, bounds):
        yield Doubt(breach.sentence, breach.deed)


def _doubts(
    counters: Counters, past: Sequence[Mapping[str, Any]], ending: Judgement
) -> Iterator[Doubt]:
    if ending.halt:
        yield Doubt(ending.halt, _GO_ON)
    if not counters.known_articles:
        sentence = f"No article was found on {counters.pages} pages: {_most(counters.outcomes)}."
        yield Doubt(
            sentence, "run knipsel inspect on one of the site's articles: is it read as one?"
        )
    yield from _lost(counters)
    for change in counters.drift[:5]:
        yield Doubt(f"{change}.", _LEARN_AGAIN)
    for url in counters.lists_lost[:5]:
        sentence = f"A list that named pages before names none now: {url}"
        yield Doubt(
            sentence, f"open {url} in a browser: is the list empty, or is it elsewhere now?"
        )
    troubles = sum(_of(counters, TROUBLES).values())
    if troubles >= FEW and troubles >= MANY_REFUSED * counters.pages:
        most = _most(_of(counters, TROUBLES))
        sentence = f"{troubles} of {counters.pages} pages could not be had: {most}."
        yield Doubt(sentence, _LOOK_AT_SITE)
    yield from _cut_short(counters)
    for fallen in _fallen(counters, past[:PAST_RUNS]):
        yield Doubt(fallen, "run knipsel inspect on one of the site's newest articles")


def _cut_short(counters: Counters) -> Iterator[Doubt]:
    """Yield that many pages could not be drawn to their end."""
    ended = {word: counters.drawn[word] for word in ENDINGS if counters.drawn.get(word)}
    cut_short, drawn = sum(ended.values()), counters.drawn.get("pages", 0)
    if cut_short >= FEW and cut_short >= MANY_REFUSED * drawn:
        url = counters.examples[max(ended, key=ended.__getitem__)]
        yield Doubt(
            f"{cut_short} of {drawn} drawn pages were not drawn to their end: {_most(ended)}.",
            f"open {url} in a browser; give pages longer (-s RENDER_SECONDS=120), or say knipsel"
            " sites set SITE --no-render",
        )


def _lost(counters: Counters) -> Iterator[Doubt]:
    """Yield what articles had at an earlier visit and have not any more."""
    walled = sum(counters.walled.values())
    if walled >= FEW and walled >= MANY_REFUSED * counters.had.get("read", 0):
        most = _most(counters.walled)
        sentence = f"{walled} articles that could be read before are behind a wall now: {most}."
        yield Doubt(sentence, _LOOK_AT_SITE)
    for name, words in _FIELDS.items():
        had, lost = counters.had.get(name, 0), counters.lost.get(name, 0)
        if lost >= FEW and lost >= MANY_LOST * had:
            sentence = (
                f"{lost} of {had} articles that had {words} before have it no more:"
                " was the site redesigned?"
            )
            yield Doubt(sentence, "run knipsel inspect on one of the site's newest articles")


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
