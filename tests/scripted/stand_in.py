"""A loopback server that answers as a system of comments does, by that system's own source: what it
is asked wrongly it refuses as the system would.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from crawler.demo import LoopbackServer
from tests.scripted.conversation import Said, conversation

AMSTERDAM = ZoneInfo("Europe/Amsterdam")  # the archive keeps moments by its clock


@dataclass(frozen=True)
class Asked:
    """A request: *path* without its query, of which *query* has the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    lists: dict[str, list[str]]
    body: bytes
    headers: dict[str, str]


class Reply(NamedTuple):
    """An answer with a status and the media type of its body."""

    status: int
    body: bytes
    kind: str = "application/json"


Instead = Reply | Callable[[BaseHTTPRequestHandler], None] | None


class Row(NamedTuple):
    """What the archive should have of a remark."""

    author: str | None
    text: str
    moment: str
    parent: str | None
    status: str = "visible"
    ups: int | None = None
    downs: int | None = None
    is_staff: bool = False


class StandIn(LoopbackServer):
    """A server of one system's threads; *said* is what its readers said under the article at
    *path* of the site at *site*.
    """

    system = ""
    robots = "User-agent: *\nDisallow: /admin/\n"
    count = 130

    def __init__(self) -> None:
        self.site = self.path = ""
        self.said = conversation(self.count)
        self.asked: list[Asked] = []
        self.instead: Callable[[Asked], Instead] = lambda _asked: None
        super().__init__(_handler(self))

    @property
    def page(self) -> str:
        """The article's address."""
        return self.site + self.path

    def box(self) -> str:
        """Return what the article has where its thread is to be drawn, as the system's
        documentation has it.
        """
        raise NotImplementedError

    def answer(self, asked: Asked) -> Reply:
        """Return what the system answers."""
        raise NotImplementedError

    def respond(self, asked: Asked) -> Reply | Callable[[BaseHTTPRequestHandler], None]:
        if asked.path == "/.well-known/tdmrep.json":
            return Reply(404, b"", "text/plain")
        self.asked.append(asked)
        if asked.path == "/robots.txt":
            return Reply(200, self.robots.encode(), "text/plain")
        return self.instead(asked) or self.answer(asked)

    def key(self, number: int) -> str:
        """Return the system's own id of a remark."""
        return str(1000 + number)

    def shows(self, one: Said) -> bool:
        """Return whether the system returns a remark, or the place where it was, to everybody."""
        return one.fate in {"visible", "removed"}

    def parent(self, one: Said) -> int | None:
        """Return which remark one answers by the system's own account."""
        return one.parent

    def row(self, one: Said) -> Row:
        """Return what is to be stored of a remark that is shown."""
        is_gone, above = one.fate != "visible", self.parent(one)
        return Row(
            author=one.author,
            text="" if is_gone else one.text,
            moment=f"{one.moment.astimezone(AMSTERDAM):%Y-%m-%d %H:%M:%S}",
            parent=None if above is None else self.key(above),
            status="withheld" if is_gone else "visible",
            is_staff=one.is_staff,
        )

    def expected(self) -> dict[str, Row]:
        """Return all that is to be stored, by the system's ids."""
        return {self.key(one.number): self.row(one) for one in self.said if self.shows(one)}

    def declared(self) -> int | None:
        """Return how many comments the system states that there are."""
        return sum(row.status == "visible" for row in self.expected().values())


def score(one: Said) -> dict[str, int | None]:
    """Return the votes of a remark where a system states only their sum."""
    total = 0 if one.fate != "visible" else one.ups - one.downs
    return {"ups": total, "downs": None} if total >= 0 else {"ups": None, "downs": -total}


def markup(one: Said) -> str:
    """Return a remark as HTML."""
    return f"<p>{escape(one.text)}</p>"


def as_json(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode())


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the standard library's name
            self._respond(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:  # the standard library's name
            self._respond(b"")

        def _respond(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            lists = parse_qs(parts.query)
            asked = Asked(
                self.command,
                parts.path,
                {name: values[-1] for name, values in lists.items()},
                lists,
                body,
                dict(self.headers),
            )
            reply = stand_in.respond(asked)
            if not isinstance(reply, Reply):
                self.close_connection = True
                reply(self)
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
