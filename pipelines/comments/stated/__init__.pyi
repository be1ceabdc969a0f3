from .json_ld import json_ld_comments, plain_text, stated_comment, stated_date
from .page_state import state_comments
from .sources import BadSource, find_sources, is_wanted, next_address, read_source

__all__ = [
    "BadSource",
    "find_sources",
    "is_wanted",
    "json_ld_comments",
    "next_address",
    "plain_text",
    "read_source",
    "state_comments",
    "stated_comment",
    "stated_date",
]
