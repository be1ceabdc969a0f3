"""Which captures an import takes, and why others are left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipelines.comments import Question, question_of
from pipelines.snapshots import page_of, spellings
from storage.database import Archive
from storage.imports import (
    ForeignCapture,
    Incoming,
    is_erased,
    known_pages,
    original_place,
    page_at_path,
)
from storage.local_time import site_day
from storage.outcomes import GONE_STATUSES
from storage.privacy import Tombstones
from storage.records import asked_of
from storage.urls import BadAddress, canonical, is_address, site_of, why_unfollowed
from storage.warc import BadAnswer, CaptureReader, Unavailable, parse_answer, split_head

MOST_WAITING = 1000
HTML_TYPES = ("text/html", "application/xhtml", "application/xml", "text/xml", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which captures are taken: of these hosts with their subdomains (all when empty), of these
    days, of these types.
    """

    hosts: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    types: tuple[str, ...] = HTML_TYPES

    def refusal(self, capture: ForeignCapture) -> str | None:
        """Return in a word why *capture* is not taken, None when it is."""
        if asked_of(capture.url) != capture.url:
            return "posted"
        host = site_of(capture.url).partition(":")[0]
        if self.hosts and not any(
            host == wanted or host.endswith(f".{wanted}") for wanted in self.hosts
        ):
            return "other_host"
        day = site_day(capture.fetched_at)
        if (self.since and day < self.since) or (self.until and day > self.until):
            return "other_day"
        return None

    def refusal_of_answer(self, status: int | None, kind: str | None) -> str | None:
        """Return in a word why an answer of this status and type is not taken, None when it is."""
        if status is not None and not (200 <= status < 300 or status in GONE_STATUSES):
            return f"status_{status}"
        return None if not kind or kind.lower().startswith(self.types) else "not_html"


@dataclass(slots=True)
class Imported:
    """What an import brought, counted: captures taken, known and left out by reason; articles and
    comments of the pages read.
    """

    taken: int = 0
    known: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    comments: int = 0


class CaptureSelection:
    """Sorts captures into those that are taken and those that are not, which *left_out* counts."""

    def __init__(
        self, archive: Archive, folder: Path, wanted: Wanted, left_out: "Counter[str]"
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._wanted = wanted
        self._left_out = left_out
        self._revisits: list[ForeignCapture] = []
        self._threads: list[tuple[ForeignCapture, Question]] = []
        with archive.read() as connection:
            self._tombstones = Tombstones.load(connection)

    def incoming(self, capture: ForeignCapture) -> Incoming | None:
        """Return *capture* ready to be kept; None when it is left out, and counted, or waits for
        its payload.
        """
        if self._is_thread(capture):
            return None
        why = self._wanted.refusal(capture)
        try:
            url = canonical(capture.url)
            followed = why_unfollowed(url)
            why = why or (followed if followed != "comment_page" else None)
            if why is None and capture.is_revisit:
                self._revisits.append(capture)
                return None
            status, kind = (
                (None, capture.media_type) if capture.media_type else _status_and_type(capture)
            )
        except BadAddress:
            why = "bad_address"
        except BadAnswer:
            why = "mislabelled"
        else:
            why = why or self._wanted.refusal_of_answer(status, kind)
        if why is not None:
            self._left_out[why] += 1
            return None
        one = Incoming(page_of(url), capture, status, kind)
        return next(self._unerased(one), None)

    def _is_thread(self, capture: ForeignCapture) -> bool:
        """Return whether *capture* answers a script that draws a thread: it then waits for its
        page.
        """
        question = None if capture.is_revisit else _question(capture)
        if question is not None:
            self._threads.append((capture, question))
        return question is not None

    def threads(self) -> Iterator[Incoming]:
        """Yield the answers to scripts that draw threads, each for the page that it is about; those
        of pages that are not there yet wait, a thousand of them.
        """
        waiting = []
        for capture, question in self._threads:
            page = self._page_of(question.about or "", capture.url)
            if page is None:
                waiting.append((capture, question))
            elif why := self._wanted.refusal(replace(capture, url=page)):
                self._left_out[why] += 1
            else:
                yield from self._unerased(Incoming(page, capture, *_status_and_type(capture)))
        self._left_out["thread_without_page"] += max(0, len(waiting) - MOST_WAITING)
        self._threads = waiting[-MOST_WAITING:]

    def _page_of(self, about: str, near: str) -> str | None:
        """Return the page that a thread is about, an address or only a path; None where there is
        none.
        """
        with self._archive.read() as connection:
            if not is_address(about):
                return page_at_path(connection, about, near)
            known = spellings(page_of(canonical(about)))
            return next(iter(known_pages(connection, known)), None)

    @property
    def is_full(self) -> bool:
        """Whether as many threads as are kept wait for their pages."""
        return len(self._threads) > MOST_WAITING

    def close(self) -> None:
        """Count the threads that belong to no page of the archive."""
        self._left_out["thread_without_page"] += len(self._threads)
        self._left_out += Counter()  # what was never met is not told

    def _unerased(self, one: Incoming) -> Iterator[Incoming]:
        if is_erased(self._tombstones, one):
            self._left_out["erased"] += 1
        else:
            yield one

    def with_payloads(self) -> Iterator[ForeignCapture]:
        """Yield the revisit records as answers, each with the payload of the capture that it refers
        to.
        """
        for capture in self._revisits:
            with self._archive.read() as connection:
                urls = (
                    spellings(page_of(canonical(capture.original[0]))) if capture.original else ()
                )
                place = original_place(connection, urls, capture)
                try:
                    stored = (
                        CaptureReader(self._folder / "warc", connection).message_at(*place)
                        if place
                        else None
                    )
                except Unavailable:
                    stored = None
            if stored is None:
                self._left_out["revisit_without_payload"] += 1
                continue
            head = capture.message if capture.message.startswith(b"HTTP/") else stored
            message = split_head(head)[0] + b"\r\n\r\n" + split_head(stored)[1]
            yield replace(capture, message=message, is_revisit=False)


def _question(capture: ForeignCapture) -> Question | None:
    """Return what a script asked that draws a thread, where *capture* is the answer to it."""
    try:
        body = b"" if capture.media_type else parse_answer(capture.message).body
    except BadAnswer:
        return None
    return question_of(capture.url, body, capture.fetched_at)


def _status_and_type(capture: ForeignCapture) -> tuple[int, str | None]:
    answer = parse_answer(capture.message)
    return answer.status, answer.headers.get("content-type")
