"""What a run may lack at most, whatever the site's past: each share is counted on the pages
themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scrapy.settings import BaseSettings

FAULTS_OF_FEW = 2  # a single fault says something only where this many articles were read:
ENOUGH_ARTICLES = 10
BEFORE_LEARNING = 25  # so many articles may be read before the site's recurring blocks are known


@dataclass(frozen=True, slots=True)
class Floor:
    """One bound: which *share* of what is counted in *among* may have the fault *name*.

    *setting* adjusts the share, *words* name what is wrong; fewer faults than *least* prove
    nothing.
    """

    name: str
    setting: str
    share: float
    among: tuple[str, ...]
    words: str
    least: int = 1


FLOORS = (
    Floor(
        "date_published",
        "MOST_UNDATED",
        0.05,
        ("dated", "date_published"),
        "articles that show a date of publication (date_published) were read without it",
    ),
    Floor(
        "misdated",
        "MOST_MISDATED",
        0.1,
        ("commented",),
        "articles are dated after comments on them (date_published)",
    ),
    Floor(
        "authors",
        "MOST_AUTHORLESS",
        0.05,
        ("authored", "authors"),
        "articles that show who wrote them (authors) were read without authors",
    ),
    Floor(
        "empty_comments",
        "MOST_EMPTY_COMMENTS",
        0.01,
        ("comments",),
        "comments have an author or a date but no words (comments.text)",
    ),
    Floor(
        "missing_comments",
        "MOST_MISSING_COMMENTS",
        0.1,
        ("declared",),
        "comments that the pages declare are missing for no reason that the pages give (comments)",
    ),
    Floor(
        "threads",
        "MOST_LOST_THREADS",
        0.05,
        ("commented", "threads"),
        "articles that show a thread were read without comments (comments)",
    ),
    Floor(
        "open_threads",
        "MOST_OPEN_THREADS",
        0.05,
        ("commented",),
        "articles have comments on further pages that were not read (comments)",
    ),
    Floor(
        "wordless",
        "MOST_WORDLESS",
        0.2,
        ("articles_read",),
        "articles have no text (article_body)",
        least=3,
    ),
    Floor(
        "repeated",
        "MOST_REPEATED",
        0.5,
        ("articles_read",),
        "articles begin or end with one and the same block of text (article_body)",
        least=BEFORE_LEARNING,
    ),
    Floor(
        "no_text",
        "MOST_UNREADABLE",
        0.5,
        ("articles_read", "no_text"),
        "pages were refused because no text was found on them (article_body)",
        least=ENOUGH_ARTICLES,
    ),
)
# A smaller share of articles with a date is suspect, also where nobody saw one on the pages.
LEAST_DATED = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """The floors of a run: the greatest share of each fault by its name, and the least share of
    articles with a date.
    """

    most: Mapping[str, float]
    least_dated: float = LEAST_DATED

    @classmethod
    def of(cls, settings: BaseSettings) -> "Bounds":
        """Return the bounds that the *settings* name."""
        most = {floor.name: settings.getfloat(floor.setting, floor.share) for floor in FLOORS}
        return cls(most, settings.getfloat("LEAST_DATED", LEAST_DATED))


USUAL = Bounds({floor.name: floor.share for floor in FLOORS})


@dataclass(frozen=True, slots=True)
class Breach:
    """A floor that a run fell through: the fault's *name*, the sentence, and what to do
    about it.
    """

    name: str
    sentence: str
    deed: str


def breaches(
    counts: Mapping[str, int], examples: Mapping[str, str], bounds: Bounds
) -> list[Breach]:
    """Return the floors that a run with these *counts* fell through; *examples* are an address for
    each fault.

    *counts* hold faults and what they are counted among, by the names of FLOORS.
    """
    found = list(_breached(counts, examples, bounds))
    articles, dated = counts.get("articles_read", 0), counts.get("dated", 0)
    is_named = any(breach.name == "date_published" for breach in found)
    if not is_named and articles >= ENOUGH_ARTICLES and dated < bounds.least_dated * articles:
        words = f"Only {dated} of {articles} articles have a date (date_published)"
        found.append(_breach("undated", words, examples))
    return found


def _breached(
    counts: Mapping[str, int], examples: Mapping[str, str], bounds: Bounds
) -> Iterator[Breach]:
    for floor in FLOORS:
        faults, of = counts.get(floor.name, 0), sum(counts.get(name, 0) for name in floor.among)
        is_enough = faults >= FAULTS_OF_FEW or counts.get("articles_read", 0) >= ENOUGH_ARTICLES
        if faults >= floor.least and is_enough and faults > bounds.most[floor.name] * of:
            yield _breach(floor.name, f"{faults} of {of} {floor.words}", examples)


def _breach(name: str, words: str, examples: Mapping[str, str]) -> Breach:
    command = f"knipsel inspect {examples.get(name, 'URL')}"
    deed = (
        f"run {command} and see where it stands; correct the site's profile (docs/profiles.md)"
        " and read the kept pages again with knipsel reextract"
    )
    return Breach(name, f"{words}; {command} shows why.", deed)
