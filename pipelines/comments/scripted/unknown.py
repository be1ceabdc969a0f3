"""Threads of systems that nobody wrote down here: the address that the page's script asks, or is
loaded from, where an empty box waits for comments.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from lxml.html import HtmlElement

from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.document import Document
from storage.urls import is_address, parts_of, resolve

LONGEST_NOTE = 120  # letters that may stand in a box until its comments come: "Laden ..."
_TALK = (
    r"comments?|reacties?|reageer|reageren|discuss(?:ions?|ies?)|commentaar|commentaren|threads?|"
    r"conversations?|responses|talk|gesprek|meepraten|meepraat[a-z]{0,12}|praat-?mee|zegje|"
    r"draden|bijdragen"
)
_NAMED = re.compile(
    rf"(?:^|[\s_-])(?:[^\W_]{{0,20}}?(?:{_TALK})|disqus)(?:$|[\s_-])", re.IGNORECASE
)
_ABOUT = re.compile(rf"{_TALK}|graphql", re.IGNORECASE)
_HEADED = re.compile(
    r"^\W*(?:\d+\s+)?(?:lezers)?(?:reacties?|reageer|comments?|discussie|discussion|praat mee|"
    r"wat vind)\b",
    re.IGNORECASE,
)
# What counts, links to, or lists what was said elsewhere is no thread.
_ELSEWHERE = re.compile(
    r"laatste|recent|latest|newest|popul|count|teller|aantal|number|link|feed|avatar", re.IGNORECASE
)
_ASIDE = ("aside", "nav", "footer", "header")
_CONTAINERS = frozenset({"div", "section", "iframe", "article"})
_LITERAL = re.compile(r"""(["'`])((?:https?:)?//[^"'`\s<>]{4,400}|/[\w][^"'`\s<>]{2,400})\1""")
_QUOTED_NAME = re.compile(r"""["'`][.#]?([\w-]{2,80})["'`]""")
_SETTING = re.compile(
    r"""(?:endpoint|api\w{0,12}|server\w{0,12}|base\w{0,12})["']?\s*[:=]\s*"""
    r"""(["'`])((?:https?:)?//[^"'`\s<>]{4,400}|/[\w][^"'`\s<>]{2,400})\1""",
    re.IGNORECASE,
)
_ASKS = re.compile(r"fetch\s*\(|XMLHttpRequest|axios|\$\.(?:get|ajax|getJSON)\b|\.load\s*\(")
_STARTS = re.compile(r"\.init\s*\(|\bnew\s+[\w.]+\s*\(|\.src\s*=|\b[A-Z]\w+\s*\(\s*\w*[\s,{]")
_SCRIPTED = re.compile(r"\.(?:m?js|css)$", re.IGNORECASE)
_PICTURED = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|avif|ico|mp[34])\b", re.IGNORECASE)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_NO_BOXES = frozenset(
    "a span button input label form textarea li body script style link meta noscript"
    " img picture source video audio time".split()
)


def seen_address(document: Document, system: str | None) -> str | None:
    """Return the address from which a script would fill an empty box for comments, without its
    query; None where no box waits, or nothing states for what.

    The box's own attributes count first, then small scripts that name it, then the script or frame
    that is loaded in it or next to it; at last the script that bears the name of the *system*.
    """
    page = _WaitingPage(document)
    filled = _filled_names(page)
    boxes = [box for box in document.tree.iter("*") if _waits(page, box, filled)]
    found = (
        named
        for find in (_in_attributes, _in_small_scripts, _beside)
        for box in boxes
        for named in find(page, box)
    )
    tried: set[str] = set()  # boxes name the same ones over and over
    for named in found:
        address = None if named in tried else _plain(named, page.url)
        if address is not None:
            return address
        tried.add(named)
    return (
        _plain(page.source_of(page.script(re.escape(system))) or "", page.url) if system else None
    )


def _filled_names(page: ScriptPage) -> frozenset[str]:
    """Return the names in quotes in small scripts that ask for something and name comments."""
    asking = (text for text in page.inline if _ASKS.search(text) and _ABOUT.search(text))
    return frozenset(found[1] for text in asking for found in _QUOTED_NAME.finditer(text))


def _waits(page: ScriptPage, element: HtmlElement, filled: frozenset[str]) -> bool:
    """Return whether *element* holds next to nothing and is for comments: by its names, by the
    heading over it, or by what the script that fills it asks for (*filled* are the names of these).
    """
    if not isinstance(element.tag, str) or element.tag in _NO_BOXES or len(element) > 3:
        return False
    is_for_comments = _is_named(element) or _is_headed(element) or _is_filled(page, element, filled)
    if not is_for_comments or _shown_letters(element) > LONGEST_NOTE or _has_form(element):
        return False
    return next(element.iterancestors(*_ASIDE), None) is None


def _names_of(element: HtmlElement) -> list[str]:
    """Return by what scripts find an element: its id, its classes, and a tag of its own."""
    own = [str(element.tag)] if _is_own(element) else []
    return [*filter(None, (element.get("id"),)), *(element.get("class") or "").split(), *own]


def _is_own(element: HtmlElement) -> bool:
    """Return whether an element is of the page's own making: such a tag has a hyphen."""
    return "-" in str(element.tag)


def _is_named(element: HtmlElement) -> bool:
    return _names_comments(" ".join([*_names_of(element), element.get("title") or ""]))


@lru_cache(maxsize=1024)  # a site's pages share their names
def _names_comments(named: str) -> bool:
    return bool(_NAMED.search(named)) and not _ELSEWHERE.search(named)


def _is_headed(element: HtmlElement) -> bool:
    """Return whether a heading right over an empty container announces comments."""
    above = element.getprevious()
    if element.tag not in _CONTAINERS or above is None or above.tag not in _HEADINGS:
        return False
    return bool(_HEADED.match(above.text_content().strip()))


def _is_filled(page: ScriptPage, element: HtmlElement, filled: frozenset[str]) -> bool:
    """Return whether an attribute of an element of the page's own making, or the script that fills
    an element, names comments.
    """
    names = _names_of(element)
    is_filled = bool(filled.intersection(names)) or (
        _is_own(element) and any(map(_ABOUT.search, _in_attributes(page, element)))
    )
    return is_filled and not _ELSEWHERE.search(" ".join(names))


def _shown_letters(box: HtmlElement) -> int:
    shown = (
        text
        for one in box.iter("*")
        if one.tag not in {"script", "style", "noscript"}
        for text in (one.text, one.tail if one is not box else None)
        if text
    )
    return sum(len(text.strip()) for text in shown)


def _has_form(box: HtmlElement) -> bool:
    """Return whether *box*, or the one around it, has a form of the page's own to comment with: its
    thread is no script's, there are no comments yet.
    """
    around = (box, *islice(box.iterancestors("div", "section", "article", "form"), 1))
    return any(one.tag == "form" or one.find(".//textarea") is not None for one in around)


def _in_attributes(_page: ScriptPage, box: HtmlElement) -> Iterator[str]:
    """Yield the addresses in a box's own attributes."""
    for name, value in box.attrib.items():
        is_address = bool(re.match(r"(?:https?:)?//|/\w", str(value)))
        if is_address and name not in {"id", "class", "style"} and not _PICTURED.search(str(value)):
            yield str(value)


def _in_small_scripts(page: "_WaitingPage", box: HtmlElement) -> Iterator[str]:
    """Yield the addresses in the small scripts that name *box*, or that ask for comments."""
    names = _names_of(box)
    for script in page.small_scripts:
        yield from script.loaded if script.starts(names) else script.asked


@dataclass(frozen=True)
class _SmallScript:
    """One script of a page, searched once for all boxes."""

    text: str

    @cached_property
    def loaded(self) -> list[str]:
        """The addresses in it but those of programs."""
        return [one for one in self._literals if not _SCRIPTED.search(parts_of(one).path)]

    @cached_property
    def asked(self) -> list[str]:
        """The addresses in it that name comments: all of a script that asks, else its settings."""
        settings = (found[2] for found in _SETTING.finditer(self.text))
        stated = self._literals if _ASKS.search(self.text) else settings
        return [one for one in stated if _ABOUT.search(one)]

    @cached_property
    def _literals(self) -> list[str]:
        return [found[2] for found in _LITERAL.finditer(self.text)]

    @cached_property
    def _is_started(self) -> bool:
        return bool(_STARTS.search(self.text) or _ASKS.search(self.text))

    def starts(self, names: Iterable[str]) -> bool:
        """Return whether it starts something and has one of *names* in quotes."""
        there = (name for name in names if name in self.text)
        return self._is_started and any(re.search(_quoted(name), self.text) for name in there)


class _WaitingPage(ScriptPage):
    """A page with its small scripts as they are searched for what fills its boxes."""

    @cached_property
    def small_scripts(self) -> tuple[_SmallScript, ...]:
        return tuple(map(_SmallScript, self.inline))


def _quoted(name: str) -> str:
    return rf"""["'`.#]{re.escape(name)}["'`]"""


def _beside(page: _WaitingPage, box: HtmlElement) -> Iterator[str]:
    """Yield the addresses of scripts and frames that are loaded in *box*, or follow it, or that
    name comments on a host of their own.
    """
    parent = box.getparent()
    near = [
        *box.iter("script", "iframe"),
        *(parent.iter("script", "iframe") if parent is not None else ()),
    ]
    named = [one.get("src") or "" for one in (*near, *page.scripts)]
    yield from (one for one in named if _is_about(box, one) and _is_foreign(page, one))
    yield from (one.get("src") or "" for one in near if one.get("src") and one in list(box))
    if box.tag == "iframe" and box.get("src"):
        yield box.get("src") or ""


def _is_foreign(page: ScriptPage, address: str) -> bool:
    own = parts_of(page.url).netloc
    return parts_of(resolve(address, page.url) or "").netloc not in {"", own}


def _is_about(box: HtmlElement, address: str) -> bool:
    """Return whether an address names comments, or a tag of the page's own making."""
    return bool(_ABOUT.search(address)) or (_is_own(box) and str(box.tag) in address)


def _plain(named: str, url: str) -> str | None:
    stated = named.partition("${")[0]  # the rest is put in by the script
    address = (resolve(stated, url) or "").partition("#")[0].partition("?")[0]
    return address if is_address(address) and address != url else None
