"""What an article states of itself: headline, description, address."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document, article_object, meta, stated_text
from storage.urls import resolve, without_index

_SEPARATORS = re.compile(r"(?<!\s)\s+[|–—•·»«:-]+\s+|(?:(?<!\s)\s+)?[|»«]\s*")
_HEADLINE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:entry-title|post-title|article-title|headline|artikel-?titel|page-title|title|titel|wp-block-post-title)(?:$|[-_\s])",
    re.IGNORECASE,
)
_SITE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:site-title|logo|site-name|brand|sitenaam)(?:$|[-_\s])", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
_TO_HERE = "¶"  # behind headings of documents, a link to them
_CAPITAL = re.compile(r"[\"'‘’“”„«]?[^\W\d_a-zà-ÿ]")
_AROUND = " :|–—·•-"
LEADS_UP = 0.7
MOST_PARTS = 8  # of a heading
MOST_NAMED = 5  # a site's name is of fewer parts of a title


def stated_titles(document: Document) -> list[str]:
    """Return the titles that the page states: in JSON-LD, in its meta elements, in its head."""
    stated = (
        stated_text(article_object(document).get("headline")),
        meta(document, "og:title", "twitter:title"),
        document.title,
    )
    return [title for title in stated if title]


def read_headline(document: Document, excluded: Iterable[HtmlElement] = ()) -> str | None:
    """Return the article's headline as the page shows it, without the site's name; None when it
    shows and states none.
    """
    stated = stated_titles(document)
    outside = set(excluded)
    shown = [
        heading
        for heading in _headings(document.tree)
        if not any(a in outside for a in heading.iterancestors())
    ]
    up = {heading for heading in shown if _leads_up(heading, document.url)}
    names = _site_names(document) | _names_in(stated, up)
    shown = [heading for heading in shown if _letters(heading.text_content()) not in names]
    own = {_letters(_own_text(heading, stated, names)) for heading in shown if heading not in up}
    sites = [part for title in stated if (part := _site_part(title, names, own))]
    worths = {h: _worth(h, stated, sites) - LEADS_UP * (h in up) for h in shown}
    best = max(shown, key=worths.__getitem__, default=None)
    if best is not None and worths[best] > 0:
        return _own_text(best, stated, names)
    alone = _alone(shown, stated)
    if alone is not None:
        return _own_text(alone, stated, names)
    return _without_site(stated, document, names) if stated else None


def _names_in(stated: list[str], up: Iterable[HtmlElement]) -> frozenset[str]:
    """Return the letters of the headings that lead *up* and are the last parts of a title that has
    more: the site's name is of two parts there.
    """
    if not up:
        return frozenset()
    ends = {
        _letters("".join(parts[-count:]))
        for parts in map(_SEPARATORS.split, stated)
        for count in range(2, min(len(parts), MOST_NAMED))
    }
    return frozenset(ends.intersection(_letters(heading.text_content()) for heading in up))


def _alone(shown: list[HtmlElement], stated: list[str]) -> HtmlElement | None:
    """Return the only first heading of a page that is stated nowhere but in a title, which is one
    of another matter.
    """
    firsts = [heading for heading in shown if heading.tag == "h1"]
    if len(firsts) != 1 or len(stated) != 1:
        return None
    is_home = any(link.get("href") in {"/", "index.html"} for link in firsts[0].iter("a"))
    return None if is_home else firsts[0]


def _text(element: HtmlElement) -> str:
    """Return what an element shows: style sheets and scripts in it are no words."""
    unseen = {text for part in element.iter("style", "script") for text in part.itertext()}
    texts = [text for text in element.itertext() if text not in unseen and text != _TO_HERE]
    # A kicker that only a style sheet sets apart: "De toekomst" and then "Wij dekoreren".
    parted = [
        f" {after}" if len(before) > 2 and before[-1].islower() and _CAPITAL.match(after) else after
        for before, after in zip(["", *texts], texts, strict=False)
    ]
    return " ".join("".join(parted).split())


def _own_text(heading: HtmlElement, stated: list[str], names: Container[str]) -> str:
    """Return what a heading says, without the kicker or the byline in it: without one of its parts
    where what is left agrees better with what the page states.
    """
    whole = _text(heading)
    texts = [_text(part) for part in islice(heading.iterdescendants("*"), MOST_PARTS)]
    ends = [text for text in texts if text and text != whole]
    left = [whole.removeprefix(text).removesuffix(text).strip(_AROUND) for text in ends]
    own = {_without_names(title, names) for title in stated}

    def rank(text: str) -> tuple[float, bool, bool]:
        return _agreement(_bag(text), stated)[0], _letters(text) in own, text == whole

    return max((whole, *left), key=rank)


def _without_names(title: str, names: Container[str]) -> str:
    """Return the letters of *title* without the parts that are *names* of the site."""
    parts = map(_letters, _SEPARATORS.split(title))
    return "".join(part for part in parts if part not in names)


def _site_part(title: str, names: Container[str], own: Container[str]) -> set[str] | None:
    """Return the words of the part of a title that names the site: its first where that is known to
    be the site's name or the last stands over the page, else its last; None for a title of one part.
    """
    parts = [part for part in _SEPARATORS.split(title) if part.strip()]
    if len(parts) < 2:
        return None
    first, last = _letters(parts[0]), _letters(parts[-1])
    is_first = last not in names and (first in names or (last in own and first not in own))
    return _bag(parts[0] if is_first else parts[-1])


def _site_names(document: Document) -> frozenset[str]:
    """Return the letters of what the site is called: as it states, and as its host is."""
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    stated = meta(document, "og:site_name") or ""
    named = map(_letters, (stated, host, host.rpartition(".")[0]))
    return frozenset(name for name in named if name)


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(text.lower()))


def _headings(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("h1", "h2", "h3"):
        if element.text_content().strip():
            yield element


def _worth(heading: HtmlElement, stated: list[str], sites: list[set[str]]) -> float:
    """Return how likely a heading is the article's: it agrees with what the page states, without
    the *sites* that its titles name, and is set as a headline.
    """
    words = _bag(_own_text(heading, stated, ()))
    agreement, contained = _agreement(words, stated, sites)
    if _is_site(words, stated, sites) or _is_site_title(heading):
        return agreement - 0.5
    is_titled = bool(_HEADLINE_CLASS.search(heading.get("class") or ""))
    is_stated = contained > 0.9 and agreement > 0.3
    if heading.tag != "h1" and not is_titled and not is_stated:
        return -1.0
    worth = 2 * agreement + contained
    worth += (
        0.6 * (heading.tag == "h1")
        + 0.5 * is_titled
        + 0.5 * ("headline" in (heading.get("itemprop") or ""))
    )
    worth -= 0.8 * any(
        ancestor.tag in {"aside", "footer", "nav"} for ancestor in heading.iterancestors()
    )
    return worth if not stated or contained > 0.3 else worth - 1.5


def _agreement(
    words: set[str], stated: list[str], sites: Sequence[set[str]] = ()
) -> tuple[float, float]:
    """Return the largest share of *words* among all words of a stated title and themselves, and the
    largest share of them that a title has: none where they share only the names of *sites*.
    """
    titles = [_bag(title) for title in stated]
    own = words.difference(*sites)
    if own and not any(own & title for title in titles):
        return 0.0, 0.0
    agreement = max((len(words & one) / max(len(words | one), 1) for one in titles), default=0.0)
    contained = max((len(words & one) / max(len(words), 1) for one in titles), default=0.0)
    return agreement, contained


def _is_site(words: set[str], stated: list[str], sites: list[set[str]]) -> bool:
    """Tell whether *words* are one of the *sites* that titles name, and no title by themselves."""
    return words in sites and words not in map(_bag, stated)


def _is_site_title(heading: HtmlElement) -> bool:
    """Tell whether a heading, or a box around it, is named for the site's title."""
    around = heading.iterancestors("div", "header", "p")
    return any(_SITE_CLASS.search(one.get("class") or "") for one in (heading, *around))


def _leads_up(heading: HtmlElement, url: str) -> bool:
    """Return whether *heading* is a link to the home of the page at *url*, or to a list above it."""
    here = without_index(urlsplit(url).path)
    for link in heading.iter("a"):
        there = without_index(urlsplit(resolve(link.get("href") or "", url) or url).path)
        is_above = here.startswith(there.rstrip("/") + "/") and here.rstrip("/") != there.rstrip(
            "/"
        )
        if link.get("rel") == "home" or there in {"", "/"} or is_above:
            return True
    return False


def _bag(title: str) -> set[str]:
    return set(_WORDS.findall(title.lower()))


def _without_site(stated: list[str], document: Document, names: Container[str]) -> str:
    """Return the page's title without the site's *names*: the part that the page shows as a line of
    its own, else what comes first.
    """
    title = stated[0]
    parts = _own_parts(title, names)
    if len(parts) > 1:
        lines = {
            " ".join(e.text_content().split())
            for e in document.tree.iter("b", "strong", "font", "big", "p", "td", "span")
            if len(e) < 3
        }
        longest = max(map(len, parts))
        shown = [part for part in parts if part in lines and 4 * len(part) > longest]
        if shown:
            return max(shown, key=len)
        if len(parts[-1]) < len(parts[0]) / 2:
            return title[: title.rfind(parts[-1])].rstrip(_AROUND + "»«")
    return (parts[0] if len(parts) == 1 else title).strip(_AROUND)


def _own_parts(title: str, names: Container[str]) -> list[str]:
    """Return the parts of *title* that are none of *names*, nor one of them together at its end."""
    parts = [part.strip() for part in _SEPARATORS.split(title)]
    parts = [part for part in parts if part and _letters(part) not in names]
    ends = (
        n for n in range(2, min(len(parts), MOST_NAMED)) if _letters("".join(parts[-n:])) in names
    )
    return parts[: -next(ends, 0) or None]


def read_description(document: Document) -> str | None:
    """Return the summary that the page states."""
    return meta(document, "og:description", "description", "twitter:description") or stated_text(
        article_object(document).get("description")
    )
