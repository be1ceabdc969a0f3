from .files import write_report
from .report import NothingToReport, make_report
from .summary import summarise

__all__ = ["NothingToReport", "make_report", "summarise", "write_report"]
