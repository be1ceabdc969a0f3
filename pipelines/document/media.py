"""What an element shows that is no words: clips, pictures, bare links, each by its address."""

import re
from collections.abc import Container, Iterator

from lxml import etree
from lxml.html import HtmlElement

from storage.numbers import whole_number
from storage.urls import resolve

CLIPS = frozenset("iframe embed object video audio".split())
PICTURES = frozenset({"img", "a"})
SMALLEST = 64  # pixels: what is said to be smaller is an icon
LONGEST_SIGN = 8  # letters of ":-)"
_HOLDERS = frozenset({"p", "figure", "picture"})
_UNSHOWN = frozenset({"script", "style", "template", "form", "button", "nav"})
_ADDRESSES = ("src", "data", "href", "poster")
_OTHER_ADDRESS = re.compile(r"data-.*(?:src|url|href|permalink)")
# Who wrote it and how the site ranks him; avatars' addresses are made of mail addresses.
_PORTRAIT = re.compile(
    r"avatar|gravatar|identicon|user-?(?:icon|pic|image|photo|foto)|profile|profiel|portrait|portret"
    r"|author|auteur|rank|rang|badge|pasfoto",
    re.IGNORECASE,
)


def media_text(
    root: HtmlElement,
    base: str,
    skip: Container[HtmlElement] = frozenset(),
    *,
    is_content: bool = True,
) -> str:
    """Return what *root* shows beside words, line by line: the addresses of clips, pictures and
    links without words, counted from *base*, and the signs that pictures stand for (":-)").

    Elements of *skip* are left out, and portraits. Where *root* is not known to be all content
    (*is_content*), pictures count only where a paragraph or a figure holds them.
    """
    found: dict[str, None] = {}
    walk = etree.iterwalk(root, events=("start",))
    for _event, element in walk:
        if element in skip or _is_passed(element, root):
            walk.skip_subtree()
        elif is_content or element.tag in CLIPS or _is_held(element, root):
            shown = _sign(element) or _address(element, base)
            if shown:
                found[shown] = None
                walk.skip_subtree()
    return "\n".join(found)


def _is_passed(element: HtmlElement, root: HtmlElement) -> bool:
    """Return whether *element* shows nothing, a portrait, or words that lead elsewhere."""
    if element.tag in _UNSHOWN or is_portrait(element, root):
        return True
    return element.tag == "a" and bool(element.text_content().strip())


def _is_held(element: HtmlElement, root: HtmlElement) -> bool:
    if element.tag not in PICTURES and element.get("role") != "img":
        return False
    for box in element.iterancestors():
        if box.tag in _HOLDERS:
            return True
        if box is root:
            return False
    return False


def is_portrait(element: HtmlElement, root: HtmlElement) -> bool:
    """Return whether *element*, within *root*, is a picture of who wrote it, his rank, or an
    icon.
    """
    names = (element.get(name) or "" for name in ("class", "id", "src", "alt", "rel"))
    if element is root or element.tag in CLIPS:
        return False
    is_named = bool(_PORTRAIT.search(" ".join(names)))
    return is_named or (element.tag == "img" and _is_icon(element))


def _is_icon(picture: HtmlElement) -> bool:
    sizes = [
        whole_number((picture.get(side) or "").removesuffix("px")) for side in ("width", "height")
    ]
    return all(size is not None and size <= SMALLEST for size in sizes) and not _sign(picture)


def _sign(element: HtmlElement) -> str:
    """Return the sign that a picture, or what is said to be one, stands for: an emoji, ":-)"."""
    if element.tag != "img" and element.get("role") != "img":
        return ""
    stated = (element.get("alt") or element.get("aria-label") or "").strip()
    is_sign = len(stated) <= LONGEST_SIGN and not any(map(str.isalnum, stated))
    return stated if is_sign or element.get("role") == "img" else ""


def _address(element: HtmlElement, base: str) -> str:
    """Return the address of a clip or a picture, or where a link without words leads; an empty text
    where *element* is none of these.
    """
    is_shown = element.tag in CLIPS | PICTURES
    return next((url for url in _named(element, base, is_shown=is_shown)), "")


def _named(element: HtmlElement, base: str, *, is_shown: bool) -> Iterator[str]:
    """Yield the web addresses that *element* names as its own; those of an element that shows
    nothing by itself are whole ones.
    """
    values = [element.get(name) for name in _ADDRESSES] if is_shown else []
    values += [value for name, value in element.items() if _OTHER_ADDRESS.fullmatch(name)]
    if element.tag in CLIPS:
        values += [source.get("src") for source in element.iter("source")]
    for value in values:
        if not value or value.startswith("#"):
            continue
        url = resolve(value.strip(), base) if is_shown else value.strip()
        if url and url.startswith(("http://", "https://")) and len(url) <= 2000:
            yield url
