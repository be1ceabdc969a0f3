"""What a stranger's question of a SQLite file may take: the clock alone does not see a function
that runs for long, nor the memory that it fills.
"""

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

LONGEST_VALUE = 8_000_000  # bytes of one value, and of a statement
LONGEST_PATTERN = 500  # letters after LIKE or GLOB
LARGEST_ANSWER = 64_000_000  # bytes of all rows that are handed out
LARGEST_HEAP = 600_000_000  # bytes that SQLite takes, all in all


def set_limits(connection: sqlite3.Connection) -> None:
    """Bound values, answers and memory of whatever is asked on *connection*."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)
    connection.execute("PRAGMA temp_store = MEMORY")  # else a sort may fill the disk
    connection.execute(f"PRAGMA hard_heap_limit = {LARGEST_HEAP}")
    # SQLite's own compare byte by byte at every place: minutes, on long texts.
    connection.create_function("instr", 2, _instr, deterministic=True)
    connection.create_function("replace", 3, _replace, deterministic=True)
    connection.row_factory = bounded_rows()


def _instr(text: Any, part: Any) -> int | None:
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return str(text).find(str(part)) + 1


def _replace(text: Any, old: Any, new: Any) -> Any:
    if text is None or old is None or new is None:
        return None
    whole, gone, fresh = str(text), str(old), str(new)
    if not gone:
        return text
    grown = len(whole) + whole.count(gone) * (len(fresh) - len(gone))
    if grown > LONGEST_VALUE:
        return bytes(LONGEST_VALUE + 1)  # which SQLite itself refuses, without a traceback
    return whole.replace(gone, fresh)


def bounded_rows() -> Callable[[sqlite3.Cursor, tuple[Any, ...]], sqlite3.Row]:
    """Return what makes rows of what SQLite answers, as long as all of them fit."""
    taken: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        size = sum(len(value) for value in values if isinstance(value, (str, bytes)))
        taken[cursor] = taken.get(cursor, 0) + size
        if taken[cursor] > LARGEST_ANSWER:
            raise sqlite3.OperationalError("the answer is too big: ask for fewer rows or columns")
        return sqlite3.Row(cursor, values)

    return row
