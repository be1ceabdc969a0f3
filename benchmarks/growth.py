"""How the cost of reading a page grows with its size, family by family.

    python benchmarks/growth.py [--largest 1000000] [--only FAMILY ...] [--steepest 1.3]

Each family is a page of one kind (nested, flat, wide, many attributes ...) at four sizes, each
twice the one before, up to the largest. Prints the seconds of CPU of each, and the exponent of the
growth over the last two doublings. Ends with 1 when a family grows faster than n^1.3; what is read
in less than a tenth of a second proves nothing and counts as fast.
"""

import argparse
import math
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from pipelines.article import NotAnArticle, extract
from storage.records import Page

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WORDS = "De molen aan de dijk maalt weer sinds de wind uit het westen kwam. "
SAID = "Jan schreef op 3 mei 2019 om 10:00: ja hoor, dat is zo"
DEEPEST = 1800  # the parser goes 2,048 deep
NEGLIGIBLE = 0.1  # seconds
ABORTED = 20.0

Family = Callable[[int], str]


def repeated(piece: str, around: str = "{}") -> Family:
    """Return the family of pages that say *piece* over and over; "{n}" is its number."""

    def page(size: int) -> str:
        count = max(1, size // len(piece))
        return around.format("".join(piece.replace("{n}", str(n)) for n in range(count)))

    return page


def nested(opening: str, closing: str, elements: int = 1) -> Family:
    """Return the family of pages whose elements stand in each other, as deep as the parser goes,
    and beside each other for the rest.
    """

    def page(size: int) -> str:
        deepest = DEEPEST // elements
        levels = max(1, size // (len(opening) + len(closing)))
        depths = [deepest] * (levels // deepest) + [levels % deepest]
        return "".join(opening * depth + closing * depth for depth in depths)

    return page


_COMMENT = (
    "<li class=comment id=c{n}><b class=author>Jan</b> <time>3 mei 2019 10:00</time><p>ja {n}</p>"
)
FAMILIES: dict[str, Family] = {
    "nested blocks": nested(f"<div>{WORDS}", "</div>"),
    "nested replies": nested(f"<div class=reactie>{SAID}", "</div>"),
    "nested lists": nested(
        "<ol><li class=comment><b>Jan</b> 3 mei 2019 10:00<p>ja hoor dat is zo</p>", "</li></ol>", 2
    ),
    "nested names": nested(
        "<div><dl><dt><strong><a href='/leden/3'>Jan</a> 3 mei 2019 10:00",
        "</strong></dt></dl></div>",
        4,
    ),
    "nested quotes": nested("<blockquote>Jan schreef:<p>ja</p>", "</blockquote>"),
    "nested inline": nested("<b><i>ja ", "</i></b>", 2),
    "nested tables": nested("<table><tr><td>ja ", "</td></tr></table>", 4),
    "flat replies": repeated(f"<div class=reactie>{SAID}</div>"),
    "flat comments": repeated(f"{_COMMENT}</li>", "<ol class=commentlist>{}</ol>"),
    "flat dated": repeated(f"<p>{SAID}</p>"),
    "wide paragraphs": repeated(f"<p>{WORDS}</p>"),
    "wide boxes": repeated("<div id=reactie-{n}>ja</div>"),
    "empty lines": repeated("ja hoor<br><br>"),
    "wide empty": repeated("<p></p>"),
    "wide inline": repeated("<b>ja</b> "),
    "line breaks": repeated("ja hoor<br>"),
    "blank": repeated(" \n\t"),
    "text": repeated(WORDS, "<p>{}</p>"),
    "one word": repeated("x", "<p>{}</p>"),
    "text unclosed": repeated("<p>ja <div>"),
    "attributes": repeated("a{n}=1 ", "<p {}>ja</p>"),
    "attributes on many": repeated('<p class="a b c" data-a=1 data-b=2 data-c=3>ja</p>'),
    "classes": repeated("comment{n} ", "<p class='{}'>ja</p>"),
    "one long class": repeated("reactie-", "<p class='{}'>ja</p>"),
    "links": repeated("<a href='/2014/05/{n}/een-stuk/'>Een stuk van {n}</a> "),
    "list of links": repeated("<li><a href='/p/{n}'>Een stuk {n}</a></li>", "<ul>{}</ul>"),
    "table": repeated("<tr><td>Jan<td>3 mei 2019<td>ja hoor {n}</tr>", "<table>{}</table>"),
    "table of cells": repeated("<td>{n}", "<table><tr>{}</table>"),
    "years": repeated("2024 2023 2022 2021 2020 2019 2018 2017 ", "<p>{}archief</p>"),
    "years in lines": repeated("<p>2024 2023 2022 2021 2020 2019 2018 2017 archief</p>"),
    "numbers": repeated("1234567 ", "<p>{}</p>"),
    "digits": repeated("1", "<p>{}</p>"),
    "dates": repeated("3 mei 2019, ", "<p>{}</p>"),
    "times": repeated("<time datetime=2019-05-03T10:00:00>3 mei 2019</time> "),
    "microdata": repeated(
        "<div itemscope itemtype='https://schema.org/Comment'><span itemprop=author>Jan {n}</span>"
        "<p itemprop=text>ja hoor {n}</p></div>"
    ),
    "names": repeated("Jan de Wit, ", "<p class=byline>Door {}</p>"),
    "headings": repeated("<h3>{n} reacties</h3><p>ja</p>"),
    "sections": repeated(f"<section><h2>Kop {{n}}</h2><p>{WORDS}</p></section>"),
    "forms": repeated("<form><textarea name=comment></textarea></form>"),
    "boxes in a form": repeated("<textarea name=comment></textarea>", "<form>{}</form>"),
    "metas": repeated("<meta name=a{n} content='ja'>"),
    "metas of one name": repeated("<meta name=author content='Jan {n}'>"),
    "scripts": repeated("<script>var a{n} = 1;</script>"),
    "page state": repeated('{"author":"Jan","text":"ja","id":{n}},', "<script>a=[{}]</script>"),
    "json-ld": repeated(
        '{"@type":"Comment","text":"ja {n}","author":{"name":"Jan"}},',
        '<script type="application/ld+json">{{"@type":"NewsArticle","comment":[{}null]}}</script>',
    ),
    "json-ld graph": repeated(
        '<script type="application/ld+json">{"@graph":[{"@type":"WebPage","@id":"{n}"}]}</script>'
    ),
    "images": repeated("<figure><img src=/i/{n}.jpg><figcaption>Foto {n}</figcaption></figure>"),
    "definitions": repeated("<dt>Jan op 3 mei 2019<dd>ja hoor {n}", "<dl>{}</dl>"),
    "entities": repeated("&amp;&eacute;&#233;", "<p>{}</p>"),
    "angle brackets": repeated("<"),
    "quotation marks": repeated("\"'"),
    "separators": repeated(" - ", "<p>{}</p>"),
    "commas": repeated(",", "<p class=byline>{}</p>"),
    "addresses": repeated("http://a.nl/?a=1 ", "<p>{}</p>"),
    "mail addresses": repeated("a@a.a", "<p>{}</p>"),
}


class TooSlow(Exception):
    """Raised when a page is not read in twenty seconds of CPU."""


def _abort(_signal: int, _frame: object) -> None:
    raise TooSlow


def seconds(family: Family, size: int) -> float:
    """Return the seconds of CPU that reading a page of *family* takes."""
    body = (
        "<!doctype html><html lang=nl><head><title>Molen</title></head><body><article>"
        f"<h1>Molen aan de dijk</h1><p>Door Sanne Vos, 3 mei 2019</p>{f'<p>{WORDS}</p>' * 3}"
        f"</article>{family(size)}</body></html>"
    )
    page = Page(
        url="http://a.nl/2019/05/molen-aan-de-dijk/",
        body=body.encode(),
        fetched_at=NOW,
        content_type="text/html",
    )
    signal.signal(signal.SIGVTALRM, _abort)
    signal.setitimer(signal.ITIMER_VIRTUAL, ABORTED)
    begun = process_time()
    try:
        extract(page)
    except NotAnArticle:
        pass
    except TooSlow:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return process_time() - begun


def growth(family: Family, largest: int) -> tuple[list[float], float]:
    """Return what four sizes cost, and the exponent over the last two doublings."""
    costs: list[float] = []
    for size in (largest // 8, largest // 4, largest // 2, largest):
        costs.append(seconds(family, size))
        if costs[-1] == math.inf:
            return costs, math.inf
    if costs[-1] < NEGLIGIBLE:
        return costs, 0.0
    return costs, math.log2(costs[-1] / max(costs[-3], 1e-6)) / 2


def main() -> int:
    """Measure the families and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=list(FAMILIES))
    parser.add_argument("--steepest", type=float, default=1.3)
    asked = parser.parse_args()
    seconds(FAMILIES["wide paragraphs"], 10_000)  # what is loaded once is loaded now
    steep = []
    for name in asked.only:
        costs, exponent = growth(FAMILIES[name], asked.largest)
        said = "  ".join(f"{cost:7.2f}" for cost in costs)
        print(f"{name:22} {said} s  n^{exponent:.2f}", flush=True)
        if exponent > asked.steepest:
            steep.append(name)
    print(
        f"{len(asked.only) - len(steep)} of {len(asked.only)} families at most n^{asked.steepest}"
    )
    if steep:
        print("steeper: " + ", ".join(steep))
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
