"""Asks a site's second source of comments, within robots and limits as any fetch, and joins what it tells."""

from collections.abc import Awaitable, Callable

from crawler.answers import Stop
from crawler.extraction import ExtractionFailed
from crawler.reading import Reading
from pipelines.addresses import same_site
from pipelines.comments.joining import join_source
from pipelines.comments.sources import is_wanted, next_address
from storage.records import Article, Comment

Ask = Callable[[str], Awaitable[Reading]]


async def complete(article: Article, site: str, most: int, ask: Ask) -> Article:
    """Return *article* with what its comment source at *site* adds, asked for in at most *most* requests.

    *ask* fetches and reads one address. A source that does not answer adds nothing: its fetch is kept and the gap stays.
    """
    found: list[Comment] = []
    address = next((url for url in article.comment_sources if same_site(url, site)), None) if is_wanted(article) else None
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
    return join_source(article, found) if found else article
