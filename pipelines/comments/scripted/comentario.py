"""Comentario and Commento: the page's host and path are posted, all comments come back at once.

Comentario's form is that of its ``swagger/swagger.yml`` (``/embed/comments``), Commento's that of
its ``api/comment_list.go``.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs

from pipelines.comments.scripted.answer import (
    Post,
    Question,
    Received,
    SourceAnswer,
    comments_of,
    inside,
    listed_in,
    objects,
)
from pipelines.comments.scripted.script_page import ScriptPage, posted
from pipelines.document import JsonObject
from storage.records import Comment, ThreadSource
from storage.urls import parts_of

COMENTARIO, COMMENTO = "comentario", "commento"


def find_comentario(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield what Comentario's script posts for the page."""
    base = (page.source_of(page.script(r"/comentario(?:\.min)?\.js")) or "").rpartition("/")[0]
    box = page.element("comentario-comments", "comentario")
    if base and box is not None:
        path = box.get("page-id") or box.get("data-page-id") or page.path
        yield _asked(COMENTARIO, f"{base}/api/embed/comments", parts_of(page.url).netloc, path)


def comentario_question(url: str) -> Question | None:
    """Return what was posted to Comentario at *url*."""
    return _posted_question(COMENTARIO, url, "/api/embed/comments", "host")


def read_comentario(received: Received) -> SourceAnswer:
    """Return what Comentario states: comments, and their writers in a list of their own."""
    answer = received.json
    entries = listed_in(answer, "comments")
    people = {one.get("id"): one for one in objects(answer.get("commenters"))}
    found = comments_of(
        (_comentario_post(one, people.get(one.get("userCreated"), {})) for one in entries),
        COMENTARIO,
        received.now,
    )
    return SourceAnswer(comments=found, declared=_shown(found))


def _comentario_post(entry: JsonObject, person: JsonObject) -> Post:
    return Post(
        key=entry.get("id"),
        parent=entry.get("parentId"),
        author=entry.get("authorName") or person.get("name"),
        author_url=person.get("websiteUrl"),
        text=entry.get("html"),
        at=entry.get("createdTime"),
        url=entry.get("url"),
        score=entry.get("score"),
        is_staff=person.get("isModerator") is True,
        is_withheld=entry.get("isDeleted") is True
        or entry.get("isPending") is True
        or entry.get("isApproved") is False,
    )


def find_commento(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield what Commento's script posts for the page."""
    script = page.script(r"/js/commento(?:\.min)?\.js")
    base = (page.source_of(script) or "").partition("/js/")[0]
    if script is None or not base:
        return
    if page.element(script.get("data-id-root") or "commento") is None:
        return
    path = script.get("data-page-id") or page.path
    yield _asked(COMMENTO, f"{base}/api/comment/list", parts_of(page.url).netloc, path)


def commento_question(url: str) -> Question | None:
    """Return what was posted to Commento at *url*."""
    return _posted_question(COMMENTO, url, "/api/comment/list", "domain")


def read_commento(received: Received) -> SourceAnswer:
    """Return what Commento states; an unknown page has an answer without comments."""
    answer = received.json
    people = answer.get("commenters")
    found = comments_of(
        (
            _commento_post(one, inside(people, str(one.get("commenterHex"))) or {})
            for one in listed_in(answer, "comments")
        ),
        COMMENTO,
        received.now,
    )
    return SourceAnswer(comments=found, declared=_shown(found))


def _commento_post(entry: JsonObject, person: JsonObject) -> Post:
    parent = entry.get("parentHex")
    link = person.get("link")
    return Post(
        key=entry.get("commentHex"),
        parent=None if parent == "root" else parent,
        author=person.get("name"),
        author_url=None if link == "undefined" else link,
        text=entry.get("html"),
        at=entry.get("creationDate"),
        score=entry.get("score"),
        is_staff=person.get("isModerator") is True,
        is_withheld=entry.get("deleted") is True or entry.get("state") in {"unapproved", "flagged"},
    )


def _asked(system: str, url: str, host: str, path: str) -> ThreadSource:
    """Return what *system* is asked for the page of *host* at *path*."""
    if system == COMENTARIO:
        return posted(system, url, {"host": host, "path": path})
    return posted(system, url, {"commenterToken": "anonymous", "domain": host, "path": path})


def _posted_question(system: str, url: str, ending: str, host_name: str) -> Question | None:
    parts = parts_of(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if not parts.path.endswith(ending) or not {host_name, "path"} <= asked.keys():
        return None
    host, path = asked[host_name], asked["path"]
    source = _asked(system, f"{parts.scheme}://{parts.netloc}{parts.path}", host, path)
    return Question(source.address, f"{parts.scheme}://{host}/{path.removeprefix('/')}")


def _shown(found: Sequence[Comment]) -> int:
    return sum(comment.status == "visible" for comment in found)
