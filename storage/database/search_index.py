"""The full-text index: on SQLite triggers keep it equal to the texts, on PostgreSQL the columns
compute themselves.
"""

_INDEXED = {
    "articles": ("article_search", ("headline", "article_body")),
    "comments": ("comment_search", ("text",)),
}


def triggers(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the triggers anew; none on "postgresql"."""
    if dialect != "sqlite":
        return ()
    return tuple(statement for table in _INDEXED for statement in _table_triggers(table))


def _table_triggers(table: str) -> tuple[str, ...]:
    index, columns = _INDEXED[table]
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    add = f"INSERT INTO {index} (rowid, {names}) VALUES (new.id, {new});"  # noqa: S608  # our own names
    remove = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608  # our own names
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    return (
        f"DROP TRIGGER IF EXISTS {index}_insert",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"DROP TRIGGER IF EXISTS {index}_delete",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {remove} END",
        f"DROP TRIGGER IF EXISTS {index}_update",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {names} ON {table} WHEN "
        f"{changed} BEGIN {remove} {add} END",
    )
