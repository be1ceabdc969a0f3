"""Stand-ins for systems that many sites share: Coral and Disqus."""

import json
from functools import partial
from typing import Any

from graphql import build_schema, graphql_sync

from tests.scripted.conversation import Said
from tests.scripted.stand_in import Asked, Reply, Row, StandIn, as_json, markup

# coralproject/talk, schema.graphql: what a reader without a login may ask for, word for word.
_SCHEMA = build_schema("""
scalar Cursor
scalar Time
enum COMMENT_SORT { CREATED_AT_DESC CREATED_AT_ASC REPLIES_DESC REACTION_DESC }
enum COMMENT_STATUS { NONE APPROVED REJECTED PREMOD SYSTEM_WITHHELD }
enum TAG { STAFF ADMIN MODERATOR MEMBER FEATURED EXPERT UNANSWERED REVIEW QUESTION }
type Tag { code: TAG! createdBy: User }
type User { id: ID! username: String avatar: String createdAt: Time! }
type EditInfo { edited: Boolean! editableUntil: Time }
type ReactionActionCounts { total: Int! }
type ActionCounts { reaction: ReactionActionCounts! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: Cursor
  endCursor: Cursor }
type CommentEdge { node: Comment! cursor: Cursor! }
type CommentsConnection { edges: [CommentEdge!]! nodes: [Comment!]! pageInfo: PageInfo! }
type Comment { id: ID! body: String createdAt: Time! author: User status: COMMENT_STATUS!
  parentCount: Int! depth: Int! replyCount: Int! parent: Comment tags: [Tag!]! deleted: Boolean
  editing: EditInfo! actionCounts: ActionCounts! permalink: String! rating: Int
  replies(first: Int = 10, orderBy: COMMENT_SORT = CREATED_AT_DESC, after: Cursor,
    flatten: Boolean): CommentsConnection! }
type CommentCounts { totalPublished: Int! }
type Story { id: ID! url: String! isClosed: Boolean! commentCounts: CommentCounts!
  comments(first: Int = 20, orderBy: COMMENT_SORT = CREATED_AT_DESC, after: Cursor, rating: Int,
    tag: TAG): CommentsConnection! }
type Query { story(id: ID, url: String): Story comment(id: ID!): Comment }
""")


class Coral(StandIn):
    """coralproject/talk: ``schema.graphql``, ``embed/Coral.ts`` (without rootURL the script's host,
    without storyURL ``resolveStoryURL``: the canonical link, else the address without its query).
    What waits for a moderator or was rejected is in no connection; a deleted one has no body and
    no author.
    """

    system = "coral"

    def box(self) -> str:
        return f"""<div id="coral_thread"></div><script type="text/javascript">
        (function() {{ var d = document, s = d.createElement('script');
          s.src = '{self.url}/assets/js/embed.js'; s.async = false; s.defer = true;
          s.onload = function() {{
            Coral.createStreamEmbed({{ id: "coral_thread", autoRender: true }}); }};
          (d.head || d.body).appendChild(s); }})();</script>"""

    def answer(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) != ("POST", "/api/graphql"):
            return Reply(404, b"not found", "text/plain")
        body = json.loads(asked.body)
        root = {"story": self._story, "comment": lambda _info, **named: self._of(named["id"])}
        result = graphql_sync(_SCHEMA, body["query"], root, variable_values=body.get("variables"))
        return as_json(result.formatted, 400 if result.data is None else 200)

    def _of(self, key: str) -> dict[str, Any]:
        return self._comment(next(one for one in self.said if self.key(one.number) == key))

    def _story(self, _info: Any, url: str | None = None, **_named: Any) -> dict[str, Any] | None:
        if url != self.page:
            return None
        roots = [one for one in self.said if one.parent is None and self.shows(one)]
        counts = {"totalPublished": len(self.expected())}
        return {"id": "s1", "url": url, "isClosed": False, "commentCounts": counts,
                "comments": partial(self._connection, roots)}  # fmt: skip

    def _connection(
        self, said: list[Said], _info: Any, first: int, orderBy: str, after: str | None = None,  # noqa: N803  # the schema's name
    ) -> dict[str, Any]:  # fmt: skip
        said = said if orderBy == "CREATED_AT_ASC" else said[::-1]
        places = [self._time(one) for one in said]
        start = places.index(after) + 1 if after else 0
        found = said[start : start + first]
        edges = [{"node": self._comment(one), "cursor": self._time(one)} for one in found]
        return {
            "edges": edges, "nodes": [edge["node"] for edge in edges],
            "pageInfo": {"hasNextPage": start + first < len(said), "hasPreviousPage": False,
                         "endCursor": self._time(found[-1]) if found else None},
        }  # fmt: skip

    def _comment(self, one: Said) -> dict[str, Any]:
        is_gone = one.fate == "removed"
        below = [other for other in self.said if other.parent == one.number and self.shows(other)]
        above = None if one.parent is None else self.said[one.parent]
        return {
            "id": self.key(one.number), "createdAt": self._time(one), "status": "NONE",
            "body": None if is_gone else f"<div>{markup(one)}</div>", "deleted": is_gone,
            "author": None if is_gone else {"id": f"u{one.number}", "username": one.author},
            "parent": (lambda _info: self._comment(above)) if above else None,
            "tags": [{"code": "STAFF"}] if one.is_staff else [],
            "editing": {"edited": one.is_edited}, "replyCount": len(below),
            "actionCounts": {"reaction": {"total": one.ups}},
            "replies": partial(self._connection, below),
        }  # fmt: skip

    def _time(self, one: Said) -> str:
        return f"{one.moment:%Y-%m-%dT%H:%M:%S}.{one.number:03}Z"

    def key(self, number: int) -> str:
        return f"0a1b2c3d-0000-4000-8000-{number:012x}"

    def row(self, one: Said) -> Row:
        author = None if one.fate == "removed" else one.author
        return super().row(one)._replace(author=author, ups=one.ups)

    def declared(self) -> int:
        return len(self.expected())


class Disqus(StandIn):
    """Disqus, whose source is closed: ``disqus-threadData`` as readers of its frame take it apart
    (John30013/disqus-auto-expand; fields in disqus/disqus-python's and fooleap/disqus-php-api's
    posts), ``count-data.js`` as it answers ``DISQUSWIDGETS.displayCount``. It answers on hosts of
    its own: tests.scripted.elsewhere leads there.
    """

    system = "disqus"
    in_frame = 50
    hosts = ("disqus.com", "dorp.disqus.com")

    def box(self) -> str:
        return f"""<div id="disqus_thread"></div><script>
        var disqus_config = function () {{ this.page.url = '{self.page}';
          this.page.identifier = 'stuk-7'; }};
        (function() {{ var d = document, s = d.createElement('script');
          s.src = 'https://dorp.disqus.com/embed.js';
          s.setAttribute('data-timestamp', +new Date()); (d.head || d.body).appendChild(s);
        }})();</script><noscript>Zet JavaScript aan om de reacties te lezen.</noscript>"""

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        if asked.path != "/embed/comments/":
            return Reply(404, b"Not found", "text/html")
        if (query.get("f"), query.get("t_i"), query.get("t_u")) != ("dorp", "stuk-7", self.page):
            return Reply(400, b"<html>We were unable to load Disqus.</html>", "text/html")
        shown = [one for one in self.said if self.shows(one)]
        thread = {"id": "987654", "posts": self.declared(), "isClosed": False}
        data = {
            "cursor": {"hasPrev": False, "prev": None, "total": self.declared(), "next": "1:0:0",
                       "hasNext": self._all() > self.in_frame},
            "code": 0, "order": "popular",
            "response": {"lastModified": 1741000000, "thread": thread,
                         "posts": [self._post(one) for one in shown]},
        }  # fmt: skip
        stated = json.dumps(data).replace("</", "<\\/")
        page = f'<html><script type="text/json" id="disqus-threadData">{stated}</script></html>'
        return Reply(200, page.encode(), "text/html; charset=utf-8")

    def _all(self) -> int:
        return sum(super(Disqus, self).shows(one) for one in self.said)

    def _post(self, one: Said) -> dict[str, Any]:
        is_gone = one.fate == "removed"
        named = {"name": one.author, "username": f"lezer{one.number}", "isAnonymous": False,
                 "profileUrl": f"https://disqus.com/by/lezer{one.number}/"}  # fmt: skip
        return {
            "id": self.key(one.number), "message": "" if is_gone else markup(one),
            "parent": None if one.parent is None else 1000 + one.parent, "forum": "dorp",
            "createdAt": f"{one.moment:%Y-%m-%dT%H:%M:%S}", "likes": one.ups, "depth": 0,
            "dislikes": one.downs, "points": one.ups - one.downs, "isApproved": True,
            "isDeleted": is_gone, "isDeletedByAuthor": is_gone, "isSpam": False,
            "isEdited": one.is_edited, "isFlagged": False, "isHighlighted": False,
            "author": {"name": "Guest", "isAnonymous": True} if is_gone else named,
            "moderator": one.is_staff, "raw_message": one.text, "thread": "987654",
        }  # fmt: skip

    def shows(self, one: Said) -> bool:
        """Return whether a post is in the frame: the first fifty are."""
        before = sum(super(Disqus, self).shows(other) for other in self.said[: one.number])
        return super().shows(one) and before < self.in_frame

    def row(self, one: Said) -> Row:
        return super().row(one)._replace(ups=one.ups, downs=one.downs)

    def declared(self) -> int:
        return sum(one.fate == "visible" for one in self.said)
