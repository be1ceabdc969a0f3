"""Waline: a page's thread in pages of a hundred roots with their answers, as its server's
``controller/comment.js`` and ``docs/en/api.md`` have it.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode

from pipelines.comments.scripted.answer import (
    Post,
    Question,
    Received,
    SourceAnswer,
    comments_of,
    inside,
    listed_in,
    tree,
)
from pipelines.comments.scripted.script_page import ScriptPage, decoded_path
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import ThreadSource
from storage.urls import parts_of

WALINE = "waline"
PAGE_SIZE = 100  # the server takes no more
STAFF = "administrator"


def find_waline(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield Waline's address for the page, from the settings with which its script is started or
    the attributes of its box.
    """
    box = page.element("waline", "waline-container")
    named = page.setting("waline", "serverURL", "serverUrl", "server_url")
    if named is None and box is not None:
        named = box.get("data-serverurl") or box.get("data-server-url") or box.get("data-server")
    base = page.base(named)
    if not base:
        return
    given = page.setting("waline", "path") or (box.get("data-path") if box is not None else None)
    yield _source(base, given or decoded_path(page.path), 1)


def _source(base: str, path: str, number: int, size: int = PAGE_SIZE) -> ThreadSource:
    asked = {"path": path, "pageSize": size, "page": number, "sortBy": "insertedAt_asc"}
    return ThreadSource(WALINE, f"{base}/api/comment?{urlencode(asked, safe='')}")


def read_waline(received: Received) -> SourceAnswer:
    """Return what one page of a thread states; older servers answer without ``data`` around it."""
    answer = received.json
    data = answer["data"] if isinstance(answer.get("data"), dict) else answer
    entries = tree(listed_in(data, "data"), "children")
    found = comments_of((_post(one, above) for one, above in entries), WALINE, received.now)
    page, pages = whole_number(data.get("page")) or 1, whole_number(data.get("totalPages")) or 1
    base, path, size = _parts(received.source.url)
    more = (_source(base, path, page + 1, size),) if page < pages else ()
    return SourceAnswer(comments=found, following=more, declared=whole_number(data.get("count")))


def _post(entry: JsonObject, above: JsonObject | None) -> Post:
    return Post(
        key=entry.get("objectId"),
        parent=entry.get("pid") or inside(above, "objectId"),
        author=entry.get("nick"),
        author_url=entry.get("link"),
        text=entry.get("comment"),
        at=entry.get("time") or entry.get("insertedAt"),
        ups=entry.get("like"),
        is_staff=entry.get("type") == STAFF,
    )


def _parts(url: str) -> tuple[str, str, int]:
    """Return server, thread and size of a page that an address of Waline asks for."""
    parts = parts_of(url)
    asked = parse_qs(parts.query)
    whole = f"{parts.scheme}://{parts.netloc}{parts.path}"
    base = whole.removesuffix("/").removesuffix("/comment").removesuffix("/api")
    size = whole_number(asked.get("pageSize", [""])[0])
    return base, asked.get("path", [""])[0], size or PAGE_SIZE


def waline_question(url: str) -> Question | None:
    """Return what *url* asks Waline for; only whole pages in its own order are
    the same answers.
    """
    parts = parts_of(url)
    asked = parse_qs(parts.query)
    if not parts.path.rstrip("/").endswith("/comment") or not {"path", "pageSize"} <= set(asked):
        return None
    base, path, _size = _parts(url)
    return Question(_source(base, path, whole_number(asked.get("page", ["1"])[0]) or 1).url, path)
