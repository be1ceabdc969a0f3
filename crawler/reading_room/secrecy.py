"""Which columns the tables and SQL of the reading room answer with NULL: the tombstones' secret always, names unless allowed.

SQLite asks for every column that a statement reads, through views too; so no query, however written, gets round it.
"""

import sqlite3
from collections.abc import Callable

SECRET = frozenset({("secrets", "value")})
NAMES = frozenset({("comments", "author"), ("comments", "author_url"), ("comments", "identity")})

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def make_authorizer(*, names: bool) -> Authorizer:
    """Return what ``sqlite3.Connection.set_authorizer`` takes."""
    hidden = SECRET if names else SECRET | NAMES

    def authorize(action: int, table: str | None, column: str | None, _database: str | None, _within: str | None) -> int:
        if action == sqlite3.SQLITE_READ and (table, column) in hidden:
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK

    return authorize
