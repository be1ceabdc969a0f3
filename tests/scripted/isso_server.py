"""A real Isso on loopback: started from an environment of its own, and spoken to as its client
does.
"""

import json
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.patience import at_most
from tests.scripted.village_site import Remark

PENDING = 2  # Isso's mode of a comment that waits for its moderator


@dataclass
class Isso:
    """The server at *url*, whose database is the file *data*."""

    url: str
    data: Path
    keys: list[str] = field(default_factory=list)
    _cookies: dict[str, str] = field(default_factory=dict)

    def fill(self, said: Sequence[Remark]) -> None:
        """Have readers say what they *said*; each remark gets its moment afterwards."""
        for one in said:
            self.say(one, self.keys[one.parent] if one.parent is not None else None)

    def say(self, one: Remark, parent: str | None = None) -> str:
        answered = int(parent) if parent else None
        body = {"title": "Bericht", "author": one.author, "text": one.text, "parent": answered}
        answer, cookie = self._ask("POST", f"/new?uri={quote(one.path, safe='')}", body)
        key = str(answer["id"])
        self._cookies[key] = cookie
        self.keys.append(key)
        self._write("update comments set created = ? where id = ?", one.moment.timestamp(), key)
        return key

    def edit(self, key: str, author: str, text: str) -> None:
        self._cookies[key] = self._ask("PUT", f"/id/{key}", {"author": author, "text": text}, key)[
            1
        ]

    def remove(self, key: str) -> None:
        self._ask("DELETE", f"/id/{key}", None, key)

    def hide(self, key: str) -> None:
        """Have a comment wait for its moderator."""
        self._write("update comments set mode = ? where id = ?", PENDING, key)

    def parents(self) -> dict[str, str | None]:
        """Return by its key whom each comment answers: Isso keeps one level only."""
        with sqlite3.connect(self.data) as connection:
            rows = connection.execute("select id, parent from comments").fetchall()
        return {str(key): str(parent) if parent else None for key, parent in rows}

    def _write(self, statement: str, *values: Any) -> None:
        connection = sqlite3.connect(self.data, timeout=20)
        with connection:
            connection.execute(statement, values)
        connection.close()

    def _ask(self, method: str, path: str, body: Any, key: str = "") -> tuple[Any, str]:
        headers = {"Content-Type": "application/json", "Cookie": self._cookies.get(key, "")}
        asked = urllib.request.Request(  # noqa: S310  # our own server
            self.url + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers=headers,
            method=method,
        )
        with urllib.request.urlopen(asked, timeout=at_most(20)) as answer:  # noqa: S310  # as above
            cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
            return json.loads(answer.read()), cookie


@contextmanager
def isso(tools: str, folder: Path, port: int, site: str) -> Iterator[Isso]:
    """Run Isso from the programs in *tools* for the pages of *site*."""
    data = folder / "isso.db"
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {data}\nhost = {site}\nmax-age = 1h\n"
        f"[server]\nlisten = http://127.0.0.1:{port}\n[guard]\nenabled = false\n"
    )
    server = subprocess.Popen(
        [f"{tools}/isso", "-c", str(settings), "run"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/?uri=%2F", server)
        yield Isso(f"http://127.0.0.1:{port}", data)
    finally:
        server.terminate()
        server.wait(timeout=at_most(20))


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until *server* answers at *url*, whatever it says."""
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=at_most(5)).close()  # noqa: S310  # our own server
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")
