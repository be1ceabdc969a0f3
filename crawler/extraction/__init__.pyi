from .kept_pages import learn_site, newest_look
from .page_reading import LearnedPages, PageReading
from .pool import ExtractionFailed, ExtractionPool, WorkerProcesses
from .profile_store import (
    hand_made,
    keep_profiles,
    load_profiles,
    profiles_for,
    watch_site,
)
from .site_templates import KnownSite, SiteTemplates, Teachable
from .worker import learn_pages, read

__all__ = [
    "ExtractionFailed",
    "ExtractionPool",
    "KnownSite",
    "LearnedPages",
    "PageReading",
    "SiteTemplates",
    "Teachable",
    "WorkerProcesses",
    "hand_made",
    "keep_profiles",
    "learn_pages",
    "learn_site",
    "load_profiles",
    "newest_look",
    "profiles_for",
    "read",
    "watch_site",
]
