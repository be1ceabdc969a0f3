"""What a page states for its scripts: their addresses and attributes, and the settings written in
them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document
from storage.records import ThreadSource
from storage.urls import parts_of, resolve

LONGEST_SCRIPT = 200_000  # letters; settings are in small scripts, programs in long ones
_QUOTED = r"""(["'`])((?:\\.|(?!\1)[^\\\n]){0,1000})\1"""


@dataclass(frozen=True)
class ScriptPage:
    """A page as its scripts see it."""

    document: Document

    @property
    def url(self) -> str:
        """The page's address, without what follows a "#"."""
        return self.document.url.partition("#")[0]

    @property
    def path(self) -> str:
        """The address's path, as ``location.pathname`` has it."""
        return parts_of(self.url).path or "/"

    @property
    def plain_url(self) -> str:
        """The address without its query: what several systems number their threads by."""
        parts = parts_of(self.url)
        return f"{parts.scheme}://{parts.netloc}{self.path}"

    @cached_property
    def canonical(self) -> str:
        """The address that the page states as its own, else its address."""
        return self.document.canonical or self.url

    @cached_property
    def scripts(self) -> tuple[HtmlElement, ...]:
        """The script elements in document order."""
        return tuple(self.document.tree.iter("script"))

    @cached_property
    def inline(self) -> tuple[str, ...]:
        """The texts of the page's own small scripts."""
        texts = (script.text or "" for script in self.scripts if not script.get("src"))
        return tuple(text for text in texts if text.strip() and len(text) <= LONGEST_SCRIPT)

    def script(self, pattern: str) -> HtmlElement | None:
        """Return the first script whose address *pattern* is found in."""
        is_it = re.compile(pattern, re.IGNORECASE).search
        return next((one for one in self.scripts if is_it(one.get("src") or "")), None)

    def source_of(self, script: HtmlElement | None) -> str | None:
        """Return the absolute address from which *script* is loaded."""
        return resolve(script.get("src"), self.url) if script is not None else None

    def element(self, *names: str) -> HtmlElement | None:
        """Return the first element whose id, tag or a class is among *names*."""
        wanted = frozenset(names)
        for one in self.document.tree.iter("*"):
            if one.get("id") in wanted or one.tag in wanted:
                return one
            if wanted & set((one.get("class") or "").split()):
                return one
        return None

    def setting(self, about: str, *names: str) -> str | None:
        """Return the first text that a script that names *about* sets one of *names* to:
        ``name: 'text'``, ``"name": "text"`` or ``name = 'text'``.
        """
        for text in self._about(about):
            for name in names:
                found = re.search(rf"""(?<![\w$]){name}["']?\s*[:=]\s*{_QUOTED}""", text)
                if found and found[2].strip():
                    return _unescaped(found[2]).strip()
        return None

    def number(self, about: str, *names: str) -> str | None:
        """Return the first whole number that a script that names *about* sets one of *names* to."""
        for text in self._about(about):
            for name in names:
                found = re.search(rf"""(?<![\w$]){name}["']?\s*[:=]\s*["']?(\d{{1,18}})\b""", text)
                if found:
                    return found[1]
        return None

    def match(self, pattern: str) -> str | None:
        """Return the first group of *pattern* in a script's address or in a small script."""
        compiled = re.compile(pattern, re.IGNORECASE)
        texts = (*(one.get("src") or "" for one in self.scripts), *self.inline)
        return next((found[1] for text in texts if (found := compiled.search(text))), None)

    def origin_of(self, url: str | None) -> str | None:
        """Return scheme and host of *url*, an address on this page."""
        parts = urlsplit(resolve(url, self.url) or "")
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None

    def base(self, url: str | None) -> str | None:
        """Return *url* absolute and without its last slash."""
        found = resolve(url, self.url)
        return found.rstrip("/") if found else None

    def _about(self, about: str) -> Iterator[str]:
        return (text for text in self.inline if about.lower() in text.lower())


def _unescaped(text: str) -> str:
    r"""Return what a script's literal means: "\/" is a slash, "\u00e9" a letter."""
    if "\\" not in text:
        return text
    try:
        return str(json.loads('"' + text.replace("\\'", "'").replace('"', '\\"') + '"'))
    except ValueError:
        return text.replace("\\/", "/")


def escaped(text: str) -> str:
    """Return *text* as a value in an address."""
    return quote(text, safe="")


def decoded_path(path: str) -> str:
    """Return a path with its escapes undone, as ``decodeURI`` does for letters."""
    return unquote(path, errors="strict") if _is_utf8(path) else path


def _is_utf8(path: str) -> bool:
    try:
        unquote(path, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def posted(system: str, url: str, body: object) -> ThreadSource:
    """Return the source at which *body* is posted as JSON."""
    return ThreadSource(system, url, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
