"""Asks a site's second source of comments, within robots and limits as any fetch."""

from collections.abc import Awaitable, Callable

from crawler.answers import Stop
from crawler.extraction import ExtractionFailed
from crawler.reading import Reading
from pipelines.addresses import same_site
from pipelines.comments.sources import next_address
from storage.records import Article, Comment

Ask = Callable[[str], Awaitable[Reading]]


async def ask_source(article: Article, site: str, most: int, ask: Ask) -> tuple[Comment, ...]:
    """Return what the comment source of *article* at *site* tells, asked for in at most *most* requests.

    *ask* fetches and reads one address. A source that does not answer tells nothing: its fetch is kept and the gap stays.
    """
    found: list[Comment] = []
    address = next((url for url in article.comment_sources if same_site(url, site)), None)
    for _request in range(most):
        if address is None:
            break
        try:
            reading = await ask(address)
        except ExtractionFailed:
            break
        except Stop as stop:
            if stop.state == "put_back":
                raise  # the run is ending: a later one can have the whole
            break
        found += reading.comments
        address = next_address(address, len(reading.comments))
    return tuple(found)
