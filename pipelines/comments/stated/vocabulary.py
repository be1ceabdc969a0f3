"""What sites call the parts of a comment in the state of their pages."""

import re

from pipelines.comments.record import is_withheld
from pipelines.comments.stated.json_ld import first, name_of, plain_text
from pipelines.document import JsonObject

_GONE = re.compile(r"(?:is_?)?(?:deleted|removed|verwijderd|withheld)", re.IGNORECASE)
TEXTS = (
    "text",
    "body",
    "content",
    "message",
    "comment",
    "cooked",
    "bericht",
    "tekst",
    "reactie",
    "html",
    "comment_content",
    "bodyHtml",
    "rawText",
)
AUTHORS = (
    "author",
    "user",
    "username",
    "author_name",
    "authorName",
    "name",
    "naam",
    "auteur",
    "display_name",
    "displayName",
    "nickname",
    "commenter",
    "userName",
    "creator",
    "postedBy",
)
DATES = (
    "created_at",
    "createdAt",
    "date",
    "created",
    "dateCreated",
    "publishedAt",
    "published_at",
    "datePublished",
    "timestamp",
    "datum",
    "postedAt",
    "posted_at",
    "comment_date",
    "createdOn",
    "time",
)
PARENTS = (
    "parent_id",
    "parentId",
    "parent",
    "reply_to_post_number",
    "replyTo",
    "reply_to",
    "inReplyTo",
    "parentCommentId",
    "comment_parent",
)
REPLIES = ("replies", "children", "comments", "answers", "antwoorden", "reacties", "responses")
IDS = ("id", "_id", "comment_id", "commentId", "comment_ID", "uuid")


def node_of(thing: JsonObject) -> JsonObject:
    """Return the object itself of an item of a list."""
    node = thing.get("node")  # GraphQL wraps each item of a list
    return node if isinstance(node, dict) else thing


def is_comment(thing: JsonObject) -> bool:
    """Return whether an object has the words, the author and the date of a comment."""
    return bool(
        isinstance(first(thing, TEXTS), str)
        and name_of(first(thing, AUTHORS))
        and first(thing, DATES)
    )


def is_gone(thing: JsonObject) -> bool:
    """Return whether an object says that the comment in its place was taken away."""
    shown = (plain_text(first(thing, TEXTS)), name_of(first(thing, AUTHORS)) or "")
    is_marked = any(value is True and _GONE.fullmatch(key) for key, value in thing.items())
    return is_marked or any(map(is_withheld, shown))
