"""The reading room's pages: each asks the archive and fills its template."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from datasette import Request, Response
from datasette.app import Datasette

from crawler.reading_room.app import Room
from crawler.reading_room.format import (
    cut_text,
    marked_parts,
    marked_up,
    month_bars,
    shown_moment,
    shown_number,
)
from crawler.reading_room.plots import draw_bars
from crawler.reading_room.security import (
    OUR_PAGES,
    THE_ORIGINAL,
    original_source,
    shown_original,
)
from crawler.reading_room.thread_tree import order_thread
from crawler.reading_room.translations import LANGUAGES, choose_language, wording
from storage.articles import (
    ArticleVersion,
    NotThere,
    article_named,
    changes,
    find_article,
    newest_capture,
    read_article,
    read_commenter,
)
from storage.crawl import UnknownSite
from storage.reporting import read_site
from storage.search import BadQuery, Query, find_facets, search
from storage.warc import NoOriginal, Original, read_original

HITS_A_PAGE = 30
FEW_COMMENTS = 40  # a longer thread comes folded
LONGEST_DIFF = 200_000  # letters of two versions that are compared word by word
KINDS = ("articles", "comments")
_A_YEAR = re.compile(r"[12]\d{3}")

Context = dict[str, Any]
Answer = Callable[[Datasette, Request], Awaitable[Response]]


class Pages:
    """Answers requests for the pages of one reading room."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[tuple[str, Any]]:
        """Return the addresses and what answers them."""
        pages: dict[str, Answer] = {
            r"^/$": self.front,
            r"^/search$": self.search,
            r"^/article/(?P<key>\d{1,18})$": self.article,
            r"^/article/(?P<key>\d{1,18})/original$": self.original_of,
            r"^/article$": self.find,
            r"^/site/(?P<name>[^/]+)$": self.site,
            r"^/commenter$": self.commenter,
            r"^/original/(?P<key>\d{1,18})$": self.original,
            r"^/original/(?P<key>\d{1,18})/(?P<form>page|source)$": self.original_itself,
        }
        return [(address, self._or_missing(answer)) for address, answer in pages.items()]

    def _or_missing(self, answer: Answer) -> Answer:
        """Return *answer* with a page of status 404 for what is not in the archive."""

        async def answered(datasette: Datasette, request: Request) -> Response:
            try:
                return await answer(datasette, request)
            except (NotThere, UnknownSite, NoOriginal) as reason:
                return await self._missing(datasette, request, str(reason))

        return answered

    async def front(self, datasette: Datasette, request: Request) -> Response:
        """Sites, counts, plots and the last runs."""
        overview = await self._room.overview()
        newest = f"{datetime.now(UTC):%Y-%m}"
        plots = []
        for key, counts in (
            ("articles_per_month", overview.articles_per_month),
            ("comments_per_month", overview.comments_per_month),
        ):
            plots.append((key, *month_bars(counts, newest)))
        return await self._page(datasette, request, "front", overview=overview, plots=plots)

    async def search(self, datasette: Datasette, request: Request) -> Response:
        """Articles or comments that answer words, with what they have in common."""
        asked = {
            name: request.args.get(name) or ""
            for name in ("q", "in", "site", "year", "section", "author")
        }
        within = asked["in"] if asked["in"] in KINDS else KINDS[0]
        context: Context = {
            "asked": asked,
            "within": within,
            "hits": None,
            "facets": None,
            "problem": None,
        }
        if asked["q"].strip():
            query = _query(asked, within)
            key = await self._room.ask(lambda c: article_named(c, query.words))
            if key is not None and within == "articles":
                return Response.redirect(f"/article/{key}")
            try:
                context["hits"], context["facets"] = await self._room.ask(
                    lambda c: (search(c, query), find_facets(c, query))
                )
            except BadQuery as reason:
                context["problem"] = str(reason)
        return await self._page(datasette, request, "search", **context)

    async def article(self, datasette: Datasette, request: Request) -> Response:
        """One article with all that is known of it."""
        key = int(request.url_vars["key"])
        view = await self._room.ask(lambda c: read_article(c, key))
        versions = [
            (after, _difference(before, after)) for before, after in pairwise(view.story.readings)
        ]
        thread = order_thread(view.comments)
        is_long = len(thread) > FEW_COMMENTS
        return await self._page(
            datasette,
            request,
            "article",
            view=view,
            thread=thread,
            is_long=is_long,
            versions=versions,
            hidden=await self._room.hidden_names(),
        )

    async def find(
        self,
        datasette: Datasette,  # noqa: ARG002  # as every page
        request: Request,
    ) -> Response:
        """Lead from an article's address to its page here."""
        url = request.args.get("url") or ""
        key = await self._room.ask(lambda c: find_article(c, url))
        return Response.redirect(f"/article/{key}")

    async def original_of(
        self,
        datasette: Datasette,  # noqa: ARG002  # as every page
        request: Request,
    ) -> Response:
        """Lead from an article to its newest stored original."""
        key = int(request.url_vars["key"])
        fetch = await self._room.ask(lambda c: newest_capture(c, key))
        return Response.redirect(f"/original/{fetch}")

    async def site(self, datasette: Datasette, request: Request) -> Response:
        """One site: coverage, runs, what was learned."""
        name = unquote(request.url_vars["name"])
        view = await self._room.ask(lambda c: read_site(c, name))
        dated, newest = [row for row in view.coverage if row["month"]], f"{datetime.now(UTC):%Y-%m}"
        captured = {row["month"]: row["comments_captured"] for row in dated}
        missing = {
            row["month"]: max(row["comments_declared"] - captured[row["month"]], 0) for row in dated
        }
        plots = [
            (
                "articles_per_month",
                *month_bars({row["month"]: row["articles"] for row in dated}, newest),
            ),
            ("comments_captured_and_missing", *month_bars(captured, newest, missing)),
        ]
        return await self._page(datasette, request, "site", view=view, plots=plots)

    async def commenter(self, datasette: Datasette, request: Request) -> Response:
        """What one name wrote; only where names are shown."""
        name = request.args.get("name") or ""
        if not self._room.names:
            return await self._missing(datasette, request, self._words(request)[1]["names_hidden"])
        view = await self._room.ask(lambda c: read_commenter(c, name))
        return await self._page(datasette, request, "commenter", view=view)

    async def original(self, datasette: Datasette, request: Request) -> Response:
        """The frame around a stored original."""
        original = await self._original(request)
        return await self._page(datasette, request, "original", original=original)

    async def original_itself(
        self,
        datasette: Datasette,  # noqa: ARG002  # as every page
        request: Request,
    ) -> Response:
        """The stored original, for the frame, or its source as text."""
        original = await self._original(request)
        hidden = await self._room.hidden_names()
        text, kind = original_source(original, hidden), "text/plain"
        if request.url_vars["form"] == "page":
            text, kind = shown_original(original, hidden, await self._room.requisites(original))
        headers = {"content-security-policy": THE_ORIGINAL}
        return Response(
            text.encode("utf-8", "replace"), headers=headers, content_type=f"{kind}; charset=utf-8"
        )

    async def _original(self, request: Request) -> Original:
        key = int(request.url_vars["key"])
        return await self._room.ask(lambda c: read_original(c, self._room.warc, key))

    async def _missing(self, datasette: Datasette, request: Request, sentence: str) -> Response:
        answer = await self._page(datasette, request, "missing", sentence=sentence)
        answer.status = 404
        return answer

    async def _page(
        self, datasette: Datasette, request: Request, template: str, **context: Any
    ) -> Response:
        language, words = self._words(request)
        shown = {
            **context, "t": words, "language": language, "room": self._room,
            "other_language": _in_language(request, language),
            "number": lambda number: shown_number(number, language),
            "marked": marked_parts, "marked_up": marked_up, "cut": cut_text, "draw_bars": draw_bars,
            "quote": lambda text: quote(text, safe=""),
            "web": _web_address, "moment": shown_moment, "with_facet": _with_facet,
        }  # fmt: skip
        body = await datasette.render_template(f"room/{template}.html", shown, request=request)
        # A lone surrogate in a stranger's text is no reason to show nothing.
        answer = Response(
            body.encode("utf-8", "replace"),
            headers={"content-security-policy": OUR_PAGES},
            content_type="text/html; charset=utf-8",
        )
        if request.args.get("lang") in LANGUAGES:
            answer.set_cookie("lang", language, max_age=31_536_000)
        return answer

    def _words(self, request: Request) -> tuple[str, Mapping[str, str]]:
        accepted = request.headers.get("accept-language", "")
        language = choose_language(request.args.get("lang"), request.cookies.get("lang"), accepted)
        return language, wording(language)


def _query(asked: Mapping[str, str], within: str) -> Query:
    year = int(asked["year"]) if _A_YEAR.fullmatch(asked["year"]) else None
    return Query(
        words=asked["q"],
        within=within,
        site=asked["site"] or None,
        since=date(year, 1, 1) if year else None,
        before=date(year + 1, 1, 1) if year else None,
        section=asked["section"] or None,
        author=asked["author"] or None,
        limit=HITS_A_PAGE,
    )


def _with_facet(asked: Mapping[str, str], name: str, value: str) -> str:
    """Return the address of the same search with one facet set, or without it when *value*
    is "".
    """
    return "/search?" + urlencode(
        {key: held for key, held in {**asked, name: value}.items() if held}
    )


def _in_language(request: Request, language: str) -> str:
    """Return the address of the same page in the other language."""
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    kept = [
        (name, value)
        for name in request.args
        for value in request.args.getlist(name)
        if name != "lang"
    ]
    return f"{request.path}?{urlencode([*kept, ('lang', other)])}"


def _web_address(url: str | None) -> str | None:
    """Return *url* when a browser may be led there: what is no web address is only ever shown as
    text.
    """
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _difference(before: ArticleVersion, after: ArticleVersion) -> list[tuple[str, str]]:
    if len(before.text) + len(after.text) > LONGEST_DIFF:
        return [("removed", before.text), ("added", after.text)]
    return [(change.kind, change.text) for change in changes(before.text, after.text)]
