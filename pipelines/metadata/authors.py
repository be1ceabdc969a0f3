"""Who wrote the article, in which role, for whom: from the byline, JSON-LD, a meta element, or the
box about the author.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.document import (
    Document,
    article_object,
    block_text,
    by_id,
    listed,
    meta,
    metas,
    stated_text,
)
from pipelines.metadata.author_names import (
    LONGEST_NAME,
    is_name,
    role_lines,
    signed,
    without_labels,
)
from storage.records import Author

LONGEST_BOX = 1200
_NAME_CLASS = re.compile(
    r"^(?:fn|author|author-name|author_name|auteur|auteur-naam|byline-?(?:name|author)|post-author(?:-name)?|entry-author(?:-name|-link)?|article-?author(?:-name)?|wp-block-post-author(?:-name)?(?:__name)?|posted-by|p-author|schrijver|meta-author)$",
    re.IGNORECASE,
)
_BOX_CLASS = re.compile(
    r"(?:^|[-_\s])(?:byline|author|auteur|schrijver|posted-by|post-meta|entry-meta|meta|artikel-?info)(?:$|[-_\s])",
    re.IGNORECASE,
)
_AUTHOR_BOX = re.compile(
    r"(?:^|[-_\s])(?:byline|author|auteur|schrijver)(?:$|[-_\s])", re.IGNORECASE
)
_ABOUT_CLASS = re.compile(
    r"author-?(?:box|bio|info|description)|about-?(?:the-)?author|over-?de-?auteur|auteur-?(?:box|info|bio)",
    re.IGNORECASE,
)
_BY_LINE = re.compile(
    r"^(?:[^|•·]{0,40}\d\W{1,4}(?=door\s))?\W*(?:(?:geschreven|geplaatst|gepost|ingediend|ingezonden|gemaakt|gepubliceerd|toegevoegd|tekst(?: en (?:foto|beeld)'?s?)?|bericht)\s+)?(?:door|auteur|by|tekst)\s*:?\s+(?P<name>[^|•·\n]{2,80}?)(?=\s*(?:$|[|•·(–—]|\s@|\s+(?:op|in|om|on|at)\s|,?\s+(?:foto'?s?|beeld|fotografie|illustraties?|video|bron)\s?:|,\s*\d|\s\d{1,2}\s+\w+\s+\d{4}|\d{1,2}[-/]\d))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^\W*(?:over\s+)?(?:(?:de|deze)\s+)?(?:auteur|schrijver|door|by|geschreven door)\s*:?\s+(?P<name>[A-ZÀ-Þ][^\n.,:|]{1,50})$",
    re.IGNORECASE,
)
_MAY_SIGN = re.compile(r"\b(?:door|auteur|by|tekst)\b", re.IGNORECASE)
_PLACED_BY = re.compile(
    r"\b(?:geplaatst|geschreven|gepost|ingezonden|ingediend|gepubliceerd|posted|written)\s+(?:door|by)\s+(?P<name>[^|•·\n\d]{2,60}?)\s+(?:op|on|om|in)\s",
    re.IGNORECASE,
)
# "Jan Smit, verslaggever" or "Jan Smit (verslaggever)" or "Jan Smit, 3 mei 2013", as all of a
# byline's text.
_NAME_FIRST = re.compile(
    r"^(?P<name>[A-ZÀ-Þ][\w.'’-]*(?:\s+(?:van|de|der|den|het|ten|ter|te|'t|el|al|[A-ZÀ-Þ][\w.'’-]*)){1,5})\s*(?:[,(|•·–—-]\s*(?P<rest>[^|•·]{2,60}?)\)?)?$"
)
_ROLE_CLASS = re.compile(
    r"author[-_]{1,2}(?:title|role|function|functie|job|bio-title|position)|auteur[-_](?:functie|titel)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^\W*over (?:de|deze) (?:auteur|schrijver)\W*", re.IGNORECASE)
_IS = re.compile(
    r"^(?P<name>(?:[A-ZÀ-Þ][\w'’.-]+)(?:\s+(?:van|de|der|den|het|ten|ter|te|'t|el|al|[A-ZÀ-Þ][\w'’.-]+)){0,5})\s+(?:\([^)]*\)\s+)?(?:is|was|werkt|schrijft|studeerde|woont|blogt|runt)\b"
)
_ROLE_IS = re.compile(
    r"\b(?:is|als)\s+(?P<role>[^.;]{3,70}?)\s+(?:bij|van|voor|at)\s+(?P<organisation>(?:(?:de|het)\s)?[A-Z0-9][\w&.'’-]*(?:\s[A-Z0-9&][\w&.'’-]*){0,4})"
)


def read_authors(
    document: Document, excluded: Iterable[HtmlElement], about: Iterable[HtmlElement]
) -> tuple[Author, ...]:
    """Return the article's authors; *excluded* are comments and furniture, *about* the boxes about
    the author.

    What the page shows in its byline comes first, and takes role and organisation from what it
    states.
    """
    outside = set(excluded) - set(about)
    stated = tuple(_stated(document))
    shown = _backed(tuple(_signed_in(_bylines(document, outside), document)), stated)
    authors = (
        shown
        or stated
        or tuple(_by_lines(document, outside))
        or tuple(_meta_authors(document))
        or tuple(_about(about))
    )
    return _with_facts(authors, (*_about(about), *stated))


def authors_in(
    bylines: Iterable[HtmlElement], document: Document, about: Sequence[HtmlElement] = ()
) -> tuple[Author, ...]:
    """Return the authors whom *bylines*, known to be the article's, name; without any, those whom
    the page states or the box *about* names.
    """
    stated = tuple(_stated(document))
    authors = (
        _backed(tuple(_signed_in(bylines, document)), stated)
        or stated
        or tuple(_meta_authors(document))
        or tuple(_about(about))
    )
    return _with_facts(authors, (*_about(about), *stated))


def _with_facts(authors: Iterable[Author], told: Iterable[Author]) -> tuple[Author, ...]:
    """Return each of *authors* once, with the role, organisation and address that is *told* of them
    elsewhere.
    """
    facts = {author.name.lower(): author for author in told}
    return tuple(_completed(author, facts.get(author.name.lower())) for author in _unique(authors))


def _backed(shown: tuple[Author, ...], stated: tuple[Author, ...]) -> tuple[Author, ...]:
    """Return *shown*; what the page states where the two have nobody in common and more are shown."""
    is_other = bool(shown and stated) and not {a.name.lower() for a in shown} & {
        a.name.lower() for a in stated
    }
    return stated if is_other and len(shown) > len(stated) else shown


def _unique(authors: Iterable[Author]) -> Iterator[Author]:
    met: set[str] = set()
    for author in authors:
        if author.name.lower() not in met:
            yield author
        met.add(author.name.lower())


def _completed(author: Author, other: Author | None) -> Author:
    if other is None:
        return author
    return replace(
        author,
        role=author.role or other.role,
        organisation=author.organisation or other.organisation,
        url=author.url or other.url,
    )


def _stated(document: Document) -> Iterator[Author]:
    site = (meta(document, "og:site_name") or "").lower()
    for value in listed(article_object(document).get("author")):
        thing = by_id(document, value)
        name = stated_text(thing.get("name")) if thing else stated_text(value)
        if not name or name.lower() == site or not is_name(name):
            continue
        work = by_id(
            document, next(iter(listed(thing.get("worksFor") or thing.get("affiliation"))), {})
        )
        role = next(iter(listed(thing.get("jobTitle"))), None)
        url = thing.get("url")
        named = Author(
            name=name,
            role=stated_text(role),
            organisation=stated_text(work.get("name")),
            url=url if isinstance(url, str) else None,
        )
        yield from (
            _completed(named, author) if author.name == name else _completed(author, named)
            for author in signed(name) or [named]
        )


def _meta_authors(document: Document) -> Iterator[Author]:
    for content in (
        *metas(document, "author"),
        *metas(document, "article:author"),
        *metas(document, "dc.creator"),
    ):
        yield from signed(content)


def _bylines(document: Document, outside: set[HtmlElement]) -> list[HtmlElement]:
    """Return the elements named for an author, in the part of the page that comes before the
    comments.
    """
    named = [element for element in document.tree.iter("*") if _names_author(element)]
    # What is marked up as the author for machines is one; a class called "author" may be about
    # anything.
    found = [element for element in named if _is_marked(element)] or named
    found = [
        e
        for e in found
        if not any(
            a in outside
            or (a.tag in {"aside", "footer"} and a.find(".//h1") is None and _is_site_part(a))
            for a in (e, *e.iterancestors())
        )
    ]
    return [
        e
        for e in found
        if not any(other is not e and any(a is e for a in other.iterancestors()) for other in found)
    ]


def _signed_in(bylines: Iterable[HtmlElement], document: Document) -> Iterator[Author]:
    """Yield the authors whom the first of *bylines* names that names any, and those beside it."""
    first: HtmlElement | None = None
    for element in bylines:
        if first is not None and not _together(first, element):
            continue
        for author in (
            _read_name(element, document) if _names_author(element) else _by_line(element)
        ):
            first = first if first is not None else element
            yield author


def _is_marked(element: HtmlElement) -> bool:
    return (
        "author" in (element.get("rel") or "").lower().split()
        or "author" in (element.get("itemprop") or "").split()
    )


def _is_site_part(element: HtmlElement) -> bool:
    return not any(ancestor.tag == "article" for ancestor in element.iterancestors())


def _names_author(element: HtmlElement) -> bool:
    if element.tag in {"body", "html", "article", "img", "meta", "link", "svg", "section", "main"}:
        return False
    return _is_name_class(element.get("class") or "") or _is_marked(element)


@lru_cache(maxsize=8192)  # a site's pages share their names
def _is_name_class(names: str) -> bool:
    return any(_NAME_CLASS.match(token) for token in names.split())


def _together(first: HtmlElement, other: HtmlElement) -> bool:
    """Tell whether two elements stand in one byline."""
    near = set(list(first.iterancestors())[:2])
    return any(ancestor in near for ancestor in list(other.iterancestors())[:2])


def _property(element: HtmlElement, *names: str) -> str | None:
    """Return the text of the first of schema.org's properties *names* inside *element*."""
    for name in names:
        for inner in element.iterdescendants():
            if name in (inner.get("itemprop") or "").split():
                return " ".join(inner.text_content().split()) or inner.get("content")
    return None


def _read_name(element: HtmlElement, document: Document) -> Iterator[Author]:
    """Yield who *element* names: by its microdata, else by its first line."""
    stated = _property(element, "name")
    if stated and is_name(stated) and len(stated) <= LONGEST_NAME:
        url = next(
            (
                urljoin(document.url, link.get("href") or "")
                for link in element.iter("a")
                if link.get("href")
            ),
            None,
        )
        role, organisation = (
            _property(element, "jobTitle"),
            _property(element, "worksFor", "affiliation"),
        )
        told = Author(name=stated, role=role, organisation=organisation, url=url)
        yield from (_completed(author, told) for author in signed(stated) or [told])
        return
    lines = [line.strip() for line in block_text(element).split("\n") if line.strip()]
    if not lines:
        return
    link = element if element.tag == "a" else next(element.iter("a"), None)
    href = link.get("href") if link is not None else None
    url = (
        urljoin(document.url, href)
        if href and not href.startswith(("mailto:", "#", "javascript:"))
        else None
    )
    role, organisation = role_lines(
        lines[1:] or _lines_after(element, without_labels(lines[0])) or _role_beside(element)
    )
    beside = Author(name="", role=role, organisation=organisation, url=url)
    yield from (_completed(author, beside) for author in signed(lines[0]))


def _lines_after(element: HtmlElement, name: str) -> list[str]:
    """Return the short lines that follow a name inside its own small box: role, then organisation."""
    box = element.getparent()
    while box is not None and box.tag in {"span", "strong", "b", "a", "em", "h4", "h5"}:
        box = box.getparent()
    if (
        box is None
        or box.tag in {"body", "article", "main", "header"}
        or len(box.text_content()) > 250
    ):
        return []
    lines = [line.strip(" ,|•·") for line in block_text(box).split("\n")]
    lines = [line for line in lines if line]
    places = [index for index, line in enumerate(lines) if line == name]
    return lines[places[-1] + 1 :] if places else []


def _role_beside(element: HtmlElement) -> list[str]:
    """Return the text of the element right after a name that is classed as its role."""
    following = next(element.itersiblings("*"), None)
    if following is None or not _ROLE_CLASS.search(following.get("class") or ""):
        return []
    return [" ".join(following.text_content().split())]


def speaks_of_author(element: HtmlElement) -> bool:
    """Tell whether an element is named for an author, or may say who wrote the article."""
    if _names_author(element):
        return True
    said = (words for words in (element.text, element.tail) if words and not words.isspace())
    return any(_MAY_SIGN.search(words) for words in said)


def _by_lines(document: Document, outside: set[HtmlElement]) -> list[Author]:
    """Return the authors of the first visible line such as "Door Jan Smit op 3 mei 2013"."""
    for element in document.tree.iter(
        "p",
        "div",
        "span",
        "li",
        "em",
        "small",
        "strong",
        "h4",
        "h5",
        "h6",
        "address",
        "time",
        "dd",
        "font",
    ):
        if len(element) > 6:
            continue
        found = _by_line(element)
        if found and not _is_inside(element, outside):  # asked last: it climbs the tree
            return found
    return []


def _by_line(element: HtmlElement) -> list[Author]:
    """Return the authors whom the line of *element* names, none where it is no byline."""
    line = _shown_line(element)
    names = element.get("class") or ""
    boxed = any(token and _BOX_CLASS.search(token) for token in names.split()) or "meta" in names
    match = _BY_LINE.match(line) if 5 < len(line) < 160 else None
    if match is None and boxed and len(line) < LONGEST_BOX:
        match = _PLACED_BY.search(line[:400])
    if match is None and boxed and _AUTHOR_BOX.search(names):
        named = _NAME_FIRST.match(line)
        if named and is_name(named["name"]):
            role, organisation = role_lines([named["rest"]] if named["rest"] else [])
            return [Author(name=named["name"], role=role, organisation=organisation)]
    named_here = signed(match["name"].strip(" ,.")) if match is not None else []
    is_line = boxed or (len(line) < 90 and all(author.name[:1].isupper() for author in named_here))
    return named_here if is_line else []


def _is_inside(element: HtmlElement, others: set[HtmlElement]) -> bool:
    return any(one in others for one in (element, *element.iterancestors()))


def _shown_line(element: HtmlElement) -> str:
    """Return the text of *element*, where it is short without what stands in scripts."""
    line = " ".join(element.text_content().split())
    if len(line) < LONGEST_BOX and next(element.iter("script", "style"), None) is not None:
        return " ".join(block_text(element).split())
    return line


def _about(about: Iterable[HtmlElement]) -> Iterator[Author]:
    """Yield the author whom a box "Over de auteur" is about."""
    for box in about:
        text_of_box = block_text(box)
        words = _ABOUT.sub("", " ".join(text_of_box.split()))
        match = _NAMED.match(text_of_box.split("\n")[0]) or _IS.match(words)
        if match is None:
            continue
        role = _ROLE_IS.search(words)
        yield Author(
            name=match["name"],
            role=role["role"].removeprefix("een ") if role else None,
            organisation=role["organisation"].rstrip(".") if role else None,
        )
