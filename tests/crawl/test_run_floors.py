"""A run judges itself against what the pages show, also its first: the floors, what is counted for
them, and whole first runs.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.crawl.floors import FLOORS, Bounds
from crawler.crawl.stats import RunStats
from crawler.crawl.verdict import Counters, Judged, Judgement, judge
from storage.articles import CommentChanges, Saved
from storage.crawl import Before, VisitSaved
from storage.records import Article, Author, Comment, Visit
from tests.crawling import ROOT, ask, crawl, knipsel
from tests.local_site import LocalSite, Route

URL = "https://vaartbode.example/brug/"
TEXT = "De brug over de vaart blijft dicht. " * 4


def counters(**changed: Any) -> Counters:
    healthy: dict[str, Any] = {
        "pages": 220, "fetched": 220, "articles": 200,
        "articles_read": 200, "dated": 190, "authored": 190,
        "commented": 100, "comments": 1000,
        "declared": 1000, "captured": 1000, "known_articles": 200, "outcomes": {"article": 200},
    }  # fmt: skip
    return Counters(
        **{**healthy, "examples": dict.fromkeys(changed.get("faults", ()), URL), **changed}
    )


def judged(**changed: Any) -> Judged:
    return judge(counters(**changed), (), Judgement())


@pytest.mark.parametrize(
    ("fault", "least", "words"),
    [
        ("date_published", 11, "(date_published)"),
        ("misdated", 11, "(date_published)"),
        ("authors", 11, "(authors)"),
        ("empty_comments", 11, "(comments.text)"),
        ("missing_comments", 101, "(comments)"),
        ("threads", 6, "(comments)"),
        ("open_threads", 6, "(comments)"),
        ("wordless", 41, "(article_body)"),
        ("repeated", 101, "(article_body)"),
        ("no_text", 202, "(article_body)"),
    ],
)
def test_a_first_run_below_a_floor_is_degraded_in_one_sentence(
    fault: str, least: int, words: str
) -> None:
    bad = judged(faults={fault: least})
    assert bad.verdict == "degraded"
    (reason,) = bad.reasons
    assert words in reason
    assert reason.endswith(f"knipsel inspect {URL} shows why.")
    assert f"knipsel inspect {URL}" in bad.deeds[0]
    assert judged(faults={fault: least - 2}) == Judged("ok")


def test_hardly_any_date_is_suspect_also_where_no_page_shows_one() -> None:
    bad = judged(articles_read=146, dated=8, faults={"undated": 138})
    assert bad.verdict == "degraded"
    assert bad.reasons[0].startswith("Only 8 of 146 articles have a date (date_published)")


def test_few_articles_need_two_faults() -> None:
    few = {"articles_read": 4, "dated": 3, "authored": 4}
    assert judged(**few, faults={"date_published": 1}) == Judged("ok")
    assert judged(**few, faults={"date_published": 2}).verdict == "degraded"


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.setting)
def test_every_floor_has_its_setting(floor: Any) -> None:
    count = 202 if floor.name == "no_text" else 201
    faults = {floor.name: count}
    bounds = Bounds.of(Settings({floor.setting: "1.0"}))
    bad = counters(faults=faults, articles_read=201, commented=201)
    assert judge(bad, (), Judgement()).verdict == "degraded"
    assert judge(bad, (), Judgement(), bounds) == Judged("ok")
    running = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert f"`{floor.setting}` | {floor.share:g} |" in running


def noted(*articles: Article, unread: tuple[str, ...] = ()) -> Counters:
    return stats_of(*articles, unread=unread).counters


def stats_of(*articles: Article, unread: tuple[str, ...] = ()) -> RunStats:
    stats = RunStats()
    for number, article in enumerate(articles):
        url = f"{URL}{number}"
        visit = Visit(
            page_id=number, url=url, state="done", outcome="article", article=article, unread=unread
        )
        saved = Saved(number, new=True, changed=True, comments=CommentChanges())
        stats.note(
            visit,
            VisitSaved(
                state="done",
                outcome="article",
                before=Before(outcome=None),
                article=saved,
            ),
        )
    return stats


def article(**fields: Any) -> Article:
    return Article(**{"url": URL, "headline": "De brug", "article_body": TEXT, **fields})


def comment(**fields: Any) -> Comment:
    return Comment(**{"author": "Bram", "text": "Eindelijk.", **fields})


def test_records_without_words_are_counted_unless_the_page_withholds_them() -> None:
    thread = (
        comment(),
        comment(text=""),
        comment(text="", status="withheld"),
        comment(text="", author=None),
    )
    counted = noted(article(comments=thread, comments_declared=4))
    assert counted.faults["empty_comments"] == 1
    assert counted.examples["empty_comments"] == f"{URL}0"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"comments_declared": 5}, 4),
        ({"comments_declared": 5, "comments_gap_reason": "unknown"}, 4),
        ({"comments_declared": 5, "comments_gap_reason": "pagination"}, 0),
        ({"comments_declared": 5, "comments_gap_reason": "withheld"}, 0),
        ({"comments_declared": 3, "pingbacks": 2}, 0),
        ({"comments_declared": 1}, 0),
        ({}, 0),
    ],
)
def test_comments_are_missing_where_no_reason_is_given(
    fields: dict[str, Any], missing: int
) -> None:
    counted = noted(article(comments=(comment(),), **fields))
    assert counted.faults.get("missing_comments", 0) == missing


def test_what_is_shown_counts_where_it_was_not_read_after_all() -> None:
    shown = ("authors", "comments")
    lacking = noted(article(), article(), unread=shown)
    assert (lacking.faults["authors"], lacking.faults["threads"]) == (2, 2)
    gathered = noted(article(authors=(Author(name="Anna"),), comments=(comment(),)), unread=shown)
    assert "authors" not in gathered.faults
    assert "threads" not in gathered.faults


def test_one_block_at_the_edge_of_many_texts_is_counted_whatever_its_number() -> None:
    texts = [f"({number} comments)\n\n{TEXT}{number}\n\nSlot {number}." for number in range(12)]
    assert noted(*(article(article_body=text) for text in texts)).faults["repeated"] == 12
    heads = [f"Bereiding\n\n{TEXT}{'x' * number}\n\nSmakelijk!" for number in range(12)]
    assert noted(*(article(article_body=text) for text in heads)).faults.get("repeated", 0) < 2


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("Geschreven door Henriëtte van Houten", 0),
        ("Tekst en beeld: Henriëtte van Houten", 0),
        ("Henriëtte van Houten schrijft elke week over de molens van het dorp.", 12),
        ("Geschreven door Jan-Willem Boerenkool", 12),
    ],
)
def test_a_line_that_the_author_signs_with_is_the_text_s_own(line: str, faults: int) -> None:
    signed = (Author(name="Henriëtte van Houten"),)
    texts = [f"{TEXT}{'x' * number}\n\nSlot.\n\n{line}" for number in range(12)]
    counted = noted(*(article(article_body=text, authors=signed) for text in texts))
    assert counted.faults.get("repeated", 0) == faults


# Whole runs

BODY = "".join(
    f"<p>De sluis van week {week} ging later open dan beloofd, en de schippers dronken op de kade"
    " koffie tot de wachter kwam met zijn fiets en zijn sleutels.</p>"
    for week in range(3, 8)
)


def stated(number: int, *, is_known: bool) -> str:
    """Return an article's page whose date is stated in words that nobody knows, or that all do."""
    when = f"2019-05-{number + 1:02}" if is_known else f"{number} brumaire IX"
    ld = f'{{"@type": "NewsArticle", "headline": "Sluis {number}", "datePublished": "{when}"}}'
    return f"""<html lang="nl"><head><title>Sluis {number}</title>
    <script type="application/ld+json">{ld}</script></head><body><main><article>
    <h1>Sluis {number}</h1><p class="byline">Door <span class="author">Anna de Wit</span></p>
    {BODY.replace("week", f"week {number}.")}</article></main></body></html>"""


def site_of(pages: list[str]) -> dict[str, Route]:
    links = "".join(f'<li><a href="/sluis-{n}/">Sluis {n}</a></li>' for n in range(len(pages)))
    home = f"<html><head><title>Sluisbode</title></head><body><h1>Sluisbode</h1><ul>{links}</ul>"
    return {"/": home, **{f"/sluis-{n}/": page for n, page in enumerate(pages)}}


def test_a_first_run_without_the_dates_that_pages_state_says_so(tmp_path: Path) -> None:
    with LocalSite(site_of([stated(n, is_known=n < 6) for n in range(12)])) as site:
        ended = crawl(site.url, tmp_path)
        assert ended.code == 1
        sentence = "6 of 12 articles that show a date of publication (date_published)"
        assert sentence in ended.err
        assert f"knipsel inspect {site.url}/sluis-" in ended.err
        doctor = knipsel("doctor", "-s", f"KNIPSEL_ARCHIVE={tmp_path}").out
        (line,) = [line for line in doctor.splitlines() if "last run" in line]
        deed = line.rpartition(" -> ")[2]
        assert deed.startswith(f"run knipsel inspect {site.url}/sluis-")
        assert "knipsel runs" not in deed
        easy = crawl(site.url, tmp_path, "-a", "refresh=all", "-s", "MOST_UNDATED=0.6")
        assert easy.code == 0, easy.err


def test_three_equal_sites_crawled_at_once_end_equally_and_no_template_changed(
    tmp_path: Path,
) -> None:
    def old(page: str) -> str:
        """Return a page in the site's older look."""
        moved = page.replace('<span class="author">', '<span class="wie">')
        return moved.replace("<main><article>", '<div id="wrap"><div class="oud">')

    pages = [stated(n, is_known=True) for n in range(24)]
    pages[8:] = [old(page) if n % 3 else page for n, page in enumerate(pages[8:])]
    setting = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    with ExitStack() as stack:
        for _number in range(3):
            site = stack.enter_context(LocalSite(site_of(pages)))
            assert knipsel("sites", "add", f"{site.url}/", "--unchecked", *setting).code == 0
        ended = knipsel("crawl", "articles", *setting, "-s", "EXTRACTION_WORKERS=1")
    assert ended.code == 0, ended.err
    assert "template changed" not in ended.err + ended.out
    runs = ask(tmp_path, "SELECT verdict, reasons FROM runs")
    assert [(run["verdict"], run["reasons"]) for run in runs] == [("ok", "[]")] * 3


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.setting)
@pytest.mark.parametrize(("articles", "needed"), [(1, 2), (9, 2), (10, 1)])
def test_how_many_faults_a_small_run_may_have_is_documented(
    floor: Any, articles: int, needed: int
) -> None:
    least = max(needed, floor.least)
    if floor.name == "no_text":  # more than half of these pages and the articles
        least = max(least, articles + 1)
    few = {"articles_read": articles, "dated": articles, "authored": 0, "commented": 0,
        "comments": least, "declared": least}  # fmt: skip
    assert judged(**few, faults={floor.name: least}).verdict == "degraded"
    assert judged(**few, faults={floor.name: least - 1}) == Judged("ok")
    running = " ".join((ROOT / "docs" / "running.md").read_text(encoding="utf-8").split())
    assert "Of fewer than ten articles that a run read a single fault" in running
    if floor.least > 1:
        assert f"`{floor.setting}` for {floor.least} " in running
