from .features import is_forum
from .learned import STAFF, Unfit, date_said, read_thread_by
from .miner import mine
from .plain_lines import read_passage
from .reader import best_reading
from .systems import FORUMS, find_widget

__all__ = [
    "FORUMS",
    "STAFF",
    "Unfit",
    "best_reading",
    "date_said",
    "find_widget",
    "is_forum",
    "mine",
    "read_passage",
    "read_thread_by",
]
