"""Leaf blocks and their fingerprints: what is on many pages of a site is known by them."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.document.text import BLOCKS

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A block without blocks in it: its element, its words, and a fingerprint that is the same
    wherever they recur.
    """

    element: HtmlElement
    text: str
    fingerprint: str


def leaf_blocks(root: HtmlElement) -> Iterator[Block]:
    """Yield the leaf blocks below *root* that have words, in document order."""
    inner = [element for element in root.iter("*") if element.tag in BLOCKS and element is not root]
    outer: set[HtmlElement] = set()
    for element in inner:
        for ancestor in element.iterancestors():
            if ancestor is root or ancestor in outer:
                break
            outer.add(ancestor)
    for element in inner:
        if element not in outer:
            text = " ".join(element.text_content().split())
            if text:
                yield Block(element, text, fingerprint(element, text))


def fingerprint(element: HtmlElement, text: str) -> str:
    """Return what makes a block the same on every page: its words without their digits, its tag and
    its parent's.
    """
    words = "".join("#" if letter.isdigit() else letter for letter in text[:LONGEST].lower())
    parent = element.getparent()
    return f"{'' if parent is None else str(parent.tag)}>{element.tag!s}:{words}"
