"""Isso and Remark42: one answer holds a page's thread. Isso's forms are those of its API reference
and of its server's ``views/comments.py``, Remark42's those of its own API reference.
"""

from collections.abc import Iterator, Mapping
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
from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import ThreadSource
from storage.urls import parts_of

ISSO, REMARK = "isso", "remark42"
TAKEN_AWAY = 4  # Isso's mode of a comment that was removed and has answers


def find_isso(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield Isso's address for the page: its script names the server, its box may name the
    thread.
    """
    box = page.element("isso-thread")
    script = next((one for one in page.scripts if one.get("data-isso") is not None), None)
    if script is None and box is not None:
        script = page.script(r"/js/(?:embed|isso)[\w.]*\.js")
    if script is None or box is None:
        return
    named = script.get("data-isso") or (script.get("src") or "").partition("/js/")[0] or "/"
    base = page.base(named)
    thread = box.get("data-isso-id") or page.path
    if base:
        yield _source(f"{base}/", {"uri": thread})


def read_isso(received: Received) -> SourceAnswer:
    """Return what Isso states: comments, and below each all answers to it."""
    answer = received.json
    roots = listed_in(answer, "replies")
    entries = tuple(tree(roots, "replies"))
    cut = [str(one.get("id")) for one in roots if whole_number(one.get("hidden_replies"))]
    posts = (
        Post(
            key=one.get("id"),
            parent=one.get("parent"),
            author=one.get("author"),
            author_url=one.get("website"),
            text=one.get("text"),
            at=one.get("created"),
            ups=one.get("likes"),
            downs=one.get("dislikes"),
            is_withheld=one.get("mode") == TAKEN_AWAY,
        )
        for one, _above in entries
    )
    found = comments_of(posts, ISSO, received.now)
    # Old servers count the first level only.
    declared = max(whole_number(answer.get("total_replies")) or 0, len(found))
    is_first = answer.get("id") is None
    base, thread = _parts(received.source.url)
    return SourceAnswer(
        comments=found,
        following=tuple(_source(base, {"uri": thread, "parent": key}) for key in cut),
        declared=declared if is_first else None,
        is_whole=not whole_number(answer.get("hidden_replies")),
    )


def _source(base: str, asked: Mapping[str, str]) -> ThreadSource:
    return ThreadSource(ISSO, f"{base}?{urlencode(asked, safe='')}")


def _parts(url: str) -> tuple[str, str]:
    """Return the server and the thread that an address of Isso asks for."""
    parts = parts_of(url)
    thread = parse_qs(parts.query).get("uri", [""])[0]
    return f"{parts.scheme}://{parts.netloc}{parts.path}", thread


def isso_question(url: str) -> Question | None:
    """Return what *url* asks Isso for."""
    parts = parts_of(url)
    asked = parse_qs(parts.query)
    if "uri" not in asked or not parts.path.endswith("/"):
        return None
    names = ("uri", "parent", "offset", "after")
    kept = [(name, asked[name][0]) for name in names if name in asked]
    base, thread = _parts(url)
    return Question(_source(base, dict(kept)).url, thread)


def find_remark(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield Remark42's address for the page, from its settings ``remark_config``."""
    host = page.base(page.setting("remark_config", "host"))
    site = page.setting("remark_config", "site_id") or "remark"
    if host:
        yield _remark_source(host, site, page.setting("remark_config", "url") or page.plain_url)


def _remark_source(host: str, site: str, url: str) -> ThreadSource:
    asked = urlencode({"site": site, "url": url, "sort": "+time", "format": "tree"}, safe="")
    return ThreadSource(REMARK, f"{host}/api/v1/find?{asked}")


def read_remark(received: Received) -> SourceAnswer:
    """Return what Remark42 states: a tree, or a plain list, of comments."""
    answer = received.json
    nodes = listed_in(answer, "comments")
    entries = [one.get("comment", one) for one, _above in tree(nodes, "replies")]
    found = comments_of(map(_remark_post, entries), REMARK, received.now)
    return SourceAnswer(comments=found, declared=whole_number(inside(answer, "info", "count")))


def _remark_post(entry: JsonObject) -> Post:
    entry = entry if isinstance(entry, dict) else {}
    return Post(
        key=entry.get("id"),
        parent=entry.get("pid"),
        author=inside(entry, "user", "name"),
        text=entry.get("text"),
        at=entry.get("time"),
        score=entry.get("score"),
        is_staff=inside(entry, "user", "admin") is True,
        is_withheld=entry.get("delete") is True,
    )


def remark_question(url: str) -> Question | None:
    """Return what *url* asks Remark42 for."""
    parts = parts_of(url)
    asked = parse_qs(parts.query)
    host, found, _rest = f"{parts.scheme}://{parts.netloc}{parts.path}".partition("/api/v1/find")
    if not found or "url" not in asked:
        return None
    source = _remark_source(host, asked.get("site", ["remark"])[0], asked["url"][0])
    return Question(source.url, asked["url"][0])
