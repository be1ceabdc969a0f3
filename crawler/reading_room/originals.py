"""A stored page made fit to be looked at: what would load, run or lead away is taken out; the frame's policy forbids it as well.

The policy of the answer (`guard.THE_ORIGINAL`) blocks scripts, loads and forms. Connections made ahead of a load
(``preconnect``, ``dns-prefetch``) are under no policy, so those elements go.
"""

from lxml import etree, html

from pipelines.decode import decode
from storage.originals import Original

LOADERS = (
    "script", "link", "base", "iframe", "frame", "object", "embed", "applet", "portal",
)  # fmt: skip
PAGES = ("text/html", "application/xhtml+xml")


def shown_original(original: Original) -> tuple[str, str]:
    """Return the stored answer as text to show, and its type: "text/html" for a page, "text/plain" for anything else."""
    text, _charset = decode(original.body, original.content_type)
    kind = (original.content_type or PAGES[0]).partition(";")[0].strip().lower()
    if kind not in PAGES:
        return text, "text/plain"
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.LxmlError, ValueError):
        return text, "text/plain"
    for element in list(tree.iter(*LOADERS)):
        element.drop_tree() if element.getparent() is not None else None
    for element in list(tree.iter("meta")):
        if element.get("http-equiv") and element.getparent() is not None:
            element.drop_tree()
    return "<!doctype html>\n" + etree.tostring(tree, method="html", encoding="unicode"), PAGES[0]
