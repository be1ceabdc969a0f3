"""The demo site on loopback: its articles, the ways to them, and the stumbling blocks of a real
site.
"""

import gzip
import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from crawler.demo.articles import DemoArticle, demo_articles
from crawler.demo.pages import article_page

Reply = tuple[int, str, bytes]
PAGE, FEED, TEXT = (
    "text/html; charset=utf-8",
    "application/rss+xml; charset=utf-8",
    "text/plain; charset=utf-8",
)


class LoopbackServer:
    """Serves a site by *handler* on a free loopback port, inside a ``with`` block."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class DemoServer(LoopbackServer):
    """Serves the demo site."""

    def __init__(self) -> None:
        super().__init__(_Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the standard library's name
        origin = f"http://{self.headers.get('Host', '127.0.0.1')}"
        parts = urlsplit(self.path)
        if parts.path == "/consent-nodig/":
            self._redirect(f"/privacy-wall?callbackUrl={parts.path}")
            return
        status, kind, body = answer(parts.path, origin)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self._send(status, kind, body, tag)

    def _redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, body: bytes, tag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", tag)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: the crawl shows what it fetches."""


def answer(path: str, origin: str) -> Reply:
    """Return status, content type and body of the page at *path*."""
    for article in demo_articles():
        if path.startswith(article.path):
            return _article(article, path, origin)
    fixed = _FIXED.get(path)
    if fixed is not None:
        return fixed(origin)
    if (
        path.startswith(
            ("/tag/", "/trefwoord/", "/category/", "/b2b/", "/retail/", "/pagina/", "/author/")
        )
        or path == "/"
    ):
        return 200, PAGE, _listing(path).encode()
    return (
        404,
        PAGE,
        b"<html lang=nl><title>Niet gevonden</title><h1>Pagina niet gevonden</h1></html>",
    )


def _article(article: DemoArticle, path: str, origin: str) -> Reply:
    rest = path.removeprefix(article.path).strip("/")
    if not rest:
        text = article_page(article, origin)
    elif rest == "2" and len(article.texts) > 1:
        text = article_page(article, origin, page=2)
    elif (
        rest.startswith("comment-page-")
        and rest[13:].isdigit()
        and 1 <= int(rest[13:]) <= article.comment_pages
    ):
        text = article_page(article, origin, comment_page=int(rest[13:]))
    else:
        return (
            404,
            PAGE,
            b"<html lang=nl><title>Niet gevonden</title><h1>Pagina niet gevonden</h1></html>",
        )
    if article.fields.get("old_charset"):
        return 200, "text/html", text.encode("cp1252")
    return 200, PAGE, text.encode()


def _listing(path: str) -> str:
    """Return a list of the weblog's articles, half of them a page; the trade magazine's are in
    the sitemap only.
    """
    posts = [article for article in demo_articles() if article.fields["template"] == "weblog"]
    second = path.startswith("/pagina/2")
    shown = posts[3:] if second else posts[:3]
    items = "".join(
        f'<div class="teaser"><h2><a href="{a.path}?utm_source=lijst&amp;'
        f'utm_medium=web">{a.headline}</a></h2><p>{a.texts[0][:90]} ...</p></div>'
        for a in shown
    )
    more = "" if second else '<a rel="next" href="/pagina/2/">Oudere berichten</a>'
    extra = "".join(f'<a href="{link}">{name}</a> ' for link, name in _LINKS)
    return (
        '<html lang="nl"><head><title>Vier hoog groen</title></head><body class="home '
        f'blog"><h1>Vier hoog groen</h1>{items}{more}<p>{extra}</p></body></html>'
    )


_LINKS = (
    ("/stuk/", "Kapotte pagina"), ("/weg/", "Verdwenen pagina"),
    ("/consent-nodig/", "Met toestemming"), ("/inloggen/", "Inloggen"),
    ("/over-ons/", "Over ons"), ("/brochure.pdf", "Brochure"), ("/geheim/concept/", "Concept"),
)  # fmt: skip


def _page(headline: str, text: str, status: int = 200) -> Callable[[str], Reply]:
    body = (
        f'<html lang="nl"><head><title>{headline}</title></head><body><h1>{headline}'
        f"</h1>{text}</body></html>"
    ).encode()
    return lambda _origin: (status, PAGE, body)


def _robots(origin: str) -> Reply:
    return (
        200,
        TEXT,
        f"User-agent: *\nDisallow: /geheim/\nSitemap: {origin}/sitemap_index.xml\n".encode(),
    )


def _sitemap_index(origin: str) -> Reply:
    body = (
        '<?xml version="1.0"?><sitemapindex '
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>'
        f"{origin}/sitemap-vakblad.xml.gz</loc></sitemap></sitemapindex>"
    )
    return 200, "application/xml", body.encode()


def _sitemap(origin: str) -> Reply:
    urls = "".join(
        f"<url><loc>{origin}{a.path}</loc></url>"
        for a in demo_articles()
        if a.fields["template"] == "vakblad"
    )
    body = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/'
        f'0.9">{urls}</urlset>'
    )
    return 200, "application/x-gzip", gzip.compress(body.encode(), mtime=0)


def _feed(origin: str) -> Reply:
    newest = [a for a in demo_articles() if a.fields["template"] == "weblog"][-2:]
    items = "".join(
        f"<item><title>{a.headline}</title><link>{origin}{a.path}</link><pubDate>"
        f"{format_datetime(a.published or datetime.now(UTC))}</pubDate></item>"
        for a in newest
    )
    return (
        200,
        FEED,
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Vier hoog '
        f"groen</title>{items}</channel></rss>".encode(),
    )


_FIXED: dict[str, Callable[[str], Reply]] = {
    "/robots.txt": _robots,
    "/sitemap_index.xml": _sitemap_index,
    "/sitemap-vakblad.xml.gz": _sitemap,
    "/feed/": _feed,
    "/stuk/": _page("Er ging iets mis", "<p>Probeer het later nog eens.</p>", 500),
    "/inloggen/": _page(
        "Inloggen",
        '<form><p>Log in met je account.</p><input type="password"> Wachtwoord vergeten?</form>',
    ),
    "/over-ons/": _page(
        "Over ons",
        "<p>Wij schrijven over groente op vier hoog en over winkels op straathoogte.</p>",
    ),
    "/privacy-wall": _page(
        "Cookies", "<p>Wij gebruiken cookies. Klik op akkoord om verder te gaan.</p>"
    ),
    "/geheim/concept/": _page("Concept", "<p>Dit mag niemand lezen.</p>"),
    "/brochure.pdf": lambda _origin: (200, "application/pdf", b"%PDF-1.4\n%demo"),
}
