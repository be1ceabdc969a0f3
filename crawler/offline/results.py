"""What a worker process is given, a page or a site, and what it answers."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.learning import Observation
from pipelines.profiles import Profile
from pipelines.snapshots import SnapshotSighting
from storage.articles import Differences


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to read again: its key and its address."""

    page_id: int
    url: str

    def failed(self) -> "Reread":
        """Return the answer of a page that killed its worker, or kept it for too long, twice."""
        return Reread(self.page_id, self.url, refusal="extraction_failed")


@dataclass(frozen=True, slots=True)
class SiteTask:
    """A site to learn: its key and its name."""

    site_id: int
    site: str

    def failed(self) -> "LearnedSite":
        """Return the answer of a site whose pages killed their worker: nothing was learned."""
        return LearnedSite(self, ())


@dataclass(frozen=True, slots=True)
class LearnedSite:
    """What the kept pages of a site taught."""

    task: SiteTask
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of one page.

    *sightings* are to be stored one after the other or, with *is_replay*, in the place of all
    before. *newest* is what the newest look showed, None where that was known before. *refusal*
    is why an article that the archive has is none by today's code; *changes* what storing the
    article changes; *observed* what the page showed of its profile; *gone_at* since when looks find
    no page any more.
    """

    page_id: int
    url: str
    sightings: tuple[SnapshotSighting, ...] = ()
    newest: SnapshotSighting | None = None
    is_replay: bool = False
    refusal: str | None = None
    changes: Differences | None = None
    gone_at: datetime | None = None
    observed: Observation | None = None
