"""What a browser shows of an element at first sight, and what its reader opens with a click."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

SKIPPED = frozenset(
    "script style noscript template button form select textarea input svg iframe object embed video audio canvas nav head".split()
)
# What opens the rest of a text, in the languages of the surroundings.
_OPENS = re.compile(
    r"\W*(?:verder\s+lezen|(?:de\s+)?(?:hele|volledige)\s+\w+\s+(?:lezen|tonen|bekijken|weergeven)|alles\s+(?:lezen|tonen|bekijken|weergeven)|(?:klap|vouw)\s+(?:uit|open)|(?:uit|open)(?:klappen|vouwen)"
    r"|(?:de\s+)?rest\s+(?:lezen|tonen|bekijken)|(?:toon|lees|bekijk)\s+(?:de\s+)?rest|(?:lees|toon|bekijk|laat)\s+(?:alles|(?:de\s+)?(?:hele|volledige)\s+\w+|meer|verder)(?:\s+(?:zien|lezen))?|meer\s+(?:lezen|tonen|weergeven)|(?:lees\s+)?minder"
    r"|(?:read|show|see|view)\s+(?:more|less|all|on|full\s+\w+)|expand|continue reading|mehr\s+(?:lesen|anzeigen)|weiterlesen|weiter lesen|alles anzeigen"
    r"|(?:lire|voir|afficher)\s+(?:la suite|plus)|en savoir plus|(?:leer|ver|mostrar)\s+m[aá]s|seguir leyendo|meer|more|mehr|plus|m[aá]s)\W*",
    re.IGNORECASE,
)  # fmt: skip
LONGEST_OPENER = 30
NEAR = 3
MOST_ICONS = 2
_BARE_CONTROLS = frozenset({"a", "span", "label"})
_CONTROLS = frozenset({"a", "button", "label", "span", "summary", "input", "div", "p"})
_HIDDEN = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-hidden|visuallyhidden|d-none|hidden|says|wp-block-file__button)(?:\s|$)"
)
_UNREAD = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|says|wp-block-file__button)(?:\s|$)"
)
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def is_invisible(element: HtmlElement) -> bool:
    """Return whether a browser shows nothing of *element*, or only a control; what "Lees meer"
    beside it opens counts as shown.
    """
    if element.tag in SKIPPED:
        return True
    named = element.keys()
    if not named:
        return False
    if element.tag in _BARE_CONTROLS and _is_opener(element):
        return True
    if not ("hidden" in named or _hides(element.get("class"), element.get("style"))):
        return False
    return bool(_UNREAD.search(element.get("class") or "")) or not _is_opened(element)


@lru_cache(maxsize=1024)  # the pages of a site share their names
def _hides(names: str | None, style: str | None) -> bool:
    return bool(names and _HIDDEN.search(names)) or bool(style and _NO_DISPLAY.search(style))


def _is_opener(link: HtmlElement) -> bool:
    """Return whether *link*, or what is clicked like one, leads nowhere and states that it opens the
    rest of a text.
    """
    if len(link) > MOST_ICONS:
        return False
    href = (link.get("href") or "#").strip().lower()
    return href.startswith(("#", "javascript:")) and _says_more(link)


def _says_more(element: HtmlElement) -> bool:
    words = element.get("value") or "" if element.tag == "input" else element.text_content()
    return len(words) <= 2 * LONGEST_OPENER and _opens(words.strip())


@lru_cache(maxsize=1024)  # the pages of a site share their controls
def _opens(words: str) -> bool:
    return len(words) <= LONGEST_OPENER and bool(_OPENS.fullmatch(words))


def _is_opened(hidden: HtmlElement) -> bool:
    """Return whether a control right beside *hidden*, or beside its paragraph, opens it."""
    box = hidden.getparent()
    return _has_opener(hidden) or (
        box is not None and box.tag in {"p", "div", "span"} and _has_opener(box)
    )


def _has_opener(element: HtmlElement) -> bool:
    for preceding in (False, True):
        for place, beside in enumerate(element.itersiblings("*", preceding=preceding)):
            if place == NEAR:
                break
            if (
                beside.tag in _CONTROLS
                and len(beside) <= 2
                and _leads_nowhere(beside)
                and _says_more(beside)
            ):
                return True
    return False


def _leads_nowhere(control: HtmlElement) -> bool:
    link = control if control.tag == "a" else next(control.iter("a"), None)
    return link is None or (link.get("href") or "#").strip().lower().startswith(
        ("#", "javascript:")
    )
