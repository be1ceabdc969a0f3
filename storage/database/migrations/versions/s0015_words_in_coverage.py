"""How long articles are is counted in the index of what coverage counts, and not in their texts."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew with the words."""
    op.execute("DROP INDEX ix_articles_coverage")
    op.execute(
        "CREATE INDEX ix_articles_coverage ON articles (site_id, date_published, "
        "date_published_precision, access, comments_declared, comments_captured, "
        "comments_gap_reason, word_count)"
    )
