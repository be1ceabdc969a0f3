"""Stand-ins for systems that a site runs itself: Remark42, Comentario and Commento."""

import json
from typing import Any

from tests.scripted.conversation import REMOVED, Said
from tests.scripted.stand_in import Asked, Reply, Row, StandIn, as_json, markup, score


class Remark42(StandIn):
    """umputun/remark42: ``rest_public.go`` (findCommentsCtrl, robotsCtrl), ``tree.go`` (MakeTree:
    deleted ones without answers are left out), ``comment.go`` (the fields, SetDeleted).
    """

    system = "remark42"
    robots = "User-agent: *\nDisallow: /auth/\nDisallow: /api/\nAllow: /api/v1/find\n"

    def box(self) -> str:
        return f"""<div id="remark42"></div><script>
        var remark_config = {{ host: '{self.url}', site_id: "dorp", components: ['embed'] }};
        !function(e,n){{for(var o=0;o<e.length;o++){{var r=n.createElement("script");
        r.src=remark_config.host+"/web/"+e[o]+".js"}}}}(remark_config.components, document);
        </script>"""

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        if asked.path != "/api/v1/find" or query.get("format") != "tree":
            return as_json({"error": "not found"}, 404)
        is_known = (query.get("site"), query.get("url")) == ("dorp", self.page)
        nodes = [self._node(one) for one in self.said if one.parent is None] if is_known else []
        nodes = [node for node in nodes if self._is_kept(node)]
        info = {"url": self.page, "count": self.declared() if is_known else 0}
        return as_json({"comments": nodes, "info": info})

    def _node(self, one: Said) -> dict[str, Any]:
        below = [self._node(other) for other in self.said if other.parent == one.number]
        kept = [node for node in below if self._is_kept(node)]
        return {"comment": self._comment(one), **({"replies": kept} if kept else {})}

    def _is_kept(self, node: dict[str, Any]) -> bool:
        return "replies" in node or not node["comment"].get("delete")

    def _comment(self, one: Said) -> dict[str, Any]:
        is_gone = one.fate != "visible"
        edit = {"edit": {"time": f"{one.moment:%Y-%m-%dT%H:%M:%S}.5Z", "summary": ""}}
        return {
            "id": self.key(one.number), "pid": "" if one.parent is None else self.key(one.parent),
            "text": "" if is_gone else markup(one), "vote": 0, "controversy": 1.5,
            "user": {"name": one.author.replace("&", "&amp;"), "id": f"github_{one.number}",
                     "picture": "", "admin": one.is_staff, "verified": False},
            "locator": {"site": "dorp", "url": self.page},
            "score": 0 if is_gone else one.ups - one.downs,
            "time": f"{one.moment:%Y-%m-%dT%H:%M:%S}.123456789Z",
            **({"delete": True} if is_gone else {}), **(edit if one.is_edited else {}),
        }  # fmt: skip

    def key(self, number: int) -> str:
        return f"5d1c2f3e-0000-4a6b-9c1d-{number:012x}"

    def shows(self, one: Said) -> bool:
        return one.fate == "visible" or one.number == REMOVED

    def row(self, one: Said) -> Row:
        return super().row(one)._replace(**score(one))


class Comentario(StandIn):
    """Comentario: ``embed_comment.go`` (EmbedCommentList), ``models.go`` (ToDTO,
    CloneWithClearance: nobody but a moderator is shown what waits or was refused), ``rss.go`` (the
    name that an anonymous writer gave goes before "Anonymous"), ``embed/src/comentario.ts``.
    """

    system = "comentario"
    anonymous = "00000000-0000-0000-0000-000000000000"

    def box(self) -> str:
        return (
            f'<script defer src="{self.url}/comentario.js"></script>'
            '<comentario-comments max-level="5"></comentario-comments>'
        )

    def answer(self, asked: Asked) -> Reply:
        is_json = asked.headers.get("Content-Type", "").startswith("application/json")
        if (asked.method, asked.path) != ("POST", "/api/embed/comments") or not is_json:
            return as_json({"id": "not-found"}, 404)
        body = json.loads(asked.body)
        if body.get("host") != self.site.removeprefix("http://"):
            return as_json({"id": "unknown-host"}, 403)
        said = [one for one in self.said if self.shows(one)] if body["path"] == self.path else []
        people = {self._writer(one): one for one in said}
        return as_json({
            "comments": [self._comment(one) for one in said],
            "commenters": [
                {"id": key, "name": "Anonymous" if key == self.anonymous else one.author,
                 "websiteUrl": "", "isCommenter": True, "isModerator": one.is_staff}
                for key, one in people.items()
            ],
            "pageInfo": {"domainName": "Dorpsblad", "defaultSort": "ta"},
        })  # fmt: skip

    def _writer(self, one: Said) -> str:
        is_named = one.number % 5
        return f"aaaaaaaa-0000-4000-8000-{one.number:012x}" if is_named else self.anonymous

    def _comment(self, one: Said) -> dict[str, Any]:
        is_gone, is_named = one.fate != "visible", one.number % 5
        return {
            "id": self.key(one.number), "html": "" if is_gone else markup(one),
            "score": one.ups - one.downs, "isSticky": False, "isApproved": True,
            "isPending": False, "isDeleted": is_gone, "direction": 0,
            "createdTime": f"{one.moment:%Y-%m-%dT%H:%M:%S}.000Z",
            "url": f"{self.page}#comentario-{self.key(one.number)}",
            "userCreated": self._writer(one),
            **({} if one.parent is None else {"parentId": self.key(one.parent)}),
            **({} if is_named else {"authorName": one.author}),
            **({"editedTime": f"{one.moment:%Y-%m-%dT%H:%M:%S}.000Z"} if one.is_edited else {}),
        }  # fmt: skip

    def key(self, number: int) -> str:
        return f"c0ffee00-0000-4000-8000-{number:012x}"

    def row(self, one: Said) -> Row:
        total = one.ups - one.downs
        votes = {"ups": total, "downs": None} if total >= 0 else {"ups": None, "downs": -total}
        return super().row(one)._replace(**votes)


class Commento(StandIn):
    """adtac/commento: ``comment_list.go`` (nobody but a moderator is shown what is not approved),
    ``commento.js`` (commentsGet: the whole path; data-page-id, data-id-root).
    """

    system = "commento"

    def box(self) -> str:
        return (
            f'<div id="praatje"></div><script defer src="{self.url}/js/commento.js" '
            'data-id-root="praatje"></script>'
        )

    def answer(self, asked: Asked) -> Reply:
        body = json.loads(asked.body or b"{}")
        if (asked.method, asked.path) != ("POST", "/api/comment/list"):
            return Reply(404, b"404 page not found", "text/plain")
        if not {"commenterToken", "domain", "path"} <= set(body):
            return as_json({"success": False, "message": "missing field"})
        if body["domain"] != self.site.removeprefix("http://"):
            return as_json({"success": False, "message": "no such domain"})
        said = [one for one in self.said if self.shows(one)] if body["path"] == self.path else []
        people = {"anonymous": {"commenterHex": "anonymous", "name": "Anonymous",
                                "link": "undefined", "photo": "undefined"}}  # fmt: skip
        for one in said:
            hexadecimal = f"{one.number:064x}"
            people[hexadecimal] = {
                "commenterHex": hexadecimal, "name": one.author, "link": "undefined",
                "photo": "undefined", "isModerator": one.is_staff,
            }  # fmt: skip
        return as_json({
            "success": True, "domain": body["domain"], "commenters": people,
            "comments": [self._comment(one) for one in said], "isFrozen": False,
            "attributes": {"isLocked": False, "stickyCommentHex": "none"},
        })  # fmt: skip

    def _comment(self, one: Said) -> dict[str, Any]:
        is_gone = one.fate == "removed"
        return {
            "commentHex": self.key(one.number), "state": "approved", "direction": 0,
            "commenterHex": "anonymous" if is_gone else f"{one.number:064x}",
            "html": "[deleted]" if is_gone else markup(one), "deleted": is_gone,
            "parentHex": "root" if one.parent is None else self.key(one.parent),
            "score": one.ups - one.downs, "creationDate": f"{one.moment:%Y-%m-%dT%H:%M:%SZ}",
        }  # fmt: skip

    def key(self, number: int) -> str:
        return f"{number + 4096:064x}"

    def row(self, one: Said) -> Row:
        total = one.ups - one.downs
        votes = {"ups": total, "downs": None} if total >= 0 else {"ups": None, "downs": -total}
        is_gone = one.fate == "removed"
        author = "Anonymous" if is_gone else one.author
        return super().row(one)._replace(author=author, **votes)
