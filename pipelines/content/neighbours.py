"""Where each block of a page is among the others: to the headline, to what is surely the text, and
what the blocks before and after it look like.
"""

from collections.abc import Iterable

from pipelines.document import Segment

Evidence = dict[str, float]

_COPIED = tuple(
    (step, tuple((name, f"{name}{step:+d}") for name in names.split()))
    for step, names in (
        (-2, "in_trafilatura link_share"),
        (-1, "in_trafilatura link_share prose"),
        (1, "in_trafilatura prose"),
        (2, "in_trafilatura in_container in_holder link_share words"),
    )
)


def add_places(evidence: list[Evidence]) -> None:
    """Add where each block is to the headline, and to the first and last block that the
    proposals hold for text.
    """
    size = len(evidence)
    title = next((place for place, one in enumerate(evidence) if one["is_headline"]), None)
    found = _span(
        p for p, one in enumerate(evidence) if one["in_trafilatura"] > 0.9 and one["words"] > 0.5
    )
    named = _span(
        p
        for p, one in enumerate(evidence)
        if one["prose"] > 0.3 and one["in_container"] + one["in_holder"]
    )
    for place, one in enumerate(evidence):
        one["position"] = place / size
        one["before_headline"] = float(title is not None and place < title)
        one["below_headline"] = float(title is not None and 0 < place - title <= 3)
        one["after_text"] = _is_after(place, found)
        one["after_prose"] = _is_after(place, named)
        one["amid_prose"] = float(named is not None and named[0] <= place <= named[1])


def _is_after(place: int, span: tuple[int, int] | None) -> float:
    return float(span is not None and place > span[1])


def _span(places: Iterable[int]) -> tuple[int, int] | None:
    found = list(places)
    return (found[0], found[-1]) if found else None


def add_neighbours(segments: list[Segment], evidence: list[Evidence]) -> None:
    """Add what the blocks before and after each one look like."""
    for place, one in enumerate(evidence):
        for step, names in _COPIED:
            there = place + step
            beside = evidence[there] if 0 <= there < len(evidence) else None
            for name, copied in names:
                one[copied] = beside[name] if beside else 0.0
        one["alike-1"] = float(place > 0 and _are_alike(segments[place - 1], segments[place]))
        one["alike+1"] = float(
            place + 1 < len(segments) and _are_alike(segments[place], segments[place + 1])
        )


def _are_alike(one: Segment, other: Segment) -> bool:
    return one.element.getparent() is other.element.getparent()
