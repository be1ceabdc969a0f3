"""Addresses as the archive compares them: one page often answers under several."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_PART = re.compile(r"/(?:comment-page-\d+|feed|amp|embed|trackback|print)/?$", re.IGNORECASE)
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


def site_of(url: str) -> str:
    """Return the name of the site that *url* is on: its host without "www.", with the port when it is not the default."""
    return urlsplit(url).netloc.rpartition("@")[2].lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")


def site_named(said: str) -> str:
    """Return the name of the site that a user means by a host or an address: "www.example.nl", "https://example.nl/"."""
    return site_of(said if "//" in said else f"//{said}")


def variant_key(url: str) -> str:
    """Return a key that is equal for the addresses under which one page usually answers.

    Scheme, "www.", a trailing slash and index.html do not count.
    """
    parts = urlsplit(url)
    path = _INDEX_FILE.sub("/", parts.path).rstrip("/")
    return unquote(f"{site_of(url)}{path}") + (f"?{parts.query}" if parts.query else "")


def is_way_to(address: str, url: str) -> bool:
    """Tell whether *address* is only a way to the page at *url*: its feed, a page of its comments, a link that shares it."""
    if variant_key(_PART.sub("/", address)) == variant_key(url):
        return True
    path = urlsplit(url).path
    named = {value for _name, value in parse_qsl(urlsplit(address).query)}
    return url in named or (len(path) > 1 and path in named and site_of(address) == site_of(url))
