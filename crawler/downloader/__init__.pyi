from .capture import PrivateAddress, is_public
from .outcomes import (
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
    retry_after,
    stop_for,
)

__all__ = [
    "REDIRECTS",
    "Forbidden",
    "OptedOut",
    "PrivateAddress",
    "RobotsUnavailable",
    "SentAway",
    "Stop",
    "check_status",
    "failed_fetch",
    "fetch_of",
    "header",
    "is_public",
    "retry_after",
    "stop_for",
]
