"""How long it takes to claim the next 16 of 200,000 known pages, and what memory the claiming
process needs.

    python benchmarks/claims.py [DATABASE_URL ...]          default: a SQLite file of its own

A tenth of the pages waits, a hundredth is in back-off, the rest is settled. Pages are finished
between the claims, as in a crawl. A DATABASE_URL must name an empty database. Prints one table;
exits 1 when a claim takes 5 ms or more at p99 or memory 300 MB.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text, update

from storage.crawl import LeaseOrder, frontier, sites
from storage.database import Archive, default_database, pages

PAGES, CLAIMS, AT_ONCE = 200_000, 1000, 16
NOW = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)


def fill(archive: Archive) -> int:
    """Make the pages and return their site's key."""
    with archive.begin() as connection:
        site_id = sites.register_site(connection, "https://example.org/")
        for start in range(0, PAGES, 10_000):
            connection.execute(
                insert(pages), [_row(site_id, number) for number in range(start, start + 10_000)]
            )
    with archive.begin() as connection:
        connection.execute(text("ANALYZE"))
    return site_id


def _row(site_id: int, number: int) -> dict[str, object]:
    state = "queued" if number % 10 == 3 else "retry" if number % 100 == 7 else "done"
    return {
        "site_id": site_id,
        "url": f"https://example.org/artikel-{number}/",
        "kind": "page",
        "state": state,
        "found_how": "sitemap",
        "priority": 10 + number % 5,
        "depth": 2,
        "first_seen": NOW,
        "next_visit": None if state == "queued" else NOW + timedelta(days=number % 180, hours=1),
    }


def measure(archive: Archive, site_id: int) -> list[float]:
    """Claim and finish again and again; return the milliseconds of each claim."""
    took = []
    for number in range(CLAIMS):
        order = LeaseOrder(
            worker="a", count=AT_ONCE, now=NOW + timedelta(seconds=number), lease_seconds=900
        )
        begin = time.perf_counter()
        with archive.begin() as connection:
            leases = frontier.lease(connection, site_id, order)
        took.append(1000 * (time.perf_counter() - begin))
        assert len(leases) == AT_ONCE
        with archive.begin() as connection:
            done = update(pages).where(pages.c.id.in_([lease.page_id for lease in leases]))
            connection.execute(
                done.values(
                    state="done",
                    lease_until=None,
                    leased_by=None,
                    next_visit=NOW + timedelta(days=90),
                )
            )
    return took


def main() -> int:
    """Print the table; 1 when a bound is broken."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("database", nargs="*")
    options = arguments.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for url in options.database or [default_database(Path(folder))]:
            archive = Archive.open(url)
            cuts = statistics.quantiles(measure(archive, fill(archive)), n=1000)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            shown = "   ".join(
                f"{name} {cuts[at]:.2f} ms"
                for name, at in (("p50", 499), ("p99", 989), ("max", -1))
            )
            print(f"{archive.dialect:<12} {shown}   memory {memory:.0f} MB")
            good = good and cuts[989] < 5 and memory < 300
            archive.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
