"""A Dask cluster of processes on loopback, whose scheduler and workers can be killed and started
again.
"""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent


class DaskCluster:
    """A scheduler and *workers* worker processes of one thread each; what they say goes to
    *log*.
    """

    def __init__(self, workers: int, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._count = workers
        self._log = log
        self.address = f"tcp://127.0.0.1:{self._port}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start the scheduler and the workers, which wait for it."""
        self.scheduler = self._run(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            str(self._port),
            "--no-dashboard",
            "--no-show",
        )
        self.workers = [self.start_worker() for _ in range(self._count)]

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start one worker without a nanny: who kills it kills it for good."""
        return self._run(
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-dashboard",
            "--no-nanny",
            "--death-timeout",
            "60",
        )

    def kill(self) -> None:
        """Kill all of them."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                process.kill()
                process.wait()

    def _run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments], cwd=ROOT, stdout=out, stderr=out
            )  # our own command
