"""What a site itself says of its articles elsewhere: feeds, WordPress' own answers and JSON-LD
teach better than any guess.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments import plain_text
from pipelines.content import find_furniture
from pipelines.dates import parse_date
from pipelines.document import (
    BadXml,
    Document,
    article_object,
    block_text,
    local_name,
    meta,
    parse_xml,
    stated_text,
    xml_text,
)
from pipelines.learning.alignment import find_holder, told_date
from pipelines.learning.likeness import word_f1
from storage.records import Article, Author, Comment
from storage.urls import variant_key

LEAST_BODY = 200
WHOLE = 0.5  # a text shorter than this share of the page's own is an excerpt
# A text that has less than this in common with what the site says of it has a block too many.
READ_RIGHT = 0.98
LONGEST_NAME = 60
_SITE = frozenset({"navigation", "sidebar", "footer", "share", "related", "latest_comments"})
_CONTENT = ("encoded", "content")
_AUTHOR = ("creator", "author")
_PUBLISHED = ("pubdate", "published", "date")
_FAR_FUTURE = datetime(
    2100, 1, 1, tzinfo=UTC
)  # what these say is absolute: nothing is counted from this


@dataclass(frozen=True, slots=True)
class StatedEvidence:
    """What the site says of one article: its *title*, its *author*, its whole *body* as plain text,
    when it was *published*; None where not.

    *comments* are those that the page's own second source tells, which may be more or fewer than
    the page shows.
    """

    title: str | None = None
    author: str | None = None
    body: str | None = None
    published: datetime | None = None
    comments: tuple[Comment, ...] = ()


def read_evidence(feed: bytes) -> dict[str, StatedEvidence]:
    """Return by address (storage.addresses.variant_key) what the entries of an RSS or Atom *feed*
    say; nothing for what is no feed.

    A title or an author that all entries share names the site, and is left out.
    """
    try:
        root = parse_xml(xml_text(feed))
    except BadXml:
        return {}
    entries = root.iter("{*}item", "{*}entry")
    return without_site_names(
        {variant_key(address): said for entry in entries for address, said in _of_entry(entry)}
    )


def without_site_names(found: Mapping[str, StatedEvidence]) -> dict[str, StatedEvidence]:
    """Return what was *found* in one list without the title or the author that all its entries
    share.
    """
    titles, authors = (
        {said.title for said in found.values()},
        {said.author for said in found.values()},
    )
    return {
        address: replace(
            said,
            title=said.title if len(titles) > 1 or len(found) == 1 else None,
            author=said.author if len(authors) > 1 or len(found) == 1 else None,
        )
        for address, said in found.items()
    }


def joined(
    known: Mapping[str, StatedEvidence], new: Mapping[str, StatedEvidence]
) -> dict[str, StatedEvidence]:
    """Return what both say by address: of two texts the longer one, since an excerpt says less, and
    of all else what is *known*.
    """
    return {
        **known,
        **{
            address: _both(known.get(address, StatedEvidence()), said)
            for address, said in new.items()
        },
    }


def _both(one: StatedEvidence, other: StatedEvidence) -> StatedEvidence:
    return StatedEvidence(
        title=one.title or other.title,
        author=one.author or other.author,
        body=max(one.body, other.body, key=len)
        if one.body and other.body
        else one.body or other.body,
        published=one.published or other.published,
        comments=max(one.comments, other.comments, key=len),
    )


def _of_entry(entry: etree._Element) -> Iterator[tuple[str, StatedEvidence]]:
    fields: dict[str, str] = {}
    for child in entry:
        if not isinstance(child.tag, str):
            continue
        name = local_name(child)
        value = (
            child.get("href")
            if name == "link" and child.get("rel", "alternate") == "alternate"
            else None
        )
        value = (
            value or (child.findtext("{*}name") if name == "author" else None) or child.text or ""
        )
        if value.strip():
            fields.setdefault(name, value.strip())
    address = fields.get("origlink") or fields.get("link", "")
    if address.startswith(("http://", "https://")):
        body = next((plain_text(fields[name]) for name in _CONTENT if name in fields), None)
        author = next((fields[name] for name in _AUTHOR if name in fields), None)
        moment = next((a_moment(fields[name]) for name in _PUBLISHED if name in fields), None)
        yield (
            address,
            StatedEvidence(plain_text(fields.get("title")) or None, a_name(author), body, moment),
        )


def a_name(said: str | None) -> str | None:
    """Return what stands for an author, None where that can be no name."""
    return said if said and "@" not in said and len(said) <= LONGEST_NAME else None


def a_moment(said: str) -> datetime | None:
    """Return the moment that is *said* to the minute at least, None where it is not."""
    date = parse_date(said, reference=_FAR_FUTURE)
    return date.moment if date is not None and date.precision in {"second", "minute"} else None


def evidence_for(document: Document, feeds: Mapping[str, StatedEvidence]) -> StatedEvidence:
    """Return what *feeds* and the page's own JSON-LD say of the article on it."""
    said = feeds.get(variant_key(document.url), StatedEvidence())
    stated = stated_text(article_object(document).get("articleBody"))
    return replace(said, body=said.body or stated)


def corrected(
    document: Document, article: Article, said: StatedEvidence, threaded: set[HtmlElement]
) -> tuple[Article, HtmlElement | None]:
    """Return *article* as the evidence has it where its own page shows that too, and the element of
    a text that was read wrongly.

    What the evidence does not say, or says as it was read, stays; an excerpt is no evidence of a
    text.
    """
    names = [author.name for author in article.authors]
    author = (
        said.author
        if said.author not in names and not _names_site(document, said.author or "")
        else None
    )
    if author and next(shown_as(document, author, threaded), None) is not None:
        article = replace(article, authors=(Author(name=author),))
    title = said.title if said.title != article.headline else None
    if title and next(shown_as(document, title, threaded), None) is not None:
        article = replace(article, headline=title)
    article = replace(
        article,
        **told_date(document, article, said.published, threaded | site_parts(document.tree)),
    )
    body = said.body or ""
    is_whole = len(body) >= max(LEAST_BODY, WHOLE * len(article.article_body))
    if not is_whole or word_f1(article.article_body, body) >= READ_RIGHT:
        return article, None
    holder = find_holder(document.tree, body, threaded)
    if holder is None:
        return article, None
    return replace(
        article,
        article_body=block_text(holder, threaded | find_furniture(holder).keys()),
        method="container",
    ), holder


def _names_site(document: Document, name: str) -> bool:
    return name == meta(document, "og:site_name") or name in (
        document.tree.findtext(".//title") or ""
    )


def site_parts(tree: HtmlElement) -> set[HtmlElement]:
    """Return the elements that are the site's own, not the article's."""
    return {element for element, reason in find_furniture(tree).items() if reason in _SITE}


def shown_as(document: Document, words: str, threaded: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that say *words* and nothing else, outside the thread and the site's own
    parts.
    """
    tree = document.tree
    outside = threaded | site_parts(tree)
    for element in tree.iter(
        "h1", "h2", "h3", "a", "span", "b", "strong", "p", "div", "address", "cite"
    ):
        if len(element) > 3 or " ".join(element.text_content().split()) != words:
            continue
        if not any(
            a in outside or a.tag in {"nav", "aside", "footer"}
            for a in (element, *element.iterancestors())
        ):
            yield element


def read_posts(body: bytes) -> dict[str, StatedEvidence]:
    """Return by address (storage.addresses.variant_key) what a list of posts says; nothing for what
    is no such list.

    A title or an author that all posts share names the site, and is left out.
    """
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    rows = rows if isinstance(rows, list) else ()
    return without_site_names(
        {variant_key(address): said for row in rows for address, said in _of_post(row)}
    )


def _of_post(row: Any) -> Iterator[tuple[str, StatedEvidence]]:
    link = row.get("link") if isinstance(row, dict) else None
    if isinstance(link, str) and link.startswith(("http://", "https://")):
        body = None if _is_protected(row) else _rendered(row, "content")
        moment = a_moment(f"{row['date_gmt']}Z") if isinstance(row.get("date_gmt"), str) else None
        yield (
            link,
            StatedEvidence(
                _rendered(row, "title"), a_name(_author(row.get("_embedded"))), body, moment
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
