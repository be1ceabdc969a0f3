"""robots.txt as RFC 9309 has it: what an answer allows, and what no answer forbids.

Numbers in brackets are sections of RFC 9309. Our own reader, because Protego looks for a group's
name anywhere in the whole user agent (the contact's host included), lets any unknown line split a
group, and reads lines without a colon.
"""

import codecs
import math
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urljoin

from storage.outcomes import outcome_of
from storage.url_patterns import UrlPattern, path_of

LONGEST = 500 * 1024  # 2.5: at least 500 KiB are read
_LINE_END = re.compile(r"\r\n?|\n")
_TOKEN = re.compile(r"[a-z_-]+(?![a-z_\d-])", re.IGNORECASE)  # "Knipsel2" is another product
_UNSEEN = f"{string.whitespace}\xa0\ufeff\u200b\u200e\u200f\u2060"  # around a name, from elsewhere
_EVERYONE = re.compile(r"\*(?:\s|$)")
# The names of records, misspellings that Google's reader takes too among them: they were meant.
_NAMES: Mapping[str, str] = {
    "user-agent": "agent", "useragent": "agent", "user agent": "agent",
    "allow": "allow", "disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow",
    "disalow": "disallow", "diasllow": "disallow", "disallaw": "disallow",
    "crawl-delay": "delay", "sitemap": "sitemap", "site-map": "sitemap",
}  # fmt: skip


@dataclass(slots=True)
class RobotsGroup:
    """The rules for one product token (a pattern, and whether it allows), and the longest pause
    that was asked of it, in seconds.
    """

    rules: list[tuple[UrlPattern, bool]] = field(default_factory=list)
    delay: float | None = None

    def allows(self, path: str) -> bool:
        """Return what the longest rule that fits decides; of two as long the one that allows
        (2.2.2).
        """
        fitting = [(rule.length, allowed) for rule, allowed in self.rules if rule.matches(path)]
        return max(fitting, default=(0, True))[1]


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one robots.txt. *closed* means that nothing may be fetched until it answers."""

    groups: Mapping[str, RobotsGroup] = field(default_factory=dict)
    sitemaps: tuple[str, ...] = ()
    closed: bool = False

    @classmethod
    def from_answer(cls, status: int | None, body: bytes, url: str) -> Self:
        """Return the rules that an answer makes; *status* is None when there was none.

        2xx: the rules in it. 4xx: everything is free. 5xx and no answer: everything is closed
        (2.3.1); a site that asks for rest gives no answer either.
        """
        if status is None or outcome_of(status).closes_robots:
            return cls(closed=True)
        records = list(_records(robots_text(body))) if 200 <= status < 300 else []
        return cls(_grouped(records), tuple(_sitemaps(records, url)))

    def allows(self, url: str, user_agent: str) -> bool:
        """Return whether *user_agent*, which begins with its product token, may fetch *url*."""
        if self.closed:
            return False
        group = self._group_of(user_agent)
        path = path_of(url)
        return group is None or path == "/robots.txt" or group.allows(path)

    def crawl_delay(self, user_agent: str) -> float | None:
        """Return the seconds between requests that are asked for, None when nothing is."""
        group = self._group_of(user_agent)
        return group.delay if group is not None else None

    def _group_of(self, user_agent: str) -> RobotsGroup | None:
        """Return the group of *user_agent*'s product token, else the one for everyone (2.2.1)."""
        return self.groups.get(_token(user_agent) or "", self.groups.get("*"))


def robots_text(body: bytes) -> str:
    """Return the first 500 KiB of a robots.txt as text that can be stored and read again.

    It is UTF-8 (2.3); a byte order mark, UTF-16 and NUL are borne, octets that are no UTF-8 become
    their escapes, and the line in which the limit falls is left out.
    """
    data = body[:LONGEST]
    if len(body) > LONGEST:
        data = data[: max(data.rfind(b"\n"), data.rfind(b"\r")) + 1]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode("utf-8-sig", "surrogateescape")
    return re.sub(
        "[\udc80-\udcff]", lambda octet: f"%{ord(octet[0]) - 0xDC00:02X}", text.replace("\x00", "")
    )


def _records(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each record that is known; all other lines do not count (2.2.4)."""
    for line in _LINE_END.split(text):
        name, colon, value = line.partition("#")[0].partition(":")
        kind = _NAMES.get(name.strip(_UNSEEN).lower())
        if colon and kind is not None:
            yield kind, value.strip()


def _grouped(records: list[tuple[str, str]]) -> dict[str, RobotsGroup]:
    """Return the groups by lower-case product token; those of one token are one group (2.2.1)."""
    groups: dict[str, RobotsGroup] = {}
    current: list[RobotsGroup] = []
    is_begun = False
    for kind, value in records:
        if kind == "agent":
            current = [] if is_begun else current
            is_begun = False
            current.append(groups.setdefault(_token(value) or "", RobotsGroup()))
        elif kind != "sitemap":
            is_begun = True
            for group in current:
                _add(group, kind, value)
    groups.pop("", None)  # named no product
    return groups


def _add(group: RobotsGroup, kind: str, value: str) -> None:
    if kind == "delay":
        delay = _seconds(value)
        group.delay = group.delay if delay is None else max(delay, group.delay or 0.0)
    elif value:  # an empty pattern matches nothing
        group.rules.append((UrlPattern.from_text(value), kind == "allow"))


def _seconds(text: str) -> float | None:
    try:
        delay = float(text)
    except ValueError:
        return None
    return delay if math.isfinite(delay) and delay >= 0 else None


def _token(agent: str) -> str | None:
    """Return the product token at the beginning of *agent*, in lower case; "*" is everyone."""
    if _EVERYONE.match(agent):
        return "*"
    found = _TOKEN.match(agent)
    return found[0].lower() if found else None


def _sitemaps(records: list[tuple[str, str]], url: str) -> Iterator[str]:
    """Yield the addresses of sitemaps, each once; what is no address costs itself only."""
    found: dict[str, None] = {}
    for kind, value in records:
        if kind == "sitemap" and value:
            try:
                found[urljoin(url, value)] = None
            except ValueError:
                continue
    yield from found
