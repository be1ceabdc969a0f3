"""A real Waline on loopback, with its own SQLite storage: started from a folder in which npm put
``@waline/vercel``.
"""

import json
import os
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.local_site import LocalSite
from tests.patience import at_most
from tests.scripted.isso_server import wait_for
from tests.scripted.village_site import Remark

# The tables that its documents have one make before the first start.
TABLES = """
create table wl_Comment (id integer primary key autoincrement, user_id integer, comment text,
  insertedAt timestamp, ip text, link text, mail text, nick text, pid integer, rid integer,
  sticky numeric, status text not null default '', "like" integer, ua text, url text,
  createdAt timestamp, updatedAt timestamp);
create table wl_Counter (id integer primary key autoincrement, time integer, url text not null,
  reaction0 integer, reaction1 integer, reaction2 integer, reaction3 integer, reaction4 integer,
  reaction5 integer, reaction6 integer, reaction7 integer, reaction8 integer,
  createdAt timestamp, updatedAt timestamp);
create table wl_Users (id integer primary key autoincrement, display_name text, email text,
  password text, type text, label text, url text, avatar text, github text, twitter text,
  facebook text, google text, weibo text, qq text, oidc text, "2fa" text,
  createdAt timestamp, updatedAt timestamp);
"""
START = """
const Application = require('thinkjs');
const root = require('node:path').dirname(require.resolve('@waline/vercel/vanilla.js'));
const started = new Application({
  ROOT_PATH: root, APP_PATH: root + '/src', RUNTIME_PATH: process.env.WALINE_RUNTIME,
  proxy: true, env: 'production',
});
started.run();
think.config('port', Number(process.env.WALINE_PORT));
think.config('host', '127.0.0.1');
"""


@dataclass
class Waline:
    """The server at *url*, whose database is the file *data*."""

    url: str
    data: Path
    keys: list[str] = field(default_factory=list)

    def fill(self, said: Sequence[Remark]) -> None:
        """Have readers say what they *said*; each remark gets its moment afterwards."""
        for one in said:
            self.say(one, self.keys[one.parent] if one.parent is not None else None)

    def say(self, one: Remark, parent: str | None = None) -> str:
        body: dict[str, Any] = {"nick": one.author, "comment": one.text, "url": one.path, "ua": ""}
        if parent is not None:
            body |= {"pid": parent, "rid": self._root(parent)}
        asked = urllib.request.Request(  # noqa: S310  # our own server
            f"{self.url}/api/comment",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(asked, timeout=at_most(20)) as answer:  # noqa: S310  # as above
            key = str(json.loads(answer.read())["data"]["objectId"])
        self.keys.append(key)
        moment = one.moment.strftime("%Y-%m-%d %H:%M:%S.000Z")
        self.write("update wl_Comment set insertedAt = ? where id = ?", moment, key)
        return key

    def _root(self, key: str) -> str:
        with sqlite3.connect(self.data) as connection:
            (row,) = connection.execute("select rid from wl_Comment where id = ?", (key,))
        return str(row[0] or key)

    def hide(self, key: str) -> None:
        """Have a comment wait for its moderator."""
        self.write("update wl_Comment set status = 'waiting' where id = ?", key)

    def edit(self, key: str, text: str) -> None:
        self.write("update wl_Comment set comment = ? where id = ?", text, key)

    def remove(self, key: str) -> None:
        self.write("delete from wl_Comment where id = ?", key)

    def write(self, statement: str, *values: Any) -> None:
        connection = sqlite3.connect(self.data, timeout=20)
        with connection:
            connection.execute(statement, values)
        connection.close()


@contextmanager
def waline(tools: str, folder: Path, port: int) -> Iterator[Waline]:
    """Run Waline from the folder *tools*; its question for other services' logins stays here."""
    data = folder / "waline.sqlite"
    connection = sqlite3.connect(data)
    connection.executescript(TABLES)
    connection.close()
    start = Path(tools) / "start-for-test.js"
    start.write_text(START)
    logins = LocalSite({"/": (200, {"Content-Type": "application/json"}, b'{"services": []}')})
    with logins:
        environment = {
            **os.environ,
            "SQLITE_PATH": str(folder), "SQLITE_DB": "waline", "JWT_TOKEN": "geheim",
            "IPQPS": "0", "AKISMET_KEY": "false", "DISABLE_REGION": "true",
            "OAUTH_URL": f"{logins.url}/", "WALINE_PORT": str(port),
            "WALINE_RUNTIME": str(folder / "runtime"), "NODE_ENV": "production",
        }  # fmt: skip
        server = subprocess.Popen(
            ["node", str(start)], cwd=tools, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/api/comment?path=%2F&pageSize=1&page=1", server)
            yield Waline(f"http://127.0.0.1:{port}", data)
        finally:
            server.terminate()
            server.wait(timeout=at_most(20))
            start.unlink()
