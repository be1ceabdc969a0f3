from . import frontier, health, origins, runs, sites
from .candidates import Listing, add_candidates, find_or_add_page
from .frontier import LeaseOrder, queue_outcomes
from .origins import Origin, find_origin
from .page_state import LISTS, VisitContext
from .profiles import (
    BEGINNING,
    StoredProfile,
    add_profile,
    close_profile,
    last_readings,
    open_profiles,
    reading_of,
    stored_profiles,
    unprofiled_pages,
)
from .runs import (
    Ending,
    Run,
    RunSummary,
    begin_run,
    chosen_sites,
    end_run,
    note_progress,
    recent_runs,
    resume_or_begin,
    run_summary,
)
from .sites import Site, SiteLock, UnknownSite, find_site, register_site
from .visit_saved import Before, VisitSaved
from .visits import LeaseLost, keep_visit, save_fetches, save_visit
from .writer import ArchiveWriter

__all__ = [
    "BEGINNING",
    "LISTS",
    "ArchiveWriter",
    "Before",
    "Ending",
    "LeaseLost",
    "LeaseOrder",
    "Listing",
    "Origin",
    "Run",
    "RunSummary",
    "Site",
    "SiteLock",
    "StoredProfile",
    "UnknownSite",
    "VisitContext",
    "VisitSaved",
    "add_candidates",
    "add_profile",
    "begin_run",
    "chosen_sites",
    "close_profile",
    "end_run",
    "find_or_add_page",
    "find_origin",
    "find_site",
    "frontier",
    "health",
    "keep_visit",
    "last_readings",
    "note_progress",
    "open_profiles",
    "origins",
    "queue_outcomes",
    "reading_of",
    "recent_runs",
    "register_site",
    "resume_or_begin",
    "run_summary",
    "runs",
    "save_fetches",
    "save_visit",
    "sites",
    "stored_profiles",
    "unprofiled_pages",
]
