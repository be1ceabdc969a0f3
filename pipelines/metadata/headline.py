"""What an article says of itself: headline, description, section, keywords, language, address."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document, article_object, meta, stated_text
from storage.urls import resolve

_SEPARATORS = re.compile(r"(?<!\s)\s+[|–—•·»«:-]+\s+|(?:(?<!\s)\s+)?[|»«]\s*")
_HEADLINE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:entry-title|post-title|article-title|headline|artikel-?titel|page-title|title|titel|wp-block-post-title)(?:$|[-_\s])",
    re.IGNORECASE,
)
_SITE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:site-title|logo|site-name|brand|sitenaam)(?:$|[-_\s])", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
_DUTCH = frozenset(
    "de het een en van is dat niet op te zijn met voor die er aan ook maar naar om bij dit wordt wij".split()
)
_ENGLISH = frozenset(
    "the and of to in is that it for was with as on are this be not have you at from by".split()
)
# French and Spanish have "de" and "en", German has "die": a text with more of these is in none of
# the two.
_NEITHER = frozenset(
    "le la les des du et est une que dans pour qui el los las del y por con una se und das ist nicht mit auf für".split()
)


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
    names = _site_names(document)
    shown = [heading for heading in shown if _letters(heading.text_content()) not in names]
    best = max(shown, key=lambda heading: _worth(heading, stated), default=None)
    if best is not None and _worth(best, stated) > 0:
        return " ".join(best.text_content().split())
    alone = [heading for heading in shown if heading.tag == "h1"]
    if (
        len(alone) == 1
        and len(stated) == 1
        and not any(link.get("href") in {"/", "index.html"} for link in alone[0].iter("a"))
    ):
        return " ".join(
            alone[0].text_content().split()
        )  # the only thing said of the page elsewhere is a title of another matter
    return _without_site(stated, document) if stated else None


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


def _worth(heading: HtmlElement, stated: list[str]) -> float:
    """Return how likely a heading is the article's: it agrees with what the page states, and is set
    as a headline.
    """
    names = heading.get("class") or ""
    words = _bag(heading.text_content())
    agreement = max(
        (len(words & _bag(title)) / max(len(words | _bag(title)), 1) for title in stated),
        default=0.0,
    )
    contained = max(
        (len(words & _bag(title)) / max(len(words), 1) for title in stated), default=0.0
    )
    parts = [_bag(part) for title in stated for part in _SEPARATORS.split(title)[1:]]
    if words in parts and not any(words == _bag(_SEPARATORS.split(title)[0]) for title in stated):
        return agreement - 0.5  # what the page's title says last is the site
    if _SITE_CLASS.search(names) or any(
        _SITE_CLASS.search(a.get("class") or "")
        for a in heading.iterancestors("div", "header", "p")
    ):
        return agreement - 0.5
    if (
        heading.tag != "h1"
        and not _HEADLINE_CLASS.search(names)
        and not (contained > 0.9 and agreement > 0.3)
    ):
        return -1.0
    worth = 2 * agreement + contained
    worth += (
        0.6 * (heading.tag == "h1")
        + 0.5 * bool(_HEADLINE_CLASS.search(names))
        + 0.5 * ("headline" in (heading.get("itemprop") or ""))
    )
    worth -= 0.8 * any(
        ancestor.tag in {"aside", "footer", "nav"} for ancestor in heading.iterancestors()
    )
    worth -= 0.7 * any(
        link.get("rel") == "home" or (link.get("href") or "").rstrip("/").count("/") <= 2
        for link in heading.iter("a")
    )
    return worth if not stated or contained > 0.3 else worth - 1.5


def _bag(title: str) -> set[str]:
    return set(_WORDS.findall(title.lower()))


def _without_site(stated: list[str], document: Document) -> str:
    """Return the page's title without the site's name: the part that the page shows as a line of
    its own, else what stands first.
    """
    title = stated[0]
    names = _site_names(document)
    parts = [part.strip() for part in _SEPARATORS.split(title)]
    parts = [part for part in parts if part and _letters(part) not in names]
    if len(parts) > 1:
        lines = {
            " ".join(e.text_content().split())
            for e in document.tree.iter("b", "strong", "font", "big", "p", "td", "span")
            if len(e) < 3
        }
        shown = [part for part in parts if part in lines]
        if shown:
            return max(shown, key=len)
        if len(parts[-1]) < len(parts[0]) / 2:
            return title[: title.rfind(parts[-1])].rstrip(" |–—•·»«:-")
    return parts[0] if len(parts) == 1 else title


def read_description(document: Document) -> str | None:
    """Return the summary that the page states."""
    return meta(document, "og:description", "description", "twitter:description") or stated_text(
        article_object(document).get("description")
    )


def read_language(document: Document, body: str) -> str | None:
    """Return the language as the page declares it (BCP 47), else "nl" or "en" by the words of
    *body*, else None.
    """
    root = document.tree.getroottree().getroot()
    for declared in (
        root.get("lang"),
        root.get("xml:lang"),
        meta(document, "og:locale", "language", "content-language", "dc.language"),
    ):
        if declared and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", declared.strip()):
            return declared.strip().replace("_", "-")
    words = _WORDS.findall(body.lower())[:400]
    dutch, english = sum(word in _DUTCH for word in words), sum(word in _ENGLISH for word in words)
    if max(dutch, english) < max(5, sum(word in _NEITHER for word in words)) or dutch == english:
        return None
    return "nl" if dutch > english else "en"


def read_canonical(document: Document) -> str | None:
    """Return the address that the page calls its own."""
    for link in document.links:
        relations = link.get("rel") or ""
        if (
            "anonical" in relations
            and "canonical" in relations.lower().split()
            and (href := link.get("href"))
        ):
            return resolve(href, document.url)
    return None
