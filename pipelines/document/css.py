"""CSS selectors over lxml trees, compiled once."""

import re
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from parsel.csstranslator import HTMLTranslator

# A selector of one element, whatever is around it: its tag, its names.
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<names>(?:[.#][\w-]+)*)")


_NAMES = re.compile(r"[.#][\w-]+")


@lru_cache(maxsize=1024)
def compiled(css: str, axis: str = "descendant") -> etree.XPath:
    """Return the XPath of a CSS selector whose first step goes along *axis*. Raises SelectorError
    for one that is none.
    """
    return etree.XPath(HTMLTranslator().css_to_xpath(css, prefix=f"{axis}::"))


def select(root: HtmlElement, css: str, *, own: bool = False) -> list[HtmlElement]:
    """Return the elements below *root* that *css* chooses, in document order; with *own* also
    *root* itself.
    """
    found: Any = compiled(css, "descendant-or-self" if own else "descendant")(root)
    return list(found)


def around(element: HtmlElement, css: str) -> HtmlElement | None:
    """Return the outermost of *element* and what is around it that *css* chooses."""
    near = [element, *element.iterancestors()]
    simple = _SIMPLE.fullmatch(css)
    if simple is not None:  # XPath would sort the whole page for it
        return next((one for one in reversed(near) if _is_named(one, simple)), None)
    chosen = set(select(near[-1], css, own=True))
    return next((one for one in reversed(near) if one in chosen), None)


def _is_named(element: HtmlElement, simple: "re.Match[str]") -> bool:
    if simple["tag"] and element.tag != simple["tag"]:
        return False
    names = _NAMES.findall(simple["names"])
    classes = (element.get("class") or "").split()
    return all(
        name[1:] in classes if name[0] == "." else name[1:] == element.get("id") for name in names
    )
