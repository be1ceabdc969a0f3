"""Drift: is a template still as its profile has it? Pure: page after page goes in, a verdict
comes out when it does not.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit
from zlib import crc32

from pipelines.learning.likeness import word_f1
from pipelines.profiles import Profile
from storage.records import Article

WINDOW = 5
MOST_MISSES = 3
CHECKS = 3
MOST_APART = 2
EVERY = 10  # a page in ten is read both ways
BODY = "article_body"
LIKE = 0.97
LEAST_TELLING = 400  # characters: of a line or two, a line read too much is no sign
# Keywords and sections come and go with an article's subject; an author and a date do not.
NEVER_ABSENT = frozenset({"authors", "date_published"})


@dataclass(frozen=True, slots=True)
class Observation:
    """What one page shows of its profile: *misses* by field, *absent* fields that it always had,
    *apart* where both ways differ.

    *template* names the profile, None where none fitted; *missed* are then the templates of which
    the page should be, none where it is of another kind. *apart* is None where the page was read
    one way only.
    """

    url: str
    moment: datetime
    template: str | None = None
    missed: frozenset[str] = frozenset()
    misses: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    apart: frozenset[str] | None = None

    @property
    def is_unlike(self) -> bool:
        """Tell whether the page was not read as its profile states."""
        return bool(self.missed or self.misses or self.absent or self.apart)

    def since(self, moment: datetime, methods: Mapping[str, str]) -> "Observation":
        """Return what the page shows now and did not at *moment*, when it was read by *methods*: a
        page that is as it was is of another look, not of another time. Without methods, which it
        has beside a profile only, nobody knows.
        """
        return self.without(observation_of(self.url, moment, methods) if methods else self)

    def without(self, stated: "Observation") -> "Observation":
        """Return what is observed here and was not *stated* before, by the same page."""
        known = stated.misses | stated.absent | stated.missed
        return replace(
            self,
            missed=self.missed - known,
            misses=self.misses - known,
            absent=self.absent - known,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """A profile no longer holds: since *moment*, because of *fields*, seen on *url*."""

    moment: datetime
    fields: tuple[str, ...]
    url: str

    def __str__(self) -> str:
        stand = (
            "is no longer where it stood"
            if len(self.fields) == 1
            else "are no longer where they stood"
        )
        return f"The site's template changed: {', '.join(self.fields)} {stand}, first seen on {self.url}"


def is_checked(url: str) -> bool:
    """Tell whether the page at *url* is one of those that are read both ways.

    By the address itself, so that it depends neither on the order of pages nor on how their keys
    are handed out.
    """
    return crc32(url.encode()) % EVERY == 0


def observe(
    article: Article, moment: datetime, generic: Callable[[], Article] | None
) -> Observation:
    """Return what a page read by a profile shows; *generic* reads it the other way, where it is to
    be compared.
    """
    seen = observation_of(article.url, moment, dict(article.field_methods))
    if generic is None or seen.template is None:
        return seen
    return replace(seen, apart=differing(article, generic()))


def observation_of(url: str, moment: datetime, methods: Mapping[str, str]) -> Observation:
    """Return what the *methods* by which a page's fields were read show of its profile."""
    misses = frozenset(name for name, how in methods.items() if how == "generic")
    absent = frozenset(name for name, how in methods.items() if how in {"absent", "earlier"})
    missed = frozenset(methods["missed"].split(", ")) if "missed" in methods else frozenset()
    return Observation(url, moment, methods.get("template"), missed, misses, absent)


def differing(one: Article, other: Article) -> frozenset[str]:
    """Return the fields on which two readings of one page differ in what they state."""
    found = {
        name
        for name in ("headline", "authors", "date_published")
        if getattr(one, name) != getattr(other, name)
    }
    cut = [block.text for block in one.removed_blocks if block.reason == "recurring"]
    whole = "\n\n".join([one.article_body, *cut])
    is_telling = max(len(whole), len(other.article_body)) >= LEAST_TELLING
    if is_telling and word_f1(whole, other.article_body) < LIKE:
        found.add(BODY)
    if [c.text for c in one.comments] != [c.text for c in other.comments]:
        found.add("comments")
    return frozenset(found)


@dataclass(slots=True)
class Watch:
    """Watches one profile over the pages that it reads, in the order in which they were captured."""

    profile: Profile
    _recent: deque[Observation] = field(default_factory=lambda: deque(maxlen=WINDOW))
    _checks: deque[Observation] = field(default_factory=lambda: deque(maxlen=CHECKS))

    def add(self, seen: Observation) -> Verdict | None:
        """Take in one page; return the verdict when the profile no longer holds.

        That is when a field was missed on three of five pages or author or date was absent on five
        although every page had it, or when two of three comparisons differ in the same field. A
        page that is seen again counts once.
        """
        self.recall(seen)
        fields = {name for one in self._recent for name in (*one.misses, *one.absent)} | {
            name for one in self._checks for name in one.apart or ()
        }
        broken = tuple(sorted(name for name in fields if self._is_broken(name)))
        if not broken:
            return None
        first = next(
            one
            for one in (*self._recent, *self._checks)
            if set(broken) & (one.misses | one.absent | (one.apart or frozenset()))
        )
        return Verdict(first.moment, broken, first.url)

    def recall(self, seen: Observation) -> None:
        """Take in one page without a verdict."""
        _put(self._recent, seen)
        if seen.apart is not None:
            _put(self._checks, seen)

    def _is_broken(self, name: str) -> bool:
        missed = sum(name in one.misses for one in self._recent)
        absent = sum(name in one.absent for one in self._recent)
        # The generic way is no measure of what it was taught otherwise.
        apart = sum(
            name in (one.apart or ()) for one in self._checks if name not in self.profile.taught
        )
        always = name in NEVER_ABSENT and self.profile.expected.get(name, 0) >= 1.0
        return missed >= MOST_MISSES or apart >= MOST_APART or (always and absent == WINDOW)


class SiteWatch:
    """Watches the open profiles of one site, given by their keys, over all its pages.

    A page that no profile fits may be of a template not known yet. Only where five in a row miss a
    profile at addresses like those that it was learned from, and none between them fits any, has
    its template gone. *recent* are the last pages that were seen before.
    """

    def __init__(self, profiles: Mapping[int, Profile], recent: Iterable[Observation] = ()) -> None:
        self._watches = {key: Watch(profile) for key, profile in profiles.items()}
        self._unfit: deque[Observation] = deque(maxlen=WINDOW)
        for seen in recent:
            self._recall(seen)

    def _recall(self, seen: Observation) -> None:
        valid = [
            watch for watch in self._watches.values() if watch.profile.is_valid_at(seen.moment)
        ]
        if seen.template is not None:
            self._unfit.clear()
        elif any(_misses(seen, watch.profile) for watch in valid):
            _put(self._unfit, seen)
        for watch in valid:
            if watch.profile.template == seen.template:
                watch.recall(seen)

    def add(self, seen: Observation) -> dict[int, Verdict]:
        """Take in one page; return by key the verdicts on the profiles that no longer hold, which
        are watched no more.
        """
        closed = dict(self._unfitted(seen) if seen.template is None else self._fitted(seen))
        for key in closed:
            del self._watches[key]
        return closed

    def _fitted(self, seen: Observation) -> Iterator[tuple[int, Verdict]]:
        self._unfit.clear()
        for key, watch in self._watches.items():
            verdict = watch.add(seen) if watch.profile.template == seen.template else None
            if verdict is not None:
                yield key, verdict

    def _unfitted(self, seen: Observation) -> Iterator[tuple[int, Verdict]]:
        if not any(_misses(seen, watch.profile) for watch in self._watches.values()):
            return
        _put(self._unfit, seen)
        if len(self._unfit) < WINDOW:
            return
        for key, watch in self._watches.items():
            if all(_misses(one, watch.profile) for one in self._unfit):
                yield key, Verdict(self._unfit[0].moment, (BODY,), self._unfit[0].url)


def _put(window: deque[Observation], seen: Observation) -> None:
    earlier = next((one for one in window if one.url == seen.url), None)
    if earlier is not None:
        window.remove(earlier)
    window.append(seen)


def _misses(seen: Observation, profile: Profile) -> bool:
    known = {_shape(url) for url in profile.learned_from}
    return profile.template in seen.missed and (not known or _shape(seen.url) in known)


def _shape(url: str) -> tuple[str, ...]:
    """Return how an address is built: the steps of its path but the last, numbers left out."""
    steps = urlsplit(url).path.strip("/").split("/")[:-1]
    return tuple("#" if step.isdigit() else step for step in steps)
