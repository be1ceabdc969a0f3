"""A stored page with its kept style sheets and pictures written into it: it looks as it did and
loads nothing.
"""

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path

from lxml.html import HtmlElement
from sqlalchemy import Connection

from pipelines.document import STYLES, requisites_of
from storage.records import Page
from storage.urls import resolve
from storage.warc import NoOriginal, Original, newest_answers, read_original

MOST_BYTES = 20_000_000  # of all that is written into one page
DEEPEST_IMPORT = 3
_IMPORT = re.compile(
    r"@import\s{1,9}(?:url\(\s{0,9})?[\"']?([^\"'()\s;]{1,2000})[\"']?\s{0,9}\)?[^;{}]{0,200};",
    re.IGNORECASE,
)
_URL = re.compile(r"url\(\s{0,9}[\"']?([^\"'()\s]{1,2000})[\"']?\s{0,9}\)", re.IGNORECASE)


@dataclass
class KeptRequisites:
    """The kept answers of what a page loads, by address."""

    answers: dict[str, Original] = field(default_factory=dict)
    _left: int = field(default_factory=lambda: MOST_BYTES)
    _imported: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, connection: Connection, folder: Path, original: Original) -> "KeptRequisites":
        """Return what of *original*, a page, is kept, with what its style sheets load."""
        kept = cls()
        wanted = _requisites(original)
        for _depth in range(DEEPEST_IMPORT):
            new = kept._read(connection, folder, wanted)
            wanted = tuple(
                url for answer in new if _type_of(answer) == STYLES for url in _requisites(answer)
            )
        return kept

    def _read(
        self, connection: Connection, folder: Path, urls: tuple[str, ...]
    ) -> tuple[Original, ...]:
        asked = [url for url in urls if url not in self.answers]
        found = []
        for url, key in newest_answers(connection, asked).items():
            try:
                answer = read_original(connection, folder, key)
            except NoOriginal:
                continue  # a file that is missing: the page is shown without
            self.answers[url] = answer
            found.append(answer)
        return tuple(found)

    def write_into(self, tree: HtmlElement, url: str) -> None:
        """Write what is kept into *tree*, the page at *url*; what is not kept stays away."""
        hrefs = (element.get("href") for element in tree.iter("base"))
        base = next((found for href in hrefs if (found := resolve(href, url))), url)
        for style in tree.iter("style"):
            style.text = self._styled(style.text or "", base)
        for link in list(tree.iter("link")):
            sheet = self._sheet(link.get("href"), base)
            if sheet is not None:
                media = link.get("media")
                link.attrib.clear()
                link.tag, link.text = "style", self._styled(_text_of(sheet), sheet.url)
                link.attrib.update({"media": media} if media else {})
        for element in tree.xpath("//*[@style]"):
            element.set("style", self._styled(element.get("style") or "", base))
        for picture in tree.iter("img", "input"):
            self._show(picture, base)

    def _show(self, picture: HtmlElement, base: str) -> None:
        """Give *picture* the kept one of all that a browser could choose."""
        srcset = (picture.get("srcset") or "").split(", ")
        hrefs = [picture.get("src"), *(one.strip().partition(" ")[0] for one in srcset)]
        shown = (self._data(href, base) for href in hrefs if href)
        data = next((one for one in shown if one), None)
        if data is None:
            return
        picture.set("src", data)
        box = next(picture.iterancestors("picture"), picture)
        for element in (picture, *box.iter("source")):
            element.attrib.pop("srcset", None)

    def _styled(self, styles: str, base: str) -> str:
        """Return *styles* with what they import and the pictures that they show written into them,
        each import once.
        """

        def imported(match: re.Match[str]) -> str:
            sheet = self._sheet(match[1], base)
            if sheet is None or sheet.url in self._imported:
                return ""
            self._imported.add(sheet.url)
            return self._styled(_text_of(sheet), sheet.url)

        def pictured(match: re.Match[str]) -> str:
            return f"url({self._data(match[1], base) or match[1]})"

        return _URL.sub(pictured, _IMPORT.sub(imported, styles)).replace("</", "<\\/")

    def _sheet(self, href: str | None, base: str) -> Original | None:
        answer = self.answers.get((resolve(href, base) or "").partition("#")[0])
        return answer if answer is not None and _type_of(answer) == STYLES else None

    def _data(self, href: str, base: str) -> str | None:
        """Return a kept picture as a data URL, None where it is not kept or the page is full."""
        answer = self.answers.get((resolve(href, base) or "").partition("#")[0])
        if answer is None or not _type_of(answer).startswith("image/"):
            return None
        self._left -= len(answer.body)
        if self._left < 0:
            return None
        return f"data:{_type_of(answer)};base64,{base64.b64encode(answer.body).decode()}"


def _type_of(answer: Original) -> str:
    return (answer.content_type or "").partition(";")[0].strip().lower()


def _text_of(sheet: Original) -> str:
    return sheet.body.decode("utf-8", "replace")


def _requisites(answer: Original) -> tuple[str, ...]:
    """Return the addresses that a kept page or style sheet loads."""
    return requisites_of(
        Page(
            url=answer.url,
            body=answer.body,
            fetched_at=answer.fetched_at,
            content_type=answer.content_type,
        )
    )
