"""What 10^6, 10^8 and 10^9 pages need, reckoned from what one page was measured to cost.

    python benchmarks/scale_arithmetic.py [PLOT.svg]

Prints the table of docs/scale.md; with PLOT.svg draws its curves. Change a cost below, and table
and curves follow.
"""

import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path

DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one page costs; docs/scale.md tells where each figure was measured."""

    core_seconds: float = 2 / 54.9  # fetched, read and stored: two busy cores, 54.9 pages a second
    reread_core_seconds: float = 86 / 6_866  # read again and compared: one worker
    database_core_seconds: float = (
        0.0101  # PostgreSQL stores an article with three comments, at 500,000 articles
    )
    warc_bytes: float = (
        21_200 + 900
    )  # a page as it crosses the wire, and its request; mean of 57 pages of 33 sites
    page_row_bytes: float = 500  # a known page with its indexes
    article_bytes: float = (
        6.3e9 / 528_000
    )  # an article of 320 words with three comments, its fetch and all indexes
    articles_per_page: float = (
        308 / 585
    )  # of a WordPress with comments; the other pages are lists and comment pages
    seconds_per_request: float = (
        1.25 + 0.3
    )  # of one site: the pause with its jitter, and an answer of 0.3 s
    nightly_share: float = (
        0.071  # of all known pages, that a night of revisits asks for in the simulated year
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One crawling machine: its cores, and how many sites its workers hold at once."""

    cores: int = 2
    sites_at_once: int = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a first crawl of *pages* pages on *sites* sites in *days* days needs, and what is kept
    of it.
    """

    pages: float
    sites: int
    days: float
    pages_per_second: float
    sites_at_once: int
    machines: int
    database_cores: int
    megabits: float
    warc_terabytes: float
    database_gigabytes: float
    nightly_requests: float
    nightly_machines: int
    reread_days: float


def rate_of(machine: Machine, costs: Costs) -> float:
    """Return the pages a second of one machine: as its cores allow, or politeness towards the sites
    that it holds.
    """
    return min(
        machine.cores / costs.core_seconds, machine.sites_at_once / costs.seconds_per_request
    )


def days_for(pages: float, sites: int, machines: float, costs: Costs) -> float:
    """Return how long a first crawl takes: as its machines allow, and never faster than its sites
    may be asked.
    """
    machine = Machine()
    return (
        max(pages / (machines * rate_of(machine, costs)), pages / sites * costs.seconds_per_request)
        / DAY
    )


def needs_of(pages: float, sites: int, days: float, costs: Costs) -> Needs:
    """Return what a first crawl needs that is to be done in *days*, or in the time that politeness
    takes.
    """
    days = max(days, pages / sites * costs.seconds_per_request / DAY)
    rate = pages / (days * DAY)
    machines = ceil(rate / rate_of(Machine(), costs))
    return Needs(
        pages=pages,
        sites=sites,
        days=days,
        pages_per_second=rate,
        sites_at_once=ceil(rate * costs.seconds_per_request),
        machines=machines,
        database_cores=ceil(rate * costs.articles_per_page * costs.database_core_seconds),
        megabits=rate * costs.warc_bytes * 8 / 1e6,
        warc_terabytes=pages * costs.warc_bytes / 1e12,
        database_gigabytes=pages
        * (costs.page_row_bytes + costs.articles_per_page * costs.article_bytes)
        / 1e9,
        nightly_requests=pages * costs.nightly_share,
        nightly_machines=ceil(pages * costs.nightly_share / DAY / rate_of(Machine(), costs)),
        reread_days=pages * costs.reread_core_seconds / (machines * Machine().cores) / DAY,
    )


def table(costs: Costs) -> str:
    """Return the table of docs/scale.md."""
    cases = [
        needs_of(1e6, 100, 7, costs),
        needs_of(1e8, 10_000, 30, costs),
        needs_of(1e9, 100_000, 90, costs),
    ]
    rows = [
        ("pages, on sites", [f"10^{len(f'{one.pages:.0f}') - 1}, {one.sites:,}" for one in cases]),
        ("days of the first crawl", [f"{one.days:.0f}" for one in cases]),
        ("pages a second", [f"{one.pages_per_second:.1f}" for one in cases]),
        ("sites at once, at least", [f"{one.sites_at_once:,}" for one in cases]),
        ("machines of two cores", [f"{one.machines:,}" for one in cases]),
        ("cores of PostgreSQL that store", [f"{one.database_cores:,}" for one in cases]),
        ("bandwidth (Mbit/s)", [f"{one.megabits:.1f}" for one in cases]),
        ("WARC files (TB)", [f"{one.warc_terabytes:.2f}" for one in cases]),
        ("database (GB)", [f"{one.database_gigabytes:,.0f}" for one in cases]),
        ("requests of a night afterwards", [f"{one.nightly_requests:,.0f}" for one in cases]),
        (
            "machines of two cores for these, round the clock",
            [f"{one.nightly_machines:,}" for one in cases],
        ),
        (
            "days to read all again on the machines of the first crawl",
            [f"{one.reread_days:.1f}" for one in cases],
        ),
    ]
    head, *others = rows
    lines = [(head[0], head[1]), ("---", ["---"] * len(cases)), *others]
    return "\n".join(f"| {name} | {' | '.join(values)} |" for name, values in lines)


def draw(path: Path, costs: Costs) -> None:
    """Draw how long a first crawl takes with more machines, and what is kept of more pages."""
    import matplotlib as mpl  # noqa: PLC0415  # only the plot needs it: pip install 'knipsel[plot]'
    from matplotlib.figure import Figure  # noqa: PLC0415  # as above

    mpl.rcParams.update({"svg.hashsalt": "knipsel", "font.size": 9, "svg.fonttype": "none"})
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    time, space = figure.subplots(1, 2)
    machines = [10 ** (step / 20) for step in range(61)]
    for power, sites in ((6, 100), (8, 10_000), (9, 100_000)):
        days = [days_for(10**power, sites, count, costs) for count in machines]
        time.loglog(machines, days, label=f"10^{power} pages on {sites:,} sites")
    time.set(xlabel="machines of two cores", ylabel="days of the first crawl")
    time.legend()
    pages = [10 ** (6 + step / 20) for step in range(61)]
    kept = [needs_of(count, 100_000, 90, costs) for count in pages]
    space.loglog(pages, [one.warc_terabytes for one in kept], label="WARC files")
    space.loglog(pages, [one.database_gigabytes / 1000 for one in kept], label="database")
    space.set(xlabel="pages", ylabel="terabytes")
    space.legend()
    for axes in (time, space):
        axes.grid(visible=True, alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    print(table(Costs()))
    if len(sys.argv) > 1:
        draw(Path(sys.argv[1]), Costs())
