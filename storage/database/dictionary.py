"""The data dictionary: what each column means, inside the database and in docs/archive.md.

It comes from the declared fields of the records and of the tables. PostgreSQL keeps it as comments
on the columns; on both databases the view ``data_dictionary`` has it as rows.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Table

from storage.database import crawl_schema, schema, views
from storage.database.columns import day_field, metadata
from storage.records import Article, Field, fields_of

NAME = "data_dictionary"
# Loaded, so that the metadata knows every table.
_CRAWL = crawl_schema.pages
_TABLES = (
    schema.articles,
    schema.authors,
    schema.keywords,
    schema.removed_blocks,
    schema.links,
    schema.comments,
)
_VIEWED = {
    "article_overview": "articles",
    "comment_thread": "comments",
    "comment_overview": "comments",
    **{name: table for name, (table, _columns) in views.LISTS.items()},
}
_SITE = Field("site", "text", "host of the site", "isPartOf")
_ARTICLE_URL = Field("article_url", "text", "address of the article")
_PARENT_AUTHOR = Field("parent_author", "name", "who wrote the comment that it answers", None, True)
_LINK_COUNT = Field("link_count", "integer", "how many links its text has")
_FIRST_COMMENT = Field("first_comment", "date", "when the first of its comments was written")


def described_columns() -> Mapping[str, tuple[Field, ...]]:
    """Return the fields of each table and view whose columns are described."""
    lists = {field.name: field for field in fields_of(Article) if not field.is_column}
    of_articles = {**lists, **_by_name(schema.articles), **_days(schema.articles)}
    of_articles |= {"site": _SITE, "first_comment": _FIRST_COMMENT, "article_url": _ARTICLE_URL}
    of_articles["link_count"] = _LINK_COUNT
    of_comments = {**of_articles, **_by_name(schema.comments), **_days(schema.comments)}
    of_comments["parent_author"] = _PARENT_AUTHOR
    in_lists = {
        name: (*(of_articles[one] for one in views.OF_ARTICLE), *_named(table, own))
        for name, (table, own) in views.LISTS.items()
    }
    return {
        "article_overview": tuple(of_articles[name] for name in views.ARTICLE_COLUMNS),
        "comment_thread": tuple(of_comments[name] for name in views.COMMENT_COLUMNS),
        "comment_overview": tuple(of_comments[name] for name in views.LONE_COMMENT_COLUMNS),
        **in_lists,
        **{table.name: tuple(_by_name(table).values()) for table in _TABLES},
    }


def _by_name(table: Table) -> dict[str, Field]:
    return {column.name: column.info["field"] for column in table.c if "field" in column.info}


def _named(table: str, columns: Sequence[str]) -> Iterator[Field]:
    fields = _by_name(metadata.tables[table])
    return (fields[name] for name in columns)


def _days(table: Table) -> dict[str, Field]:
    dates = (field.name for field in _by_name(table).values() if field.kind == "date")
    return {f"{name}_day": day_field(name) for name in dates}


def statements(dialect: str) -> Iterator[str]:
    """Yield the statements that write the dictionary into a database whose views are made."""
    rows = [
        f"({', '.join(map(_quoted, (table, *_cells(field))))}, {str(field.personal).upper()})"
        for table, fields in described_columns().items()
        for field in fields
    ]
    if dialect == "postgresql":
        yield from (
            f"COMMENT ON COLUMN {table}.{column} IS {_quoted(comment)}"
            for table, column, comment in _comments()
        )
    names = "table_name, column_name, kind, meaning, schema_org, is_personal"
    yield f"CREATE VIEW {NAME} ({names}) AS VALUES {', '.join(rows)}"


def _cells(field: Field) -> tuple[str | None, ...]:
    return field.name, field.kind, field.meaning, field.schema_org


def _comments() -> Iterator[tuple[str, str, str]]:
    """Yield view or table, column and meaning of every column that has one."""
    for view, fields in described_columns().items():
        if view not in metadata.tables:
            yield from ((view, field.name, field.meaning) for field in fields)
    for table in metadata.tables.values():
        yield from ((table.name, one.name, one.comment) for one in table.c if one.comment)


def _quoted(text: str | None) -> str:
    # A colon would be taken for a parameter.
    return "NULL" if text is None else "'" + text.replace("'", "''").replace(":", r"\:") + "'"


def personal_columns() -> frozenset[tuple[str, str]]:
    """Return table and name of the columns that identify a reader."""
    return frozenset(
        (table.name, field.name)
        for table in _TABLES
        for field in _by_name(table).values()
        if field.personal
    )


def as_markdown() -> str:
    """Return the dictionary as docs/archive.md shows it: each column once, with its table."""
    described = described_columns()
    sections = []
    for name, fields in described.items():
        base = _VIEWED.get(name)
        shared = [field for field in fields if base and field in described[base]]
        own = [field for field in fields if field not in shared]
        named = ", ".join(f"`{field.name}`" for field in shared)
        from_table = [f"From `{base}`: {named}. And:", ""] if base else []
        sections.append("\n".join((f"### `{name}`", "", *from_table, _table(own), "")))
    return "\n".join(sections)


def _table(fields: Sequence[Field]) -> str:
    rows = (f"| `{field.name}` | {field.kind} | {_explained(field)} |" for field in fields)
    return "\n".join(("| column | kind | meaning |", "| --- | --- | --- |", *rows))


def _explained(field: Field) -> str:
    schema_org = f"; schema.org `{field.schema_org}`" if field.schema_org else ""
    return f"{field.meaning}{schema_org}{'; personal' if field.personal else ''}"


if __name__ == "__main__":
    print(as_markdown())  # noqa: T201  # docs/archive.md shows it
