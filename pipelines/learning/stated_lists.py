"""What the lists of a site state of its articles: the entries of its feeds, the posts of a
WordPress' own answers.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from pipelines.comments import plain_text
from pipelines.dates import parse_date
from pipelines.document import BadXml, local_name, parse_xml, xml_text
from pipelines.learning.evidence import StatedEvidence
from storage.urls import variant_key

LONGEST_NAME = 60
_CONTENT = ("encoded", "content")
_AUTHOR = ("creator", "author")
_PUBLISHED = ("pubdate", "published", "date")
_FAR_FUTURE = datetime(
    2100, 1, 1, tzinfo=UTC
)  # what lists state is absolute: nothing is counted from this


def read_evidence(feed: bytes) -> dict[str, StatedEvidence]:
    """Return by address (storage.urls.variant_key) what the entries of an RSS or Atom *feed*
    state; nothing for what is no feed.

    A title or an author that all entries share names the site, and is left out.
    """
    try:
        root = parse_xml(xml_text(feed))
    except BadXml:
        return {}
    entries = root.iter("{*}item", "{*}entry")
    return _without_site_names(
        {variant_key(address): stated for entry in entries for address, stated in _of_entry(entry)}
    )


def read_posts(body: bytes) -> dict[str, StatedEvidence]:
    """Return by address (storage.urls.variant_key) what a list of posts states; nothing for what
    is no such list.

    A title or an author that all posts share names the site, and is left out.
    """
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    rows = rows if isinstance(rows, list) else ()
    return _without_site_names(
        {variant_key(address): stated for row in rows for address, stated in _of_post(row)}
    )


def _without_site_names(found: Mapping[str, StatedEvidence]) -> dict[str, StatedEvidence]:
    """Return what was *found* in one list without the title or the author that all its entries
    share.
    """
    titles, authors = (
        {stated.title for stated in found.values()},
        {stated.author for stated in found.values()},
    )
    return {
        address: replace(
            stated,
            title=stated.title if len(titles) > 1 or len(found) == 1 else None,
            author=stated.author if len(authors) > 1 or len(found) == 1 else None,
        )
        for address, stated in found.items()
    }


def _of_entry(entry: etree._Element) -> Iterator[tuple[str, StatedEvidence]]:
    fields = _entry_fields(entry)
    address = fields.get("origlink") or fields.get("link", "")
    if address.startswith(("http://", "https://")):
        body, author, published = (
            next((fields[name] for name in names if name in fields), None)
            for names in (_CONTENT, _AUTHOR, _PUBLISHED)
        )
        yield (
            address,
            StatedEvidence(
                title=plain_text(fields.get("title")) or None,
                author=_name(author),
                body=None if body is None else plain_text(body),
                published=None if published is None else _moment(published),
            ),
        )


def _entry_fields(entry: etree._Element) -> dict[str, str]:
    """Return the first value of each element of a feed's *entry*, by its local name."""
    fields: dict[str, str] = {}
    for child in entry:
        if isinstance(child.tag, str):
            name = local_name(child)
            value = (_entry_value(child, name) or child.text or "").strip()
            if value:
                fields.setdefault(name, value)
    return fields


def _entry_value(child: etree._Element, name: str) -> str | None:
    """Return what Atom states beside an element's text: a link's address, an author's name."""
    if name == "link" and child.get("rel", "alternate") == "alternate":
        return child.get("href")
    return child.findtext("{*}name") if name == "author" else None


def _of_post(row: Any) -> Iterator[tuple[str, StatedEvidence]]:
    link = row.get("link") if isinstance(row, dict) else None
    if isinstance(link, str) and link.startswith(("http://", "https://")):
        body = None if _is_protected(row) else _rendered(row, "content")
        moment = _moment(f"{row['date_gmt']}Z") if isinstance(row.get("date_gmt"), str) else None
        yield (
            link,
            StatedEvidence(
                _rendered(row, "title"), _name(_author(row.get("_embedded"))), body, moment
            ),
        )


def _rendered(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return plain_text(value.get("rendered")) or None if isinstance(value, dict) else None


def _is_protected(row: dict[str, Any]) -> bool:
    """Tell whether a post is behind a password: its text is then the form that asks for one."""
    content = row.get("content")
    return isinstance(content, dict) and bool(content.get("protected"))


def _author(embedded: Any) -> str | None:
    people = embedded.get("author") if isinstance(embedded, dict) else None
    person = people[0] if isinstance(people, list) and people else None
    name = person.get("name") if isinstance(person, dict) else None
    return plain_text(name) or None


def _name(stated: str | None) -> str | None:
    """Return the name of an author, None where that can be no name."""
    return stated if stated and "@" not in stated and len(stated) <= LONGEST_NAME else None


def _moment(stated: str) -> datetime | None:
    """Return the moment that is *stated* to the minute at least, None where it is not."""
    date = parse_date(stated, reference=_FAR_FUTURE)
    return date.moment if date is not None and date.precision in {"second", "minute"} else None
