"""Listings: headings that lead to other pages, and whether a page is made of them or of one running text."""

from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.body import find_holder

FEWEST_TEASERS = 3
LEAST_ARTICLE = 300
LEAST_TEXT = 500
MOST_LINKS = 8
_HEADINGS = ("h1", "h2", "h3")
_TITLES = (*_HEADINGS, "h4")


def teasers_of(tree: HtmlElement, path: str) -> list[HtmlElement]:
    """Return the headings of the page's main part that lead to another page than *path*, its own."""
    main = next(tree.iter("main"), tree)
    headings = [heading for heading in main.iter(*_HEADINGS) if _leads_elsewhere(heading, path)]
    return [heading for heading in headings if not _in_furniture(heading)]


def is_mostly_teasers(tree: HtmlElement, path: str) -> bool:
    """Tell whether the page leads elsewhere: by teasers with no article before them, or by links that are most of its text."""
    main = next(tree.iter("main"), tree)
    teasers = teasers_of(tree, path)
    if len(teasers) >= FEWEST_TEASERS:
        paragraphs = sum(len(p.text_content()) > 200 and p.find(".//a") is None for p in tree.iter("p"))
        is_list = paragraphs < 2 * len(teasers) and _text_before(main, teasers[0]) < LEAST_ARTICLE
        return is_list and not holds_one_text(tree, path)
    links = [" ".join(link.text_content().split()) for link in main.iter("a") if not _in_furniture(link)]
    linked = sum(len(text) for text in links if len(text) >= 15)
    unlinked = len(" ".join(main.text_content().split())) - sum(map(len, links))
    return len(links) >= MOST_LINKS and linked > unlinked and not holds_one_text(tree, path)


def holds_one_text(tree: HtmlElement, path: str) -> bool:
    """Tell whether one element holds most of the page's running text and no teaser stands over it: an article, whatever is around it."""
    holder = find_holder(tree, frozenset())
    if holder is None or len(" ".join(holder.text_content().split())) < LEAST_TEXT:
        return False
    for block in (holder, *holder.iterancestors()):
        heading = next(block.iter(*_TITLES), None)
        if heading is not None:
            return not _leads_elsewhere(heading, path)
    return True


def _text_before(main: HtmlElement, teaser: HtmlElement) -> int:
    """Return how many characters of running text stand before the first teaser."""
    size = 0
    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        if element is teaser:
            break
        if event == "end":
            size += len((element.tail or "").strip())
        elif element.tag in {"a", "nav", "header", "footer", "aside", "script", "style", "head", "form"}:
            walk.skip_subtree()
        else:
            size += len((element.text or "").strip()) if isinstance(element.tag, str) else 0
    return size


def _in_furniture(element: HtmlElement) -> bool:
    return any(ancestor.tag in {"nav", "aside", "footer", "header"} for ancestor in element.iterancestors())


def _leads_elsewhere(heading: HtmlElement, path: str) -> bool:
    link = next(heading.iter("a"), heading.getparent())
    href = (link.get("href") or "").strip() if link is not None and link.tag == "a" else ""
    if len(href.rstrip("/")) <= 1 or href.startswith("#"):
        return False
    try:
        return urlsplit(href).path.rstrip("/") != path.rstrip("/") or "?" in href
    except ValueError:
        return True
