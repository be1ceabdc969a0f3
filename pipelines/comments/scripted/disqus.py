"""Disqus: the thread data that its frame carries (``disqus-threadData``).

The frame states the first comments, up to fifty. What follows is returned only to who brings a key of
Disqus's own scripts: that is not done, so a longer thread keeps its gap and its number.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode

from pipelines.comments.scripted.answer import (
    Post,
    Question,
    Received,
    SourceAnswer,
    comments_of,
    inside,
    json_of,
    objects,
)
from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.comments.stated import BadSource
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import ThreadSource
from storage.urls import parts_of

DISQUS = "disqus"
_EMBED = r"""(?:https?:)?//([\w-]{1,63})\.disqus\.com/(?:embed|count)\.js"""
_DATA = re.compile(
    rb"""<script[^>]{0,200}id=["']disqus-threadData["'][^>]{0,200}>(.*?)</script>""",
    re.DOTALL | re.IGNORECASE,
)
_COUNT = re.compile(rb"""DISQUSWIDGETS\.displayCount\((\{.*\})\)""", re.DOTALL)


def find_disqus(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield the frame of the page's thread, then its count script, which states only a number."""
    forum = page.match(_EMBED) or page.setting(DISQUS, "disqus_shortname", "shortname")
    if not forum:
        return
    url = page.setting(DISQUS, r"page\.url", "disqus_url") or page.canonical
    thread = page.setting(DISQUS, r"page\.identifier", "disqus_identifier")
    yield _source(forum, thread, url)
    asked = urlencode({"1": thread} if thread else {"2": url}, safe="")
    yield ThreadSource(DISQUS, f"https://{forum}.disqus.com/count-data.js?{asked}")


def _source(forum: str, thread: str | None, url: str) -> ThreadSource:
    asked = {"base": "default", "f": forum, "t_u": url} | ({"t_i": thread} if thread else {})
    return ThreadSource(DISQUS, f"https://disqus.com/embed/comments/?{urlencode(asked, safe='')}")


def read_disqus(received: Received) -> SourceAnswer:
    """Return what the frame, its data alone, or the count script states. Raises BadSource."""
    counts = _COUNT.search(received.body)
    if counts:
        numbers = [one.get("comments") for one in objects(json_of(counts[1]).get("counts"))]
        return SourceAnswer(declared=whole_number(next(iter(numbers), None)), is_whole=False)
    found = _DATA.search(received.body)
    answer = json_of(found[1] if found else received.body)
    response = answer.get("response")
    entries = inside(response, "posts") if isinstance(response, dict) else response
    if not isinstance(entries, list):
        raise BadSource("Disqus states no posts.")
    return SourceAnswer(
        comments=comments_of(map(_post, objects(entries)), DISQUS, received.now),
        declared=whole_number(inside(response, "thread", "posts")),
        is_whole=inside(answer, "cursor", "hasNext") is not True,
    )


def _post(entry: JsonObject) -> Post:
    at = entry.get("createdAt")
    return Post(
        key=entry.get("id"),
        parent=entry.get("parent"),
        author=inside(entry, "author", "name"),
        author_url=inside(entry, "author", "profileUrl"),
        text=entry.get("message"),
        at=f"{at}Z" if isinstance(at, str) and not at.endswith("Z") else at,
        url=entry.get("url"),
        ups=entry.get("likes"),
        downs=entry.get("dislikes"),
        is_staff=entry.get("moderator") is True,
        is_withheld=entry.get("isDeleted") is True or entry.get("isApproved") is False,
    )


def disqus_question(url: str) -> Question | None:
    """Return what *url* asks Disqus for."""
    parts = parts_of(url)
    asked = parse_qs(parts.query)
    is_frame = parts.netloc == "disqus.com" and parts.path.rstrip("/") == "/embed/comments"
    if not is_frame or not {"f", "t_u"} <= set(asked):
        return None
    thread = asked.get("t_i", [None])[0]
    return Question(_source(asked["f"][0], thread, asked["t_u"][0]).url, asked["t_u"][0])
