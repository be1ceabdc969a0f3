"""The Scrapy item pipelines: a few lines each, the work is done elsewhere."""

from typing import Any, Protocol, Self

from storage.records import Article, Visit


class _Session(Protocol):
    async def keep(self, visit: Visit) -> object: ...


class _ArticleArchive(Protocol):
    async def keep(self, article: Article) -> object: ...


class StoreVisit:
    """Hands each visit of a Knipsel spider to its session and waits until it is committed; what
    goes on to other pipelines and to feeds is the article.
    """

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build the pipeline for the spider of *crawler*."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Store *item* if it is a visit, and return its article; other items pass.

        Raises DropItem for a visit without one, which is no fault.
        """
        if not isinstance(item, Visit):
            return item
        session: _Session = self._crawler.spider.session
        await session.keep(item)
        if item.article is None:
            from scrapy.exceptions import DropItem  # noqa: PLC0415  # the core loads no Scrapy

            raise DropItem(f"No article: {item.outcome}", log_level="DEBUG")
        return item.article


class StoreArticle:
    """Stores the articles that a plain Scrapy spider yields; *archive* is handed in by the spider
    middleware that knows the answers they were read in.
    """

    archive: _ArticleArchive | None = None

    async def process_item(self, item: Any) -> Any:
        """Store *item* if it is an article; other items pass."""
        if isinstance(item, Article) and self.archive is not None:
            await self.archive.keep(item)
        return item
