from .answer import Question, SourceAnswer
from .systems import asks_the_same, find_threads, name_of, question_of, read_answer

__all__ = [
    "Question",
    "SourceAnswer",
    "asks_the_same",
    "find_threads",
    "name_of",
    "question_of",
    "read_answer",
]
