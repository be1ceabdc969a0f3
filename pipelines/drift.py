"""Drift: does a template still stand as its profile says? Pure: page after page goes in, a verdict comes out when it does not."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.learning.lessons import word_f1
from pipelines.profile import Profile
from storage.records import Article

WINDOW = 5
MOST_MISSES = 3
CHECKS = 3
MOST_APART = 2
EVERY = 10  # a page in ten is read both ways
LIKE = 0.97
# Keywords and sections come and go with an article's subject; an author and a date do not.
NEVER_ABSENT = frozenset({"authors", "date_published"})


@dataclass(frozen=True, slots=True)
class Observation:
    """What one page told of its profile: *misses* by field, *absent* fields that it always had, *apart* where both ways differ.

    *template* is the body's selector of the profile, None where none fitted. *apart* is None where the page was read one way only; "body" among *misses* says that the profile did not fit at all.
    """

    url: str
    moment: datetime
    template: str | None = None
    misses: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    apart: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A profile no longer holds: since *moment*, because of *fields*, seen on *url*."""

    moment: datetime
    fields: tuple[str, ...]
    url: str

    def __str__(self) -> str:
        return f"The template changed: {', '.join(self.fields)} no longer stand where they stood, first seen on {self.url}."


def observe(article: Article, moment: datetime, generic: Callable[[], Article] | None) -> Observation:
    """Return what a page read by a profile tells; *generic* reads it the other way, where it is to be compared."""
    methods = dict(article.field_methods)
    if not methods:
        return Observation(article.url, moment, misses=frozenset({"article_body"}))
    template = methods.pop("template")
    misses = frozenset(name for name, how in methods.items() if how == "generic")
    absent = frozenset(name for name, how in methods.items() if how == "absent")
    apart = differing(article, generic()) if generic is not None else None
    return Observation(article.url, moment, template, misses, absent, apart)


def differing(one: Article, other: Article) -> frozenset[str]:
    """Return the fields on which two readings of one page differ in what they say."""
    found = {name for name in ("headline", "authors", "date_published") if getattr(one, name) != getattr(other, name)}
    if word_f1(one.article_body, other.article_body) < LIKE and len(other.article_body) > len(one.article_body):
        found.add("article_body")
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

        That is when a field was missed on three of five pages or author or date was absent on five although every page had it, or when two of
        three comparisons differ in the same field.
        """
        self._recent.append(seen)
        if seen.apart is not None:
            self._checks.append(seen)
        fields = {name for one in self._recent for name in (*one.misses, *one.absent)} | {
            name for one in self._checks for name in one.apart or ()
        }
        broken = tuple(sorted(name for name in fields if self._is_broken(name)))
        if not broken:
            return None
        first = next(
            one for one in (*self._recent, *self._checks) if set(broken) & (one.misses | one.absent | (one.apart or frozenset()))
        )
        return Verdict(first.moment, broken, first.url)

    def _is_broken(self, name: str) -> bool:
        missed = sum(name in one.misses for one in self._recent)
        absent = sum(name in one.absent for one in self._recent)
        apart = sum(name in (one.apart or ()) for one in self._checks)
        always = name in NEVER_ABSENT and self.profile.expected.get(name, 0) >= 1.0
        return missed >= MOST_MISSES or apart >= MOST_APART or (always and absent == WINDOW)
