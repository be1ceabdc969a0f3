"""Drawing a visit's page in a browser: what it shows then is read in the answer's place, and kept
beside it.
"""

from dataclasses import replace

from scrapy.http import HtmlResponse, Response

from crawler.crawl.trail import Trail
from crawler.extraction import ExtractionFailed, PageReading
from crawler.rendering import ENDINGS, Rendered
from storage.records import Exchange, Fetch, Page

DRAWN_TYPE = "text/html; charset=utf-8"
# Of an article's text a drawn page keeps so much at least: else something lies over it.
LEAST_SHARE = 0.5
SHOWS_LESS = "The page that the browser drew shows less than the answer did."


async def draw(
    response: Response, reading: PageReading, trail: Trail
) -> tuple[Response, PageReading]:
    """Return the page of *response* as a browser draws it, and what it holds then; both as they are
    where the site's pages are not drawn, the page may be no article, or shows less when drawn.

    Raises Stop where the run is ending.
    """
    if reading.article is None and reading.outcome != "no_text":
        return response, reading
    rendered = await trail.render(response)
    if rendered is None:
        return response, reading
    shown, drawn = await _choose(response, reading, rendered, trail)
    if rendered.ending is None:
        return shown, drawn
    detail = f"The page was not drawn to its end: {ENDINGS[rendered.ending]}."
    return shown, replace(drawn, detail=detail)


async def _choose(
    response: Response, reading: PageReading, rendered: Rendered, trail: Trail
) -> tuple[Response, PageReading]:
    """Return the drawn page and what it holds, where that is as much as the answer's."""
    if rendered.document is None:
        return response, reading
    page = Page(
        url=response.url,
        body=rendered.document,
        fetched_at=rendered.rendered_at,
        content_type=DRAWN_TYPE,
        feed_published=trail.lease.feed_published,
    )
    try:
        drawn = await trail.read(page)
    except ExtractionFailed as error:
        trail.fetches.append(_fetch(page, "extraction_failed", str(error)))
        return response, reading
    if not _shows_as_much(drawn, reading):
        trail.fetches.append(_fetch(page, "not_read", SHOWS_LESS))
        return response, reading
    trail.fetches.append(_fetch(page, "ok"))
    headers = {"Content-Type": DRAWN_TYPE}
    shown = HtmlResponse(response.url, body=page.body, headers=headers, request=response.request)
    return shown, drawn


def _fetch(page: Page, outcome: str, detail: str | None = None) -> Fetch:
    """Return the row of a drawn page; it has no status of its own."""
    return Fetch(
        url=page.url,
        fetched_at=page.fetched_at,
        outcome=outcome,
        detail=detail,
        content_type=page.content_type,
        exchange=Exchange(
            url=page.url,
            fetched_at=page.fetched_at,
            request=b"",
            response=page.body,
            media_type=DRAWN_TYPE,
            is_drawn=True,
        ),
    )


def _shows_as_much(drawn: PageReading, plain: PageReading) -> bool:
    if plain.article is None:
        return drawn.article is not None or len(drawn.candidates) > len(plain.candidates)
    if drawn.article is None:
        return False
    letters = len(drawn.article.article_body), LEAST_SHARE * len(plain.article.article_body)
    return letters[0] >= letters[1] and len(drawn.article.comments) >= len(plain.article.comments)
