from .erasure import Receipt, count_rows, erase, receipt_text
from .erasure_plan import ErasureRequest, NothingToErase, Plan, make_plan
from .pseudonyms import KEY_FILE, Pseudonyms, open_pseudonyms
from .tombstones import (
    Erased,
    Tombstones,
    add_tombstones,
)

__all__ = [
    "KEY_FILE",
    "Erased",
    "ErasureRequest",
    "NothingToErase",
    "Plan",
    "Pseudonyms",
    "Receipt",
    "Tombstones",
    "add_tombstones",
    "count_rows",
    "erase",
    "make_plan",
    "open_pseudonyms",
    "receipt_text",
]
