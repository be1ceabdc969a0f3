"""The demo site's articles, as articles.toml has them."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article of the demo site, as its file has it."""

    fields: Fields

    @property
    def path(self) -> str:
        """Its place on the site."""
        return str(self.fields["path"])

    @property
    def headline(self) -> str:
        """Its headline."""
        return str(self.fields["headline"])

    @property
    def published(self) -> datetime | None:
        """When it was published; None for the one that states no date."""
        value = self.fields.get("published")
        return datetime.fromisoformat(value).replace(tzinfo=ZONE) if value else None

    @property
    def comments(self) -> list[Fields]:
        """Its readers' comments, in order."""
        return list(self.fields.get("comment", ()))

    @property
    def comment_pages(self) -> int:
        """Over how many pages its comments are spread."""
        return int(self.fields.get("pages_of_comments", 1))

    @property
    def texts(self) -> list[str]:
        """Its text, one string a page."""
        return [part.strip() for part in str(self.fields["text"]).split("\n===\n")]


@lru_cache(maxsize=1)
def demo_articles() -> tuple[DemoArticle, ...]:
    """Return the demo site's articles."""
    content = files("crawler.demo").joinpath("articles.toml").read_text(encoding="utf-8")
    return tuple(DemoArticle(fields) for fields in tomllib.loads(content)["article"])
