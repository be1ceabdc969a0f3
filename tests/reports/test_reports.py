"""The run report: what it says is what the archive has, its page loads nothing, and it is written
after a run.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from crawler.demo import DemoServer
from crawler.reports import NothingToReport, make_report, write_report
from crawler.reports.files import render_page, write_after_run
from storage.crawl import Origin, runs, sites
from storage.crawl.origins import save_origin
from storage.database import Archive, ArchiveUnavailable, fetches, pages
from tests.crawling import ask, crawl, knipsel
from tests.sample_archive import FIRST, THIRD, SampleArchive, article

HOSTILE = '"><script>alert(1)</script>\u202e<img src=https://evil.example/x>'


def end(
    archive: Archive,
    run_id: int,
    counters: dict[str, object],
    verdict: str = "ok",
    reasons: tuple[str, ...] = (),
) -> None:
    with archive.begin() as connection:
        runs.end_run(connection, run_id, runs.Ending(counters, verdict, reasons), THIRD)


def test_a_report_tells_of_each_site_s_newest_ended_run_what_is_missing(
    sample: Archive, tmp_path: Path
) -> None:
    with sample.read() as connection:
        its_runs = [
            run.run_id
            for run in runs.recent_runs(connection, None, 20)
            if run.site == "vakblad.example"
        ]
    report = make_report(sample, tmp_path, run_id=its_runs[0])
    (run,) = report["runs"]
    assert run["site"] == "vakblad.example"
    assert run["verdict"] == "not ended"
    assert run["visited"] == 4
    (gap,) = run["gaps"]
    assert (gap["name"], gap["count"]) == ("unknown", 1)
    assert gap["examples"] == [
        {"url": "https://vakblad.example/passie/", "detail": "4 of 6 comments"}
    ]
    assert [(one["name"], one["count"]) for one in run["lacking"]] == [("author", 1)]
    assert run["hosts"][0]["requests"] == 4


def test_a_report_leads_with_the_worst_verdict_and_three_figures(
    archive: Archive, tmp_path: Path
) -> None:
    counted = {"articles_new": 3, "comments_new": 7, "declared": 9, "captured": 5}
    with archive.begin() as connection:
        started = [
            runs.begin_run(connection, sites.register_site(connection, url), {}, FIRST)
            for url in ("https://goed.example/", "https://fout.example/")
        ]
    end(archive, started[0], counted)
    end(archive, started[1], {"articles_new": 1, "captured": 2}, "degraded", ("Een reden.",))
    one, both = (make_report(archive, tmp_path, run_id=key) for key in (started[0], None))
    figures = {"articles_new": 3, "comments_new": 7, "comments_missing": 4}
    assert one["lead"] == {"verdict": "ok", **figures}
    assert both["lead"] == {"verdict": "degraded", **figures, "articles_new": 4}
    shown = re.sub(r"<[^>]+>|\s+", " ", render_page(one).partition("<main>")[2])
    assert re.match(r" *goed\.example *: *ok *new articles *3 *new comments *7 ", shown)
    assert re.search(r"<h1>2 runs: <span class=.verdict degraded.>degraded", render_page(both))


def test_a_report_on_no_run_says_what_to_do(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(NothingToReport, match="crawl a site first"):
        make_report(archive, tmp_path)
    with pytest.raises(NothingToReport, match="There is no run 7"):
        make_report(archive, tmp_path, run_id=7)


def test_runs_since_a_moment_and_the_trend_before_them(sample: Archive, tmp_path: Path) -> None:
    told = make_report(sample, tmp_path, since=FIRST + timedelta(days=1))["runs"]
    assert [run["site"] for run in told] == ["dorpskrant.example"] * 2
    assert [one["run"] for one in told[-1]["trend"]] == sorted(
        one["run"] for one in told[-1]["trend"]
    )
    assert len(told[-1]["trend"]) == 3


def test_politeness_is_held_against_what_robots_asks(archive: Archive, tmp_path: Path) -> None:
    with archive.begin() as connection:
        site_id = sites.register_site(connection, "https://traag.example/")
        run_id = runs.begin_run(connection, site_id, {}, FIRST)
        for host in ("traag", "snel"):
            body = "User-agent: *\nCrawl-delay: 10\n"
            save_origin(
                connection,
                Origin(origin=f"https://{host}.example", robots_status=200, robots_body=body),
            )
        rows = [("traag", 10 * number, 0.5) for number in range(7)] + [
            ("snel", number, 0.1) for number in range(9)
        ]
        for host, second, took in rows:
            values = {
                "run_id": run_id,
                "url": f"https://{host}.example/{second}",
                "outcome": "ok",
                "elapsed_seconds": took,
            }
            connection.execute(
                fetches.insert().values(fetched_at=FIRST + timedelta(seconds=second), **values)
            )
        connection.execute(
            fetches.insert().values(
                fetched_at=FIRST, run_id=run_id, url="https://snel.example/no", outcome="robots"
            )
        )
    hosts = make_report(archive, tmp_path, run_id=run_id)["runs"][0]["hosts"]
    assert [
        (host["host"], host["requests"], host["busiest_minute"], host["kept"]) for host in hosts
    ] == [
        ("traag.example", 7, 6, True),
        ("snel.example", 9, 9, False),
    ]


def test_what_strangers_wrote_is_text_in_the_report_and_nothing_is_loaded(
    archive: Archive, tmp_path: Path
) -> None:
    made = article(f"https://vijand.example/{HOSTILE}", HOSTILE, "Tekst.", None)
    SampleArchive(archive).save(made, FIRST)
    with archive.read() as connection:
        run_id = runs.recent_runs(connection, None, 1)[0].run_id
    end(
        archive,
        run_id,
        {"lists_lost": [HOSTILE], "lost": {"dated": 3}, "had": {"dated": 4}},
        "degraded",
        (HOSTILE,),
    )
    page = render_page(make_report(archive, tmp_path))
    assert page.count("&lt;script&gt;alert(1)") >= 4
    assert not re.search(r"<(script|img|link|iframe|object)\b|url\(|@import", page)
    assert not re.findall(r'(?:src|href)="([^"]*)"', page)  # one run needs no list of runs
    assert "3 of 4 articles that had a date have it no more." in page


def test_a_report_that_cannot_be_written_is_one_sentence(archive: Archive, tmp_path: Path) -> None:
    SampleArchive(archive).save(article("https://vol.example/a/", "Kop", "Tekst.", None), FIRST)
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ArchiveUnavailable, match="The run is stored, but its report cannot be written"
    ):
        write_after_run(archive, tmp_path, 1, tmp_path / "file" / "reports")


def test_each_run_leaves_a_report_its_twin_and_metrics(tmp_path: Path) -> None:
    folder, reports = tmp_path / "archive", tmp_path / "reports"
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", folder, environment={"KNIPSEL_REPORTS": str(reports)})
    assert ended.code == 0, ended.err
    (page,) = reports.glob("*.html")
    assert f"Report: {page}" in ended.out
    twin = json.loads(page.with_suffix(".json").read_text())
    (run,) = twin["runs"]
    (counted,) = ask(
        folder, "SELECT COUNT(*) AS articles, SUM(comments_captured) AS comments FROM articles"
    )
    assert (run["found"]["articles_new"], run["found"]["comments_new"]) == (
        counted["articles"],
        counted["comments"],
    )
    assert run["verdict"] == "ok"
    assert {one["name"]: one["count"] for one in run["gaps"]} == {"unknown": 1}
    assert twin["disk"]["warc_bytes"] > run["bytes_fetched"] > 0
    metrics = {
        (sample.name, sample.labels.get("what") or sample.labels.get("reason")): sample.value
        for family in text_string_to_metric_families((reports / "knipsel.prom").read_text())
        for sample in family.samples
    }
    assert metrics["knipsel_run_items", "articles_new"] == counted["articles"]
    assert metrics["knipsel_run_verdict", None] == 0
    for family in text_string_to_metric_families(
        (reports / "knipsel.prom").read_text()
    ):  # as `promtool check metrics` has it
        assert family.documentation
        assert family.type == "gauge"
        assert re.fullmatch(r"knipsel_[a-z_]+", family.name)
        assert not family.name.endswith(("_total", "_count", "_sum", "_bucket", "_info"))
    assert metrics["knipsel_run_articles_with_gap", "unknown"] == 1
    assert metrics["knipsel_run_ended_timestamp_seconds", None] <= datetime.now(UTC).timestamp()


def test_the_metrics_tell_what_waits_on_every_site(sample: Archive, tmp_path: Path) -> None:
    report = make_report(sample, tmp_path, run_id=1)
    never = {"site": "nieuw.example", "waiting": 3, "due": 2, "put_aside": 1}
    report["sites"].append({**never, "locked": True, "paused": False})
    write_report(report, None, metrics=tmp_path / "knipsel.prom")
    gauges = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families((tmp_path / "knipsel.prom").read_text())
        for sample in family.samples
    }
    with sample.read() as connection:
        known = {site.name for site in sites.all_sites(connection)}
    assert {site for name, site, *_ in gauges if name == "knipsel_site_locked"} == {
        *known,
        "nieuw.example",
    }
    assert gauges["knipsel_site_pages", "nieuw.example", "waiting"] == 3
    assert gauges["knipsel_site_pages", "nieuw.example", "due"] == 2
    assert gauges["knipsel_site_pages", "nieuw.example", "put_aside"] == 1
    assert gauges["knipsel_site_locked", "nieuw.example"] == 1
    assert gauges["knipsel_site_paused", "nieuw.example"] == 0


def test_the_command_writes_what_is_asked_and_refuses_in_one_sentence(tmp_path: Path) -> None:
    with DemoServer() as server:
        crawl(f"{server.url}/", tmp_path / "archive", "-a", "limit=2")
    settings = ("-s", f"KNIPSEL_ARCHIVE={tmp_path / 'archive'}")
    page, metrics = tmp_path / "night.html", tmp_path / "night.prom"
    ended = knipsel("report", *settings, str(page), "--json", "--prometheus", str(metrics))
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["runs"][0]["run"] == 1
    assert page.read_text().startswith("<!doctype html>")
    assert metrics.exists()
    for arguments, sentence in (
        ((), "Where to?"),
        (("--run", "9", str(page)), "There is no run 9"),
        ((str(tmp_path / "nowhere" / "x.html"),), "cannot be written"),
        (("--since", "gisteren", str(page)), "is no day"),
    ):
        refused = knipsel("report", *settings, *arguments)
        assert (refused.code, len(refused.err.splitlines())) == (2, 1), refused.err
        assert sentence in refused.err


def test_an_alarm_names_articles_that_lost_a_field_unless_they_were_erased(
    archive: Archive, tmp_path: Path
) -> None:
    sample = SampleArchive(archive)
    for number in range(3):
        sample.save(article(f"https://dicht.example/{number}/", "Kop", "Tekst.", None), FIRST)
    with archive.read() as connection:
        run_id = runs.recent_runs(connection, None, 1)[0].run_id
        keys = list(connection.execute(select(pages.c.id).order_by(pages.c.id)).scalars())
    end(
        archive,
        run_id,
        {"lost": {"dated": 4}, "had": {"dated": 9}, "lost_examples": {"dated": [*keys[:2], 9999]}},
        "degraded",
    )
    report = make_report(archive, tmp_path, run_id=run_id)
    assert report["runs"][0]["lost"][0]["examples"] == [
        "https://dicht.example/0/",
        "https://dicht.example/1/",
    ]
    assert "<li><bdi>https://dicht.example/1/</bdi></li>" in render_page(report)
