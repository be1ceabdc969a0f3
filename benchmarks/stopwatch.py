"""Time on a machine that others use too: by the clock, and in CPU seconds of this process and its
database server.
"""

import os
import time
from pathlib import Path

from sqlalchemy import text

from storage.database import Archive


class Stopwatch:
    """Measures spans of work in one archive; *archive* is read through one connection at a time."""

    def __init__(self, archive: Archive) -> None:
        self._server: Path | None = None
        if archive.dialect == "postgresql":
            with archive.read() as connection:
                pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            self._server = Path(f"/proc/{pid}/stat")
        self._began = self._now()

    def lap(self) -> tuple[float, float]:
        """Return the seconds by the clock and of CPU since the last lap."""
        before, self._began = self._began, self._now()
        return self._began[0] - before[0], self._began[1] - before[1]

    def _now(self) -> tuple[float, float]:
        served = 0.0
        if self._server is not None:
            ticks = self._server.read_text(encoding="ascii").rpartition(")")[2].split()
            served = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
        return time.perf_counter(), time.process_time() + served
