"""What became of a visit, and what the archive held before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.articles import Saved
from storage.crawl.candidates import Added

NAMING_LISTS = frozenset({"robots", "sitemap"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the archive held before the visit: the page's outcome, and what its article had, if
    there was one; *gone* marks one that the site had no more.
    """

    outcome: str | None
    article_id: int | None = None
    dated: bool = False
    authored: bool = False
    comments: int = 0
    length: int = 0
    access: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSaved:
    """What became of a visit: the state and outcome under which it is kept, its article as saved,
    what was there before.

    *kind* and *found_how* are the page's, as those of a Candidate are; what a sitemap names was
    found there, whatever led to it first. *displaced* marks a page that had an article of its own
    and leads to another one now. *missing* are the pages (address -> key) that a list named before
    and does not name now, *mended* counts what no database stores as it came (storage.storable).
    """

    state: str
    outcome: str
    before: Before
    kind: str = "page"
    found_how: str = "link"
    displaced: bool = False
    article: Saved | None = None
    added: Added = field(default_factory=lambda: Added((), 0, 0))
    missing: Mapping[str, int] = field(default_factory=dict)
    mended: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_guessed(self) -> bool:
        """Whether this is one of the usual places of lists, of which the site says nothing."""
        return self.kind != "page" and self.found_how == "start"

    @property
    def is_named(self) -> bool:
        """Whether this is a page that a list of the site names, or a sitemap that robots.txt or
        another sitemap names.
        """
        return self.found_how in ({"sitemap", "feed"} if self.kind == "page" else NAMING_LISTS)
