"""The views that people query, the same on SQLite and PostgreSQL but for how each joins texts in
order and cuts dates.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

_JOINED = {
    "sqlite": "(SELECT group_concat({column}, ', ') FROM (SELECT {column} FROM {table} "
    "WHERE article_id = a.id ORDER BY position))",
    "postgresql": "(SELECT string_agg({column}, ', ' ORDER BY position) FROM {table} WHERE "
    "article_id = a.id)",
}

# The columns of the two views that everybody reads; most are columns of the table below them.
ARTICLE_COLUMNS = (
    "url", "site", "headline", "authors", "article_section", "keywords", "in_language",
    "date_published", "date_published_precision", "date_modified", "article_body",
    "comments_declared", "comments_captured", "comments_gap_reason", "access", "first_seen",
    "last_seen", "date_published_day", "date_published_utc", "date_published_offset",
    "date_modified_precision", "date_modified_utc", "article_type", "word_count", "first_comment",
    "language_declared", "language_found",
    "link_count", "article_html",
)  # fmt: skip
_OWN_COMMENT = (
    "id", "parent_id", "depth", "position", "source_id", "author", "date_created",
    "date_created_precision", "date_created_raw", "text", "method", "first_seen", "last_seen",
    "gone_at", "date_created_day", "date_created_utc", "date_created_offset",
)  # fmt: skip
_MORE_OF_COMMENT = ("author_is_staff", "status", "upvotes", "downvotes")
COMMENT_COLUMNS = (
    "article_url", *_OWN_COMMENT, *_MORE_OF_COMMENT, "parent_author", "site", "headline",
    "article_section", "date_published", "date_published_day",
)  # fmt: skip
# Without its article, so that counting comments looks nothing up: SQLite keeps a join that an
# aggregate does not need.
LONE_COMMENT_COLUMNS = (*_OWN_COMMENT, *_MORE_OF_COMMENT)
# What the views of an article's lists have of the article.
OF_ARTICLE = ("article_url", "site", "headline", "date_published", "date_published_day")
LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "article_author": ("authors", ("position", "name", "role", "organisation", "url")),
        "article_keyword": ("keywords", ("position", "keyword")),
        "article_removed_block": ("removed_blocks", ("position", "reason", "text")),
        "article_link": (
            "links",
            ("comment_id", "position", "url", "canonical_url", "domain", "text"),
        ),
    }
)

ARTICLE_OVERVIEW = """
CREATE VIEW article_overview AS
SELECT {columns}
  FROM articles a
  JOIN sites s ON s.id = a.site_id
"""

COMMENT_THREAD = """
CREATE VIEW comment_thread AS
SELECT {columns}
  FROM comments c
  JOIN articles a ON a.id = c.article_id
  JOIN sites s ON s.id = a.site_id
  LEFT JOIN comments p ON p.id = c.parent_id
"""

COMMENT_OVERVIEW = """
CREATE VIEW comment_overview AS
SELECT {columns}
  FROM comments c
"""

# What is not asked for of the article is not looked up, so that whole lists are counted fast.
ARTICLE_LIST = """
CREATE VIEW {name} AS
SELECT {columns}
  FROM {table} l
"""

# Counted inside, named outside: the inner part reads one covering index. Undated articles are the
# month NULL, and share_dated
# is the whole site's share with a date, so that no month looks complete that may lack some of them.
COVERAGE = """
CREATE VIEW coverage AS
SELECT s.name AS site, m.month, m.articles, m.comments_declared, m.comments_captured, \
m.articles_with_gap, m.share_dated
  FROM (SELECT a.site_id, substr(a.date_published, 1, 7) AS month, COUNT(*) AS articles,
               SUM(a.comments_declared) AS comments_declared, SUM(a.comments_captured) AS \
comments_captured,
               COUNT(NULLIF(a.comments_gap_reason, 'surplus')) AS articles_with_gap,
               CAST(SUM(COUNT(a.date_published)) OVER (PARTITION BY a.site_id) AS DOUBLE PRECISION)
               / SUM(COUNT(*)) OVER (PARTITION BY a.site_id) AS share_dated
          FROM articles a
         GROUP BY a.site_id, substr(a.date_published, 1, 7)) m
  JOIN sites s ON s.id = m.site_id
"""

COMMENTER = """
CREATE VIEW commenter AS
SELECT c.author, COUNT(*) AS comments, COUNT(DISTINCT c.article_id) AS articles,
       MIN(c.date_created) AS first_comment, MAX(c.date_created) AS last_comment
  FROM comments c
 WHERE c.author IS NOT NULL
 GROUP BY c.author
"""

RECURRING_COMMENT = """
CREATE VIEW recurring_comment AS
SELECT r.times, (SELECT COUNT(DISTINCT c.author) FROM comments c WHERE c.text_hash = r.text_hash) \
AS authors,
       (SELECT c.text FROM comments c WHERE c.text_hash = r.text_hash LIMIT 1) AS text, r.text_hash
  FROM (SELECT text_hash, COUNT(*) AS times FROM comments GROUP BY text_hash HAVING COUNT(*) > 1) r
"""

ARTICLE_HISTORY = """
CREATE VIEW article_history AS
SELECT a.url, v.headline, v.article_body,
       COALESCE((SELECT MAX(e.replaced_at) FROM article_versions e WHERE e.article_id = a.id AND \
e.id < v.id), a.first_seen)
           AS valid_from,
       v.replaced_at AS valid_until
  FROM article_versions v
  JOIN articles a ON a.id = v.article_id
 UNION ALL
SELECT a.url, a.headline, a.article_body,
       COALESCE((SELECT MAX(e.replaced_at) FROM article_versions e WHERE e.article_id = a.id), \
a.first_seen), NULL
  FROM articles a
"""

COMMENT_HISTORY = """
CREATE VIEW comment_history AS
SELECT a.url AS article_url, c.id, c.parent_id, c.position, c.author, v.text, v.status,
       COALESCE((SELECT MAX(e.replaced_at) FROM comment_versions e WHERE e.comment_id = c.id AND \
e.id < v.id), c.first_seen)
           AS valid_from,
       v.replaced_at AS valid_until, FALSE AS is_current
  FROM comment_versions v
  JOIN comments c ON c.id = v.comment_id
  JOIN articles a ON a.id = c.article_id
 UNION ALL
SELECT a.url, c.id, c.parent_id, c.position, c.author, c.text, c.status,
       COALESCE((SELECT MAX(e.replaced_at) FROM comment_versions e WHERE e.comment_id = c.id), \
c.first_seen), c.gone_at, TRUE
  FROM comments c
  JOIN articles a ON a.id = c.article_id
"""

SAME_ARTICLE = """
CREATE VIEW same_article AS
SELECT a.url, b.url AS same_as, l.how, l.similarity
  FROM same_as l
  JOIN articles a ON a.id = l.article_id
  JOIN articles b ON b.id = l.same_as_id
"""

# In the order in which they are made: a view comes after those that it reads.
NAMES = (
    "article_overview", "comment_thread", "comment_overview", *LISTS, "coverage", "commenter",
    "recurring_comment", "article_history", "comment_history", "same_article",
)  # fmt: skip


def statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the views on "sqlite" or "postgresql"."""
    return (
        ARTICLE_OVERVIEW.format(columns=_selected(ARTICLE_COLUMNS, "a", _of_overview(dialect))),
        COMMENT_THREAD.format(columns=_selected(COMMENT_COLUMNS, "c", _of_thread(dialect))),
        COMMENT_OVERVIEW.format(columns=_selected(LONE_COMMENT_COLUMNS, "c", _of_thread(dialect))),
        *_lists(dialect),
        COVERAGE,
        COMMENTER,
        RECURRING_COMMENT,
        ARTICLE_HISTORY,
        COMMENT_HISTORY,
        SAME_ARTICLE,
    )


def _of_overview(dialect: str) -> dict[str, str]:
    joined = _JOINED[dialect]
    return {
        "site": "s.name",
        "authors": joined.format(column="name", table="authors"),
        "keywords": joined.format(column="keyword", table="keywords"),
        "date_published_day": day_of("a.date_published", dialect),
        "first_comment": "(SELECT MIN(date_created) FROM comments WHERE article_id = a.id)",
        "link_count": "(SELECT COUNT(*) FROM links WHERE article_id = a.id AND comment_id IS NULL)",
    }


def _of_thread(dialect: str) -> dict[str, str]:
    return {
        "article_url": "a.url",
        "date_created_day": day_of("c.date_created", dialect),
        "parent_author": "p.author",
        "site": "s.name",
        **{name: f"a.{name}" for name in ("headline", "article_section", "date_published")},
        "date_published_day": day_of("a.date_published", dialect),
    }


def _lists(dialect: str) -> Iterator[str]:
    """Yield the statements that make the views of an article's lists."""
    asked = "(SELECT {} FROM articles a WHERE a.id = l.article_id)"
    of_article = {
        "article_url": "a.url",
        "site": "(SELECT s.name FROM sites s WHERE s.id = a.site_id)",
        "date_published_day": day_of("a.date_published", dialect),
    }
    computed = {name: asked.format(of_article.get(name, f"a.{name}")) for name in OF_ARTICLE}
    for name, (table, own) in LISTS.items():
        columns = _selected((*OF_ARTICLE, *own), "l", computed)
        yield ARTICLE_LIST.format(name=name, columns=columns, table=table)


def day_of(column: str, dialect: str) -> str:
    """Return the day of a local value in SQL, a DATE on PostgreSQL; none where only a month or a
    year is known.
    """
    day = f"substr({column}, 1, 10)"
    day = f"CAST({day} AS DATE)" if dialect == "postgresql" else day
    return f"CASE WHEN length({column}) >= 10 THEN {day} END"


def _selected(names: Sequence[str], table: str, computed: Mapping[str, str]) -> str:
    return ", ".join(
        f"{computed[name]} AS {name}" if name in computed else f"{table}.{name}" for name in names
    )
