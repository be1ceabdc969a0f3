from .capture import FIRST_BYTES
from .fetches import (
    REDIRECTS,
    Forbidden,
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
from .public_names import PrivateAddress, is_public
from .single import NotFetched, SingleFetch

__all__ = [
    "FIRST_BYTES",
    "REDIRECTS",
    "Forbidden",
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
    "location",
    "retry_after",
    "stop_for",
]
