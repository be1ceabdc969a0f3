"""Threads of systems that nobody wrote down here: the address that the page's script asks, or is
loaded from, where an empty box waits for comments.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.document import Document
from storage.urls import is_address, parts_of, resolve

LONGEST_NOTE = 120  # letters that may stand in a box until its comments come: "Laden ..."
_BOX = re.compile(
    r"(?:^|[\s_-])(?:comments?|reacties?|reageer|discussion|discussie|disqus|thread|conversation|"
    r"talk|commentaar|commentaren|responses|[a-z]{2,12}comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"""(["'`])((?:https?:)?//[^"'`\s<>]{4,400}|/[\w][^"'`\s<>]{2,400})\1""")
_ABOUT = re.compile(r"comment|reactie|discuss|thread|talk|repl(?:y|ies)|graphql", re.IGNORECASE)
_ASKS = re.compile(r"fetch\s*\(|XMLHttpRequest|axios|\$\.(?:get|ajax|getJSON)\b|\.load\s*\(")
_STARTS = re.compile(r"\.init\s*\(|\bnew\s+[\w.]+\s*\(|\.src\s*=|\b[A-Z]\w+\s*\(\s*\w*[\s,{]")
_SCRIPTED = re.compile(r"\.(?:m?js|css)$", re.IGNORECASE)
_NO_BOXES = frozenset(
    "a span button input label form textarea li body script style link meta noscript".split()
)


def seen_address(document: Document, system: str | None) -> str | None:
    """Return the address from which a script would fill an empty box for comments, without its
    query; None where no box waits, or nothing states for what.

    The box's own attributes count first, then small scripts that name it, then the script that is
    loaded in it or next to it; at last the script that bears the name of the *system*.
    """
    page = ScriptPage(document)
    boxes = [box for box in document.tree.iter("*") if _waits(box)]
    for find in (_in_attributes, _in_small_scripts, _beside):
        for box in boxes:
            for named in find(page, box):
                address = _plain(named, page.url)
                if address is not None:
                    return address
    return (
        _plain(page.source_of(page.script(re.escape(system))) or "", page.url) if system else None
    )


def _waits(element: HtmlElement) -> bool:
    """Return whether *element* is a box named for comments that holds next to nothing."""
    if not isinstance(element.tag, str) or element.tag in _NO_BOXES:
        return False
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    named = element.tag if "-" in element.tag else names
    is_box = bool(_BOX.search(named)) and len(element) <= 3 and not _has_form(element)
    return is_box and _shown_letters(element) <= LONGEST_NOTE


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
        if name not in {"id", "class", "style"} and re.match(r"(?:https?:)?//|/\w", str(value)):
            yield str(value)


def _in_small_scripts(page: ScriptPage, box: HtmlElement) -> Iterator[str]:
    """Yield the addresses in the small scripts that name *box*, or that ask for comments."""
    names = [name for name in (box.get("id"), *(box.get("class") or "").split()) if name]
    for text in page.inline:
        literals = [found[2] for found in _LITERAL.finditer(text)]
        is_started = _STARTS.search(text) or _ASKS.search(text)
        if is_started and any(re.search(_quoted(name), text) for name in names):
            yield from (one for one in literals if not _SCRIPTED.search(parts_of(one).path))
        elif _ASKS.search(text):
            yield from (one for one in literals if _ABOUT.search(one))


def _quoted(name: str) -> str:
    return rf"""["'`.#]{re.escape(name)}["'`]"""


def _beside(page: ScriptPage, box: HtmlElement) -> Iterator[str]:
    """Yield the addresses of scripts and frames that are loaded in *box*, or follow it, or that
    name comments on a host of their own.
    """
    parent = box.getparent()
    near = [
        *box.iter("script", "iframe"),
        *(parent.iter("script", "iframe") if parent is not None else ()),
    ]
    named = [one.get("src") or "" for one in (*near, *page.scripts)]
    yield from (
        one
        for one in named
        if one
        and parts_of(resolve(one, page.url) or "").netloc not in {"", parts_of(page.url).netloc}
        and _ABOUT.search(one)
    )
    yield from (one.get("src") or "" for one in near if one.get("src") and one in list(box))


def _plain(named: str, url: str) -> str | None:
    address = (resolve(named, url) or "").partition("#")[0].partition("?")[0]
    return address if is_address(address) and address != url else None
