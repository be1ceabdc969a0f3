from . import parquet
from .dataset import Way, export, partial_paths
from .fields import BadExport, ExportRequest
from .partitions import ExportedPart, ExportPart, Spread, export_part
from .wacz import WaczRequest, export_wacz

__all__ = [
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
