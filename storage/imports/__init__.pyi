from .readers import ForeignCapture, NoCaptures, read_captures
from .register import (
    Incoming,
    add_captures,
    end_imports,
    is_erased,
    known_pages,
    original_place,
    page_at_path,
    set_read_state,
    unread_pages,
)
from .saved_pages import NoTable

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
    "page_at_path",
    "read_captures",
    "set_read_state",
    "unread_pages",
]
