from .pool import ExtractionFailed, ExtractionPool, WorkerProcesses
from .profile_store import (
    hand_made,
    keep_profiles,
    learn_site,
    load_profiles,
    newest_look,
    profiles_for,
    watch_site,
)
from .site_templates import KnownSite, SiteTemplates, Teachable
from .worker import LearnedPages, PageReading, learn_pages, read

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
