"""Addresses as the archive compares them: one page often answers under several."""

import re
from urllib.parse import unquote, urlsplit

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
