"""What a site states about text and data mining: TDMRep's file, header and meta elements, robots
tokens as "noai". Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.document import Document, meta
from storage.url_patterns import UrlPattern, path_of

WELL_KNOWN = "/.well-known/tdmrep.json"
MOST_RULES = 1000
RULES = "knipsel_tdm_rules"  # the key under which a request carries the rules of its origin


@dataclass(frozen=True, slots=True)
class Reservation:
    """*reserved* is "1" or "0" as the site writes it, *source* "file", "header" or "meta"."""

    reserved: str
    policy: str | None
    source: str


def read_rules(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """Return the rules of a tdmrep.json; none for what is no list of rules."""
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(rules, list):
        return ()
    return tuple(
        rule
        for rule in rules[:MOST_RULES]
        if isinstance(rule, dict) and isinstance(rule.get("location"), str)
    )


def from_rules(rules: Sequence[Mapping[str, Any]], url: str) -> Reservation | None:
    """Return what the rules of the site's file state of *url*: the first whose location fits, "*"
    and "$" as in robots.txt.
    """
    path = path_of(url) if rules else ""
    for rule in rules:
        if UrlPattern.from_text(rule["location"]).matches(path):
            return _reservation(rule.get("tdm-reservation"), rule.get("tdm-policy"), "file")
    return None


def from_header(reserved: str | None, policy: str | None) -> Reservation | None:
    """Return what an answer's headers state."""
    return _reservation(reserved, policy, "header")


def from_document(document: Document) -> Reservation | None:
    """Return what a page's meta elements state."""
    return _reservation(meta(document, "tdm-reservation"), meta(document, "tdm-policy"), "meta")


def robots_tokens(document: Document) -> str | None:
    """Return the content of a page's robots meta elements, None without one."""
    return meta(document, "robots")


def strongest(*stated: Reservation | None) -> Reservation | None:
    """Return the word that counts: a reservation before none, the nearest to the page first where
    they agree.
    """
    heard = [word for word in stated if word is not None]
    return next((word for word in heard if word.reserved == "1"), heard[0] if heard else None)


def _reservation(reserved: Any, policy: Any, source: str) -> Reservation | None:
    value = str(reserved).strip() if reserved is not None and not isinstance(reserved, bool) else ""
    if value not in {"0", "1"}:
        return None
    return Reservation(value, str(policy)[:500] if policy else None, source)
