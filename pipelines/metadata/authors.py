"""Who wrote the article, in which role, for whom: what every source states, and who is believed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import (
    Document,
    FieldCandidate,
    article_object,
    block_text,
    by_id,
    meta,
    stated_text,
)
from pipelines.metadata.author_names import (
    is_person,
    is_weak_name,
    key_of_name,
    without_labels,
)
from pipelines.metadata.byline_elements import find_bylines, is_called_author
from pipelines.metadata.bylines import bold_line, by_lines, signed_in
from pipelines.metadata.dated_bylines import names_beside
from pipelines.metadata.stated_authors import completed, meta_authors, stated_authors, unique
from storage.records import Author

_NAMED = re.compile(
    r"^\W*(?:over\s+)?(?:(?:de|deze)\s+)?(?:auteur|schrijver|door|by|geschreven door)(?:\s*:)?\s+(?P<name>[A-ZÀ-Þ][^\n.,:|]{1,50})$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^\W*over (?:de|deze) (?:auteur|schrijver)\W*", re.IGNORECASE)
_IS = re.compile(
    r"^(?P<name>(?:[A-ZÀ-Þ][\w'’.-]+)(?:\s+(?:van|de|der|den|het|ten|ter|te|'t|el|al|[A-ZÀ-Þ][\w'’.-]+)){0,5})\s+(?:\([^)]*\)\s+)?(?:is|was|werkt|schrijft|studeerde|woont|blogt|runt)\b"
)
_ROLE_IS = re.compile(
    r"\b(?:is|als)\s++(?P<role>[^.;]{3,70}?)(?<!\s)\s+(?:bij|van|voor|at)\s+(?P<organisation>(?:(?:de|het)\s)?[A-Z0-9][\w&.'’-]*(?:\s[A-Z0-9&][\w&.'’-]*){0,4})"
)


@dataclass(frozen=True, slots=True)
class _Signature:
    """Who wrote the article as one source has it, and where that is."""

    source: str
    authors: tuple[Author, ...]
    element: HtmlElement | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names, to compare."""
        return frozenset(author.name.lower() for author in self.authors)


# How far each source is trusted, before its names are looked at.
_TRUST = {
    "byline": 3.2,
    "json-ld": 3.0,
    "line": 2.6,
    "meta": 2.2,
    "like a byline": 2.1,
    "dated line": 1.9,
    "bold line": 1.7,
    "about": 1.5,
}
AGREED = 1.2
HOUSE = 2.2
WEAK = 1.3
UNLIKE_A_NAME = 0.6


def read_authors(
    document: Document,
    excluded: Iterable[HtmlElement],
    about: Iterable[HtmlElement],
    raws: Sequence[str] = (),
) -> tuple[Author, ...]:
    """Return the article's authors; *excluded* are comments and furniture, *about* the boxes about
    the author, *raws* the article's dates as the page writes them.

    Every source proposes; what several state, and what looks like people's names, comes first. The
    chosen take role and organisation from what the others state of them.
    """
    boxes = tuple(about)
    signatures = _signatures(document, set(excluded) - set(boxes), boxes, raws)
    found = [one for one in signatures if one.authors]
    house = _house_names(document)
    ranked = sorted(found, key=lambda one: -_worth(one, found, house))
    document.trace.note_field("authors", (_noted(one) for one in ranked))
    if not ranked:
        return ()
    answered = [
        author for one in found if one.source in {"about", "json-ld"} for author in one.authors
    ]
    return _with_facts(ranked[0].authors, answered)


def _signatures(
    document: Document,
    outside: set[HtmlElement],
    about: tuple[HtmlElement, ...],
    raws: Sequence[str],
) -> Iterator[_Signature]:
    """Yield who wrote the article by each source."""
    named = tuple(_naming(document, outside, about))
    yield from named
    stated = frozenset(chain.from_iterable(one.names for one in named))
    beside = names_beside(document, outside, raws, stated)
    yield _Signature("dated line", tuple(unique(beside)))
    yield _Signature("bold line", tuple(bold_line(document, outside)))


def _naming(
    document: Document, outside: set[HtmlElement], about: tuple[HtmlElement, ...]
) -> Iterator[_Signature]:
    """Yield who wrote the article by each source that calls its names those of authors."""
    stated = tuple(stated_authors(document))
    bylines = find_bylines(document, outside)
    shown = _backed(tuple(signed_in(bylines, document)), stated)
    yield _Signature("json-ld", tuple(unique(stated)))
    if bylines:
        source = "byline" if is_called_author(bylines[0]) else "like a byline"
        yield _Signature(source, tuple(unique(shown)), bylines[0])
    yield _Signature("line", tuple(unique(by_lines(document, outside))))
    yield _Signature("meta", tuple(unique(meta_authors(document))))
    yield _Signature("about", tuple(unique(about_authors(about))))


def _worth(one: _Signature, found: list[_Signature], house: frozenset[str]) -> float:
    """Return how likely *one* is right: by its source, by who agrees, by its names."""
    agreeing = {other.source for other in found if other is not one and other.names & one.names}
    worth = _TRUST[one.source] + AGREED * len(agreeing)
    names = [author.name for author in one.authors]
    worth -= HOUSE * any(key_of_name(name) in house for name in names)
    worth -= WEAK * any(is_weak_name(name) for name in names)
    worth -= UNLIKE_A_NAME * all(" " not in name or name == name.lower() for name in names)
    return worth - 0.4 * max(0, len(names) - 3)


def _house_names(document: Document) -> frozenset[str]:
    """Return the names of the site, to compare with names of authors."""
    host = urlsplit(document.url).netloc.removeprefix("www.")
    publisher = by_id(document, article_object(document).get("publisher"))
    named = (meta(document, "og:site_name"), stated_text(publisher.get("name")), host)
    return frozenset(key_of_name(name) for name in (*named, host.split(".")[0]) if name)


def _noted(one: _Signature) -> FieldCandidate:
    names = tuple(author.name for author in one.authors)
    return FieldCandidate(names, ", ".join(names), one.source, one.element)


def authors_in(
    bylines: Iterable[HtmlElement], document: Document, about: Sequence[HtmlElement] = ()
) -> tuple[Author, ...]:
    """Return the authors whom *bylines*, known to be the article's, name; without any, those whom
    the page states or the box *about* names.
    """
    stated = tuple(stated_authors(document))
    authors = (
        _backed(tuple(signed_in(bylines, document)), stated)
        or stated
        or tuple(meta_authors(document))
        or tuple(about_authors(about))
    )
    return _with_facts(authors, (*about_authors(about), *stated))


def _with_facts(authors: Iterable[Author], answered: Iterable[Author]) -> tuple[Author, ...]:
    """Return each of *authors* once, with the role, organisation and address that is *stated* of
    them elsewhere.
    """
    facts = {author.name.lower(): author for author in answered}
    return tuple(completed(author, facts.get(author.name.lower())) for author in unique(authors))


def _backed(shown: tuple[Author, ...], stated: tuple[Author, ...]) -> tuple[Author, ...]:
    """Return *shown*; what the page states where the two have nobody in common and more are shown."""
    is_other = bool(shown and stated) and not {a.name.lower() for a in shown} & {
        a.name.lower() for a in stated
    }
    return stated if is_other and len(shown) > len(stated) else shown


def about_authors(about: Iterable[HtmlElement]) -> Iterator[Author]:
    """Yield the author whom a box "Over de auteur" is about."""
    for box in about:
        lines = [_ABOUT.sub("", line).strip() for line in block_text(box).split("\n")]
        lines = [line for line in lines if line]
        words, first = " ".join(lines), "".join(lines[:1])
        matches = filter(None, (_NAMED.match(first), _IS.match(first), _IS.match(words)))
        alone = filter(is_person, (without_labels(first),))
        name = next(chain(alone, (match["name"] for match in matches)), None)
        if name is None:
            continue
        role = _ROLE_IS.search(words)
        yield Author(
            name=name,
            role=role["role"].removeprefix("een ") if role else None,
            organisation=role["organisation"].rstrip(".") if role else None,
        )
