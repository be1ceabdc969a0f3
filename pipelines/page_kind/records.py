"""Lists of other pages whose titles are no headings with a link: records that repeat, each with its
way to another page of the site, and nothing of the page's own beside them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from lxml import etree
from lxml.html import HtmlElement

from pipelines.page_kind.listing import (
    FEWEST_TEASERS,
    LEAST_ARTICLE,
    leads_elsewhere,
    target,
    teasers_of,
)
from storage.urls import same_site

FEWEST_RECORDS = FEWEST_TEASERS + 1
LONGEST_RECORD = 400
LONGEST_LABEL = 30
SHORTEST_TITLE = 15
SHORTEST_LEAD = 25
_UNSEEN = frozenset(
    "nav header footer aside script style head form button select template noscript".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_INLINE = frozenset("a b strong i em span font u small time img br".split())
_OF_ITS_OWN = frozenset("time img picture figure video audio iframe object embed".split())
_OVER_OTHERS = frozenset("h2 h3 h4 h5 h6 b strong".split())
# What an article says of itself under its headline: its day, or who wrote it.
_OF_AN_ARTICLE = re.compile(
    r"\b\d{1,2}(?:[-/.]\d{1,2}[-/.]|\s[a-z]{3,9}\.?\s)(?:19|20)\d\d\b|^\W*(?:door|tekst|auteur)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Shown:
    """What a page's main part shows, in its order: its *elements*, how many letters outside links
    and headings stand before each of them *begins* and *ends*, and before the line in which it
    begins; and its *texts*, each with how many stand before it.
    """

    elements: list[HtmlElement] = field(default_factory=list)
    begins: dict[HtmlElement, int] = field(default_factory=dict)
    ends: dict[HtmlElement, int] = field(default_factory=dict)
    lines: dict[HtmlElement, int] = field(default_factory=dict)
    texts: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0
    line: int = 0

    def between(self, start: HtmlElement | None, end: HtmlElement) -> list[HtmlElement]:
        """Return the elements after *start*, or all, that begin before *end*."""
        first = 0 if start is None else self.elements.index(start) + 1
        return self.elements[first : self.elements.index(end)]

    def text(self, start: int, end: int) -> str:
        """Return the text of which *start* letters stand before it, up to *end*."""
        return " ".join(text for place, text in self.texts if start <= place < end)


def is_made_of_records(tree: HtmlElement, url: str) -> bool:
    """Return whether nearly all that the page at *url* shows under its heading are records that
    repeat, of few words, each with a link to another page of its site.
    """
    shown = _read_shown(next(tree.iter("main"), tree))
    own = _own_heading(shown, url)
    if own is not None and shown.begins[own] >= LEAST_ARTICLE:
        return False
    under = shown.elements if own is None else shown.elements[shown.elements.index(own) + 1 :]
    return any(
        len({*map(_text_of, titles)}) >= FEWEST_RECORDS and _are_all(shown, own, titles)
        for titles in (_linked_titles(shown, under, url), _titles_over_links(under, url))
    )


def is_signed(tree: HtmlElement, url: str) -> bool:
    """Return whether an article's day or author stands between the page's own heading and the first
    of those that lead to other pages than *url*: they are links of an article.
    """
    shown, teasers = _read_shown(next(tree.iter("main"), tree)), teasers_of(tree, url)
    own = _own_heading(shown, url)
    first = _records_of(teasers)[0] if teasers else None
    if own is None or first not in shown.begins or own not in shown.between(None, first):
        return False
    lead = shown.text(shown.ends[own], shown.begins[first])
    is_timed = any(one.tag == "time" for one in shown.between(own, first))
    return is_timed or bool(_OF_AN_ARTICLE.search(lead))


def _read_shown(main: HtmlElement) -> _Shown:
    """Return what *main* shows, without what stands around any page."""
    shown = _Shown()
    quiet = 0  # within how many links and headings
    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str) or _is_furniture(element):
            if event == "start":
                walk.skip_subtree()
            else:
                _note(shown, element.tail, quiet)
        elif event == "start":
            shown.elements.append(element)
            shown.begins[element] = shown.size
            shown.line = shown.size if _ends_line(element) else shown.line
            shown.lines[element] = shown.line
            quiet += element.tag == "a" or element.tag in _HEADINGS
            _note(shown, element.text, quiet)
        else:
            quiet -= element.tag == "a" or element.tag in _HEADINGS
            shown.ends[element] = shown.size
            shown.line = shown.size if _ends_line(element) else shown.line
            _note(shown, element.tail if element is not main else None, quiet)
    return shown


def _note(shown: _Shown, text: str | None, quiet: int) -> None:
    stripped = (text or "").strip()
    if stripped and not quiet:
        shown.texts.append((shown.size, stripped))
        shown.size += len(stripped)


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag == "header":
        return next(element.iterancestors("main", "article"), None) is None
    return element.tag in _UNSEEN


def _own_heading(shown: _Shown, url: str) -> HtmlElement | None:
    """Return the heading of the page itself: its first h1, else its first heading without a link."""
    headings = [one for one in shown.elements if one.tag in _HEADINGS and not _links_in(one, url)]
    return next((one for one in headings if one.tag == "h1"), next(iter(headings), None))


def _links_in(element: HtmlElement, url: str) -> list[HtmlElement]:
    """Return the links in *element*, or around it, to another page of the site."""
    links = (*element.iterancestors("a"), *element.iter("a"))
    return [link for link in links if _leads_on(link, url)]


def _leads_on(link: HtmlElement, url: str) -> bool:
    there = target(link.get("href") or "", url)
    return (
        there is not None
        and leads_elsewhere(link.get("href"), url)
        and same_site(there.geturl(), url)
    )


def _linked_titles(shown: _Shown, under: Sequence[HtmlElement], url: str) -> list[HtmlElement]:
    """Return the links to other pages that are titles: at equal places, each of several words at
    the beginning of its line.
    """
    groups: dict[tuple[str, ...], list[HtmlElement]] = defaultdict(list)
    for link in under:
        if (
            link.tag == "a"
            and len(_text_of(link)) >= SHORTEST_TITLE
            and shown.begins[link] - shown.lines[link] <= LONGEST_LABEL
            and _leads_on(link, url)
        ):
            groups[tuple(str(one.tag) for one in link.iterancestors())].append(link)
    titles = max(groups.values(), key=_size, default=[])
    is_long = _size(titles) >= len(titles) * (SHORTEST_TITLE + 5)
    return titles if is_long else []


def _ends_line(element: HtmlElement) -> bool:
    """Return whether a line ends where *element* begins and where it ends."""
    return element.tag == "br" or element.tag not in _INLINE


def _titles_over_links(under: Sequence[HtmlElement], url: str) -> list[HtmlElement]:
    """Return the headings over links that are all called the same, "Lees verder", and lead to pages
    that differ.
    """
    heading = None
    over: dict[str, dict[str, HtmlElement]] = defaultdict(dict)
    for one in under:
        if one.tag in _HEADINGS:
            heading = one
        elif one.tag == "a" and heading is not None and _leads_on(one, url):
            over[_text_of(one).casefold()].setdefault(one.get("href") or "", heading)
    over.pop("", None)
    return [*dict.fromkeys(max(over.values(), key=len, default={}).values())]


def _text_of(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _size(titles: Sequence[HtmlElement]) -> int:
    return sum(len(_text_of(title)) for title in titles)


def _are_all(shown: _Shown, own: HtmlElement | None, titles: Sequence[HtmlElement]) -> bool:
    """Return whether the records of *titles* are short, each of them, and nearly all that is shown
    under the page's *own* heading.
    """
    records = _records_of(titles)
    starts = [shown.begins[one] for one in records]
    inside = [shown.ends[one] - shown.begins[one] for one in records]
    sizes = [later - start for start, later in pairwise(starts)]
    is_flat = 2 * sum(inside[:-1]) < sum(sizes)  # what belongs to a title stands after its element
    after = max(0, shown.size - starts[-1] - (LONGEST_RECORD if is_flat else inside[-1]))
    before = starts[0] - (0 if own is None else shown.ends[own])
    return (
        max(*sizes, inside[-1]) <= LONGEST_RECORD
        and before + after < LEAST_ARTICLE
        and not _has_text(shown, own, records[0], is_flat=is_flat)
    )


def _records_of(titles: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return the largest element around each of *titles* that holds no other of them."""
    held = Counter(around for title in titles for around in title.iterancestors())
    return [
        [title, *takewhile(lambda around: held[around] == 1, title.iterancestors())][-1]
        for title in titles
    ]


def _has_text(shown: _Shown, own: HtmlElement | None, first: HtmlElement, *, is_flat: bool) -> bool:
    """Return whether what stands between the page's *own* heading and the *first* record is a short
    article of its own: it has its day, its author or its picture, or stands apart from the records.
    """
    between = shown.between(own, first)
    lead = shown.text(0 if own is None else shown.ends[own], shown.begins[first])
    tags = {one.tag for one in between}
    if not tags.isdisjoint(_OF_ITS_OWN) or _OF_AN_ARTICLE.search(lead):
        return True
    if len(lead) < SHORTEST_LEAD:
        return False
    is_apart = not tags.isdisjoint(_OVER_OTHERS) or (
        own is not None and _is_boxed(shown, own, first)
    )
    return is_flat or is_apart


def _is_boxed(shown: _Shown, own: HtmlElement, first: HtmlElement) -> bool:
    """Return whether a box without records holds the page's *own* heading with its text."""
    shared = set(first.iterancestors())
    box = [own, *takewhile(lambda around: around not in shared, own.iterancestors())][-1]
    return box.tag != "header" and shown.ends[box] - shown.ends[own] >= SHORTEST_LEAD
