"""Read mutated golden pages: whatever is done to a page, reading it ends soon, in an article or in
NotAnArticle.

    python benchmarks/fuzz.py [--count 20000] [--seed 1] [--jobs 2] [--minutes 4] [--only N ...]

Each page is a golden page of `tests/pages` with one to four mutations, of its bytes or of its tree,
drawn from the seed and the page's number: `--only N` makes that page again and shows what it
raises. Ends with 1 when a page raised anything else, or took more than two seconds of CPU. When the
time is up before all pages are read, it says how many were.
"""

import argparse
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from json import dumps, loads
from pathlib import Path
from random import Random
from time import monotonic, process_time
from types import FrameType
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement

from pipelines.article import NotAnArticle, extract
from storage.records import Page

ROOT = Path(__file__).parent.parent
SLOWEST = 2.0  # seconds of CPU
ABORTED = 10.0
BATCH = 50

# What breaks readers: numbers that are none, dates out of range, addresses that are none, halves of
# constructs, characters that fool.
HOSTILE = (
    "²", "9" * 5000, "-1", "1e999", "NaN", "0x10", "٣", "3000 jaar geleden",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00", "31-02-2013", "29 februari",
    "2024 2023 2022 2021 2020 2019 2018 2017 archief",
    "http://[::1", "http://[", "//", "http://a:99999999/", "javascript:void(0)", "?" + "a=1&" * 300,
    "#", "http://é\u0300/",
    "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "&", "&#xd800;", "&#x110000;", "&#0;",
    "&amp;amp;", "\x00", "\ufffe",
    "\u202e", "\u200b" * 50, "\ud83d", "ẞ", "İ", "{", "}", '{"@type":', "[[[[", "null", "true", '"',
    "'", "`", "\\", "\\u0000",
    "<div>" * 50, "</div>" * 50, "<table><tr>", "<form>", "<iframe>", "<template>", "<noscript>",
    "<frameset>", "<base href='http://['>",
    "<script type='application/ld+json'>"
"{\"@type\":\"NewsArticle\",\"author\":[[null,5]],\"commentCount\":1e400,"
"\"datePublished\":7,\"comment\":{\"text\":[]}}</script>",
    "<script type='application/ld+json'>"
"[1,null,{\"@graph\":{\"@graph\":[5]}},{\"@type\":[{}]}]</script>",
    "<meta charset=utf-16>", "<meta charset=rot13>", "<plaintext>", "<svg><![CDATA[", "<math>",
    "<select><option>", "a " * 3000, "1 " * 3000,
    "Jan schreef op 3 mei 2019 om 10:00: ", "reacties (²)", "Reageer", "x" * 20000, "," * 3000,
    " - " * 1000, "(" * 500,
)  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A golden page."""

    name: str
    url: str
    body: bytes
    fetched_at: datetime
    content_type: str | None


@cache
def golden_pages() -> tuple[Seed, ...]:
    """Return the golden pages of the tests, by name."""
    found = []
    for folder in sorted(path.parent for path in (ROOT / "tests/pages").rglob("expected.json")):
        said = loads((folder / "expected.json").read_text(encoding="utf-8"))["page"]
        moment = datetime.fromisoformat(said["fetched_at"])
        name = str(folder.relative_to(ROOT / "tests/pages"))
        body = (folder / "page.html").read_bytes()
        found.append(Seed(name, said["url"], body, moment, said.get("content_type")))
    return tuple(found)


def _hostile(chance: Random) -> bytes:
    return chance.choice(HOSTILE).encode("utf-8", "surrogatepass")


def _span(body: bytes, chance: Random, longest: int) -> tuple[int, int]:
    start = chance.randrange(len(body) + 1)
    return start, min(len(body), start + chance.randrange(1, longest))


def insert(body: bytes, chance: Random) -> bytes:
    """Put a hostile text somewhere."""
    start, _end = _span(body, chance, 2)
    return body[:start] + _hostile(chance) + body[start:]


def replace_span(body: bytes, chance: Random) -> bytes:
    """Put a hostile text in the place of another."""
    start, end = _span(body, chance, 60)
    return body[:start] + _hostile(chance) + body[end:]


def delete(body: bytes, chance: Random) -> bytes:
    """Take a piece out."""
    start, end = _span(body, chance, 400)
    return body[:start] + body[end:]


def repeat(body: bytes, chance: Random) -> bytes:
    """Say a piece several times."""
    start, end = _span(body, chance, 400)
    return body[:end] + body[start:end] * chance.choice((1, 2, 10, 60)) + body[end:]


def move(body: bytes, chance: Random) -> bytes:
    """Carry a piece to another place."""
    start, end = _span(body, chance, 800)
    rest = body[:start] + body[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + body[start:end] + rest[place:]


def damage(body: bytes, chance: Random) -> bytes:
    """Change single bytes."""
    damaged = bytearray(body)
    for _ in range(chance.choice((1, 5, 50))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut_off(body: bytes, chance: Random) -> bytes:
    """End before the end."""
    return body[: chance.randrange(len(body))]


def recode(body: bytes, chance: Random) -> bytes:
    """Say the same in another charset than is declared."""
    text = body.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-be", "utf-8-sig", "cp1252")), "replace")


def join_page(body: bytes, chance: Random) -> bytes:
    """Put a piece of another page in."""
    other = chance.choice(golden_pages()).body
    start, end = _span(other, chance, 4000)
    place = chance.randrange(len(body) + 1)
    return body[:place] + other[start:end] + body[place:]


def _change_tree(
    body: bytes, chance: Random, change: Callable[[HtmlElement, Random], None]
) -> bytes:
    try:
        tree = html.document_fromstring(body)
        elements = [one for one in tree.iter("*") if one.getparent() is not None]
        if elements:
            change(chance.choice(elements), chance)
        return bytes(html.tostring(tree, encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return body  # damaged so that lxml writes no such tree


def _double(element: HtmlElement, chance: Random) -> None:
    parent = element.getparent()
    copies = chance.choice((1, 3, 30))
    source = html.tostring(element, encoding="unicode")
    for copy in html.fragments_fromstring(source * copies)[:200]:
        if not isinstance(copy, str):
            parent.append(copy)


def _drop(element: HtmlElement, _chance: Random) -> None:
    element.drop_tree()


def _unwrap(element: HtmlElement, _chance: Random) -> None:
    element.drop_tag()


def _carry(element: HtmlElement, chance: Random) -> None:
    place = chance.choice(list(element.getroottree().iter("*")))
    if element not in (place, *place.iterancestors()):
        place.append(element)


def _nest(element: HtmlElement, chance: Random) -> None:
    for _ in range(chance.choice((1, 20, 200))):
        parent = element.getparent()
        place = parent.index(element)
        box = html.Element(element.tag, dict(element.attrib))
        box.append(element)
        parent.insert(place, box)


def _rename(element: HtmlElement, chance: Random) -> None:
    element.tag = chance.choice(
        "div p span ol li dl dd dt table tr td section article aside form details "
        "blockquote pre a b time x-comment h1 h2 ul br".split()
    )


def _say(element: HtmlElement, chance: Random) -> None:
    element.text = _sayable(chance)


def _attribute(element: HtmlElement, chance: Random) -> None:
    name = chance.choice(
        "class id href src datetime title itemprop itemscope content style data-id lang rel".split()
    )
    element.set(name, _sayable(chance))


def _sayable(chance: Random) -> str:
    said = chance.choice(HOSTILE)
    return "".join(letter for letter in said if letter.isprintable())


_LEAVES = (
    None, True, False, 0, -1, 5, 10**30, 3_000_000_000, 1.5, float("nan"), float("inf"), "", " ",
    "²", "9" * 400,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "http://[::1", "\ud83d", "\x00",
    "<b>x</b>", "&#xd800;",
    [], {}, [[]], [None], [{}], {"@type": None}, {"@type": []}, {"@type": 5}, {"@id": []},
    {"@list": [None]}, {"@value": 7},
    {"name": {"name": ["x"]}}, {"@type": "Person", "name": []}, {"text": 5, "@type": "Comment"},
)  # fmt: skip
_KEYS = (
    "author datePublished dateModified headline commentCount comment comments "
    "articleBody text description url "
    "mainEntityOfPage mainEntity @graph @type @id keywords articleSection "
    "inLanguage isAccessibleForFree suggestedAnswer "
    "acceptedAnswer interactionStatistic parentItem creator name dateCreated "
    "publisher hasPart blogPost @reverse"
).split()


def _restate(element: HtmlElement, chance: Random) -> None:
    """Change what the page states as JSON-LD, or have it state something."""
    tree = element.getroottree().getroot()
    scripts = [one for one in tree.iter("script") if "ld+json" in (one.get("type") or "")]
    if scripts:
        script = chance.choice(scripts)
        try:
            data = loads(script.text or "")
        except ValueError:
            data = {}
    else:
        script, data = html.Element("script", type="application/ld+json"), {}
        element.getparent().append(script)
    if not isinstance(data, dict) or not data:
        data = {"@type": chance.choice(("NewsArticle", "DiscussionForumPosting", "QAPage"))}
    for _ in range(chance.choice((1, 3, 8))):
        _spoil(data, chance)
    script.text = dumps(data)


def _spoil(data: dict[str, Any], chance: Random) -> None:
    """Change one value in *data*, at any depth."""
    while True:
        key = chance.choice([*data, *chance.choices(_KEYS, k=4)])
        inner = data.get(key)
        if not isinstance(inner, dict) or not inner or chance.random() < 0.5:
            break
        data = inner
    leaf = chance.choice(_LEAVES)
    data[key] = chance.choice((leaf, [leaf, data.get(key)], {"@type": "Comment", key: leaf}))


def _as_mutation(change: Callable[[HtmlElement, Random], None]) -> Callable[[bytes, Random], bytes]:
    return lambda body, chance: _change_tree(body, chance, change)


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(insert, replace_span, delete, repeat, move, damage, cut_off, recode, join_page),
    *map(
        _as_mutation, (_double, _drop, _unwrap, _carry, _nest, _rename, _say, _attribute, _restate)
    ),
)


def mutated(number: int, seed: int) -> Page:
    """Return page *number* of the fuzz with that *seed*: the same in every run."""
    chance = Random(f"{seed}/{number}")  # noqa: S311  # no secret: the same in every run
    golden = chance.choice(golden_pages())
    body = golden.body
    for _ in range(chance.randrange(1, 5)):
        body = chance.choice(MUTATIONS)(body, chance) or b" "
    return Page(
        url=golden.url,
        body=body,
        fetched_at=golden.fetched_at,
        content_type=golden.content_type,
    )


class TooSlow(BaseException):
    """Raised in a page that is not read in ten seconds."""


def _abort(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


@dataclass(frozen=True)
class Finding:
    """How the reading of one page ended: "article", the reason of a refusal, or what was raised
    where; and the seconds of CPU that it took.
    """

    number: int
    outcome: str
    seconds: float
    is_fault: bool


def read_one(number: int, seed: int) -> Finding:
    """Read page *number* and tell how that ended."""
    page = mutated(number, seed)
    signal.signal(signal.SIGVTALRM, _abort)
    signal.setitimer(signal.ITIMER_VIRTUAL, ABORTED)
    begun = process_time()
    is_fault = False
    try:
        extract(page)
        outcome = "article"
    except NotAnArticle as refusal:
        outcome = refusal.reason
    except (Exception, TooSlow) as error:
        outcome, is_fault = _described(error), True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    seconds = process_time() - begun
    return Finding(number, outcome, seconds, is_fault or seconds > SLOWEST)


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if str(ROOT) in frame.filename and ".venv" not in frame.filename
    ]
    where = " < ".join(
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}" for frame in reversed(own[-3:])
    )
    return f"{type(error).__name__}: {str(error)[:100]!r} at {where}"


def read_batch(numbers: range, seed: int) -> list[Finding]:
    """Read the pages of *numbers*."""
    return [read_one(number, seed) for number in numbers]


def read_all(count: int, seed: int, jobs: int, minutes: float) -> Iterator[Finding]:
    """Yield the findings of all pages, or of as many as can be read in *minutes*."""
    ends = monotonic() + 60 * minutes
    batches = (range(start, min(start + BATCH, count)) for start in range(0, count, BATCH))
    with ProcessPoolExecutor(jobs) as pool:
        while monotonic() < ends and (some := list(islice(batches, 4 * jobs))):
            for findings in pool.map(read_batch, some, [seed] * len(some)):
                yield from findings


def main() -> int:
    """Fuzz, print the outcomes and the faults."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--only", type=int, nargs="*")
    asked = parser.parse_args()
    if asked.only is not None:
        for number in asked.only:
            print(read_one(number, asked.seed))
        return 0
    begun = monotonic()
    findings = list(read_all(asked.count, asked.seed, asked.jobs, asked.minutes))
    faults = [one for one in findings if one.is_fault]
    outcomes = Counter(one.outcome for one in findings if not one.is_fault)
    slowest = max(findings, key=lambda one: one.seconds)
    print(
        f"{len(findings)} mutated pages (seed {asked.seed}) in {monotonic() - begun:.0f} s: "
        + ", ".join(f"{name} {number}" for name, number in outcomes.most_common())
    )
    print(f"slowest: page {slowest.number}, {slowest.seconds:.2f} s of CPU; faults: {len(faults)}")
    kinds: dict[str, list[Finding]] = {}
    for one in faults:
        kinds.setdefault(one.outcome, []).append(one)
    for outcome, some in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        numbers = ", ".join(str(one.number) for one in some[:5])
        print(f"  {len(some)} x {outcome} ({max(one.seconds for one in some):.1f} s): {numbers}")
    if len(findings) < asked.count:
        print(f"the time was up: {len(findings)} of {asked.count} pages were read")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
