"""The article's text from its container, or as trafilatura finds it where that reads better."""

import copy
from collections.abc import Set
from dataclasses import replace

import trafilatura
from lxml.html import HtmlElement

from pipelines.content.body import Body, find_lead, read_container, without_head, without_rights
from pipelines.document import Document, block_text

ENOUGH = 250


ESCALATION_SHARE = 0.25


_UNSHOWN = frozenset({"script", "style"})


def read_body(
    document: Document, container: HtmlElement | None, skip: Set[HtmlElement], headline: str | None
) -> Body:
    """Return the article's text: its container's, else trafilatura's, else that of the page's main
    part.
    """
    own = _own_text(document.tree, container, skip, headline) if container is not None else ""
    if len(own) >= ENOUGH:
        return Body(own, "container", container)
    found = _ask_trafilatura(document.tree, skip, headline)
    if own and (len(own) >= 0.5 * len(found.text) or _adds_little(found.text, own)):
        return Body(own, "container", container)
    if found.text:
        return _in_lines(found, document.tree, skip, headline)
    main = next(document.tree.iter("article", "main"), document.tree)
    return Body(block_text(main, skip), "page")


def _in_lines(found: Body, tree: HtmlElement, skip: Set[HtmlElement], headline: str | None) -> Body:
    """Return *found* in the lines of the page's main part where trafilatura, as its last resort,
    runs all that this says into one.
    """
    main = next(tree.iter("article", "main"), None)
    if main is None or "\n" in found.text:
        return found
    lines = block_text(main, skip)
    is_same = "".join(lines.split()) == "".join(found.text.split())
    return replace(found, text=without_rights(without_head(lines, headline))) if is_same else found


def _adds_little(found: str, own: str) -> bool:
    """Tell whether *found* is the container's few words and a line or two from around them, such as
    the site's name.
    """
    found, own = "".join(found.split()), "".join(own.split())
    return own in found and len(found) - len(own) <= ENOUGH


def _own_text(
    tree: HtmlElement, container: HtmlElement, skip: Set[HtmlElement], headline: str | None
) -> str:
    """Return the text of *container*, after the lead that stands before it."""
    text = read_container(container, skip, headline)
    lead = find_lead(tree, headline, container, skip) if headline else ""
    return f"{lead}\n\n{text}" if lead and lead not in text else text


def _ask_trafilatura(tree: HtmlElement, skip: Set[HtmlElement], headline: str | None) -> Body:
    pruned = _without(tree, skip)
    whole = len(" ".join(pruned.text_content().split()))
    text = _extracted(copy.deepcopy(pruned), fast=True)
    if len(text) >= ESCALATION_SHARE * whole or whole < LEAST_BODY:
        return Body(without_rights(without_head(text, headline)), "trafilatura-fast")
    return Body(
        without_rights(without_head(_extracted(pruned, fast=False) or text, headline)),
        "trafilatura",
    )


def _extracted(tree: HtmlElement, *, fast: bool) -> str:
    try:
        found = trafilatura.bare_extraction(
            tree,
            fast=fast,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=False,
        )
    except (RecursionError, ValueError, AttributeError, TypeError):
        # trafilatura gave the page up; the reader of the page's main part still has its turn
        return ""
    text = getattr(found, "text", None) or ""
    return "\n\n".join(line.lstrip("- ").strip() for line in text.split("\n") if line.strip())


def _without(tree: HtmlElement, skip: Set[HtmlElement]) -> HtmlElement:
    """Return a copy of *tree* without the elements of *skip* and its scripts, which may quote what
    was skipped.
    """
    places = [
        place
        for place, element in enumerate(tree.iter())
        if element in skip or element.tag in _UNSHOWN
    ]
    pruned: HtmlElement = copy.deepcopy(tree)
    elements = list(pruned.iter())
    for place in places:
        element = elements[place]
        if element.getparent() is not None:
            element.drop_tree()
    return pruned


LEAST_BODY = 60
