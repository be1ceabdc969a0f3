"""A scripted site on loopback for tests: each path answers as the test says."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from crawler.demo import LoopbackServer

Answer = Callable[[BaseHTTPRequestHandler], None]
Route = bytes | str | tuple[int, dict[str, str], bytes] | Answer


class LocalSite(LoopbackServer):
    """Serves *routes* on a free loopback port; every request's path and headers are noted in
    ``asked``.
    """

    def __init__(self, routes: dict[str, Route]) -> None:
        self.routes = routes
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(self._handler())

    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:  # the standard library's name
                self.posted = self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def do_GET(self) -> None:  # the standard library's name
                site.asked.append((self.path, dict(self.headers)))
                route = site.routes.get(self.path, (404, {}, b"niet gevonden"))
                if callable(route):
                    self.close_connection = True
                    route(self)
                    return
                if isinstance(route, str):
                    route = (200, {"Content-Type": "text/html; charset=utf-8"}, route.encode())
                elif isinstance(route, bytes):
                    route = (200, {"Content-Type": "text/html"}, route)
                status, headers, body = route
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        return Handler
