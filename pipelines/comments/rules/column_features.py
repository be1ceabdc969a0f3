"""What is known of one column of a group's records, in named features, and which of those that
look like the words account for them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record import (
    FLAGS,
    is_label,
    is_mark,
    is_member_link,
    name_in,
    names_of,
)
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import Features
from pipelines.document import without_numbers

LONGEST_NAME = 80
AROUND = 4  # boxes around a column whose names count
MOST = 0.5  # of a record's running text, and of the records

_NAME = re.compile(r"[^\W\d_][\w.'’@&-]*(?:\s+[\w.'’&()-]+){0,4}")
_BY = re.compile(
    r"\b(?:by|door|von|par|por|da|van|from|author|auteur|autor|name|naam|posted|geplaatst|submitted|comment|reactie|écrit|enviado)\W*$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"^\W*(?:says|said|wrote|writes|commented|replied|zegt|schreef|schrijft|zei|reageerde|antwoordde|sagt|sagte|schrieb|schreibt|meint|dit|a dit|a écrit|dice|dijo|escribió|disse|ha detto|scrive|skrev)\b",
    re.IGNORECASE,
)
_TAGS = frozenset(
    "a b strong cite span time small em i p li td dt dd abbr h2 h3 h4 h5 blockquote div footer header font".split()
)

Table = Mapping[int, Mapping[int, Sequence["Cell"]]]  # cells by column and record


@dataclass(frozen=True, slots=True)
class Cell:
    """One element of a column: where it is among its record's runs (0 to 1), the share of the
    record's words that it states, its text where that is short; *running* of its *words* are in
    running text.
    """

    element: HtmlElement
    place: int
    order: float
    share: float
    text: str
    words: int
    running: int
    dates: int


def column_features(runs: Runs, rows: Mapping[int, list[Cell]], size: int) -> Features:
    cells = [found[0] for found in rows.values()]
    m = len(cells)
    features: Features = {
        "bias": 1.0,
        "cover": m / size,
        "all": float(m == size),
        "single": float(size == 1),
        "many": min(3.0, sum(map(len, rows.values())) / m) - 1,
        "share": sum(cell.share for found in rows.values() for cell in found) / m,
        "first_share": sum([cell.share for cell in cells]) / m,
        "words": log1p(sum([cell.words for cell in cells]) / m),
        "short": sum([cell.words <= 4 for cell in cells]) / m,
        "one": sum([cell.words == 1 for cell in cells]) / m,
        "dated": sum([cell.dates > 0 for cell in cells]) / m,
        "dates_many": sum([cell.dates > 1 for cell in cells]) / m,
        "dated_short": sum([cell.dates > 0 and cell.words < 12 for cell in cells]) / m,
        "place": sum([cell.order for cell in cells]) / m,
        "first": sum([cell.order == 0 for cell in cells]) / m,
    }
    features |= (
        _worded(cells) | _beside(cells, runs) | _linked(cells, runs) | _named(cells[0], runs)
    )
    return features


def _worded(cells: Sequence[Cell]) -> Features:
    """Return what the texts of a column state of it."""
    m = len(cells)
    texts = [_wording(cell.text) for cell in cells if cell.text]
    counted = Counter(text.alike for text in texts)
    return {
        "long": 1 - len(texts) / m,
        "distinct": (len(counted) + m - len(texts)) / m,
        "constant": counted.most_common(1)[0][1] / m if texts and m > 1 else 0.0,
        "name": sum([text.is_name for text in texts]) / m,
        "no_name": 1 - sum([bool(text.name) for text in texts]) / m,
        "names": len({text.name for text in texts if text.name}) / m,
        "capital": sum([text.name[:1].isupper() for text in texts]) / m,
        "label": sum([text.is_label for text in texts]) / m,
        "stop": sum([text.is_sentence for text in texts]) / m,
        "colon": sum([text.text[-1] == ":" for text in texts]) / m,
        "digits": sum([text.has_digits for text in texts]) / m,
        "only_digits": sum([text.has_no_letters for text in texts]) / m,
    }


class _Wording(NamedTuple):
    """What one text states of the column in which it is; *alike* is it without its numbers."""

    text: str
    alike: str
    name: str
    is_name: bool
    is_label: bool
    is_sentence: bool
    has_digits: bool
    has_no_letters: bool


@lru_cache(maxsize=1024)  # a page's groups share their texts, a site's pages many
def _wording(text: str) -> _Wording:
    name = name_in(text) or "" if len(text) <= LONGEST_NAME else ""
    return _Wording(
        text=text,
        alike=without_numbers(text.lower()),
        name=name,
        is_name=len(name) <= 40 and _NAME.fullmatch(name) is not None,
        is_label=is_label(text) or is_mark(text),
        is_sentence=text[-1] in ".!?" and text.count(" ") > 2,
        has_digits=any(map(str.isdigit, text)),
        has_no_letters=not any(map(str.isalpha, text)),
    )


def _beside(cells: Sequence[Cell], runs: Runs) -> Features:
    """Return what is beside a column."""
    m = len(cells)
    spans = [(runs.first[cell.place], runs.last[cell.place]) for cell in cells]
    before = [runs.text[first - 1] if first else "" for first, _last in spans]
    after = [runs.text[last] if last < len(runs.text) else "" for _first, last in spans]
    return {
        "by_before": sum(len(text) < 30 and bool(_BY.search(text)) for text in before) / m,
        "says_after": sum(bool(_SAYS.match(text)) for text in after) / m,
        "date_after": sum(runs.has("dates", last, last + 1) for _first, last in spans) / m,
        "date_near": sum([runs.has("dates", first - 3, last + 3) for first, last in spans]) / m,
        "replies": sum([runs.has("replies", first, last) for first, last in spans]) / m,
    }


def _linked(cells: Sequence[Cell], runs: Runs) -> Features:
    """Return where the links of a column lead."""
    m = len(cells)
    spans = [(runs.first[cell.place], runs.last[cell.place]) for cell in cells]
    linked = sum([_count(runs.marks["linked"], first, last) for first, last in spans])
    words = sum([_count(runs.marks["words"], first, last) for first, last in spans])
    links = [link for cell in cells if (link := _link_of(cell.element)) is not None]
    targets = [link.get("href") or "" for link in links]
    return {
        "linked": linked / max(1, words),
        "link": len(links) / m,
        "link_member": sum(map(is_member_link, links)) / m,
        "link_hash": sum(["#" in target for target in targets]) / m,
        "link_out": sum([t.startswith("http") and "#" not in t for t in targets]) / m,
        "link_varies": len(set(targets)) / m,
        "nofollow": sum("nofollow" in (link.get("rel") or "") for link in links) / m,
        "leaf": sum([not len(cell.element) for cell in cells]) / m,
        "alone": sum([_is_alone(cell.place, runs) for cell in cells]) / m,
    }


def _link_of(element: HtmlElement) -> HtmlElement | None:
    if element.tag == "a":
        return element
    around = element.getparent()
    return next(element.iter("a"), around if around is not None and around.tag == "a" else None)


def _is_alone(place: int, runs: Runs) -> bool:
    """Tell whether the element at *place* states all that its parent states."""
    up = runs.parent[place]
    return up >= 0 and (runs.first[place], runs.last[place]) == (runs.first[up], runs.last[up])


def _named(cell: Cell, runs: Runs) -> Features:
    """Return what the names of a column's elements, and of those around them, speak of."""
    stated = names_of(cell.element)
    features: Features = {f"rank_author_{stated.author}": 1.0, f"rank_text_{stated.text}": 1.0}
    for name in ("is_date", "is_meta", "is_furniture", "is_profile", "is_hidden", "is_quote"):
        features["own_" + name] = float(getattr(stated, name))
    own, above, up = runs.kinds[cell.place], 0, runs.parent[cell.place]
    box = cell.element.getparent()
    for _level in range(AROUND):
        if box is None or up <= 0:
            break
        above |= runs.kinds[up]
        around = names_of(box)
        for name in ("is_furniture", "is_profile", "is_quote"):
            features["in_" + name] = max(features.get("in_" + name, 0.0), getattr(around, name))
        features["in_quote"] = max(features.get("in_quote", 0.0), box.tag == "blockquote")
        box, up = box.getparent(), runs.parent[up]
    for kind, flag in FLAGS.items():
        features["own_" + kind] = float(bool(own & flag))
        features["in_" + kind] = float(bool(above & flag))
    features["plain"] = float(own == 0)
    if cell.element.tag in _TAGS:
        features[f"tag_{cell.element.tag}"] = 1.0
    return features


def _count(sums: Sequence[int], first: int, last: int) -> int:
    return sums[last] - sums[first]


def place_of_words(
    table: Table, likely: Mapping[int, float], running: Sequence[int]
) -> dict[int, float]:
    """Return those of the *likely* columns of *table* that are the place of the words: none where
    most records have most of their *running* text elsewhere, and no column beside a likelier one
    that more records have, as an editor's answer, a link's preview or a signature is.
    """
    if not likely:
        return {}
    main = max(likely, key=lambda key: likely[key] * len(table[key]))
    kept = {key: sure for key, sure in likely.items() if not _is_beside(table[key], table[main])}
    held = sum(_holds(table, kept, number, words) for number, words in enumerate(running))
    return kept if held >= MOST * len(running) else {}


def _is_beside(rows: Mapping[int, Sequence[Cell]], main: Mapping[int, Sequence[Cell]]) -> bool:
    """Tell whether most records with a column have the *main* one too, apart from it."""
    apart = sum(
        _are_apart(cells[0], main[number][0]) for number, cells in rows.items() if number in main
    )
    return apart > MOST * len(rows)


def _are_apart(cell: Cell, other: Cell) -> bool:
    outer, inner = sorted((cell, other), key=lambda one: one.place)
    return outer is not inner and outer.element not in inner.element.iterancestors()


def _holds(table: Table, keys: Mapping[int, float], number: int, running: int) -> bool:
    """Tell whether a cell of one of *keys* holds most of the *running* text of a record."""
    rows = (table[key].get(number) for key in keys)
    return any(cells[0].running >= MOST * running for cells in rows if cells)
