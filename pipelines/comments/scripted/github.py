"""giscus and utterances: threads that are a repository's public discussions and issues.

giscus's form is that of its ``pages/api/discussions`` and ``lib/types``, utterances's that of
GitHub's own API for issues and their comments.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode

from lxml.html import HtmlElement

from pipelines.comments.scripted.answer import (
    Post,
    Question,
    Received,
    SourceAnswer,
    comments_of,
    inside,
    objects,
    parsed,
    tree,
)
from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.comments.stated import BadSource
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import ThreadSource
from storage.urls import parts_of

GISCUS, UTTERANCES = "giscus", "utterances"
PAGE_SIZE = 100
_API = "https://api.github.com"
_STAFF = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_EXTENSION = re.compile(r"\.\w+$")


def find_giscus(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield the discussion that the attributes of giscus's script name."""
    script = page.script(r"/client\.js(?:\?|$)")
    if script is None or not script.get("data-repo"):
        return
    named = {name: script.get(f"data-{name}", "") for name in "repo mapping term category".split()}
    is_given = named["mapping"] in {"specific", "number"}
    term = named["term"] if is_given else _term(page, named["mapping"])
    is_number = named["mapping"] == "number"
    asked = {
        "repo": named["repo"],
        "term": "" if is_number else term,
        "category": named["category"],
        "number": term if is_number else "0",
        "strict": "true" if script.get("data-strict") == "1" else "false",
        "first": str(PAGE_SIZE),
    }
    yield _discussion(page.origin_of(script.get("src")) or "", asked)


def _term(page: ScriptPage, mapping: str) -> str:
    """Return by what a thread is found: as both systems name it, but for an address."""
    if mapping == "url":
        return page.url
    if mapping == "title":
        return page.document.title or ""
    if mapping == "og:title":
        return next(iter(page.document.metas.get("og:title", ())), "")
    return "index" if len(page.path) < 2 else _EXTENSION.sub("", page.path[1:])


def _discussion(origin: str, asked: dict[str, str]) -> ThreadSource:
    return ThreadSource(GISCUS, f"{origin}/api/discussions?{urlencode(asked, safe='')}")


def read_giscus(received: Received) -> SourceAnswer:
    """Return what a page of a discussion states, with the answers to each of its comments."""
    discussion = received.json.get("discussion")
    roots = inside(discussion, "comments")
    if not isinstance(roots, list):
        raise BadSource("giscus states no discussion of this page.")
    entries = tuple(tree(objects(roots), "replies"))
    more = inside(discussion, "pageInfo", "hasNextPage") is True
    return SourceAnswer(
        comments=comments_of(
            (_giscus_post(one, above) for one, above in entries), GISCUS, received.now
        ),
        following=(_next_page(received.source.url, inside(discussion, "pageInfo")),)
        if more
        else (),
        declared=whole_number(inside(discussion, "totalCommentCount")),
        replies_declared=whole_number(inside(discussion, "totalReplyCount")) or 0,
        is_whole=all(
            (whole_number(one.get("replyCount")) or 0) <= len(objects(one.get("replies")))
            for one in objects(roots)
        ),
    )


def _giscus_post(entry: JsonObject, above: JsonObject | None) -> Post:
    return Post(
        key=entry.get("id"),
        parent=inside(entry, "replyToId") or inside(above, "id"),
        author=inside(entry, "author", "login"),
        author_url=inside(entry, "author", "url"),
        text=entry.get("bodyHTML"),
        at=entry.get("createdAt"),
        url=entry.get("url"),
        ups=entry.get("upvoteCount"),
        is_staff=str(entry.get("authorAssociation")).upper() in _STAFF,
        is_withheld=bool(entry.get("deletedAt")) or entry.get("isMinimized") is True,
    )


def _next_page(url: str, info: Any) -> ThreadSource:
    parts = parts_of(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    after = str(inside(info, "endCursor") or "")
    return _discussion(f"{parts.scheme}://{parts.netloc}", {**asked, "after": after})


def find_utterances(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield the issue that the attributes of utterances's script name, or the search for it."""
    script = page.script(r"utteranc\.es/client\.js|/utterances[\w./-]*client\.js")
    repository = script.get("repo") if script is not None else None
    if script is None or not repository:
        return
    number = script.get("issue-number")
    if number:
        yield _issue(repository, number)
    else:
        yield _search(repository, _issue_term(page, script))


def _issue_term(page: ScriptPage, script: HtmlElement) -> str:
    given = script.get("issue-term") or "pathname"
    if given == "url":
        return page.canonical
    return _term(page, given) if given in {"pathname", "title", "og:title"} else given


def _search(repository: str, term: str) -> ThreadSource:
    asked = {"q": f'"{term}" type:issue in:title repo:{repository}', "sort": "created"}
    url = f"{_API}/search/issues?{urlencode({**asked, 'order': 'asc'}, safe='')}"
    return ThreadSource(UTTERANCES, url)


def _issue(repository: str, number: object, page: int = 1) -> ThreadSource:
    url = f"{_API}/repos/{repository}/issues/{number}/comments?per_page={PAGE_SIZE}&page={page}"
    return ThreadSource(UTTERANCES, url)


def read_utterances(received: Received) -> SourceAnswer:
    """Return what the search for an issue, or a page of its comments, states."""
    parts = parts_of(received.source.url)
    if parts.path.startswith("/search/"):
        return _found(received.source, received.json)
    entries = parsed(received.body)
    if not isinstance(entries, list):
        raise BadSource("GitHub states no comments.")
    page = whole_number(parse_qs(parts.query).get("page", ["1"])[0]) or 1
    _repos, owner, name, _issues, number, *_rest = parts.path.strip("/").split("/")
    more = (_issue(f"{owner}/{name}", number, page + 1),) if len(entries) == PAGE_SIZE else ()
    found = comments_of(map(_issue_post, objects(entries)), UTTERANCES, received.now)
    return SourceAnswer(comments=found, following=more)


def _found(source: ThreadSource, answer: JsonObject) -> SourceAnswer:
    items = objects(answer.get("items"))
    asked = parse_qs(parts_of(source.url).query).get("q", [""])[0]
    term = asked[1:].partition('" type:issue')[0]
    repository = asked.rpartition("repo:")[2]
    issue = next((one for one in items if term in str(one.get("title"))), None)
    if issue is None or whole_number(issue.get("number")) is None:
        return SourceAnswer(declared=0)
    following = (_issue(repository, issue["number"]),)
    return SourceAnswer(following=following, declared=whole_number(issue.get("comments")))


def _issue_post(entry: JsonObject) -> Post:
    return Post(
        key=entry.get("id"),
        author=inside(entry, "user", "login"),
        author_url=inside(entry, "user", "html_url"),
        text=entry.get("body_html") or _unmarked(entry.get("body")),
        at=entry.get("created_at"),
        url=entry.get("html_url"),
        ups=inside(entry, "reactions", "+1"),
        downs=inside(entry, "reactions", "-1"),
        is_staff=entry.get("author_association") in _STAFF,
    )


def _unmarked(body: Any) -> str:
    """Return words in Markdown, as they were written, as HTML."""
    return escape(body).replace("\n", "<br>") if isinstance(body, str) else ""


def github_question(url: str) -> Question | None:
    """Return what *url* asks giscus for."""
    parts = parts_of(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if not parts.path.endswith("/api/discussions") or "repo" not in asked:
        return None
    names = ("repo", "term", "category", "number", "strict", "first", "after")
    whole = {"term": "", "category": "", "number": "0", "strict": "false"} | asked
    kept = {name: whole[name] for name in names if name in whole} | {"first": str(PAGE_SIZE)}
    return Question(_discussion(f"{parts.scheme}://{parts.netloc}", kept).url, f"/{whole['term']}")
