"""robots.txt as RFC 9309 has it: what an answer allows, and what no answer forbids."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

from protego import Protego

from storage.outcomes import outcome_of

LONGEST = 500 * 1024  # RFC 9309, 2.5: at least 500 KiB are read


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one robots.txt. *closed* means that nothing may be fetched until it answers."""

    rules: Protego
    sitemaps: tuple[str, ...] = ()
    closed: bool = False

    @classmethod
    def from_answer(cls, status: int | None, body: bytes, url: str) -> Self:
        """Return the rules that an answer makes; *status* is None when there was none.

        2xx: the rules in it. 4xx: everything is free. 5xx and no answer: everything is closed (RFC
        9309, 2.3.1); a site that asks for rest gives no answer either.
        """
        if status is None or outcome_of(status).closes_robots:
            return cls(Protego.parse("User-agent: *\nDisallow: /"), closed=True)
        text = body[:LONGEST].decode("utf-8", "replace") if 200 <= status < 300 else ""
        rules = Protego.parse(text.replace("\x00", ""))
        return cls(rules, tuple(dict.fromkeys(urljoin(url, sitemap) for sitemap in rules.sitemaps)))

    def allows(self, url: str, user_agent: str) -> bool:
        """Tell whether *user_agent* may fetch *url*."""
        return not self.closed and bool(self.rules.can_fetch(url, user_agent))

    def crawl_delay(self, user_agent: str) -> float | None:
        """Return the seconds between requests that are asked for, None when nothing is."""
        delay = self.rules.crawl_delay(user_agent)
        return float(delay) if delay is not None and delay >= 0 else None
