from .arguments import Assignment, BadArgument, read_arguments
from .lock import Held, SiteBusy, is_gone, take_lock, take_next
from .schedule import next_visit, validators
from .session import Session
from .upload import Shipping
from .verdict import DEGRADED, FAILED, OK, shares
from .visitor import Visitor

__all__ = [
    "DEGRADED",
    "FAILED",
    "OK",
    "Assignment",
    "BadArgument",
    "Held",
    "Session",
    "Shipping",
    "SiteBusy",
    "Visitor",
    "is_gone",
    "next_visit",
    "read_arguments",
    "shares",
    "take_lock",
    "take_next",
    "validators",
]
