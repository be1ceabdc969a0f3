"""Read pages whose class and id names mean nothing: what is left of the comments when a template
has never been seen.

    python benchmarks/hashed_names.py SHARED_FOLDER [SET ...]

Hashes every class and id name, removes rel, itemprop and data-*, and scores the product on the
result, beside the same pages as they are. SET is a folder of gold pages or of a site's sample; all
in SHARED_FOLDER/gold when none is named.
"""

import argparse
import hashlib
import importlib
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import html

REMOVED = ("rel", "itemprop")
COLUMNS = ("F1", "P", "R", "c_author", "c_day", "c_parent", "silent")


def without_names(body: bytes) -> bytes:
    """Return the page *body* with its class and id names hashed, its rel, itemprop and data-*
    attributes removed.
    """
    tree = html.document_fromstring(body.decode("utf-8", "replace").replace("\x00", ""))
    for element in tree.iter("*"):
        for name, value in list(element.attrib.items()):
            if name == "class":
                element.set("class", " ".join(map(hashed, value.split())))
            elif name == "id":
                element.set("id", hashed(value))
            elif name in REMOVED or name.startswith("data-"):
                del element.attrib[name]
    page: bytes = html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")
    return page


def hashed(name: str) -> str:
    """Return a name that says nothing, the same for the same *name*."""
    return "x" + hashlib.sha256(name.encode()).hexdigest()[:8]


def score(shared: Path, folder: Path, *, hashing: bool) -> dict[str, Any]:
    """Return the scorer's row for the pages in *folder*."""
    sys.path[:0] = [str(shared / "score"), str(Path.cwd())]
    scorer, product = importlib.import_module("score_pages"), importlib.import_module("product")
    tally = scorer.Tally()
    pages = scorer.load(folder, None)
    tally.pages = len(pages)
    for page in pages:
        body, url, now = page["html"], page["url"], page["now"]
        assert isinstance(now, datetime)
        scorer.judge(tally, page, product.page(without_names(body) if hashing else body, url, now))
    row: dict[str, Any] = scorer.line(folder.name, tally)
    return row


def main() -> None:
    """Print a table."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("sets", type=Path, nargs="*")
    options = arguments.parse_args()
    gold = options.shared / "gold"
    print(f"| set | names | {' | '.join(COLUMNS)} |\n| --- | --- |{' --- |' * len(COLUMNS)}")
    for folder in options.sets or [gold / "pages", *sorted((gold / "samples").iterdir())]:
        for hashing in (False, True):
            row = score(options.shared, folder, hashing=hashing)
            shown = ["-" if row[key] is None else f"{row[key]:.3f}" for key in COLUMNS]
            print(
                f"| {folder.name} | {'hashed' if hashing else 'as they are'} | "
                f"{' | '.join(shown)} |"
            )


if __name__ == "__main__":
    main()
