"""Which captures an import takes, and why others are left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipelines.snapshots import page_of, spellings
from storage.database import Archive
from storage.imports import ForeignCapture, Incoming, is_erased, original_place
from storage.local_time import site_day
from storage.outcomes import GONE_STATUSES
from storage.privacy import Tombstones
from storage.urls import BadAddress, canonical, site_of, why_unfollowed
from storage.warc import BadAnswer, CaptureReader, Unavailable, parse_answer, split_head

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
        with archive.read() as connection:
            self._tombstones = Tombstones.load(connection)

    def incoming(self, capture: ForeignCapture) -> Incoming | None:
        """Return *capture* ready to be kept; None when it is left out, and counted, or waits for
        its payload.
        """
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
        if is_erased(self._tombstones, one):
            self._left_out["erased"] += 1
            return None
        return one

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


def _status_and_type(capture: ForeignCapture) -> tuple[int, str | None]:
    answer = parse_answer(capture.message)
    return answer.status, answer.headers.get("content-type")
