from .erasure import Receipt, count_rows, erase, finish_erasures, receipt_text
from .erasure_plan import make_plan
from .erasure_request import ErasureRequest, NothingToErase, Plan
from .orders import StillRead, readers_of, unfinished_orders
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
    "StillRead",
    "Tombstones",
    "add_tombstones",
    "count_rows",
    "erase",
    "finish_erasures",
    "make_plan",
    "open_pseudonyms",
    "readers_of",
    "receipt_text",
    "unfinished_orders",
]
