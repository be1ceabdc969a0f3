from .declared import is_thread_heading, read_count
from .join import join_source, join_thread, matches
from .model import Thread, ThreadCount, ThreadRules, gap_reason
from .page import View, heading_words, view_of
from .pagination import linked_count
from .record import absolute, author_url, name_in, read_signature
from .rules import STAFF, Unfit, date_of, fitting, has_words_over_form, read_thread_by
from .scripted import Question, SourceAnswer, asks_the_same, question_of, read_answer
from .source_thread import SourceThread, lessons_of, sources_of
from .stated import BadSource, find_sources, is_wanted, next_address, plain_text, read_source
from .thread import comments_of, read_thread, with_system
from .topic import as_topic

__all__ = [
    "STAFF",
    "BadSource",
    "Question",
    "SourceAnswer",
    "SourceThread",
    "Thread",
    "ThreadCount",
    "ThreadRules",
    "Unfit",
    "View",
    "absolute",
    "as_topic",
    "asks_the_same",
    "author_url",
    "comments_of",
    "date_of",
    "find_sources",
    "fitting",
    "gap_reason",
    "has_words_over_form",
    "heading_words",
    "is_thread_heading",
    "is_wanted",
    "join_source",
    "join_thread",
    "lessons_of",
    "linked_count",
    "matches",
    "name_in",
    "next_address",
    "plain_text",
    "question_of",
    "read_answer",
    "read_count",
    "read_signature",
    "read_source",
    "read_thread",
    "read_thread_by",
    "sources_of",
    "view_of",
    "with_system",
]
