"""What a page is taken for."""

from datetime import UTC, datetime

from pipelines.article import NotAnArticle, extract
from storage.records import Page


def kind_of(html: str, path: str = "/a") -> str:
    """Return "article", or the reason for which a page is refused."""
    fetched_at = datetime(2026, 11, 25, tzinfo=UTC)
    try:
        extract(Page(url=f"https://dorp.example{path}", body=html.encode(), fetched_at=fetched_at))
    except NotAnArticle as refusal:
        return refusal.reason
    return "article"
