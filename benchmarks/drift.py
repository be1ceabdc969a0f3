"""Drift: a site's template changes in the middle of its archive; is every change that breaks a
field noticed within five pages?

    python benchmarks/drift.py SHARED_FOLDER

SHARED_FOLDER/gold/samples holds the same site in several themes. For each ordered pair of them a
profile is learned on the first pages of the one, and then pages of the other come in. A field is
broken where what the profile reads of it is not what the site's own database tells, or where it had
to be read the generic way. Then the unchanged pages of every theme come in again and again, in
other orders, until a thousand were read: each alarm among them is a false one. Prints one table;
exits 1 when a broken field goes unnoticed or an alarm is false.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from benchmarks.extractors import words
from benchmarks.samples import Sample, samples
from pipelines.article import read_article, read_by
from pipelines.document import open_document
from pipelines.learning import Observation, SiteWatch, is_checked, learn, observe
from pipelines.profiles import Profile
from storage.records import Article

LESSONS, PAGES, UNCHANGED = 8, 5, 1000
SEED = 20131230


@dataclass(frozen=True, slots=True)
class Seen:
    """What one page told of a profile, and which fields were wrong or missed on it."""

    observation: Observation
    broken: frozenset[str]


def read(sample: Sample, profile: Profile) -> Seen:
    """Read a page by *profile* as production does, and hold it against the truth."""
    document = open_document(sample.page)
    article = read_by(document, (profile,))
    generic = partial(read_article, document) if is_checked(document.url) else None
    observation = observe(article, document.fetched_at, generic)
    return Seen(observation, frozenset(wrong(article, sample)) | observation.misses)


def wrong(article: Article, sample: Sample) -> Iterable[str]:
    """Yield the fields of *article* that are not as the truth has them."""
    if words(article.headline) != words(sample.title or ""):
        yield "headline"
    if {tuple(words(author.name)) for author in article.authors} != {
        tuple(words(name)) for name in sample.authors or ()
    }:
        yield "authors"
    found = article.date_published
    if sample.published is not None and (
        found is None or found.replace(second=0) != sample.published.replace(second=0)
    ):
        yield "date_published"
    wanted, have = set(words(sample.body)), set(words(article.article_body))
    if len(wanted & have) < 0.95 * len(wanted | have):
        yield "article_body"
    if sample.comments is not None and [words(c.text) for c in article.comments] != [
        words(text) for text in sample.comments
    ]:
        yield "comments"


def swap(
    profile: Profile, pages: Sequence[Sample]
) -> tuple[frozenset[str], int | None, tuple[str, ...]]:
    """Return the fields that *profile* breaks on *pages*, after how many of these it is closed, and
    the fields that are named.
    """
    watch = SiteWatch({1: profile})
    broken: frozenset[str] = frozenset()
    for count, sample in enumerate(pages[:PAGES], 1):
        seen = read(sample, profile)
        broken |= seen.broken
        verdicts = watch.add(seen.observation)
        if verdicts:
            return broken, count, verdicts[1].fields
    return broken, None, ()


def false_alarms(profile: Profile, pages: Sequence[Sample]) -> tuple[int, int]:
    """Return how many alarms *profile* raises on pages of its own template, and how many pages were
    read.
    """
    seen = [read(sample, profile).observation for sample in pages]
    chance = Random(SEED)  # noqa: S311  # a reproducible order, no secret
    alarms, count, watch = 0, 0, SiteWatch({1: profile})
    while count < UNCHANGED:
        for one in chance.sample(seen, len(seen)):
            count += 1
            if watch.add(one):
                alarms, watch = alarms + 1, SiteWatch({1: profile})
    return alarms, count


def main() -> int:
    """Print the table; 1 when something went unnoticed or was a false alarm."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    themes = {
        name: pages
        for name, pages in samples(arguments.parse_args().shared)
        if name.startswith("wordpress-")
    }
    profiles = {}
    for name, pages in themes.items():
        profiles[name] = learn(name, [open_document(sample.page) for sample in pages[:LESSONS]])[0]
    table = Table(
        "from",
        "to",
        "broken fields",
        "noticed after",
        "because of",
        title="Templates swapped",
        title_justify="left",
    )
    unnoticed = alarms = read_pages = 0
    for old, profile in profiles.items():
        for new in (name for name in themes if name != old):
            broken, count, fields = swap(profile, themes[new][LESSONS:])
            unnoticed += bool(broken) and count is None
            shown = f"{count} pages" if count else "UNNOTICED" if broken else "nothing to notice"
            table.add_row(old[10:], new[10:], ", ".join(sorted(broken)), shown, ", ".join(fields))
        found, number = false_alarms(profile, themes[old][LESSONS:])
        alarms, read_pages = alarms + found, read_pages + number
    Console(width=170).print(table)
    print(
        f"{unnoticed} broken templates unnoticed within {PAGES} pages; {alarms} false "
        f"alarms on {read_pages} unchanged pages"
    )
    return 1 if unnoticed or alarms else 0


if __name__ == "__main__":
    sys.exit(main())
