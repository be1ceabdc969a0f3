"""Datasette over the archive with our pages in front of it, on loopback."""

import asyncio
import socket
import sqlite3
import tomllib
from importlib.resources import files
from typing import Any

import uvicorn
from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from crawler.reading_room.app import Room
from crawler.reading_room.format import stands_for_none
from crawler.reading_room.pages import Pages
from crawler.reading_room.plots import draw
from crawler.reading_room.security import guard, make_authorizer
from storage.database import dictionary, set_limits

LOOPBACK = "127.0.0.1"
SETTINGS = {
    "allow_download": False,
    "allow_facet": True,
    "default_page_size": 50,
    "max_returned_rows": 5000,
    "sql_time_limit_ms": 10_000,
    "suggest_facets": False,  # on a million rows the suggestions cost more than the page
}
# Tables that serve the archive's own work; whoever asks for one gets it all the same.
INTERNAL = (
    "alembic_version", "secrets", "erasures", "erasure_orders", "fingerprints",
    "fingerprint_bands", "same_as",
)  # fmt: skip


class ReadingRoomPlugin:
    """What we hang into Datasette, which finds our templates and static files in the package of
    this name.
    """

    __name__ = __package__

    def __init__(self, room: Room) -> None:
        self._room = room
        self._pages = Pages(room)
        self._authorize = make_authorizer(names=room.names)

    @hookimpl
    def register_routes(self) -> list[tuple[str, Any]]:
        """Our pages come before Datasette's."""
        return self._pages.routes()

    @hookimpl
    def asgi_wrapper(self) -> Any:
        """Every answer goes through the guard."""
        return guard

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        """Whatever Datasette asks, some columns stay hidden, and it ends."""
        set_limits(conn)
        conn.set_authorizer(self._authorize)

    @hookimpl
    def render_cell(self, value: Any) -> str | None:
        """A moment that only stands for "always" or "never" is shown as none."""
        return "–" if stands_for_none(value) else None

    @hookimpl
    def handle_exception(self, exception: Exception) -> Response | None:
        """A question that wants more memory than there is for it is refused, like one that takes
        too long.
        """
        if not isinstance(exception, MemoryError):
            return None
        return Response.json({"ok": False, "error": "the question takes too much memory"}, 400)


def make_datasette(room: Room) -> Datasette:
    """Return Datasette over the room's SQLite file, read-only, with our pages in front."""
    queries = tomllib.loads((files(__package__) / "queries.toml").read_text(encoding="utf-8"))
    pm.register(ReadingRoomPlugin(room), name="room")
    # Its tracebacks would print every variable: strangers' texts and names.
    pm.get_plugin("datasette.handle_exception").rich = None
    return Datasette(
        files=[str(room.database)],
        metadata={
            "title": "Knipsel",
            "databases": {room.database.stem: {"queries": queries, "tables": _descriptions()}},
        },
        settings=SETTINGS,
    )


def _descriptions() -> dict[str, Any]:
    """Return what Datasette knows of each table and view: its columns with their meaning, the index
    that a view of comments is searched in, and that it is the archive's own affair.
    """
    told: dict[str, dict[str, Any]] = {
        table: {"columns": {field.name: field.meaning for field in fields}}
        for table, fields in dictionary.described_columns().items()
    }
    for view in ("comment_thread", "comment_overview"):
        told[view] |= {"fts_table": "comment_search", "fts_pk": "id"}
    return told | {table: {"hidden": True} for table in INTERNAL}


async def serve(room: Room, listening: socket.socket) -> None:
    """Answer requests until the process is stopped."""
    datasette = make_datasette(room)
    await datasette.invoke_startup()
    await asyncio.to_thread(
        draw, ()
    )  # the first plot of a process takes half a second, which no visitor should wait for
    await room.overview()
    config = uvicorn.Config(
        datasette.app(), log_level="warning", lifespan="on", server_header=False
    )
    await uvicorn.Server(config).serve(sockets=[listening])


def listen(port: int) -> socket.socket:
    """Return a socket on loopback; port 0 is any free one.

    Raises OSError when the port is taken.
    """
    return socket.create_server((LOOPBACK, port))
