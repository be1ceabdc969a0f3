"""A command with all processes that it starts: what they take of the machine together."""

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

SAMPLE_SECONDS = 0.5


class ProcessGroup:
    """Runs a command and looks at it and its processes twice a second: ``megabytes`` is the
    most that they held at once (of what is shared by several, each a part), ``cpu`` their seconds.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.megabytes = 0.0
        self._seconds: dict[str, float] = {}
        self._process = subprocess.Popen(  # our own command
            command, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def run(self) -> str:
        """Return what the command printed. Raises CalledProcessError when it fails."""
        ended = threading.Event()
        watching = threading.Thread(target=self._watch, args=(ended,))
        watching.start()
        try:
            printed, _errors = self._process.communicate()
        finally:
            ended.set()
            watching.join()
        if self._process.returncode:
            raise subprocess.CalledProcessError(self._process.returncode, self._process.args)
        return printed

    @property
    def cpu(self) -> float:
        """Seconds of CPU of all processes, as last seen."""
        return sum(self._seconds.values())

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(SAMPLE_SECONDS):
            self.megabytes = max(self.megabytes, sum(self._look()))

    def _look(self) -> Iterator[float]:
        """Note each process' CPU seconds, and yield its megabytes."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                ticks = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
                if int(ticks[3]) != self._process.pid:
                    continue
                taken = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
                self._seconds[folder.name] = taken
                held = megabytes(folder.name, "Pss:")
            except OSError:  # it has just ended
                continue
            yield held


def megabytes(process: int | str, kind: str) -> float:
    """Return what a process holds of the memory whose *kind* begins so, as the kernel names it:
    "Private_" is shared with no other, of "Pss:" what is shared counts in part.
    """
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024
