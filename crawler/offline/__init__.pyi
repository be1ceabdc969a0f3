from . import worker
from .importer import (
    HTML_TYPES,
    Import,
    Imported,
    ImportPlace,
    Wanted,
    import_into,
)
from .pool import add_cluster_option, open_pool
from .reextract import NothingToReread, Order, reextract_pages
from .report import change_table, import_table
from .tasks import LOT, ArchivePlace, ClusterUnavailable, lots_of
from .worker import (
    LearnedSite,
    PageTask,
    Reread,
    Rereader,
    SiteTask,
)

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
    "add_cluster_option",
    "change_table",
    "import_into",
    "import_table",
    "lots_of",
    "open_pool",
    "reextract_pages",
    "worker",
]
