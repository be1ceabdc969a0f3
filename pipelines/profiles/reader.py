"""Reading by a profile: the page is narrowed to what belongs to its article by the profile, and
then read as any page is.

So each fact has one reader, whether a profile is known or not; a profile states where to look, and
what it states is checked.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.comments import Thread
from pipelines.content import ENOUGH, find_furniture
from pipelines.dates import parse_date
from pipelines.document import (
    Document,
    Segment,
    around,
    fingerprint,
    is_within,
    join_segments,
    leaf_blocks,
    select,
    text_segments,
)
from pipelines.profiles.profile import Profile
from pipelines.profiles.thread import thread_by
from storage.records import Article, Author, RemovedBlock

LEAST_BODY = 40
ALWAYS = 0.9
LONGEST_KEPT = 2000
LONGEST_HEADLINE = 400
LEAST_FRAME = 0.7
# Fields that are read again the generic way when they are missing where the template always showed
# them.
CHECKED = ("authors", "date_published", "article_section", "keywords")
_DATED = frozenset(
    {"date_published", "date_conflict"}
    | {f"date_published_{part}" for part in ("raw", "precision", "source")}
)
_PAGE_NUMBER = re.compile(r"/(?:(?:page|pagina|deel)[-/])?\d{1,2}$", re.IGNORECASE)
_PAGED = re.compile(
    r"/?(?:(?:page|pagina|deel)[-/]?)?\d{1,2}/?$|[^#]*[?&](?:page|pagina|blz|deel|seite)=\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a profile finds an article on a page: its *scope*, its *body* and the *blocks* in it,
    what was cut there as furniture and as recurring; the thread, and how it was read.
    """

    document: Document
    scope: HtmlElement
    body: HtmlElement
    blocks: Sequence[Segment]
    furniture: dict[HtmlElement, str]
    thread: Thread
    thread_method: str
    recurring: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text in the body."""
        return join_segments(self.blocks)


def frame_by(document: Document, profile: Profile) -> Frame | None:
    """Return where *profile* finds the article of a page, None when the page is not of its
    template.
    """
    body = _largest(select(document.tree, profile.body))
    scope = _scope(body, profile) if body is not None else None
    if body is None or scope is None:
        return None
    thread, how = thread_by(document, profile)
    threaded = set(thread.elements)
    furniture = {e: reason for e, reason in find_furniture(body).items() if e not in threaded}
    cut = (
        threaded
        | furniture.keys()
        | {element for css in profile.drop for element in select(body, css)}
    )
    recurring = {
        e: words for e, words in _recurring(body, profile).items() if not is_within(e, cut)
    }
    blocks = text_segments(body, cut | recurring.keys())
    if len(join_segments(blocks)) < LEAST_BODY and recurring:
        recurring, blocks = (
            {},
            text_segments(body, cut),
        )  # what is all that a page states is its own
    frame = Frame(document, scope, body, blocks, furniture, thread, how, tuple(recurring.values()))
    is_whole = len(frame.text) >= LEAST_BODY or not _has_text_elsewhere(frame, profile)
    return frame if is_whole else None


def _has_text_elsewhere(frame: Frame, profile: Profile) -> bool:
    """Return whether running text stands outside the body of a *frame* in which there is next to
    none, and is not on the site's other pages: the template's text may have moved. Else this page
    shows a picture, a film or nothing.
    """
    tree = frame.document.tree
    known = profile.fingerprints
    aside = {element for css in profile.aside for element in select(frame.scope, css)}
    beside = {frame.body, *frame.thread.elements, *find_furniture(tree), *aside}
    words = (
        len(segment.text) - segment.linked
        for segment in text_segments(tree, beside)
        if fingerprint(segment.element, segment.text) not in known
    )
    return sum(words) >= ENOUGH


def _largest(elements: list[HtmlElement]) -> HtmlElement | None:
    return (
        elements[0]
        if len(elements) == 1
        else max(elements, key=lambda one: len(one.text_content()), default=None)
    )


def is_missed(document: Document, profile: Profile) -> bool:
    """Return whether a page that *profile* does not fit should be of its template: its scope is
    there, or the site looks otherwise.

    A page in the site's usual frame without that scope is of another kind.
    """
    tree = document.tree
    if profile.scope is None or select(tree, profile.scope):
        return True
    return sum(bool(select(tree, css)) for css in profile.frame) < LEAST_FRAME * max(
        len(profile.frame), 1
    )


def _scope(body: HtmlElement, profile: Profile) -> HtmlElement | None:
    if profile.scope is not None:
        return around(body, profile.scope)
    parent: HtmlElement | None = body.getparent()
    return body if parent is None else parent


def narrowed(frame: Frame, profile: Profile) -> Document:
    """Return the page with the scope and the scope's ancestors only, without what is aside: where a
    fact without a rule is searched for.
    """
    aside = {
        element
        for css in profile.aside
        for element in select(frame.scope, css)
        if element is not frame.body
    }
    aside |= set(frame.thread.elements) | (set() if profile.facts_in_body else set(frame.body))
    clone = _copy_without(frame.scope, aside)
    for ancestor in frame.scope.iterancestors():
        outer = ancestor.makeelement(ancestor.tag, dict(ancestor.attrib))
        outer.append(clone)
        clone = outer
    return replace(frame.document, tree=clone)


def _copy_without(scope: HtmlElement, left_out: set[HtmlElement]) -> HtmlElement:
    places = [place for place, element in enumerate(scope.iter()) if element in left_out]
    clone: HtmlElement = copy.deepcopy(scope)
    clone.tail = None
    elements = list(clone.iter()) if places else []
    for place in places:
        if elements[place].getparent() is not None:
            elements[place].drop_tree()
    return clone


def links_to_pages(frame: Frame) -> bool:
    """Return whether the article may have further pages, or be one: a quick look at the links that
    lead to an address like its own.
    """
    path = urlsplit(frame.document.url).path.rstrip("/")
    first = _PAGE_NUMBER.sub("", path)
    hrefs = [link.get("href") or "" for link in frame.scope.iter("a")]
    if first != path and any(href.partition("#")[0].rstrip("/").endswith(first) for href in hrefs):
        return True
    return any(
        _PAGED.match(href.partition(path)[2] if path and path in href else href) for href in hrefs
    )


def _recurring(container: HtmlElement, profile: Profile) -> dict[HtmlElement, str]:
    """Return the blocks in *container* that recur across the site's pages, each with its words."""
    known = profile.fingerprints
    if not known:
        return {}
    return {
        block.element: block.text[:LONGEST_KEPT]
        for block in leaf_blocks(container)
        if block.fingerprint in known
    }


def settled(
    article: Article, frame: Frame, profile: Profile, search: Callable[[], Mapping[str, Any]]
) -> Article:
    """Return *article* with its fields checked: what a hand-made selector states, and what the
    whole page states of those that are missing.

    *search* finds the columns of these fields in the page, and is asked at most once.
    """
    methods = dict.fromkeys(("headline", "article_body", "comments", *CHECKED), "profile")
    methods |= {"comments": frame.thread_method, "template": profile.template}
    fields = dict(_by_hand(frame, profile))
    methods |= dict.fromkeys(
        ("date_published" if name.startswith("date") else name for name in fields), "selector"
    )
    expected = [name for name in CHECKED if profile.expected.get(name, 0) >= ALWAYS]
    missing = [name for name in expected if not (getattr(article, name) or fields.get(name))]
    found = search() if missing else {}
    for name in missing:
        columns = _columns(name) & found.keys()
        fields |= {one: found[one] for one in columns if not getattr(article, one)}
        methods[name] = "generic" if fields.get(name) else "absent"
    blocks = tuple(RemovedBlock(reason="recurring", text=text) for text in frame.recurring)
    recorded = tuple(sorted(methods.items()))
    return replace(
        article, **fields, removed_blocks=(*article.removed_blocks, *blocks), field_methods=recorded
    )


def _columns(name: str) -> Set[str]:
    return _DATED if name == "date_published" else {name}


def _by_hand(frame: Frame, profile: Profile) -> Iterator[tuple[str, Any]]:
    """Yield the fields whose selectors were given by hand and find something, as they are to be
    stored.
    """
    single = {"headline": profile.headline, "article_section": profile.section}
    for name, css in single.items():
        words = _words(frame.document.tree, css)
        if words and len(words[0]) <= LONGEST_HEADLINE:
            yield name, words[0]
    keywords = _words(frame.document.tree, profile.keywords)
    if keywords:
        yield "keywords", tuple(dict.fromkeys(keywords))
    names = _words(frame.document.tree, profile.authors)
    if names:
        roles = _words(frame.document.tree, profile.role)
        yield (
            "authors",
            tuple(
                Author(name=name, role=roles[0] if roles else None) for name in dict.fromkeys(names)
            ),
        )
    yield from _date_by_hand(frame, profile.date)


def _date_by_hand(frame: Frame, css: str | None) -> Iterator[tuple[str, Any]]:
    for element in select(frame.document.tree, css) if css else ():
        for raw in (
            element.get("datetime"),
            " ".join(element.text_content().split()),
            element.get("content"),
        ):
            date = parse_date(raw, reference=frame.document.fetched_at) if raw else None
            if date is not None:
                yield from {
                    "date_published": date.moment,
                    "date_published_raw": date.raw,
                    "date_published_precision": date.precision,
                    "date_published_source": "selector",
                }.items()
                return


def _words(tree: HtmlElement, css: str | None) -> list[str]:
    found = (
        [" ".join(element.text_content().split()) for element in select(tree, css)] if css else []
    )
    return [words for words in found if words]
