"""The steps of the schema: together they make what the code expects, on both databases, with the
views over them.
"""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage.database import Archive, crawl_schema, dictionary, metadata, schema, views

TABLES = (crawl_schema.pages, schema.articles)  # both rooms are loaded: metadata knows every table


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index is each database's own: no table of the code, but looked at in
    test_search.py.
    """
    parts = {
        "table": ("article_search", "comment_search"),
        "column": ("search",),
        "index": ("ix_articles_search", "ix_comments_search"),
    }
    return not (name or "").startswith(parts.get(kind, ("-",)))


def test_the_steps_make_the_tables_that_the_code_knows(archive: Archive) -> None:
    with archive.read() as connection:
        options = {"compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)
    if (
        archive.dialect == "sqlite"
    ):  # indexes of years are PostgreSQL's (storage/database/columns.py)
        differences = [
            one
            for one in differences
            if one[0] != "add_index" or one[1].dialect_kwargs.get("postgresql_using") != "brin"
        ]
    assert differences == []


def test_every_view_of_ours_is_there_and_answers(archive: Archive) -> None:
    for name in views.NAMES:
        columns, rows = archive.select(f"SELECT * FROM {name}")  # our own names
        assert columns
        assert rows == []


def test_every_described_column_tells_its_meaning_inside_the_database(archive: Archive) -> None:
    _columns, rows = archive.select("SELECT * FROM data_dictionary")
    told = {(row["table_name"], row["column_name"]): row for row in rows}
    for table, fields in dictionary.described_columns().items():
        columns, _rows = archive.select(f"SELECT * FROM {table}")
        ours = [name for name in columns if name != "search"]
        assert sorted({field.name for field in fields} | {"page_id", "site_id"} & set(ours)) == (
            sorted(ours)
        )
        for field in fields:
            row = told[table, field.name]
            assert (row["meaning"], row["kind"]) == (field.meaning, field.kind)
            assert bool(row["is_personal"]) is field.personal
    assert told["comments", "author"]["schema_org"] == "author"
    if archive.dialect == "postgresql":
        query = "SELECT col_description(CAST('comment_thread' AS regclass), 7) AS told"
        assert archive.select(query)[1][0]["told"] == told["comment_thread", "author"]["meaning"]
