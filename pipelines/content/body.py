"""The article's own words: the blocks of its page for which the evidence speaks, by the weights in
text_weights.json, which ``make fit`` fits.
"""

import json
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from lxml.html import HtmlElement

from pipelines.content.boilerplate import Suspect, find_spoken
from pipelines.content.edges import without_head, without_rights, without_tail
from pipelines.content.evidence import (
    FoundFurniture,
    gather,
    holder_of,
    prose_of,
    setting_of,
)
from pipelines.content.neighbours import Evidence
from pipelines.content.proposals import Proposals, Said, propose, stated_paragraphs
from pipelines.document import Document, Segment, block_text, join_segments, text_segments
from pipelines.page_kind import is_home
from storage.records import RemovedBlock

LEAST_BODY, LEAST_HOME = 60, 500  # characters of an article; at the address of a front page
LEAST_COMMENT = 40
ENOUGH = 250
# Between two blocks of the text, less speaks for one more.
AMID = 0.2
_INLINE = frozenset("a b br cite code em font i img small span strong u".split())
SUBHEAD_AMID = 0.05
NAMED = 0.3
AUTHORED = 0.01
_SUBHEADS = frozenset({"h2", "h3", "h4", "h5", "h6"})
LONGEST_KEPT = 2000
SHOWN_REASONS = frozenset(
    "newsletter job_alert events latest_comments related share cookie subscription author_box advertisement caption sidebar footer comment_form".split()
)


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, how it was found, the element that holds it where one does, and the
    blocks of which it is made or among which it is.
    """

    text: str
    method: str
    container: HtmlElement | None = None
    blocks: Sequence[Segment] = ()

    def is_article_at(self, url: str) -> bool:
        """Return whether the text is long enough for an article at *url*."""
        return len(self.text) >= (LEAST_HOME if is_home(url) else LEAST_BODY)


def read_body(
    document: Document,
    skip: Set[HtmlElement],
    headline: str | None,
    suspected: Sequence[Suspect],
    comments: str = "",
) -> Body:
    """Return the text of the article called *headline*; *skip* are the elements of its thread,
    *comments* the words of that, wherever they are, *suspected* what may be furniture. A text that
    the page only states for machines, and draws by a script, is the article's as well.
    """
    commented = Said(comments)
    proposals = propose(document, skip)
    segments = [s for s in text_segments(document.tree, skip) if not _is_quoted(s.text, commented)]
    furniture = furniture_of(document, proposals, suspected)
    evidence = gather(segments, proposals, furniture, headline)
    kept = choose_blocks(segments, evidence)
    if kept:
        body = Body(join_segments(kept), "blocks", _container_of(kept), kept)
    else:
        outside = skip | furniture.reasons.keys()
        body = _spare(list(zip(segments, evidence, strict=True)), proposals, commented, outside)
    text = _trimmed(body.text, headline)
    if proposals.stated.is_long and len(text) < LEAST_BODY:
        return Body(_trimmed(stated_paragraphs(document), headline), "json-ld")
    return replace(body, text=text)


def _is_quoted(block: str, comments: Said) -> bool:
    """Tell whether a block is one of the *comments*, or part of one."""
    return len(block) >= LEAST_COMMENT and comments.share(block) > 0.8


def furniture_of(
    document: Document, proposals: Proposals, suspected: Sequence[Suspect]
) -> FoundFurniture:
    """Return the furniture among those *suspected* of the page on which *proposals* were made."""
    spoken = find_spoken(document.tree, suspected, proposals.container)
    return FoundFurniture(dict(suspected), spoken)


def choose_blocks(segments: list[Segment], evidence: list[Evidence]) -> list[Segment]:
    """Return the blocks of *segments* that are the article's text, in document order."""
    holders = [_among(segment) for segment in segments]
    tags = [str(segment.element.tag) for segment in segments]
    places = choose_places(list(map(probability, evidence)), evidence, holders, tags, threshold())
    return [segments[place] for place in places]


def _among(segment: Segment) -> HtmlElement:
    """Return the element in which a block stands; of a box that holds nothing but one line, what it
    stands in: it is a paragraph among others.
    """
    holder = setting_of(segment)
    is_line = holder is segment.element and holder.tag == "div" and _is_one_line(holder)
    around = holder.getparent() if is_line else None
    return holder if around is None else around


def _is_one_line(box: HtmlElement) -> bool:
    return all(inner.tag in _INLINE for inner in box)


def choose_places(
    scores: Sequence[float],
    evidence: Sequence[Evidence],
    holders: Sequence[Hashable],
    tags: Sequence[str],
    least: float,
) -> list[int]:
    """Return the places of the blocks that are kept: those with *least* for a score, and with less
    what is amid them.
    """
    spans: dict[Hashable, tuple[int, int]] = {}
    for place, (score, holder) in enumerate(zip(scores, holders, strict=True)):
        if score >= least:
            spans[holder] = (spans.get(holder, (place, place))[0], place)
    start = min((first for first, _last in spans.values()), default=0)
    head = next((place for place, one in enumerate(evidence) if one["is_headline"]), start)
    chosen = []
    for place, (score, holder) in enumerate(zip(scores, holders, strict=True)):
        first, last = spans.get(holder, (place, place))
        is_amid = first < place < last
        needed = _needed(evidence[place], tags[place], least, is_amid=is_amid)
        if head < place < start:
            needed = min(needed, _needed_of_lead(evidence[place], least))
        if score >= needed and not _is_out(evidence[place]):
            chosen.append(place)
    return chosen


def _is_out(evidence: Evidence) -> bool:
    """Tell whether a block is the headline, or furniture by its own words."""
    return bool(evidence["is_headline"] or evidence["spoken_furniture"])


def _needed(evidence: Evidence, tag: str, least: float, *, is_amid: bool) -> float:
    """Return what must speak for a block: less where it is between two blocks of the text
    beside it, in the element that is named for the article's as running text, or as what an editor
    set.
    """
    if evidence["furniture"]:
        return least
    if evidence["in_container"] and evidence["near_authored"]:
        return AUTHORED
    if evidence["link_share"] > 0.5:
        return least
    if is_amid:
        return SUBHEAD_AMID if tag in _SUBHEADS else AMID
    return NAMED if evidence["in_container"] and evidence["prose"] else least


def _needed_of_lead(evidence: Evidence, least: float) -> float:
    """Return what must speak for a block between the headline and the text: less for a sentence."""
    is_sentence = evidence["prose"] and evidence["full_stop"] and not evidence["furniture"]
    return NAMED if is_sentence else least


def _spare(
    weighed: Sequence[tuple[Segment, Evidence]],
    proposals: Proposals,
    comments: Said,
    skip: Set[HtmlElement],
) -> Body:
    """Return the text where no block has enough to speak for it: of the blocks in what trafilatura
    answers those that are in the element named for the text; where none is in it, what that element
    holds, if that is a little less: a picture or a film stands in it alone, and what is around is
    not the article's; else all that trafilatura answers beside the *comments*.
    """
    answered = [(segment, one) for segment, one in weighed if one["in_trafilatura"] > 0.5]
    inside = [segment for segment, one in answered if one["in_container"]]
    blocks = inside or [segment for segment, _evidence in answered]
    answer = join_segments(blocks) or _unquoted(proposals.trafilatura.text, comments)
    blocks = blocks or [segment for segment, _evidence in weighed]
    if not inside and proposals.container is not None:
        held = block_text(proposals.container, skip)
        if not answer or 0 < len(answer) - len(held) < max(ENOUGH, len(answer) // 2):
            return Body(held, "container", proposals.container, blocks)
    return Body(answer, proposals.method if answer else "blocks", blocks=blocks)


def _unquoted(text: str, comments: Said) -> str:
    return "\n\n".join(line for line in text.split("\n\n") if not _is_quoted(line, comments))


def _trimmed(text: str, headline: str | None) -> str:
    """Return *text* without what it repeats of the page's head, and its idle last lines."""
    own = without_head(text, headline)
    if own == text and headline:
        own = without_head(f"{headline}\n\n{text}", headline)  # the headline was before it
    return without_rights(without_tail(own))


def _container_of(kept: Iterable[Segment]) -> HtmlElement | None:
    """Return the innermost element that holds all blocks of running text, or all blocks where none
    is.
    """
    blocks = list(kept)
    prose = [segment for segment in blocks if prose_of(segment)] or blocks
    shared = [holder_of(prose[0]), *holder_of(prose[0]).iterancestors()]
    for holder in dict.fromkeys(map(holder_of, prose)):
        around = {holder, *holder.iterancestors()}
        shared = shared[
            next((place for place, one in enumerate(shared) if one in around), len(shared)) :
        ]
    return shared[0] if shared and shared[0].tag not in {"body", "html"} else None


@lru_cache(maxsize=1)
def weights() -> tuple[dict[str, float], float, float]:
    """Return the weight of each feature, the bias and the threshold."""
    table = json.loads(
        files("pipelines.content").joinpath("text_weights.json").read_text(encoding="utf-8")
    )
    return table["weights"], float(table["bias"]), float(table["threshold"])


def probability(evidence: Evidence) -> float:
    """Return how likely the block with that *evidence* is part of the article's text, from 0 to 1."""
    weight, bias, _threshold = weights()
    total = bias + sum(weight.get(name, 0.0) * value for name, value in evidence.items() if value)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def threshold() -> float:
    """Return the probability from which on a block is kept."""
    return weights()[2]


def removed_blocks(furniture: Mapping[HtmlElement, str]) -> tuple[RemovedBlock, ...]:
    """Return what was cut as records, in document order, empty blocks left out."""
    blocks = []
    for element, reason in furniture.items():
        text = block_text(element)[:LONGEST_KEPT] if reason in SHOWN_REASONS else ""
        if text:
            blocks.append(RemovedBlock(reason=reason, text=text))
    return tuple(blocks)
