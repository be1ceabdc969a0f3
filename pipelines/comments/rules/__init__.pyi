from . import fitting
from .choice import find_reading
from .form_boxes import has_words_over_form
from .learned import STAFF, read_thread_by
from .learned_fields import Unfit, date_of
from .pingbacks import count_pingbacks
from .plain_lines import read_passage
from .repeats import without_repeats
from .runs import read_runs
from .systems import FORUMS, find_widget, may_have_widget
from .teasers import is_forum

__all__ = [
    "FORUMS",
    "STAFF",
    "Unfit",
    "count_pingbacks",
    "date_of",
    "find_reading",
    "find_widget",
    "fitting",
    "has_words_over_form",
    "is_forum",
    "may_have_widget",
    "read_passage",
    "read_runs",
    "read_thread_by",
    "without_repeats",
]
