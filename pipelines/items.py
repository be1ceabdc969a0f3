"""The Scrapy item pipelines: a few lines each, the work is done elsewhere."""

from typing import Any, Protocol, Self

from storage.records import Visit


class _Session(Protocol):
    async def keep(self, visit: Visit) -> object: ...


class StoreVisit:
    """Hands each visit to the session of the running crawl and waits until it is committed."""

    def __init__(self, session: _Session) -> None:
        self._session = session

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build the pipeline on the session of *crawler*'s spider."""
        return cls(crawler.spider.session)

    async def process_item(self, item: Visit) -> Visit:
        """Store *item*."""
        await self._session.keep(item)
        return item
