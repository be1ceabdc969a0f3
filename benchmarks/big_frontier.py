"""How long a claim takes where 10,000 sites and 10,000,000 pages are known, on PostgreSQL.

    python benchmarks/big_frontier.py postgresql://.../EMPTY_DATABASE [--pages 10000000] [--sites
    10000] [--claims 1000]

Rows are made by the database itself; a database that has them is measured again. A claim of a site
is what a worker does that looks for its next one; a claim of pages is the lease of the next 16
under the site's lock. Prints one table; 1 when a p99 reaches 10 ms.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from sqlalchemy import text

from crawler.crawl import take_next
from storage.crawl import LeaseOrder, SiteLock, frontier, sites
from storage.database import Archive, pages

SITES = """
INSERT INTO sites (id, name, url, pages, first_seen, due_at, hours)
SELECT n, 'krant' || n || '.nl', 'https://krant' || n || '.nl/', :pages / :sites, now(),
       now() + (n % 20 - 10) * interval '1 hour', CASE WHEN n % 10 = 0 THEN '22:00-06:00' END
  FROM generate_series(1, :sites) n"""
RUNS = """
INSERT INTO runs (site_id, arguments, started_at, ended_at, verdict)
SELECT 1 + n % :sites, '{}', now() - interval '20 hours' - n / :sites * interval '1 day', now(), \
'ok'
  FROM generate_series(0, 30 * :sites - 1) n"""
PAGES = """
INSERT INTO pages (id, site_id, url, kind, state, outcome, found_how, priority, depth, visits, \
next_visit, first_seen, last_visit,
                   variant, attempts)
SELECT n, 1 + n % :sites, 'https://krant' || 1 + n % :sites || '.nl/2024/stuk-over-de-molen-' || n \
|| '/', 'page',
       CASE WHEN n / :sites % 20 = 0 THEN 'queued' ELSE 'done' END, CASE WHEN n / :sites % 20 > 0 \
THEN 'article' END, 'sitemap',
       CASE WHEN n % 3 = 0 THEN 10 ELSE 60 END, 1, 1, now() + n % 60 * interval '1 day', now(), \
now(),
       'krant' || 1 + n % :sites || '.nl/2024/stuk-over-de-molen-' || n, 0
  FROM generate_series(1, :pages) n"""


def fill(archive: Archive, options: argparse.Namespace) -> None:
    """Make the rows; a twentieth of the pages waits, half of the sites are due."""
    numbers = {"pages": options.pages, "sites": options.sites}
    with archive.begin() as connection:
        dropped = [index for index in pages.indexes if index.name]
        for index in dropped:  # made once at the end: a third of the time
            index.drop(connection)
        for statement in (SITES, RUNS, PAGES):
            connection.execute(text(statement), numbers)
        for index in dropped:
            index.create(connection)
        for table in ("sites", "runs", "pages"):
            connection.execute(
                text(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
            )  # our own names
    archive.outside_transactions("VACUUM ANALYZE")


def clocked(claims: int, act: Callable[[int], object]) -> list[float]:
    """Return the milliseconds that each of *claims* calls takes."""
    took = []
    for number in range(claims):
        began = time.perf_counter()
        act(number)
        took.append(1000 * (time.perf_counter() - began))
    return took


def measure(archive: Archive, claims: int) -> dict[str, list[float]]:
    """Claim sites, then pages of them, and return the milliseconds of each claim; an empty
    statement beside them.
    """
    held: list[SiteLock] = []

    def claim_site(_number: int) -> None:
        found = take_next(archive, (), 600.0)
        assert found is not None
        held.append(found.lock)

    def claim_pages(number: int) -> None:
        lock = held[number % len(held)]
        with archive.begin() as connection:
            sites.check_lock(connection, lock)
            order = LeaseOrder(
                worker=lock.worker, count=16, now=sites.moment_of(connection), lease_seconds=900
            )
            assert frontier.lease(connection, lock.site_id, order)

    def say_nothing(_number: int) -> None:
        with archive.begin() as connection:
            connection.execute(text("SELECT 1"))

    found = {name: clocked(claims, act) for name, act in (
        ("an empty statement", say_nothing), ("a site", claim_site),
        ("16 pages of a site", claim_pages))}  # fmt: skip
    with archive.begin() as connection:
        for lock in held:
            frontier.put_back(connection, lock.site_id)
            sites.unlock_site(connection, lock)
    return found


def main() -> int:
    """Print the table; 1 when a bound is broken."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("database")
    arguments.add_argument("--pages", type=int, default=10_000_000)
    arguments.add_argument("--sites", type=int, default=10_000)
    arguments.add_argument("--claims", type=int, default=1000)
    options = arguments.parse_args()
    archive = Archive.open(options.database)
    if not archive.select("SELECT id FROM sites LIMIT 1")[1]:
        fill(archive, options)
    known = archive.select(
        "SELECT (SELECT COUNT(*) FROM sites) AS sites, (SELECT COUNT(*) FROM pages) AS "
"pages, "
                           "pg_total_relation_size('pages') AS bytes")[1][0]  # fmt: skip
    each = known["bytes"] / known["pages"]
    print(
        f"{known['sites']:,} sites, {known['pages']:,} pages, {each:.0f} bytes a page "
        "with its indexes\n"
    )
    print("| claim of | p50 | p99 | longest |\n| --- | --- | --- | --- |")
    good = True
    for name, took in measure(archive, options.claims).items():
        p99 = statistics.quantiles(took, n=100)[98]
        good &= p99 < 10.0
        print(f"| {name} | {statistics.median(took):.1f} ms | {p99:.1f} ms | {max(took):.1f} ms |")
    archive.close()
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
