"""What is known of one template of a site: where its article, its facts and its comments are,
from when until when.

A profile is learned from a few pages, or written by hand in a module that ends in ``PROFILE =
Profile(...)``. Selectors are CSS; those of a record's fields look inside the record. A selector
with a mistake in it fails when the profile is made, not when a page is read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self

from cssselect import SelectorError
from lxml import etree

from pipelines.comments import ThreadRules
from pipelines.document import compiled

FACTS = ("headline", "authors", "about", "dates", "section", "keywords")


class BadProfile(ValueError):
    """Raised when a profile cannot be used; its text names the field and states why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRules:
    """Where the facts of an article are in its scope: *headline*, *authors* (its byline), the box
    *about* them, *dates*, *section* and
    *keywords* (their links).

    *stated* are the facts of which the page shows no more than it states for machines. What has no
    rule is searched for.
    """

    headline: str | None = None
    authors: str | None = None
    about: str | None = None
    dates: str | None = None
    section: str | None = None
    keywords: str | None = None
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """A block that recurs across the site's pages: its fingerprint, how it begins, on how many of
    the pages it was, since when.
    """

    fingerprint: str
    begin: str
    pages: int
    share: float
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One template of *site*: *body* holds the article's text, but for *drop*; *scope* around it
    holds all that belongs to the article.

    *frame* are the boxes around that, which the site's other templates share. *aside* is what has
    no facts there. With *facts_in_body* author, date, section or keywords are inside the body.
    The selectors of single facts (*headline* to *keywords*) are for corrections by hand: where one
    is given, its words are taken; *facts* are what was learned of them.
    *silent* are the names about comments that pages without any bear, *unshown* is why pages
    declare comments and show none where the template shows none at all. *path* is a regular
    expression that the address's path must match. *expected* shows on which share of the pages each
    field was found, *taught* which of them independent evidence has otherwise than the generic way.
    Hand-made profiles win over learned ones, field by field.
    """

    site: str
    body: str
    scope: str | None = None
    frame: tuple[str, ...] = ()
    facts_in_body: bool = False
    aside: tuple[str, ...] = ()
    path: str = ""
    drop: tuple[str, ...] = ()
    headline: str | None = None
    authors: str | None = None
    role: str | None = None
    date: str | None = None
    section: str | None = None
    keywords: str | None = None
    facts: FactRules = FactRules()
    thread: ThreadRules | None = None
    silent: tuple[str, ...] = ()
    unshown: str | None = None
    furniture: tuple[Furniture, ...] = ()
    expected: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 1.0
    learned_from: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def __post_init__(self) -> None:
        """Compile every selector, so that a mistake shows at once."""
        for name, css in self._selectors():
            try:
                compiled(css)
            except (SelectorError, etree.XPathError) as error:
                raise BadProfile(
                    f"The profile of {self.site} has a selector in {name} that cannot be read: {css!r}."
                ) from error
        try:
            re.compile(self.path)
        except re.error as error:
            raise BadProfile(
                f"The profile of {self.site} has a path that is no regular expression: {self.path!r}."
            ) from error

    def _selectors(self) -> "list[tuple[str, str]]":
        single = ("body", "scope", "headline", "authors", "role", "date", "section", "keywords")
        named = [(name, getattr(self, name)) for name in single] + [
            (name, css) for name in ("drop", "aside", "frame") for css in getattr(self, name)
        ]
        named += [(f"facts: {name}", getattr(self.facts, name)) for name in FACTS]
        if self.thread is not None:
            named += [
                (name, getattr(self.thread, name))
                for name in ("record", "author", "date", "text", "count", "parent")
            ]
            named += [
                (name, css) for name in ("skip", "area") for css in getattr(self.thread, name)
            ]
        return [(name, css) for name, css in named if css is not None]

    @property
    def template(self) -> str:
        """What divides this template from the site's others: the article's scope and its body, as
        one selector.
        """
        return f"{self.scope} {self.body}" if self.scope else self.body

    @property
    def fingerprints(self) -> frozenset[str]:
        """What the blocks of the site's own bear that recur on its pages."""
        return frozenset(block.fingerprint for block in self.furniture)

    def is_valid_at(self, moment: datetime) -> bool:
        """Return whether a page of that *moment* is read by this profile."""
        return (self.valid_from is None or self.valid_from <= moment) and (
            self.valid_until is None or moment < self.valid_until
        )

    def to_json(self) -> dict[str, Any]:
        """Return the profile as plain data."""
        return {
            name: _plain(value)
            for name, value in asdict(self).items()
            if value not in (None, (), "", {})
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the profile that *data*, made by to_json, describes. Raises BadProfile."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in data.items() if name in known}
        if "site" not in values or "body" not in values:
            raise BadProfile("A profile names at least its site and the body of its articles.")
        for name in ("drop", "aside", "frame", "silent", "learned_from", "taught"):
            values[name] = tuple(values.get(name, ()))
        for name in ("valid_from", "valid_until"):
            values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
        if values.get("thread"):
            rules = values["thread"]
            values["thread"] = ThreadRules(
                **{**rules, **{name: tuple(rules.get(name, ())) for name in ("skip", "area")}}
            )
        facts = values.get("facts", {})
        values["facts"] = FactRules(**{**facts, "stated": tuple(facts.get("stated", ()))})
        values["furniture"] = tuple(_furniture(one) for one in values.get("furniture", ()))
        return cls(**values)

    def corrected_by(self, other: "Profile") -> "Profile":
        """Return this profile with what *other*, a hand-made one of the same site, states itself."""
        unset = replace(Profile(site=other.site, body=other.body))
        stated = {
            one.name: getattr(other, one.name)
            for one in fields(other)
            if getattr(other, one.name) != getattr(unset, one.name)
        }
        return replace(self, body=other.body, **stated)


def _furniture(data: Mapping[str, Any]) -> Furniture:
    since = data.get("since")
    return Furniture(**{**data, "since": datetime.fromisoformat(since) if since else None})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner not in (None, ())}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def profile_for(profiles: Sequence[Profile], path: str, moment: datetime) -> list[Profile]:
    """Return the profiles that may fit a page with that address *path*, captured at that *moment*,
    the surest first.
    """
    fitting = [
        one
        for one in profiles
        if one.is_valid_at(moment) and (not one.path or re.search(one.path, path))
    ]
    return sorted(fitting, key=lambda one: -one.confidence)
