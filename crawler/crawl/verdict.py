"""The verdict of a run, in words: against what was there before, against the site's own recent
runs, and against what its pages show. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from crawler.crawl.floors import USUAL, Bounds, breaches
from crawler.crawl.trends import fallen
from crawler.rendering import ENDINGS
from storage.outcomes import TROUBLES

OK, DEGRADED, FAILED = "ok", "degraded", "failed"
FEW = 3  # fewer pages than this prove nothing
MANY_LOST = 0.5  # of the articles that had a field
MANY_REFUSED = 0.2  # of the visited pages
MOST_NAMED = 5  # lists or templates, each in a sentence of its own
PAST_RUNS = 10

IN_PART = "in part"  # how a list was read that is broken off


class Loss(NamedTuple):
    """What is said of those that lost something where they are a *share* of those that had it."""

    words: str
    share: float = MANY_LOST
    deed: str = "run knipsel inspect on one of the site's newest articles"


_NO_MORE = "articles that had {} before have it no more: was the site redesigned?"
_LOSSES = {
    "there": Loss(
        "articles that were there are gone.",
        deed="open {} in a browser: is it gone for everybody? The archive keeps what it has",
    ),
    "named": Loss(
        "pages that the site's lists name are not there.",
        MANY_REFUSED,
        "open {} in a browser: is it there? Then the site answers Knipsel otherwise, ask its owner",
    ),
    "read": Loss(_NO_MORE.format("a text")),
    "own": Loss(
        "articles that had texts of their own before have one and the same text now.",
        deed="open {} in a browser: is the site still there? The older texts are kept as versions",
    ),
    "dated": Loss(_NO_MORE.format("a date")),
    "authored": Loss(_NO_MORE.format("an author")),
    "commented": Loss(_NO_MORE.format("comments")),
    "long": Loss(_NO_MORE.format("their full length")),
}


@dataclass(slots=True)
class Counters:
    """What a run counted; kept in ``runs.counters`` and compared with those of later runs. An
    article counts once, whatever addresses lead to it: *articles* are those that were seen, with
    the *comments* shown under them, *articles_read* those among them that were not as before.

    *had* and *lost* count the fields that an article had at an earlier visit and has not any more
    (*lost_examples* are the keys of a few of their pages), articles that were there ("there"), and
    new pages that the site's lists name ("named"); *walled* the walls in the place of articles that
    could be read before. *lists_lost* are lists that named pages before and do not now,
    *lists_unread* by address in a word why lists that the site names could not be read, or not
    whole, *lists_read* counts the sitemaps that name pages, *guessed* the usual places of lists at
    which the site refuses the request. *mended* counts what no database stores as it came
    (storage.storable). *drift* names which fields of a template are no longer where they were, and
    on which page that was first seen. *faults* count what the pages show and was not read, by the
    names of floors, and *examples* are an address for each. *drawn* counts the pages that a browser
    drew ("pages"), and those where each word of Visit.drawn was met; *scripted* are articles whose
    thread only a browser shows.
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
    lists_unread: dict[str, str] = field(default_factory=dict)
    lists_read: int = 0
    guessed: int = 0
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
    for change in counters.drift[:MOST_NAMED]:
        yield Doubt(f"{change}.", _LEARN_AGAIN)
    yield from _lists(counters)
    found = _of(counters, TROUBLES)
    found["client_error"] = found.get("client_error", 0) - counters.guessed
    troubles = sum(found.values())
    if troubles >= FEW and troubles >= MANY_REFUSED * counters.pages:
        sentence = f"{troubles} of {counters.pages} pages could not be had: {_most(found)}."
        yield Doubt(sentence, _LOOK_AT_SITE)
    yield from _cut_short(counters)
    for sentence in fallen(counters.as_row(), past[:PAST_RUNS]):
        yield Doubt(sentence, "run knipsel inspect on one of the site's newest articles")


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
    for name, loss in _LOSSES.items():
        had, lost = counters.had.get(name, 0), counters.lost.get(name, 0)
        if lost >= FEW and lost >= loss.share * had:
            deed = loss.deed.format(counters.examples.get(name, "one of them"))
            yield Doubt(f"{lost} of {had} {loss.words}", deed)


def _lists(counters: Counters) -> Iterator[Doubt]:
    """Yield the lists that named pages before, or that the site names, and that could not be read
    whole; one that is empty beside others that are not is as it should be.
    """
    for url in counters.lists_lost[:MOST_NAMED]:
        sentence = f"A list that named pages before names none now: {url}"
        yield Doubt(
            sentence, f"open {url} in a browser: is the list empty, or is it elsewhere now?"
        )
    unread = {
        url: word
        for url, word in counters.lists_unread.items()
        if not (word.startswith("empty_") and counters.lists_read)
    }
    for url, word in tuple(unread.items())[:MOST_NAMED]:
        sentence = f"A list that the site names could not be read ({word}): {url}"
        if word == IN_PART:
            sentence = f"A list could be read in part only, it is broken off: {url}"
        yield Doubt(sentence, f"open {url} in a browser: is the list whole, and of this site?")


def _of(counters: Counters, among: Set[str]) -> dict[str, int]:
    return {name: count for name, count in counters.outcomes.items() if name in among}


def _most(outcomes: Mapping[str, int]) -> str:
    chosen = sorted(((count, name) for name, count in outcomes.items() if count), reverse=True)
    return ", ".join(f"{name} {count}" for count, name in chosen[:6])
