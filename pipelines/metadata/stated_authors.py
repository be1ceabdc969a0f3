"""Whom a page states as its article's authors for machines: in JSON-LD and in meta elements."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pipelines.document import (
    Document,
    JsonObject,
    article_object,
    by_id,
    listed,
    meta,
    metas,
    stated_text,
)
from pipelines.metadata.author_names import is_name, signed
from storage.records import Author


def completed(author: Author, other: Author | None) -> Author:
    if other is None:
        return author
    return replace(
        author,
        role=author.role or other.role,
        organisation=author.organisation or other.organisation,
        url=author.url or other.url,
    )


def unique(authors: Iterable[Author]) -> Iterator[Author]:
    met: set[str] = set()
    for author in authors:
        if author.name.lower() not in met:
            yield author
        met.add(author.name.lower())


def stated_authors(document: Document) -> Iterator[Author]:
    site = (meta(document, "og:site_name") or "").lower()
    for value in _each(article_object(document).get("author")):
        thing = by_id(document, value)
        for name in _names_of(thing or value):
            if name.lower() != site:
                yield from _persons(name, thing, document)


def _each(value: Any) -> Iterator[Any]:
    """Yield the values of a list, of lists in it and of ``@list`` and ``@set``."""
    pending = [value]
    while pending:
        one = pending.pop(0)
        inner = one.get("@list", one.get("@set")) if isinstance(one, dict) else one
        if isinstance(inner, list):
            pending[:0] = inner
        elif one is not None:
            yield one


def _names_of(value: Any) -> Iterator[str]:
    """Yield the names of what JSON-LD states as an author: a text, a person, one with several."""
    named = value
    if isinstance(value, dict):
        parts = [
            stated_text(value.get(key)) for key in ("givenName", "additionalName", "familyName")
        ]
        named = value.get("name") or value.get("@value") or " ".join(part for part in parts if part)
    for one in _each(named):
        text = stated_text(one.get("@value")) if isinstance(one, dict) else stated_text(one)
        if text:
            yield text


def _persons(name: str, thing: JsonObject, document: Document) -> Iterator[Author]:
    """Yield the authors whom one stated *name* names, with what *thing* states of them."""
    work = by_id(
        document, next(iter(listed(thing.get("worksFor") or thing.get("affiliation"))), {})
    )
    role, url = next(iter(listed(thing.get("jobTitle"))), None), thing.get("url")
    stated = Author(
        name="",
        role=stated_text(role),
        organisation=stated_text(work.get("name")),
        url=url if isinstance(url, str) else None,
    )
    found = signed(name) or ([Author(name=name)] if is_name(name) else [])
    yield from (completed(author, stated) for author in found)


def meta_authors(document: Document) -> Iterator[Author]:
    for content in (
        *metas(document, "author"),
        *metas(document, "article:author"),
        *metas(document, "dc.creator"),
    ):
        yield from signed(content)
