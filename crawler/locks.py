"""One run a site: who this process is, whether another still lives, and how a site's lock is taken."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import sites
from storage.archive import Archive
from storage.sites import Site, SiteLock

LOCK_SECONDS = 180.0
HEARTBEAT_SECONDS = 30.0
POLL_SECONDS = 2.0


class SiteBusy(Exception):
    """Raised when another run is on the site; its text says which."""


@dataclass(frozen=True, slots=True)
class Held:
    """A site whose lock this process has."""

    site: Site
    lock: SiteLock


def worker_name() -> str:
    """Return this process's name: host, process id and start, so that a later process of the same id is another."""
    return f"{socket.gethostname()}:{os.getpid()}:{_start_of(os.getpid())}"


def _start_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        return ""


def is_gone(worker: str) -> bool:
    """Tell whether *worker* was a process of this machine that runs no more; of other machines only the lock's end tells."""
    host, _, process = worker.partition(":")
    number, _, start = process.partition(":")
    return host == socket.gethostname() and Path("/proc/self").exists() and _start_of(int(number or 0)) != start


def take_lock(archive: Archive, site_id: int, if_running: str, sleep: Callable[[float], None] = time.sleep) -> SiteLock:
    """Return the lock of a site; a lock whose holder is dead or silent for three minutes is taken over.

    Raises SiteBusy when another run is on the site, unless *if_running* is "wait": then it waits for that run's end.
    """
    worker = worker_name()
    while True:
        with archive.begin() as connection:
            holder = next(site for site in sites.all_sites(connection) if site.site_id == site_id)
            if holder.locked_by is not None and is_gone(holder.locked_by):
                sites.break_lock(connection, site_id, holder.locked_by)
            lock = sites.lock_site(connection, site_id, worker, datetime.now(UTC), LOCK_SECONDS)
        if lock is not None:
            return lock
        if if_running != "wait":
            raise SiteBusy(f"Another run is on {holder.name} ({holder.locked_by}).")
        sleep(POLL_SECONDS)
