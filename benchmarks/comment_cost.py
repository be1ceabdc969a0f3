"""What reading comments costs: against trafilatura on the same page, and as a thread grows.

    python benchmarks/comment_cost.py SHARED_FOLDER

The first table holds the CPU time of the whole comment step against that of
trafilatura.bare_extraction on the same page, the best of three turns of each, one after the other;
the second the CPU seconds of threads of growing length, of a known and of an unknown markup.
"""

import argparse
import importlib
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from pipelines.comments import Thread, read_thread
from pipelines.document import Document, open_document
from storage.records import Page

NOW = datetime(2014, 6, 18, 10, 0, tzinfo=UTC)
TURNS = 3
LENGTHS = (500, 1000, 2500, 5000)


def known(number: int) -> str:
    """Return a WordPress thread of *number* comments."""
    return _thread(
        """<li class="comment depth-1" id="comment-{n}"><div class="comment-body"><div \
class="comment-author vcard"><cite class="fn">
Lezer {n}</cite> <span class="says">zegt:</span></div><div class="comment-meta"><a \
href="#comment-{n}"><time
datetime="2014-05-03T10:21:00+02:00">3 mei 2014</time></a></div><div \
class="comment-content"><p>Dit is reactie {n}, met een paar
woorden.</p><p>En nog een alinea.</p></div><div class="reply"><a \
href="?replytocom={n}#respond">Beantwoorden</a></div></div></li>""",
        number,
    )


def unknown(number: int) -> str:
    """Return a thread of *number* comments whose names say nothing."""
    return _thread(
        """<div class="k1"><div class="k2"><b>Lezer {n}</b> <i>3 mei 2014 om \
10:{minute:02d}</i></div><div class="k3"><p>Dit is reactie {n},
met een paar woorden.</p></div><a href="#f">Beantwoorden</a></div>""",
        number,
    )


def _thread(record: str, number: int) -> str:
    items = "".join(record.format(n=n, minute=n % 60) for n in range(number))
    return f"<div><h2>{number} reacties</h2><div>{items}</div></div>"


def seconds(step: Callable[[], object]) -> float:
    """Return the CPU seconds of *step*."""
    start = time.process_time()
    step()
    return time.process_time() - start


def against_trafilatura(shared: Path) -> list[tuple[str, float]]:
    """Return for each shared page how its comments were found ("known", "generic", "none") and the
    ratio of costs.
    """
    sys.path.insert(0, str(shared / "score"))
    load = importlib.import_module("score_pages").load
    ratios = []
    for folder in [shared / "gold" / "pages", *sorted((shared / "gold" / "samples").iterdir())]:
        for page in load(folder, None):
            document = open_document(
                Page(
                    url=page["url"],
                    body=page["html"],
                    fetched_at=page["now"],
                    content_type="text/html",
                )
            )
            document.hold()  # as whoever reads a whole article does before
            text = page["html"].decode("utf-8", "replace")
            own, theirs, thread = [], [], Thread()
            for _turn in range(TURNS):
                own.append(seconds(lambda document=document: read_thread(document)))
                theirs.append(seconds(lambda text=text: trafilatura.bare_extraction(text)))
                thread = read_thread(document)
            ratios.append((_kind(thread), min(own) / min(theirs)))
    return ratios


def _kind(thread: Thread) -> str:
    return "none" if thread.method is None else "generic" if thread.method == "generic" else "known"


def threads() -> list[tuple[int, float, float]]:
    """Return the CPU seconds of a known and of an unknown thread of each length."""
    rows = []
    for length in LENGTHS:
        documents = [_document(make(length)) for make in (known, unknown)]
        rows.append(
            (
                length,
                *(
                    seconds(lambda document=document: read_thread(document))
                    for document in documents
                ),
            )
        )
    return [(length, first, second) for length, first, second in rows]


def _document(thread: str) -> Document:
    body = (
        "<html><body><h1>Stuk</h1><div class='entry-content'><p>De "
        f"tekst.</p></div>{thread}</body></html>"
    )
    return open_document(Page(url="https://voorbeeld.nl/stuk/", body=body.encode(), fetched_at=NOW))


def main() -> None:
    """Print both tables."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    ratios = against_trafilatura(arguments.parse_args().shared)
    print(
        "| pages | number | median ratio | ratio of nine in ten at most |\n| --- | --- "
        "| --- | --- |"
    )
    for kind in ("known", "generic", "none", "all"):
        own = sorted(ratio for name, ratio in ratios if kind in (name, "all"))
        if own:
            print(
                f"| {kind} | {len(own)} | {statistics.median(own):.2f} | "
                f"{own[int(0.9 * (len(own) - 1))]:.2f} |"
            )
    print("\n| comments | known markup (s) | unknown markup (s) |\n| --- | --- | --- |")
    for length, first, second in threads():
        print(f"| {length} | {first:.2f} | {second:.2f} |")


if __name__ == "__main__":
    main()
