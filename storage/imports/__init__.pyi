from .readers import ForeignCapture, NoCaptures, NoTable, read_captures
from .register import (
    Incoming,
    add_captures,
    end_imports,
    is_erased,
    known_pages,
    original_place,
    settle_page,
    unread_pages,
)

__all__ = [
    "ForeignCapture",
    "Incoming",
    "NoCaptures",
    "NoTable",
    "add_captures",
    "end_imports",
    "is_erased",
    "known_pages",
    "original_place",
    "read_captures",
    "settle_page",
    "unread_pages",
]
