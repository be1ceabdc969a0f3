"""Discourse under articles: its frame names the topic, the topic's JSON states the posts.

Forms as in its ``embed_controller.rb``, ``topics_controller.rb`` and ``post_serializer.rb``.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode

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
from pipelines.comments.scripted.script_page import ScriptPage, escaped
from pipelines.comments.stated import BadSource
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import ThreadSource
from storage.urls import parts_of

DISCOURSE = "discourse"
AT_ONCE = 50  # posts asked for by number in one request
LIKES = 2  # Discourse's number of that action
_SAID = frozenset({1, 2})  # posts and those of moderators; the others note what was done
_FRAMED = re.compile(r"""/t/(?:[\w%.~-]{1,300}/)?(\d{1,12})(?:/\d{1,6})?["'?#]""")
_TOPIC = re.compile(r"/t/(\d{1,12})(?:\.json|/posts\.json)")


def find_discourse(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield the topic that a page names, else the frame in which its topic is shown."""
    base = page.base(page.setting("DiscourseEmbed", "discourseUrl"))
    if not base:
        return
    topic = page.number("DiscourseEmbed", "topicId")
    url = page.setting("DiscourseEmbed", "discourseEmbedUrl") or page.canonical
    if topic:
        yield ThreadSource(DISCOURSE, f"{base}/t/{topic}.json")
    else:
        yield ThreadSource(DISCOURSE, f"{base}/embed/comments?embed_url={escaped(url)}")


def read_discourse(received: Received) -> SourceAnswer:
    """Return what the frame, the topic, or a list of its posts states."""
    source = received.source
    if "/embed/comments" in source.url:
        return _read_frame(source, received.body)
    answer = received.json
    entries = listed_in(answer, "post_stream", "posts")
    shown = [one for one in entries if one.get("post_type", 1) in _SAID and _number(one) != "1"]
    total = whole_number(answer.get("posts_count"))
    return SourceAnswer(
        comments=comments_of(map(_post, shown), DISCOURSE, received.now),
        following=tuple(_following(source, answer, entries)),
        declared=max(total - 1, 0) if total is not None else None,
        aliases={f"#{_number(one)}": str(one.get("id")) for one in entries},
    )


def _read_frame(source: ThreadSource, body: bytes) -> SourceAnswer:
    found = _FRAMED.search(body.decode("utf-8", "replace"))
    if found is None:
        raise BadSource("The frame names no topic: nobody has answered the article yet.")
    base = source.url.partition("/embed/comments")[0]
    return SourceAnswer(following=(ThreadSource(DISCOURSE, f"{base}/t/{found[1]}.json"),))


def _post(entry: JsonObject) -> Post:
    answered = whole_number(entry.get("reply_to_post_number"))
    likes = [one for one in objects(entry.get("actions_summary")) if one.get("id") == LIKES]
    is_gone = entry.get("user_deleted") is True or bool(entry.get("deleted_at"))
    return Post(
        key=entry.get("id"),
        parent=f"#{answered}" if answered and answered > 1 else None,
        author=entry.get("display_username") or entry.get("name") or entry.get("username"),
        text=entry.get("cooked"),
        at=entry.get("created_at"),
        ups=likes[0].get("count") if likes else None,
        is_staff=entry.get("staff") is True,
        is_withheld=is_gone or entry.get("hidden") is True,
    )


def _number(entry: JsonObject) -> Any:
    return str(entry.get("post_number"))


def _following(
    source: ThreadSource, answer: JsonObject, entries: list[JsonObject]
) -> Iterator[ThreadSource]:
    """Yield what asks for the posts that the topic lists and did not state."""
    stream = inside(answer, "post_stream", "stream")
    topic = _TOPIC.search(source.url)
    if not isinstance(stream, list) or topic is None:
        return
    known = {one.get("id") for one in entries}
    missing = [str(one) for one in stream if isinstance(one, int) and one not in known]
    base = source.url[: topic.start()]
    for start in range(0, len(missing), AT_ONCE):
        asked = urlencode([("post_ids[]", one) for one in missing[start : start + AT_ONCE]])
        yield ThreadSource(DISCOURSE, f"{base}/t/{topic[1]}/posts.json?{asked}")


def discourse_question(url: str) -> Question | None:
    """Return what *url* asks Discourse for: only its frame's address states the page."""
    about = parse_qs(parts_of(url).query).get("embed_url", [None])[0]
    return Question(url, about) if about or _TOPIC.search(url) else None
