"""Why fewer comments were captured than a page declares: what its own words and links tell of the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

TAIL = 3000  # notes of a closed or shortened thread stand before and after it, never in its midst

# Sign -> words of which one must be there for its pattern to be worth a search, and the pattern.
_SIGNS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "top_level",
        ("antwoorden", "replies", "reacties"),
        re.compile(
            r"(?:toon|bekijk|laad|lees|view|show|load|see)\s+(?:alle |all |nog |the )?(?:\d+\s+)?(?:meer |more )?(?:antwoorden|replies|vervolgreacties|sub-?reacties|onderliggende reacties)",
            re.IGNORECASE,
        ),
    ),
    (
        "withheld",
        ("verborgen", "verwijderd", "gemodereerd", "getoond", "hidden", "removed", "deleted"),
        re.compile(
            r"\d+\s+(?:reacties?|comments?|berichten|opmerkingen)\s+(?:is|zijn|werd(?:en)?|are|were|have been)?\s*(?:\w+\s+){0,3}(?:verborgen|verwijderd|gemodereerd|niet getoond|hidden|removed|deleted)",
            re.IGNORECASE,
        ),
    ),
    (
        "closed",
        (
            "mogelijk",
            "toegestaan",
            "gesloten",
            "uitgeschakeld",
            "uitgezet",
            "closed",
            "disabled",
            "turned off",
            "geschlossen",
            "fermés",
            "reageren",
            "no longer",
        ),
        re.compile(
            r"(?:reacties?|reageren|comments?|discussie|commentaar|commenting|topic|kommentare|commentaires)\s+(?:op dit \w+\s+)?(?:zijn|is|are|sind|sont)?\s*(?:nu |inmiddels |momenteel |now )?"
            r"(?:niet (?:meer |langer )?(?:mogelijk|toegestaan)|gesloten|uitgeschakeld|uitgezet|closed|disabled|turned off|geschlossen|fermés)|(?:je|u) kunt? niet meer reageren|no longer (?:possible to comment|accepting comments)",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Capture:
    """How many comments a page declares (None: it does not say), how many were read, how many pingbacks stand among them."""

    declared: int | None
    captured: int
    pingbacks: int = 0


def gap_reason(capture: Capture, signs: frozenset[str] = frozenset()) -> str | None:
    """Return why comments are missing, None when none is known to be.

    *signs* are what the page shows of it: "widget", "pagination", "top_level", "withheld", "closed". The answer is one of these, or
    "pingbacks", or "unknown" where fewer were read than are declared and nothing tells why.
    """
    declared, captured = capture.declared, capture.captured
    if "widget" in signs and captured == 0 and declared != 0:
        return "widget"
    if "pagination" in signs:
        return "pagination"
    if declared is None or captured >= declared:
        return None
    if capture.pingbacks and captured + capture.pingbacks >= declared:
        return "pingbacks"
    if "closed" in signs and captured:
        signs = signs - {"closed"}  # a closed thread still shows what was said
    return next((reason for reason in ("top_level", "withheld", "closed", "widget") if reason in signs), "unknown")


def read_signs(areas: Sequence[HtmlElement]) -> frozenset[str]:
    """Return which of "top_level", "withheld" and "closed" the words around a thread tell."""
    text = " ".join(" ".join(area.text_content().split()) for area in areas)
    text = text if len(text) <= 2 * TAIL else f"{text[:TAIL]} {text[-TAIL:]}"
    lowered = text.lower()
    return frozenset(
        reason for reason, words, pattern in _SIGNS if any(map(lowered.__contains__, words)) and pattern.search(text)
    )
