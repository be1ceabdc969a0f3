"""Page furniture: what is on a Dutch page beside the article, recognised by its names and by
its own words.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile

from lxml.html import HtmlElement

from pipelines.content.boilerplate_words import (
    contains_call,
    may_be_line,
    reason_by_heading,
    reason_by_line,
    reason_by_name,
    speaks_of_subscribing,
)
from pipelines.document import SKIPPED, is_invisible

LONGEST_HEADING = 60
LARGEST_SHARE = 0.4

LONGEST_LINE = 160
LONGEST_CAPTION = 300
SHORTEST_LEAD = 100
LEAST_BOX = 150
_SUBHEADS = frozenset({"events", "job_alert"})  # a part of an article may be called so, too
_TEXT_TAGS = frozenset("p h2 h3 h4 h5 ul ol blockquote figure".split())
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6", "strong", "b", "legend", "dt", "summary"})
_SPEAKING = _HEADINGS | {"p"}
_PIECES = frozenset({"b", "em", "i", "small", "span", "strong"})
_LINES = frozenset({"header", "p", "span", "a", "h2", "h3", "h4"})
_KEPT_TAGS = SKIPPED | {"html", "body", "main", "head"}
_NEVER = frozenset({"article", "h1", "time", "li", "em", "strong", "b", "i", "td"})
_ALWAYS: dict[str, str] = {
    "aside": "sidebar",
    "footer": "footer",
    "nav": "navigation",
    "figcaption": "caption",
    "form": "form",
}
Suspect = tuple[HtmlElement, str]  # an element, and what it is suspected of


def find_spoken(
    root: HtmlElement, found: Iterable[Suspect], kept: HtmlElement | None
) -> set[HtmlElement]:
    """Return those of the suspects *found* inside *root* that are furniture by their own words, or asides with a
    call between paragraphs; none that holds *kept* or more than two fifths of the text.
    """
    most = LARGEST_SHARE * max(len(root.text_content()), 1)
    own = set() if kept is None else {kept, *kept.iterancestors()}
    spoken = set()
    for element, reason in found:
        if element in own or _named(element) not in {None, "sidebar"} or reason == "caption":
            continue
        if len(element.text_content()) <= most:
            spoken.add(element)
    return spoken


def find_furniture(root: HtmlElement, whole: HtmlElement | None = None) -> dict[HtmlElement, str]:
    """Return the outermost elements inside *root* that are furniture, each with its reason.

    Nothing that holds the page's headline or more than two fifths of the text of *root*, or of the
    *whole* from which it was taken, is furniture.
    """
    return furniture_among(suspects(root), root if whole is None else whole)


def furniture_among(suspected: Iterable[Suspect], whole: HtmlElement) -> dict[HtmlElement, str]:
    """Return which of those *suspected* in *whole* are furniture, see find_furniture."""
    most = LARGEST_SHARE * max(len(whole.text_content()), 1)
    found: dict[HtmlElement, str] = {}
    for element, reason in suspected:
        if any(ancestor in found for ancestor in element.iterancestors()):
            continue
        if reason in {"caption", "form", "navigation"} or _is_small(element, most):
            found[element] = reason
    return found


def _is_small(element: HtmlElement, most: float) -> bool:
    if element.find(".//h1") is not None:
        return False
    return len(element.text_content()) <= most or element.tag in {"aside", "nav", "footer"}


def suspects(root: HtmlElement) -> Iterator[Suspect]:
    """Yield the elements inside *root* that are named for furniture, or speak as it does, each
    with its reason.
    """
    stories: dict[HtmlElement | None, bool] = {}
    for element in root.iter("*"):
        tag = element.tag
        if tag in _KEPT_TAGS or element is root:
            continue
        reason = _named(element) if tag not in _NEVER else None
        if (reason is None and not _may_speak(element)) or is_invisible(element):
            continue
        if reason is None:
            yield from _spoken(element, root, stories)
        elif reason != "subscription" or _speaks_of_subscribing(element):
            yield element, reason  # else the name marks which part is for subscribers


def _may_speak(element: HtmlElement) -> bool:
    """Tell whether *element* is a heading, a paragraph, or a box of one line."""
    if element.tag != "div":
        return element.tag in _SPEAKING
    return len(element) <= 1 and all(one.tag in _PIECES and not len(one) for one in element)


def _spoken(
    element: HtmlElement, root: HtmlElement, stories: dict[HtmlElement | None, bool]
) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the furniture that the words of a heading or a paragraph show, or that it is over."""
    if element.tag in _HEADINGS:
        yield from _headed(element, root)
    else:
        yield from _lined(element)
    if element.tag == "p":
        yield from _captioned(element, stories)


def _named(element: HtmlElement) -> str | None:
    reason = reason_by_name(element.get("class"), element.get("id"))
    if (
        reason is None
        and element.tag == "footer"
        and any(ancestor.tag == "article" for ancestor in element.iterancestors())
    ):
        return "byline"  # an article's own footer has date, author and tags
    if reason is None and element.tag == "aside" and _is_box(element):
        return None
    return reason or _ALWAYS.get(str(element.tag))


def _is_box(aside: HtmlElement) -> bool:
    """Tell whether *aside* is between paragraphs and holds running text without a link or a
    call: the article's own box.
    """
    beside = (
        next(aside.itersiblings("*", preceding=True), None),
        next(aside.itersiblings("*"), None),
    )
    if (
        any(one is None or one.tag not in _TEXT_TAGS for one in beside)
        or next(aside.iter("a", "form", "button"), None) is not None
    ):
        return False
    words = " ".join(aside.text_content().split())
    prose = max((len(" ".join(p.text_content().split())) for p in aside.iter("p", "li")), default=0)
    return prose >= LEAST_BOX and not speaks_of_subscribing(words) and not contains_call(words)


def _captioned(
    paragraph: HtmlElement, stories: dict[HtmlElement | None, bool]
) -> Iterator[tuple[HtmlElement, str]]:
    """Yield *paragraph* where it is a caption; *stories* is what is known of boxes, and is added
    to.
    """
    if not _is_under_a_picture(paragraph) or _opens_text(paragraph):
        return
    box = paragraph.getparent()
    if box not in stories:
        stories[box] = _is_in_captions(box)
    if not stories[box]:
        yield paragraph, "caption"


def _is_under_a_picture(paragraph: HtmlElement) -> bool:
    """Tell whether a paragraph is one piece in italics under a picture that is alone: a caption
    as Markdown writes it.
    """
    if len(paragraph) != 1 or paragraph[0].tag not in {"em", "i", "small"}:
        return False
    around = f"{paragraph.text or ''}{paragraph[0].tail or ''}".strip()
    before = next(paragraph.itersiblings("*", preceding=True), None)
    if (
        around
        or before is None
        or before.tag not in {"p", "div", "figure"}
        or before.text_content().strip()
    ):
        return False
    return (
        next(before.iter("img"), None) is not None
        and len(paragraph.text_content()) <= LONGEST_CAPTION
    )


def _opens_text(paragraph: HtmlElement) -> bool:
    """Tell whether *paragraph* is of the size of a lead and is before all other text of its
    box: in italics under the article's picture.
    """
    words = paragraph.text_content().strip()
    before = (
        one for one in paragraph.itersiblings("p", "div", "ul", "ol", "blockquote", preceding=True)
    )
    is_first = all(len(one.text_content().strip()) < SHORTEST_LEAD for one in before)
    return is_first and len(words) >= SHORTEST_LEAD and words.endswith((".", "!", "?", "”", "’"))


def _is_in_captions(box: HtmlElement | None) -> bool:
    """Tell whether what is in italics under the pictures of *box* is more than all else that it
    states: a story in pictures.
    """
    paragraphs = [] if box is None else [p for p in box.iterchildren("p") if _is_under_a_picture(p)]
    captions = sum(len(p.text_content()) for p in paragraphs)
    return box is not None and 2 * captions > len(" ".join(box.text_content().split()))


def _speaks_of_subscribing(element: HtmlElement) -> bool:
    text = element.text_content()
    return not (element.tag == "p" and len(text) > LONGEST_LINE) and speaks_of_subscribing(text)


def _lined(paragraph: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield a short paragraph, or a box of one line, that is furniture by its first words."""
    first = (paragraph.text or "").strip() or next(
        (e.text or "" for e in paragraph.iterdescendants() if (e.text or "").strip()), ""
    )
    if not may_be_line(first):
        return
    words = " ".join(paragraph.text_content().split())
    reason = reason_by_line(words) if len(words) <= LONGEST_LINE else None
    if reason is not None:
        yield paragraph, reason


def _headed(heading: HtmlElement, root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the block under a heading such as "Lees ook": its box, or it and the lists that follow."""
    words = " ".join(heading.text_content().split())
    reason = reason_by_heading(words) if 0 < len(words) <= LONGEST_HEADING else None
    if reason is not None and (line := _outermost_line(heading, root)) is not None:
        yield from _under_line(line, reason, root)


def _under_line(
    line: HtmlElement, reason: str, root: HtmlElement
) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the box of a heading's *line*, else the line and the lists that follow it."""
    box = line.getparent()
    if box is not None and box is not root and _is_box_of(line, box):
        yield box, reason
        return
    lists = list(takewhile(_is_listed, line.itersiblings("*")))
    if lists or reason not in _SUBHEADS or line.getnext() is None:
        yield line, reason
    for found in lists:
        yield found, reason


def _outermost_line(heading: HtmlElement, root: HtmlElement) -> HtmlElement | None:
    """Return the outermost element inside *root* that is only the line of *heading*; None where the
    heading is a word in bold within the text.
    """
    box = heading.getparent()
    while box is not None and box is not root and box.tag in _LINES:
        if box.tag == "p" and not _stands_over(heading, box):
            return None
        heading, box = box, box.getparent()
    return heading


def _is_box_of(heading: HtmlElement, box: HtmlElement) -> bool:
    """Tell whether *box* is the block of *heading*: its first words, and no article's."""
    is_block = box.tag in {"div", "section", "aside"} and box.find("h1") is None
    return is_block and _leads(heading, box)


def _is_listed(element: HtmlElement) -> bool:
    return element.tag not in {"h1", "h2", "h3", "h4"} and _is_list(element)


def _stands_over(heading: HtmlElement, paragraph: HtmlElement) -> bool:
    """Tell whether *heading* begins a short paragraph, or one of links, and is no word in bold
    within the text.
    """
    return _leads(heading, paragraph) and (
        len(paragraph.text_content().strip()) <= LONGEST_LINE or _is_list(paragraph)
    )


def _leads(heading: HtmlElement, box: HtmlElement) -> bool:
    """Tell whether *heading* is the first thing that *box* states."""
    if (box.text or "").strip():
        return False
    before = heading.itersiblings(preceding=True)
    return not any((e.tail or "").strip() or e.text_content().strip() for e in before)


def _is_list(element: HtmlElement) -> bool:
    """Tell whether *element* is a list of links, or a form: what follows a heading of furniture."""
    if element.tag in {"form", "iframe", "script", "style"}:
        return True
    total = len(" ".join(element.text_content().split()))
    linked = sum(len(" ".join(link.text_content().split())) for link in element.iter("a"))
    return element.tag in {"ul", "ol", "div", "p"} and (total == 0 or linked >= 0.6 * total)
