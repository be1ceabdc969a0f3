from .capture import FIRST_BYTES, THREAD
from .fetches import (
    REDIRECTS,
    Forbidden,
    HostResting,
    OptedOut,
    RobotsUnavailable,
    SentAway,
    Stop,
    check_status,
    failed_fetch,
    fetch_of,
    header,
    location,
    retry_after,
    stop_for,
)
from .public_names import PrivateAddress, is_public, is_same_machine
from .single import NotFetched, SingleFetch

__all__ = [
    "FIRST_BYTES",
    "REDIRECTS",
    "THREAD",
    "Forbidden",
    "HostResting",
    "NotFetched",
    "OptedOut",
    "PrivateAddress",
    "RobotsUnavailable",
    "SentAway",
    "SingleFetch",
    "Stop",
    "check_status",
    "failed_fetch",
    "fetch_of",
    "header",
    "is_public",
    "is_same_machine",
    "location",
    "retry_after",
    "stop_for",
]
