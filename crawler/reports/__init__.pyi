from .files import write_report
from .notices import BadReceiver, Notices
from .report import NothingToReport, make_report
from .summary import summarise

__all__ = [
    "BadReceiver",
    "NothingToReport",
    "Notices",
    "make_report",
    "summarise",
    "write_report",
]
