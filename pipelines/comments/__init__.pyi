from .declared import is_thread_heading, read_count
from .join import join_source, matches
from .model import Thread, ThreadCount, ThreadRules, gap_reason
from .page import View, view_of
from .record import absolute, author_url
from .rules import STAFF, Unfit, date_of, fitting, read_thread_by
from .stated import BadSource, find_sources, is_wanted, next_address, plain_text, read_source
from .thread import comments_of, read_thread

__all__ = [
    "STAFF",
    "BadSource",
    "Thread",
    "ThreadCount",
    "ThreadRules",
    "Unfit",
    "View",
    "absolute",
    "author_url",
    "comments_of",
    "date_of",
    "find_sources",
    "fitting",
    "gap_reason",
    "is_thread_heading",
    "is_wanted",
    "join_source",
    "matches",
    "next_address",
    "plain_text",
    "read_count",
    "read_source",
    "read_thread",
    "read_thread_by",
    "view_of",
]
