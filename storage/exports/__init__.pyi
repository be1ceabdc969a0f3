from . import parquet
from .dataset import Way, export
from .fields import FORMS_OF_THEIR_OWN, BadExport, ExportRequest
from .partitions import ExportedPart, ExportPart, Spread, export_part
from .target import partial_paths
from .wacz import WaczRequest, export_wacz

__all__ = [
    "FORMS_OF_THEIR_OWN",
    "BadExport",
    "ExportPart",
    "ExportRequest",
    "ExportedPart",
    "Spread",
    "WaczRequest",
    "Way",
    "export",
    "export_part",
    "export_wacz",
    "parquet",
    "partial_paths",
]
