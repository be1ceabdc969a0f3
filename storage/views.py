"""The views that people query, the same on SQLite and PostgreSQL but for how each joins texts in order."""

_JOINED = {
    "sqlite": "(SELECT group_concat({column}, ', ') FROM (SELECT {column} FROM {table} "
    "WHERE article_id = a.id ORDER BY position))",
    "postgresql": "(SELECT string_agg({column}, ', ' ORDER BY position) FROM {table} WHERE article_id = a.id)",
}

ARTICLE_OVERVIEW = """
CREATE VIEW article_overview AS
SELECT a.url, s.name AS site, a.headline, {authors} AS authors, a.article_section, {keywords} AS keywords, a.in_language,
       a.date_published, a.date_published_precision, a.date_modified, a.article_body,
       a.comments_declared, a.comments_captured, a.comments_gap_reason, a.access, a.first_seen, a.last_seen
  FROM articles a
  JOIN pages p ON p.id = a.page_id
  JOIN sites s ON s.id = p.site_id
"""

COMMENT_THREAD = """
CREATE VIEW comment_thread AS
SELECT a.url AS article_url, c.id, c.parent_id, c.depth, c.position, c.source_id, c.author,
       c.date_created, c.date_created_precision, c.date_created_raw, c.text, c.method,
       c.first_seen, c.last_seen, c.gone_at
  FROM comments c
  JOIN articles a ON a.id = c.article_id
"""

_MONTH = {
    "sqlite": "substr(a.date_published, 1, 7)",
    "postgresql": "to_char(a.date_published AT TIME ZONE 'UTC', 'YYYY-MM')",
}

COVERAGE = """
CREATE VIEW coverage AS
SELECT s.name AS site, {month} AS month, COUNT(*) AS articles,
       SUM(a.comments_declared) AS comments_declared, SUM(a.comments_captured) AS comments_captured,
       SUM(CASE WHEN a.comments_gap_reason IS NULL THEN 0 ELSE 1 END) AS articles_with_gap
  FROM articles a
  JOIN pages p ON p.id = a.page_id
  JOIN sites s ON s.id = p.site_id
 GROUP BY s.name, {month}
"""


# In the order in which they are made: a view stands after those that it reads.
NAMES = ("article_overview", "comment_thread", "coverage")


def statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the views on "sqlite" or "postgresql"."""
    joined = _JOINED[dialect]
    return (
        ARTICLE_OVERVIEW.format(
            authors=joined.format(column="name", table="authors"),
            keywords=joined.format(column="keyword", table="keywords"),
        ),
        COMMENT_THREAD,
        COVERAGE.format(month=_MONTH[dialect]),
    )
