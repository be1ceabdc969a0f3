"""The bytes of one request and its answer, noted as they cross the wire."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

LARGEST_HEAD = 256 * 1024


class HeaderTooLarge(Exception):
    """Raised when an answer's head does not end within 256 KiB."""


class Recording:
    """The bytes of one request and its answer on one connection."""

    def __init__(self) -> None:
        self.started_at = datetime.now(UTC)
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        self._head_bytes = 0

    def note_head(self, data: bytes) -> None:
        """Count *data*, which belongs to a head that has not ended. Raises HeaderTooLarge."""
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD:
            raise HeaderTooLarge("The answer's head does not end.")


class RecordingTransport:
    """A transport that notes what is written to it; everything else is the real transport's."""

    def __init__(self, transport: Any, recording: Recording) -> None:
        self._transport = transport
        self._recording = recording

    def write(self, data: bytes) -> None:
        """Note *data* and write it."""
        self._recording.sent.append(data)
        self._transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:  # noqa: N802  # Twisted's name
        """Note all of *data* and write it."""
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
