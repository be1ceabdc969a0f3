"""Finished WARC files on their way to the store that KNIPSEL_WARC names, in a thread, while the
crawl goes on.
"""

from concurrent.futures import Future, ThreadPoolExecutor

from scrapy.settings import BaseSettings

from crawler.archive import archive_address
from storage.database import Archive, ArchiveUnavailable
from storage.warc import Shipped, check_store, ship


class Shipping:
    """Moves files whenever a run has ended; ``close`` waits and returns what is left behind."""

    def __init__(self, settings: BaseSettings) -> None:
        """Raises ArchiveUnavailable when the store cannot be written to: that is found before the
        crawl begins.
        """
        self._url: str = settings["KNIPSEL_WARC"]
        self._database, self._folder = archive_address(settings)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shipping")
        self._last: Future[Shipped] | None = None
        if self._url:
            check_store(self._url)

    def begin(self) -> None:
        """Move what is finished, soon."""
        if self._url:
            self._last = self._thread.submit(self._ship)

    def close(self) -> str:
        """Move the last files; return one sentence when any could not be moved, else nothing."""
        self.begin()
        self._thread.shutdown(wait=True)
        if self._last is None:
            return ""
        try:
            shipped = self._last.result()
        except ArchiveUnavailable as error:
            return f"WARC files could not be moved to {self._url}, and wait: {error}"
        if not shipped.waiting:
            return ""
        return (
            f"{shipped.waiting} WARC files wait in {self._folder / 'warc'} and go with the "
            f"next run: {shipped.reason}"
        )

    def _ship(self) -> Shipped:
        archive = Archive.open(self._database)
        try:
            return ship(archive, self._folder / "warc", self._url)
        finally:
            archive.close()
