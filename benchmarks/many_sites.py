"""Many small sites in one process, each on a loopback address of its own (127.1.x.y), and a log of
every request they saw.
"""

import asyncio
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from benchmarks.serving import Serving

WORDS = (
    "molen dijk haven markt brug school veer kerk plein polder sluis toren kade weide boer schipper"
).split()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the site's number, the path, the asker's port, when it was read and when
    answered, in seconds.
    """

    site: int
    path: str
    peer: int
    began: float
    ended: float


class ManySites:
    """Serves *count* sites of *articles* articles from a thread; ``asked`` is the log."""

    def __init__(self, count: int, articles: int) -> None:
        self.asked: list[Asked] = []
        self._count, self._articles = count, articles
        # 127.0.0.0/8 is this machine, and no one address covers it.
        self._serving = Serving(self._serve, "0.0.0.0")  # noqa: S104  # gone in a moment

    def __enter__(self) -> Self:
        self._serving.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.__exit__()

    @property
    def places(self) -> list[str]:
        """Host and port of every site."""
        return [
            f"127.1.{number // 200}.{number % 200 + 1}:{self._serving.port}"
            for number in range(self._count)
        ]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0].split(".")
        peer = writer.get_extra_info("peername")[1]
        number = 200 * int(host[2]) + int(host[3]) - 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                began = time.monotonic()
                path = head.split(b" ", 2)[1].decode()
                status, kind, body = self._page(number, path)
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: "
                    f"{len(body)}\r\n\r\n".encode()
                    + body
                )
                self.asked.append(Asked(number, path, peer, began, time.monotonic()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the client is gone, as killed workers are

    def _page(self, site: int, path: str) -> tuple[str, str, bytes]:
        if path == "/":
            return "200 OK", "text/html", b"<html><body><h1>Weekblad</h1></body></html>"
        if path == "/sitemap.xml":
            places = "".join(
                f"<url><loc>/2014/stuk-over-de-{WORDS[n % 16]}-{n}/</loc></url>"
                for n in range(self._articles)
            )
            return "200 OK", "application/xml", f"<urlset>{places}</urlset>".encode()
        number = path.strip("/").rpartition("-")[2]
        if not path.startswith("/2014/") or not number.isdigit() or int(number) >= self._articles:
            return "404 Not Found", "text/plain", b"weg"
        return "200 OK", "text/html; charset=utf-8", _article(site, int(number)).encode()


def _article(site: int, number: int) -> str:
    words = " ".join(WORDS[(site + number * place) % 16] for place in range(60))
    thread = "".join(
        f'<li class="comment" id="comment-{10 * number + key}"><div '
        f'class="comment-body"><cite class="fn">Lezer {key}</cite> '
        f'<time datetime="2014-06-0{key + 1}T10:00:00+02:00">juni</time><div '
        f'class="comment-content"><p>Reactie {key} over de '
        f"{WORDS[(number + key) % 16]} van {site}.</p></div></div></li>"
        for key in range(number % 4)
    )
    comments = (
        f'<section id="comments"><h2>{number % 4} reacties</h2><ol '
        f'class="comment-list">{thread}</ol></section>'
    )
    return (
        f'<!doctype html><html lang="nl"><head><title>Stuk {number} | '
        'Weekblad</title></head><body class="single"><article>'
        f"<h1>Stuk {number} over de {WORDS[number % 16]} van {site}</h1><p "
        'class="byline">Door <a rel="author" href="/a/">Wil '
        f'Terpstra</a> op <time datetime="2014-05-{number % 28 + 1:02}T09:30:00+02:00">'
        "mei</time></p>"
        f'<div class="entry-content"><p>{words}.</p></div></article>'
        f"{comments if thread else ''}</body></html>"
    )


def closest(asked: list[Asked]) -> tuple[float, int]:
    """Return the shortest time between two requests to one site, in seconds, and how many began
    before another was answered.
    """
    by_site: dict[int, list[Asked]] = {}
    for one in sorted(asked, key=lambda one: one.began):
        by_site.setdefault(one.site, []).append(one)
    pairs = [pair for requests in by_site.values() for pair in pairwise(requests)]
    return min(later.began - earlier.began for earlier, later in pairs), sum(
        b.began < a.ended for a, b in pairs
    )
