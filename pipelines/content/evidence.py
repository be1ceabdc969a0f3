"""What speaks for and against each block being the article's text: features, each about 0 to 1."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.content.neighbours import Evidence, add_neighbours, add_places
from pipelines.content.proposals import Proposals
from pipelines.content.roles import roles_of
from pipelines.document import Segment

LEAST_PROSE = 40
_WORDS = re.compile(r"\w+")
_SPACELESS = re.compile("[\u2e81-\U0010ffff]")
_DATED = re.compile(r"\d{1,2}[-/.:]\d{1,2}|\b(?:19|20)\d\d\b")
_RIGHTS = re.compile(r"©|\bcopyright\b|all rights|alle rechten|alle rechte", re.IGNORECASE)
_PARAGRAPHS = frozenset("p li ul ol blockquote h2 h3 h4 h5 pre figure".split())
_LISTS = frozenset("ul ol dl dd dt li table thead tbody tr td th blockquote figure".split())
_TAGS = ("figcaption", "h1", "h2", "li", "p", "pre")
_WITHIN = ("article", "blockquote", "ol", "section")
_NEAR = (
    "ad",
    "authored",
    "box",
    "caption",
    "comment",
    "content",
    "foot",
    "letter",
    "meta",
    "print",
    "related",
    "share",
    "side",
)
_FAR = ("ad", "box", "caption", "comment", "nav", "print", "share", "side", "tags")
_REASONS = ("advertisement", "author_box", "caption", "related", "subscription", "toc")


@dataclass(frozen=True, slots=True)
class FoundFurniture:
    """A page's furniture: *reasons* by element, and the elements that are *spoken* for as such by
    their own words.
    """

    reasons: Mapping[HtmlElement, str]
    spoken: Set[HtmlElement]


@dataclass(frozen=True, slots=True)
class Vicinity:
    """How the page looks around one block element: what its own and its ancestors' names, tags and
    furniture state, and where the element is to the one with most running text.
    """

    near: tuple[frozenset[str], frozenset[str], frozenset[str]]
    far: frozenset[str]
    within: frozenset[str]
    reasons: frozenset[str]
    is_spoken: bool
    up: int
    down: int


class Vicinities:
    """The looks of a page's elements, each worked out once from its parent's."""

    def __init__(self, furniture: FoundFurniture, best: HtmlElement | None) -> None:
        self._furniture = furniture
        chain = [] if best is None else [best, *best.iterancestors()]
        self._trunk = {element: place for place, element in enumerate(chain)}
        self._known: dict[HtmlElement | None, Vicinity] = {}
        nothing: frozenset[str] = frozenset()
        self._known[None] = Vicinity(
            (nothing, nothing, nothing), nothing, nothing, nothing, False, 9, 9
        )

    def at(self, element: HtmlElement) -> Vicinity:
        """Return the look around *element*."""
        chain: list[HtmlElement] = []
        at: HtmlElement | None = element
        while at not in self._known:
            assert at is not None  # noqa: S101  # the end of every chain is known
            chain.append(at)
            at = at.getparent()
        look = self._known[at]
        for one in reversed(chain):
            look = self._known[one] = self._below(look, one)
        return look

    def _below(self, look: Vicinity, element: HtmlElement) -> Vicinity:
        reason = self._furniture.reasons.get(element)
        trunk = self._trunk.get(element)
        return Vicinity(
            near=(roles_of(element), look.near[0], look.near[1]),
            far=look.far | look.near[2],
            within=look.within | {str(element.tag)},
            reasons=look.reasons | {reason} if reason else look.reasons,
            is_spoken=look.is_spoken or element in self._furniture.spoken,
            up=look.up + 1 if trunk is None else 0,
            down=look.down if trunk is None else trunk,
        )


def gather(
    segments: list[Segment], proposals: Proposals, furniture: FoundFurniture, headline: str | None
) -> list[Evidence]:
    """Return the evidence on each of *segments* of the page with that *furniture*."""
    masses = _Masses(segments)
    looks = Vicinities(furniture, masses.best)
    times = Counter(segment.text for segment in segments)
    title = " ".join((headline or "").lower().split())
    titled = frozenset(_WORDS.findall(title))
    evidence = []
    for segment in segments:
        found = _of_text(segment, title, titled)
        found |= _of_look(looks.at(segment.element), str(segment.element.tag))
        found |= _of_proposals(segment, proposals)
        found |= masses.shares(segment)
        found["repeated"] = float(times[segment.text] > 1)
        evidence.append(found)
    add_places(evidence)
    add_neighbours(segments, evidence)
    return evidence


def _of_text(segment: Segment, title: str, titled: frozenset[str]) -> Evidence:
    text = " ".join(segment.text.split())
    words = _WORDS.findall(text.lower())
    size = max(len(text), 1)
    # Some scripts put no spaces between words.
    count = max(len(words), 0 if text.isascii() else len(_SPACELESS.findall(text)) // 2)
    shared = len(titled.intersection(words)) / max(len(set(words)), 1)
    return {
        "words": min(math.log1p(count), 5.0) / 5,
        "link_share": min(1.0, segment.linked / size),
        "short_link": float(count <= 6 and 2 * segment.linked > size),
        "prose": min(prose_of(segment), 400) / 400,
        "sentence_end": float(text[-1:] in ".?!…”\"’»:"),
        "full_stop": float(text[-1:] in ".?!”\""),
        "dated": float(count < 25 and bool(_DATED.search(text))),
        "rights": float(bool(_RIGHTS.search(text[:200]))),
        "capitals": sum(map(str.isupper, text[:400])) / min(size, 400),
        "is_headline": float(text.lower() == title),
        "headline_words": shared if len(words) > 2 else 0.0,
    }  # fmt: skip


def prose_of(segment: Segment) -> int:
    """Return how many characters of running text, which is no link, a block has."""
    size = len(segment.text)
    own = size - segment.linked
    return own if own >= LEAST_PROSE and segment.linked < 0.5 * size else 0


@lru_cache(maxsize=1024)  # blocks beside each other look alike
def _of_look(look: Vicinity, tag: str) -> Mapping[str, float]:
    near = look.near[0] | look.near[1] | look.near[2]
    found = {f"is_{name}": float(tag == name) for name in _TAGS}
    found |= {f"in_{name}": float(name in look.within) for name in _WITHIN}
    found |= {f"near_{name}": float(name in near) for name in _NEAR}
    found |= {f"under_{name}": float(name in look.far) for name in _FAR}
    found |= {f"furniture_{name}": float(name in look.reasons) for name in _REASONS}
    found["is_div"] = float(tag == "div")
    found["furniture"] = float(bool(look.reasons))
    found["spoken_furniture"] = float(look.is_spoken)
    found["caption_paragraph"] = float(tag == "p" and "caption" in look.reasons)
    found["apart_from_text"] = min(look.up, 6) / 6
    found["branch_of_text"] = min(look.down, 6) / 6
    found["far_branch"] = float(look.down >= 3)
    return found


def _of_proposals(segment: Segment, proposals: Proposals) -> Evidence:
    inside_container, inside_holder = proposals.inside(segment.element)
    is_inside = inside_container or inside_holder
    stated = proposals.stated.share(segment.text)
    return {
        "cell_in_text": float(is_inside and segment.element.tag in {"td", "th"}),
        "in_container": float(inside_container),
        "no_container": float(proposals.container is None),
        "in_holder": float(inside_holder),
        "no_holder": float(proposals.holder is None),
        "in_trafilatura": proposals.trafilatura.share(segment.text),
        "in_article_body": stated,
        "not_in_article_body": float(proposals.stated.is_long and stated < 0.5),
    }


class _Masses:
    """Where a page's running text is: how much of it each element holds."""

    def __init__(self, segments: list[Segment]) -> None:
        self._held: dict[HtmlElement, int] = {}
        below: dict[HtmlElement, int] = {}
        for segment in segments:
            size = prose_of(segment)
            holder = holder_of(segment)
            self._held[holder] = self._held.get(holder, 0) + size
            below[segment.element] = below.get(segment.element, 0) + size
        self._total = 1 + sum(self._held.values())
        self.best = max(self._held, key=lambda one: self._held[one], default=None)
        self._below = _summed(below)

    def shares(self, segment: Segment) -> Evidence:
        """Return the shares of the page's running text beside *segment*, around that, and in the
        element that holds most.
        """
        holder = holder_of(segment)
        around = holder.getparent()
        most = self._held[self.best] if self.best is not None else 0
        return {
            "beside": self._held[holder] / self._total,
            "around": self._below.get(around, 0) / self._total if around is not None else 1.0,
            "largest": max(most, 1) / self._total,
        }


def _summed(below: dict[HtmlElement, int]) -> dict[HtmlElement, int]:
    """Return what each element holds with all that is below it."""
    if not below:
        return below
    root = next(iter(below)).getroottree().getroot()
    summed = dict(below)
    for element in reversed(list(root.iter())):
        size, parent = summed.get(element), element.getparent()
        if size and parent is not None:
            summed[parent] = summed.get(parent, 0) + size
    return summed


def holder_of(segment: Segment) -> HtmlElement:
    """Return the element in which a block is as one paragraph among others."""
    parent = segment.element.getparent()
    return parent if segment.element.tag in _PARAGRAPHS and parent is not None else segment.element


def setting_of(segment: Segment) -> HtmlElement:
    """Return the element in which a block, or the list or table that it is an item of, is."""
    holder = holder_of(segment)
    while holder.tag in _LISTS and (around := holder.getparent()) is not None:
        holder = around
    return holder
