"""Golden pages, mutated: of their bytes, of their trees, of what they state; the same in every run
with one seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from json import dumps, loads
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement

from storage.records import Page

ROOT = Path(__file__).parent.parent

# What breaks readers: numbers that are none, dates out of range, addresses that are none, halves of
# constructs, characters that fool.
STATED = '<script type="application/ld+json">%s</script>'
HOSTILE = (
    "²", "9" * 5000, "-1", "1e999", "NaN", "0x10", "٣", "3000 jaar geleden",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "31-02-2013", "29 februari",
    "2024 2023 2022 2021 2020 2019 2018 2017 archief", "http://[::1", "http://[", "//",
    "http://a:99999999/", "javascript:void(0)", "?" + "a=1&" * 300, "#", "http://é\u0300/", "<",
    ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "&", "&#xd800;", "&#x110000;", "&#0;",
    "&amp;amp;", "\x00", "\ufffe", "\u202e", "\u200b" * 50, "\ud83d", "ẞ", "İ", "{", "}",
    '{"@type":', "[[[[", "null", "true", '"', "'", "`", "\\", "\\u0000", "<div>" * 50,
    "</div>" * 50, "<table><tr>", "<form>", "<iframe>", "<template>", "<noscript>",
    "<frameset>", "<base href='http://['>",
    STATED % '{"@type":"NewsArticle","author":[[null,5]],"commentCount":1e400}',
    STATED % '[1,null,{"@graph":{"@graph":[5]}},{"@type":[{}]}]', "<meta charset=utf-16>",
    "<meta charset=rot13>", "<plaintext>", "<svg><![CDATA[", "<math>", "<select><option>",
    "a " * 3000, "1 " * 3000, "Jan schreef op 3 mei 2019 om 10:00: ", "reacties (²)", "Reageer",
    "x" * 20000, "," * 3000, " - " * 1000, "(" * 500,
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
        "div p span ol li dl dd dt table tr td section article aside form details blockquote pre a"
        " b time x-comment h1 h2 ul br".split()
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
    None, True, False, 0, -1, 5, 10**30, 3_000_000_000, 1.5, float("nan"), float("inf"), "",
    " ", "²", "9" * 400, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "http://[::1", "\ud83d", "\x00", "<b>x</b>", "&#xd800;", [], {}, [[]], [None], [{}],
    {"@type": None}, {"@type": []}, {"@type": 5}, {"@id": []}, {"@list": [None]}, {"@value": 7},
    {"name": {"name": ["x"]}}, {"@type": "Person", "name": []}, {"text": 5, "@type": "Comment"},
)  # fmt: skip
_KEYS = (
    "author datePublished dateModified headline commentCount comment comments articleBody text "
    "description url mainEntityOfPage mainEntity @graph @type @id keywords articleSection name "
    "inLanguage isAccessibleForFree suggestedAnswer acceptedAnswer interactionStatistic parentItem "
    "creator dateCreated publisher hasPart blogPost @reverse"
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
