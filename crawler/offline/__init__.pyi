from . import page_history, worker
from .importer import Import, ImportPlace, import_into
from .pool import open_pool
from .reextract import NothingToReread, Order, reextract_pages
from .report import change_table, import_table
from .results import LearnedSite, PageTask, Reread, SiteTask
from .selection import HTML_TYPES, Imported, Wanted
from .tasks import LOT, ArchivePlace, ClusterUnavailable, lots_of
from .worker import Rereader

__all__ = [
    "HTML_TYPES",
    "LOT",
    "ArchivePlace",
    "ClusterUnavailable",
    "Import",
    "ImportPlace",
    "Imported",
    "LearnedSite",
    "NothingToReread",
    "Order",
    "PageTask",
    "Reread",
    "Rereader",
    "SiteTask",
    "Wanted",
    "change_table",
    "import_into",
    "import_table",
    "lots_of",
    "open_pool",
    "page_history",
    "reextract_pages",
    "worker",
]
