"""A year of nightly runs over a simulated site: requests a night and comments caught, by Knipsel's
policy and by two plain ones.

    python benchmarks/year.py [PLOT.svg]

The law of the site: 3,000 articles from the ten years before, five new ones a day; an article gets
Poisson(6) comments, 85 % of them with a density that falls as 1/(1 day + age), up to half a year,
and 15 % evenly over ten years. Lists (home, feed, sitemap) cost four requests a night, the list of
newest comments one. Knipsel's policy is the code that a crawl runs: crawler.revisits.

Prints one table and draws the plot; exits 1 when fewer than 99 % of the year's comments are caught,
or with more than 10 % of the requests of "fetch everything every night".
"""

import argparse
import math
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.crawl import next_visit
from storage.records import Look

SEED, NIGHTS, OLD, DAILY = 11, 365, 3000, 5
BEGIN = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
HALF_YEAR, TEN_YEARS = 182.0, 3650.0
LISTS = 4


@dataclass
class Simulated:
    """An article of the simulated site with the moments of its comments, and what a policy knows of
    it.
    """

    url: str
    published: datetime
    comments: list[datetime]
    seen: int = 0
    last_news: datetime | None = None
    due: datetime = BEGIN


@dataclass
class Year:
    """What a policy did."""

    name: str
    requests: list[int] = field(default_factory=list)
    wasted: int = 0
    delays: list[float] = field(default_factory=list)
    written: int = 0

    def within(self, days: float) -> float:
        """Return the share of the year's comments that was caught within so many days."""
        return sum(delay <= days for delay in self.delays) / self.written


def make_site() -> list[Simulated]:
    """Return the articles of eleven years with all their comments."""
    chance = random.Random(SEED)  # noqa: S311  # a reproducible site, not a secret
    published = [BEGIN - timedelta(days=chance.uniform(0, TEN_YEARS)) for _ in range(OLD)]
    published += [
        BEGIN + timedelta(days=night - 1 + chance.random())
        for night in range(NIGHTS)
        for _ in range(DAILY)
    ]
    return [
        Simulated(f"https://voorbeeld.nl/{n}/", day, sorted(_comments(chance, day)))
        for n, day in enumerate(sorted(published))
    ]


def _comments(chance: random.Random, published: datetime) -> list[datetime]:
    count, product, bound = 0, chance.random(), math.exp(-6)
    while product > bound:  # Knuth's way to a Poisson number
        count, product = count + 1, product * chance.random()
    moments = []
    for _ in range(count):
        early = chance.random() < 0.85
        days = (1 + HALF_YEAR) ** chance.random() - 1 if early else chance.uniform(0, TEN_YEARS)
        moments.append(published + timedelta(days=days))
    return moments


def run(name: str, wants: Callable[[Simulated, datetime, datetime], bool], *, lists: int) -> Year:
    """Return the year of a policy; *wants* says whether an article is fetched in a night (after the
    one before).
    """
    year, site = Year(name), make_site()
    year.written = sum(
        BEGIN < moment <= BEGIN + timedelta(days=NIGHTS - 1)
        for article in site
        for moment in article.comments
    )
    for article in site:
        if article.published <= BEGIN:
            _visit(article, BEGIN, year, counts=False)
    for night in range(1, NIGHTS):
        now = BEGIN + timedelta(days=night)
        asked = lists
        for article in site:
            if article.published <= now and (
                article.last_news is None or wants(article, now, now - timedelta(days=1))
            ):
                asked += 1
                _visit(article, now, year, counts=True)
        year.requests.append(asked)
    return year


def _visit(article: Simulated, now: datetime, year: Year, *, counts: bool) -> None:
    shown = [moment for moment in article.comments if moment <= now]
    new = shown[article.seen :]
    if counts:
        year.delays += [(now - moment).total_seconds() / 86400 for moment in new if moment > BEGIN]
        year.wasted += not new and article.last_news is not None
    first = article.last_news is None
    article.seen = len(shown)
    if first:
        article.last_news = max([article.published, *shown])
    elif new:
        article.last_news = now
    assert article.last_news is not None
    look = Look(
        url=article.url,
        kind="page",
        state="done",
        outcome="article",
        now=now,
        last_news=article.last_news,
    )
    article.due = next_visit(look)


def policies() -> list[Year]:
    """Return the year of each policy."""
    return [
        run("fetch everything every night", lambda *_: True, lists=LISTS),
        run("never look again", lambda *_: False, lists=LISTS),
        run("Knipsel, page by page", lambda article, now, _before: article.due <= now, lists=LISTS),
        run("Knipsel, with the list of newest comments", _told_or_due, lists=LISTS + 1),
    ]


def _told_or_due(article: Simulated, now: datetime, before: datetime) -> bool:
    return article.due <= now or any(before < moment <= now for moment in article.comments)


def draw(years: list[Year], path: Path) -> None:
    """Draw requests a night and the share of comments caught, by delay."""
    import matplotlib as mpl  # noqa: PLC0415  # only the plot needs it: pip install 'knipsel[plot]'
    from matplotlib.figure import Figure  # noqa: PLC0415  # as above

    mpl.rcParams.update({"svg.hashsalt": "knipsel", "font.size": 9, "svg.fonttype": "none"})
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    days = [0.25 * step for step in range(1, 241)]
    for year in years:
        left.plot(range(1, NIGHTS), year.requests, label=year.name, linewidth=1)
        right.plot(days, [year.within(day) for day in days], linewidth=1.2)
    left.set(yscale="log", xlabel="night", ylabel="requests", title="Requests a night")
    right.set(
        xlabel="days after it was written",
        ylim=(0, 1.02),
        title="Share of the year's comments caught",
    )
    figure.legend(loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main() -> int:
    """Print the table; 1 when a bound is broken."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("plot", nargs="?", type=Path)
    options = arguments.parse_args()
    years = policies()
    everything = sum(years[0].requests)
    print(
        f"{'':<44}{'requests':>9}{'a night':>9}{'of all':>8}{'in a day':>10}"
        f"{'a week':>8}{'caught':>8}{'idle':>8}"
    )
    for year in years:
        asked = sum(year.requests)
        shares = "".join(
            f"{year.within(days):>{width}.1%}" for days, width in ((1, 10), (7, 8), (1000, 8))
        )
        print(
            f"{year.name:<44}{asked:>9}{asked / (NIGHTS - 1):>9.0f}"
            f"{asked / everything:>8.1%}{shares}{year.wasted / asked:>8.1%}"
        )
    if options.plot:
        draw(years, options.plot)
    chosen = years[-1]
    return int(chosen.within(1000) < 0.99 or sum(chosen.requests) > 0.1 * everything)


if __name__ == "__main__":
    sys.exit(main())
