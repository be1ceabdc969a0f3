from .arguments import (
    ARGUMENTS,
    BadArgument,
    CrawlArguments,
    read_arguments,
    requisites_asked,
    threads_asked,
)
from .lock import LockedSite, SiteBusy, is_gone, lock_named, take_lock, take_next
from .requisites import Requisites
from .schedule import next_visit, validators
from .session import Session, open_session
from .stats import RunStats
from .trail import VisitSetting
from .trends import shares
from .upload import Shipping
from .verdict import DEGRADED, FAILED, OK
from .visitor import VisitBounds, Visitor

__all__ = [
    "ARGUMENTS",
    "DEGRADED",
    "FAILED",
    "OK",
    "BadArgument",
    "CrawlArguments",
    "LockedSite",
    "Requisites",
    "RunStats",
    "Session",
    "Shipping",
    "SiteBusy",
    "VisitBounds",
    "VisitSetting",
    "Visitor",
    "is_gone",
    "lock_named",
    "next_visit",
    "open_session",
    "read_arguments",
    "requisites_asked",
    "shares",
    "take_lock",
    "take_next",
    "threads_asked",
    "validators",
]
