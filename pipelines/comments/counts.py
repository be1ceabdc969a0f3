"""How many comments the page says it has, and why fewer were read."""

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from pipelines.document import JsonObject

_NOUN = r"(?:reacties?|comments?|opmerkingen?|antwoorden?|berichten|responses?|replies|gedachten?|thoughts?|kommentare?|commentaires?)"
_ONE = re.compile(rf"^\W*(?:één|een|eén|one|1)\s+{_NOUN}\b", re.IGNORECASE)
_NUMBER_FIRST = re.compile(
    rf"^\W*(?:(?:alle|toon|bekijk|lees|de|er zijn|view|all)\s+)*(\d{{1,3}}(?:[.,]\d{{3}})+|\d{{1,6}})\s+(?:\w+\s+)?{_NOUN}\b",
    re.IGNORECASE,
)
_NUMBER_LAST = re.compile(rf"\b{_NOUN}\s*(?:[:(\[]\s*)(\d{{1,6}})\s*[)\]]?\W*$", re.IGNORECASE)
_NONE = re.compile(rf"^\W*(?:geen|nog geen|no|er zijn (?:nog )?geen)\s+{_NOUN}\b", re.IGNORECASE)
_COUNT_CLASS = re.compile(
    r"(?:comment|reactie|reaction)s?[-_]?(?:count|title|heading|number|aantal|link|titel)|aantal-?reacties",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "caption"})
_CLOSED = re.compile(
    r"(?:reacties?|reageren|comments?)\s+(?:zijn|is|are)?\s*(?:niet\s+(?:meer\s+)?mogelijk|gesloten|uitgeschakeld|closed)",
    re.IGNORECASE,
)
LONGEST = 160

# Container of a comment widget -> the system that draws it in the browser.
_WIDGETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"disqus_thread|disqus\.com/embed", re.IGNORECASE), "disqus"),
    (re.compile(r"fb-comments", re.IGNORECASE), "facebook"),
    (re.compile(r"coral[-_](?:thread|talk|stream|container)|talk-stream", re.IGNORECASE), "coral"),
    (re.compile(r"spot-?im|data-spotim|openweb", re.IGNORECASE), "openweb"),
    (re.compile(r"viafoura|vf-conversations", re.IGNORECASE), "viafoura"),
    (re.compile(r"hyvor-talk", re.IGNORECASE), "hyvor"),
    (re.compile(r"giscus|utterances", re.IGNORECASE), "giscus"),
    (re.compile(r"nujij", re.IGNORECASE), "nujij"),
    (re.compile(r"isso-thread|commento|remark42|cusdis|intensedebate|livefyre", re.IGNORECASE), "widget"),
)


def declared_count(areas: Sequence[HtmlElement], tree: HtmlElement, json_ld: Iterable[JsonObject]) -> int | None:
    """Return the number of comments that the page states: over the thread, else beside the headline, else in JSON-LD."""
    for area in areas:
        for element in area.iter("*"):
            if element.tag in _HEADINGS or _COUNT_CLASS.search(element.get("class") or ""):
                count = read_count(element.text_content() if len(element) < 8 else "")
                if count is not None:
                    return count
    for element in tree.iter("a", "span", "div", "p", "h2", "h3", "h4"):
        names = f"{element.get('class') or ''} {element.get('href') or ''}"
        if len(element) < 6 and (_COUNT_CLASS.search(names) or names.endswith(("#comments", "#reacties", "#respond"))):
            count = read_count(element.text_content()[: LONGEST + 1])
            if count is not None:
                return count
    for thing in json_ld:
        value = thing.get("commentCount")
        if isinstance(value, int) or (isinstance(value, str) and value.isdigit()):
            return int(value)
    return None


def read_count(text: str) -> int | None:
    """Return the number of comments that a heading such as "11 reacties" states, None when it states none."""
    line = " ".join(text.split())
    if not line or len(line) > LONGEST:
        return None
    if _NONE.match(line):
        return 0
    if _ONE.match(line):
        return 1
    match = _NUMBER_FIRST.match(line) or _NUMBER_LAST.search(line)
    return int(match[1].replace(".", "").replace(",", "")) if match else None


def find_widget(tree: HtmlElement) -> str | None:
    """Return the system whose comments a browser would draw on the page, None when there is none."""
    for element in tree.iter("div", "section", "iframe", "script", "fb:comments", "hyvor-talk-comments", "aside"):
        names = " ".join(filter(None, (element.get("id"), element.get("class"), element.get("src"), str(element.tag))))
        for pattern, system in _WIDGETS:
            if pattern.search(names):
                return system
    return None


def gap_reason(declared: int | None, captured: int, pingbacks: int, *, paged: bool, widget: bool) -> str | None:
    """Return why fewer comments were captured than are declared; None when none is missing."""
    if widget and captured == 0 and declared != 0:
        return "widget"
    if declared is None or captured >= declared:
        return "pagination" if paged else None
    if paged:
        return "pagination"
    if pingbacks and captured + pingbacks >= declared:
        return "pingbacks"
    return "widget" if widget else "unknown"


def is_closed(area: HtmlElement) -> bool:
    """Tell whether *area* says that no comments can be made."""
    return bool(_CLOSED.search(area.text_content()[-400:]))
