"""Stand-ins for giscus and utterances, whose threads are a repository's on GitHub."""

from typing import Any

from tests.scripted.conversation import REMOVED, Said
from tests.scripted.stand_in import Asked, Reply, Row, StandIn, as_json, markup


class Giscus(StandIn):
    """giscus/giscus: ``client.ts`` (attributes, the term of each mapping),
    ``pages/api/discussions/index.ts`` (the query), ``lib/adapter.ts`` (totalReplyCount counts the
    replies to this page's comments only), ``services/github/getDiscussion.ts`` (a hundred replies
    of each; GitHub keeps one level).
    """

    system = "giscus"
    count = 190

    def box(self) -> str:
        return (
            f'<script src="{self.url}/client.js" data-repo="dorp/blad" data-repo-id="R_1" '
            'data-category="Reacties" data-category-id="DIC_1" data-mapping="pathname" '
            'data-reactions-enabled="1" crossorigin="anonymous" async></script>'
        )

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        if asked.path != "/api/discussions":
            return Reply(404, b"not found", "text/html")
        term, first = query.get("term"), int(query.get("first") or 20)
        if (query["repo"], query["category"], term) != ("dorp/blad", "Reacties", self.path[1:]):
            return as_json({"error": "Discussion not found"}, 404)
        if first > 100:
            return as_json({"error": "`first` exceeds the `first` limit of 100 records."}, 500)
        roots = [one for one in self.said if one.parent is None and self.shows(one)]
        start = int(query.get("after") or 0)
        nodes = [self._root(one) for one in roots[start : start + first]]
        end = start + len(nodes)
        page = {"hasNextPage": end < len(roots), "hasPreviousPage": bool(start),
                "startCursor": str(start), "endCursor": str(end)}  # fmt: skip
        return as_json({
            "viewer": {"login": "giscus"},
            "discussion": {
                "id": "D_1", "totalCommentCount": len(roots), "pageInfo": page, "locked": False,
                "totalReplyCount": sum(node["replyCount"] for node in nodes), "reactionCount": 0,
                "comments": nodes,
            },
        })  # fmt: skip

    def _root(self, one: Said) -> dict[str, Any]:
        below = [other for other in self.said if self.parent(other) == one.number]
        replies = [self._node(other) for other in below if self.shows(other)]
        replies = [{**reply, "replyToId": self.key(one.number)} for reply in replies]
        return {**self._node(one), "upvoteCount": one.ups, "replyCount": len(replies),
                "replies": replies}  # fmt: skip

    def _node(self, one: Said) -> dict[str, Any]:
        is_gone = one.fate == "removed"
        moment = f"{one.moment:%Y-%m-%dT%H:%M:%SZ}"
        login = "ghost" if is_gone else one.author
        return {
            "id": self.key(one.number), "createdAt": moment, "viewerDidAuthor": False,
            "author": {"login": login, "url": f"https://github.com/{one.number}"},
            "bodyHTML": "" if is_gone else markup(one), "isMinimized": one.fate == "rejected",
            "authorAssociation": "COLLABORATOR" if one.is_staff else "NONE",
            "deletedAt": moment if is_gone else None, "reactions": {"THUMBS_UP": {"count": 2}},
            "lastEditedAt": moment if one.is_edited else None,
        }  # fmt: skip

    def parent(self, one: Said) -> int | None:
        """Return the first one above: GitHub has no answer to an answer."""
        above = one.parent
        while above is not None and self.said[above].parent is not None:
            above = self.said[above].parent
        return above

    def key(self, number: int) -> str:
        return f"DC_kwDOAA{number:06}"

    def shows(self, one: Said) -> bool:
        return one.fate in {"visible", "rejected"} or one.number == REMOVED

    def row(self, one: Said) -> Row:
        author = "ghost" if one.fate == "removed" else one.author
        ups = one.ups if one.parent is None else None
        return super().row(one)._replace(author=author, ups=ups)

    def declared(self) -> int:
        return len(self.expected())


class Utterances(StandIn):
    """utterance/utterances: ``client.ts`` (by "url" the canonical link is meant),
    ``page-attributes.ts``, ``github.ts`` (loadIssueByTerm, commentsRequest; the first of the issues
    found). It answers as GitHub's API does, on GitHub's host.
    """

    system = "utterances"
    hosts = ("api.github.com",)

    def box(self) -> str:
        return (
            '<script src="https://utteranc.es/client.js" repo="dorp/praat" issue-term="url" '
            'theme="github-light" crossorigin="anonymous" async></script>'
        )

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        if asked.path == "/search/issues":
            wanted = f'"{self.page}" type:issue in:title repo:dorp/praat'
            is_found = query.get("q") == wanted
            issue = {"number": 12, "title": self.page, "comments": self.declared()}
            items = [issue] if is_found else []
            return as_json({"total_count": len(items), "items": items})
        if asked.path != "/repos/dorp/praat/issues/12/comments":
            return as_json({"message": "Not Found"}, 404)
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        said = [one for one in self.said if self.shows(one)]
        return as_json([self._comment(one) for one in said[size * (page - 1) : size * page]])

    def _comment(self, one: Said) -> dict[str, Any]:
        return {
            "id": 1000 + one.number, "body": one.text, "issue_url": "https://api.github.com/x",
            "html_url": f"https://github.com/dorp/praat/issues/12#issuecomment-{one.number}",
            "user": {"login": one.author, "html_url": f"https://github.com/{one.number}"},
            "created_at": f"{one.moment:%Y-%m-%dT%H:%M:%SZ}", "updated_at": "2025-03-09T00:00:00Z",
            "author_association": "OWNER" if one.is_staff else "NONE",
            "reactions": {"total_count": one.ups, "+1": one.ups, "-1": one.downs, "heart": 1},
        }  # fmt: skip

    def shows(self, one: Said) -> bool:
        return one.fate == "visible"

    def parent(self, one: Said) -> None:  # noqa: ARG002  # an issue's comments answer nobody
        return None

    def row(self, one: Said) -> Row:
        return super().row(one)._replace(ups=one.ups, downs=one.downs)
