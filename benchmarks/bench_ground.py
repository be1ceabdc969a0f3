"""What the benchmarks of one run measure on: shared pages, stored sites served on loopback, and
archives that are made once.
"""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

from benchmarks import make_archive, startup, storing_cost
from storage.database import default_database
from tests.conftest import new_database, postgres_server

ARTICLES = 60_000
IN_POSTGRES = 20_000  # COPY and its indexes take as long as all that is measured there
STORED = 500  # articles, in a round
CRAWLED, PAGES = "vlaamserap", 400


class Ground:
    """The folder of shared pages, and what is made in *folder*; *ending* ends what was begun."""

    def __init__(self, shared: Path, folder: Path, ending: ExitStack) -> None:
        self.shared = shared
        self._folder = folder
        self._ending = ending
        self._numbers = count()
        # Each round stores articles that no round before it stored.
        self.unstored = count(storing_cost.FIRST, STORED)

    @contextmanager
    def site(self, name: str) -> Iterator[str]:
        """Serve the stored site *name* and yield its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        script, data = self.shared / "sites" / "static" / "serve.py", self._folder / "sites"
        command = [sys.executable, str(script), name, str(data), "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                yield server.stdout.readline().split()[1]
            finally:
                server.terminate()

    def folder(self) -> Path:
        """Return a new folder."""
        made = self._folder / str(next(self._numbers))
        made.mkdir()
        return made

    def empty(self, kind: str) -> str:
        """Return the address of a new database of a *kind*, gone when all is measured."""
        return self._ending.enter_context(new_database(kind, self.folder()))

    @cached_property
    def made(self) -> Path:
        """The folder of an archive of many articles."""
        folder = self.folder()
        make_archive.fill(default_database(folder), ARTICLES)
        return folder

    @cached_property
    def made_in_postgres(self) -> str:
        """The address of a PostgreSQL database of fewer articles."""
        url = self.empty("postgresql")
        make_archive.fill(url, IN_POSTGRES)
        return url

    @cached_property
    def crawled(self) -> Path:
        """The folder of an archive of so many pages of a stored site, whose templates are known."""
        folder = self.folder()
        with self.site(CRAWLED) as url:
            startup.spent(["crawl", url, "-a", f"limit={PAGES}", "--quiet"], folder)
        # Else what is known of its templates is a matter of the order in which pages came.
        startup.spent(["learn", "--all"], folder)
        return folder / "archive"


@contextmanager
def ground(shared: Path) -> Iterator[Ground]:
    """Yield what is measured on; what it makes is gone afterwards."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as ending:
        yield Ground(shared, Path(name), ending)


def has_postgres() -> bool:
    """Return whether KNIPSEL_TEST_POSTGRES names a server that answers."""
    return postgres_server() is not None
