"""Golden threads: what each system answers by its documents and its source, with words of our own,
and what is to be read of them.
"""

import json
from dataclasses import dataclass, field
from typing import Any

PAGE = "https://dorpsblad.example/nieuws/pont/"


@dataclass(frozen=True)
class Golden:
    """A thread of *system*: the *box* on the page, the *answers* by what is asked (an address, or
    for what is posted the address and the variables that count), and what is read: id, author,
    text, minute, parent, status, votes for and against.
    """

    system: str
    box: str
    answers: dict[str, Any]
    comments: tuple[tuple[Any, ...], ...]
    declared: int | None
    gap: str | None = None
    asked: list[str] = field(default_factory=list)


def row(
    key: str, author: str | None, text: str, minute: str, parent: str | None = None, **more: Any
) -> tuple[Any, ...]:
    votes = (more.get("ups"), more.get("downs"))
    return (key, author, text, minute, parent, more.get("status", "visible"), *votes)


def _coral(key: str, words: str, minute: int, **more: Any) -> dict[str, Any]:
    return {"node": {
        "id": key, "body": f"<div>{words}</div>", "createdAt": f"2025-03-02T10:{minute:02}:00.000Z",
        "status": "NONE", "author": {"id": "u1", "username": "Foppe"}, "parent": None, "tags": [],
        "replies": {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}, **more,
    }}  # fmt: skip


def _edges(*edges: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    return {"edges": list(edges), "pageInfo": {"hasNextPage": bool(cursor), "endCursor": cursor}}


# Coral: docs/source/03-01-api.md and schema.graphql of coralproject/talk.
CORAL = Golden(
    "coral",
    """<div id="coral_thread"></div><script>
    Coral.createStreamEmbed({ id: "coral_thread", autoRender: true,
      rootURL: 'https://coral.dorpsblad.example', storyID: 'pont-7',
      storyURL: 'https://dorpsblad.example/nieuws/pont/' });</script>""",
    {
        "https://coral.dorpsblad.example/api/graphql id=pont-7": {"data": {"story": {
            "id": "pont-7", "commentCounts": {"totalPublished": 4},
            "comments": _edges(
                _coral("a", "De pont was vol.", 0, replies=_edges(
                    _coral("b", "Bij ons ook.", 3, author={"id": "u2", "username": "Geesje"},
                           tags=[{"code": "STAFF"}]), cursor="na-b")),
                cursor="na-a"),
        }}},
        "https://coral.dorpsblad.example/api/graphql after=na-b id=a": {"data": {"comment": {
            "id": "a", "replies": _edges(_coral("c", "Morgen weer.", 9)),
        }}},
        "https://coral.dorpsblad.example/api/graphql after=na-a id=pont-7": {"data": {"story": {
            "id": "pont-7", "commentCounts": {"totalPublished": 4},
            "comments": _edges(
                _coral("d", "Ik fiets wel om.", 20),
                _coral("e", "", 30, body=None, author=None)),
        }}},
    },
    (
        row("a", "Foppe", "De pont was vol.", "10:00"),
        row("b", "Geesje", "Bij ons ook.", "10:03", "a"),
        row("d", "Foppe", "Ik fiets wel om.", "10:20"),
        row("e", None, "", "10:30", status="withheld"),
        row("c", "Foppe", "Morgen weer.", "10:09", "a"),
    ),
    4,
)  # fmt: skip


def _disqus(key: str, words: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "id": key, "parent": None, "message": f"<p>{words}</p>", "isDeleted": False,
        "createdAt": f"2025-03-02T10:{minute:02}:00", "likes": 2, "dislikes": 0,
        "author": {"name": "Harm", "profileUrl": "https://disqus.com/by/harm/"}, **more,
    }  # fmt: skip


_DATA = {
    "cursor": {"hasNext": True, "total": 61}, "code": 0,
    "response": {
        "thread": {"id": "9", "posts": 61},
        "posts": [
            _disqus("11", "Mooie foto &amp; goed stuk.", 0),
            _disqus("12", "Eens!", 4, parent=11, author={"name": "Ilse"}, likes=0),
            _disqus("13", "weg", 5, isDeleted=True),
        ],
    },
}  # fmt: skip
# Disqus: the frame that its embed.js loads, as several readers of disqus-threadData describe it.
DISQUS = Golden(
    "disqus",
    """<div id="disqus_thread"></div><script>
    var disqus_config = function () {
      this.page.url = 'https:\\/\\/dorpsblad.example\\/nieuws\\/pont\\/';
      this.page.identifier = "pont-7"; };
    (function() { var d = document, s = d.createElement('script');
      s.src = 'https://dorpsblad.disqus.com/embed.js'; d.body.appendChild(s); })();</script>""",
    {
        "https://disqus.com/embed/comments/?base=default&f=dorpsblad"
        "&t_u=https%3A%2F%2Fdorpsblad.example%2Fnieuws%2Fpont%2F&t_i=pont-7": (
            '<html><script type="text/json" id="disqus-threadData">'
            f"{json.dumps(_DATA)}</script></html>"
        ),
    },
    (
        row("11", "Harm", "Mooie foto & goed stuk.", "10:00", ups=2, downs=0),
        row("12", "Ilse", "Eens!", "10:04", "11", ups=0, downs=0),
        row("13", "Harm", "", "10:05", status="withheld", ups=2, downs=0),
    ),
    61,
    "pagination",
)


def _post(number: int, words: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "id": 500 + number, "post_number": number, "post_type": 1, "username": "jelmer",
        "display_username": "Jelmer", "cooked": f"<p>{words}</p>", "reply_to_post_number": None,
        "created_at": f"2025-03-02T10:{number:02}:00.000Z", "hidden": False, "staff": False,
        "actions_summary": [{"id": 2, "count": minute}] if minute else [], **more,
    }  # fmt: skip


# Discourse: embed_controller.rb, views/embed/comments.html.erb, post_serializer.rb.
DISCOURSE = Golden(
    "discourse",
    """<div id="discourse-comments"></div><script>
    DiscourseEmbed = { discourseUrl: 'https://forum.dorpsblad.example/',
      discourseEmbedUrl: 'https://dorpsblad.example/nieuws/pont/' };</script>""",
    {
        "https://forum.dorpsblad.example/embed/comments?"
        "embed_url=https%3A%2F%2Fdorpsblad.example%2Fnieuws%2Fpont%2F": (
            "<header class='discourse'><a href='https://forum.dorpsblad.example/t/de-pont/77/2'>"
            "Verder</a></header>"
        ),
        "https://forum.dorpsblad.example/t/77.json": {
            "posts_count": 4,
            "post_stream": {
                "posts": [
                    _post(1, "Dit is het stuk zelf.", 0, username="system"),
                    _post(2, "Wat een rij.", 3),
                    _post(3, "dichtgezet", 0, post_type=3),
                ],
                "stream": [501, 502, 503, 504, 505],
            },
        },
        "https://forum.dorpsblad.example/t/77/posts.json?post_ids%5B%5D=504&post_ids%5B%5D=505": {
            "post_stream": {
                "posts": [
                    _post(4, "Een half uur gewacht.", 0, reply_to_post_number=2, staff=True),
                    _post(5, "(bericht verwijderd)", 0, user_deleted=True, reply_to_post_number=4),
                ]
            }
        },
    },
    (
        row("502", "Jelmer", "Wat een rij.", "10:02", ups=3),
        row("504", "Jelmer", "Een half uur gewacht.", "10:04", "502"),
        row("505", "Jelmer", "", "10:05", "504", status="withheld"),
    ),
    3,
    "withheld",
)


def _remark(key: str, words: str, minute: int, **more: Any) -> dict[str, Any]:
    user = {"name": "Klaasje", "id": "github_1", "admin": False}
    return {"id": key, "pid": "", "text": f"<p>{words}</p>", "user": user, "score": 0,
            "time": f"2025-03-02T10:{minute:02}:30.5Z", **more}  # fmt: skip


# Remark42: https://remark42.com/docs/contributing/api/.
REMARK = Golden(
    "remark42",
    """<div id="remark42"></div><script>
    var remark_config = { host: "https://remark.dorpsblad.example", site_id: 'blad',
      components: ['embed'] }</script>""",
    {
        "https://remark.dorpsblad.example/api/v1/find?site=blad"
        "&url=https%3A%2F%2Fdorpsblad.example%2Fnieuws%2Fpont%2F&sort=%2Btime&format=tree": {
            "comments": [
                {"comment": _remark("k1", "Prachtig weer.", 1, score=-2),
                 "replies": [{"comment": _remark("k2", "Nou!", 2, pid="k1", score=5)}]},
                {"comment": _remark("k3", "", 3, delete=True)},
            ],
            "info": {"url": PAGE, "count": 2},
        }
    },
    (
        row("k1", "Klaasje", "Prachtig weer.", "10:01", downs=2),
        row("k2", "Klaasje", "Nou!", "10:02", "k1", ups=5),
        row("k3", "Klaasje", "", "10:03", status="withheld", ups=0),
    ),
    2,
)  # fmt: skip

# Comentario: /embed/comments of its swagger.yml.
COMENTARIO = Golden(
    "comentario",
    """<script defer src="https://praat.dorpsblad.example/comentario.js"></script>
    <comentario-comments></comentario-comments>""",
    {
        "https://praat.dorpsblad.example/api/embed/comments host=dorpsblad.example "
        "path=/nieuws/pont/": {
            "comments": [
                {"id": "c1", "html": "<p>Lekker gevaren.</p>", "score": 3, "isApproved": True,
                 "createdTime": "2025-03-02T10:00:00.000Z", "userCreated": "p1"},
                {"id": "c2", "parentId": "c1", "html": "<p>Ik ook.</p>", "isApproved": True,
                 "createdTime": "2025-03-02T10:06:00.000Z", "authorName": "Lubbert", "score": 0},
                {"id": "c3", "html": "", "isDeleted": True, "userCreated": "p1",
                 "createdTime": "2025-03-02T10:07:00.000Z"},
            ],
            "commenters": [{"id": "p1", "name": "Aaltje", "isModerator": True}],
        }
    },
    (
        row("c1", "Aaltje", "Lekker gevaren.", "10:00", ups=3),
        row("c2", "Lubbert", "Ik ook.", "10:06", "c1", ups=0),
        row("c3", "Aaltje", "", "10:07", status="withheld"),
    ),
    2,
)  # fmt: skip
GOLDEN = (CORAL, DISQUS, DISCOURSE, REMARK, COMENTARIO)
