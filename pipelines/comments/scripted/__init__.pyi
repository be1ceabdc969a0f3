from .answer import SourceAnswer
from .systems import asked_as, find_threads, name_of, read_answer

__all__ = ["SourceAnswer", "asked_as", "find_threads", "name_of", "read_answer"]
