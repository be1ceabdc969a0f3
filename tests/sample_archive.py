"""A small archive of our own writing, the same on every machine: what docs/sql.md asks, and what
exports and erasures are tried on.

python -m tests.sample_archive sqlite:///sample.db
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storage.articles import link_duplicates
from storage.crawl import Listing, VisitContext, add_candidates, runs, save_visit, sites
from storage.database import Archive, metadata, pages
from storage.records import Article, Author, Candidate, Comment, Fetch, Link, RemovedBlock, Visit
from storage.urls import site_of

FIRST = datetime(2024, 5, 1, 6, 0, tzinfo=UTC)
SECOND = datetime(2024, 5, 8, 6, 0, tzinfo=UTC)
THIRD = datetime(2024, 6, 5, 6, 0, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


def comment(
    number: int, author: str | None, text: str, when: str | None = None, under: int | None = None
) -> Comment:
    moment = day(when) if when else None
    return Comment(
        source_id=str(number), author=author, text=text, parent_position=under,
        parent_how=None if under is None else "nesting",
        date_created=moment, date_created_raw=when,
        date_created_precision="minute" if moment else None,
        date_created_source="time" if moment else None,
        author_url=f"https://profiel.example/{author}" if author else None, method="markup",
    )  # fmt: skip


def article(
    url: str,
    headline: str,
    body: str,
    when: str | None,
    comments: Sequence[Comment] = (),
    **more: object,
) -> Article:
    moment = day(when) if when else None
    made = Article(
        url=url, headline=headline, article_body=body, date_published=moment,
        date_published_raw=when, in_language="nl", language_declared="nl", language_found="nl",
        date_published_precision=("minute" if "T" in when else "day") if when else None,
        date_published_source="time" if when else None,
        comments=tuple(comments), comments_declared=len(comments), method="body",
    )  # fmt: skip
    return replace(made, **more)


VAK = "https://vakblad.example"
MOLEN = "https://molenblog.example"
KRANT = "https://dorpskrant.example"

FIGURES = Link(
    url="https://www.cijfers.example/2014",
    canonical_url="https://www.cijfers.example/2014",
    domain="cijfers.example",
    text="Cijfers",
)
PASSIE = article(
    f"{VAK}/passie/", "Marketing met passie",
    "Wie passie zoekt in marketing, begint bij de lezer.\n\nEen merk zonder "
"verhaal is een doos.\n\nDe passies van klanten wegen mee.",
    "2013-12-30T10:21",
    (
        comment(1, "Hanneke de Wit", "Eens, passie verkoopt.\nMaar alleen als het echt is.",
            "2013-12-30T11:02"),
        comment(2, "Bert", "Helemaal mee eens!", "2013-12-30T12:40"),
        comment(3, "Joost", "Onzin. Cijfers verkopen.", "2013-12-31T09:15", under=0),
        comment(4, "Hanneke de Wit", "@Joost: cijfers zonder verhaal leest niemand.",
            "2013-12-31T09:50", under=2),
    ),
    authors=(Author(name="Karel Post", role="Managing Partner", organisation="Admix"),),
    article_section="Columns",
    keywords=("marketing", "storytelling"), comments_declared=6, comments_gap_reason="unknown",
    removed_blocks=(RemovedBlock(reason="newsletter", text="Nieuwsbrief"),
        RemovedBlock(reason="vacancies", text="Vacatures")),
)  # fmt: skip
ARTICLES = (
    PASSIE,
    article(
        f"{VAK}/radio/", "Radio is niet dood",
        "De radio luistert mee.\n\nEén spot per uur volstaat.", "2014-02-03T08:00",
        (comment(11, "Bert", "Helemaal mee eens!", "2014-02-03T08:30"),
            comment(12, "Truus", "Ik luister nooit.", "2014-02-04T20:00")),
        authors=(Author(name="Karel Post"), Author(name="Sanne Vos")), article_section="Nieuws",
        keywords=("radio", "marketing"),
    ),
    article(
        f"{VAK}/budget/", "Budgetten groeien weer",
        "Adverteerders geven meer uit.\n\nHet budget voor marketing steeg met 4 "
"procent.",
        "2014-02-20",
        (replace(comment(13, "Joost", "Cijfers! Eindelijk.", "2014-02-21T07:45"),
            links=(FIGURES,)),),
        authors=(Author(name="Sanne Vos"),), article_section="Nieuws", keywords=("budget",),
        links=(replace(FIGURES, text="4 procent"), replace(FIGURES, text="uit")),
    ),
    article(f"{VAK}/slot/", "Alleen voor abonnees", "Het begin van een verhaal.",
        "2014-03-01T09:00", access="teaser", article_section="Nieuws"),
    article(
        f"{MOLEN}/de-kat/", "De Kat draait weer",
        "Molen De Kat maalt weer verf.\n\nDe molenaars zijn trots op hun molen.",
        "2023-07-14T16:00",
        (
            comment(21, "Wil", "Prachtig! Wanneer kan ik langskomen? Mail me op "
                "wil@voorbeeld.example of bel 06-12345678.", "2023-07-14T18:00"),
            comment(22, "Molenaar Piet", "Elke zaterdag, Wil.", "2023-07-15T09:00", under=0),
            comment(23, "Wil", "Dank!", "2023-07-15T09:30", under=1),
            comment(24, None, "Mooie foto's.", None),
        ),
        authors=(Author(name="Els Molenaar"),), keywords=("molen", "verf"),
        article_section="Zaanstreek",
    ),
    article(
        f"{MOLEN}/wieken/", "Nieuwe wieken",
        "De wieken van de molen zijn vervangen.\n\nHet hout komt uit Drenthe.", "2023-09-02T10:00",
        (comment(25, "Wil", "Helemaal mee eens!", "2023-09-02T10:10"),
            comment(26, "Truus", "=SOM(A1:A9) kostte het zeker?", "2023-09-03T11:00")),
        authors=(Author(name="Els Molenaar"),), keywords=("molen",), article_section="Zaanstreek",
    ),
    article(f"{MOLEN}/over/", "Het blog van de molens", "Hier schrijven wij over molens.", None,
        article_section="Zaanstreek"),
    article(
        f"{KRANT}/markt/", "Markt verhuist naar het plein",
        "De markt gaat naar het plein.\n\nDe gemeente belooft bomen.", "2024-04-28T07:30",
        (
            comment(31, "Hanneke de Wit", "Weer minder parkeerplaatsen. Schande!",
                "2024-04-28T08:00"),
            comment(32, "Opa Jan", "Vroeger stond de markt daar ook.", "2024-04-28T09:10"),
            comment(33, "Kees", "Wie betaalt dat?", "2024-04-28T09:20"),
            comment(34, "Opa Jan", "Wij allemaal, Kees.", "2024-04-28T10:00", under=2),
        ),
        authors=(Author(name="redactie"),), keywords=("markt", "gemeente"), article_section="Dorp",
        comments_declared=5,
        comments_gap_reason="pagination",
    ),
    article(
        f"{KRANT}/zwembad/", "Zwembad dicht door lek",
        "Het zwembad is dicht.\n\nEen lek kost de gemeente een ton.", "2024-04-30T18:00",
        (comment(41, "Kees", "Wie betaalt dat?", "2024-04-30T18:20"),),
        authors=(Author(name="redactie"),), keywords=("gemeente",), article_section="Dorp",
    ),
    article(
        f"{KRANT}/molen-de-kat/", "De Kat draait weer",
        "Molen De Kat maalt weer verf.\n\nDe molenaars zijn trots op hun molen.", "2023-07-15",
        authors=(Author(name="redactie"),), article_section="Dorp", keywords=("molen",),
    ),
)  # fmt: skip

MARKT = ARTICLES[7]
CHANGED = replace(
    MARKT,
    headline="Markt verhuist toch niet",
    article_body="De markt blijft waar zij is.\n\nDe gemeente belooft bomen.",
    comments=(
        MARKT.comments[0],
        replace(MARKT.comments[1], text="Vroeger stond de markt daar ook. (aangepast)"),
        *MARKT.comments[2:],
        comment(35, "Lies", "Gelukkig!", "2024-05-02T12:00"),
    ),
    comments_declared=5,
    comments_gap_reason=None,
)
SHORTENED = replace(
    CHANGED,
    comments=(
        *CHANGED.comments[1:3],
        replace(CHANGED.comments[3], parent_position=1),
        CHANGED.comments[4],
    ),
    comments_declared=4,
)


class SampleArchive:
    """Stores articles as visits of three runs."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._runs: dict[tuple[int, datetime], int] = {}

    def save(
        self,
        article: Article,
        moment: datetime,
        *,
        tdm: str | None = None,
        fetches: tuple[Fetch, ...] | None = None,
    ) -> None:
        fetch = Fetch(
            url=article.url,
            fetched_at=moment,
            outcome="ok",
            status=200,
            content_type="text/html",
            tdm_reservation=tdm,
        )
        with self._archive.begin() as connection:
            root = f"https://{site_of(article.url)}/"
            site_id = sites.register_site(connection, root)
            run_id = self._runs.get((site_id, moment)) or runs.begin_run(
                connection, site_id, {"site": root}, moment
            )
            self._runs[site_id, moment] = run_id
            add_candidates(
                connection,
                [Candidate(url=article.url)],
                Listing(site_id=site_id, now=moment, cap=1000),
            )
            page_id = connection.execute(
                select(pages.c.id).where(pages.c.url == article.url)
            ).scalar_one()
            context = VisitContext(
                run_id=run_id,
                site_id=site_id,
                seen_at=moment,
                extractor_version="0.1.0",
                cap=1000,
                max_attempts=3,
                retry_after_seconds=5,
            )
            made = (fetch,) if fetches is None else fetches
            visit = Visit(
                page_id=page_id,
                url=article.url,
                state="done",
                outcome="article",
                article=article,
                fetches=made,
            )
            save_visit(connection, visit, context, (None,) * len(made))


def rows_of(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of an archive, by table and in the order of its key."""
    with archive.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


def fill(archive: Archive) -> None:
    """Store the sample's articles in *archive*, and what later runs saw of the market's."""
    sample = SampleArchive(archive)
    for made in ARTICLES:
        sample.save(made, FIRST, tdm="1" if made.url.startswith(KRANT) else None)
    sample.save(CHANGED, SECOND, tdm="1")
    sample.save(SHORTENED, THIRD, tdm="1")
    link_duplicates(archive)


if __name__ == "__main__":
    opened = Archive.open(sys.argv[1])
    fill(opened)
    opened.close()
