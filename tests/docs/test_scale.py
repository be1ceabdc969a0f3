"""docs/scale.md says what the script reckons, and its SQL does what it promises."""

import re
from datetime import UTC, datetime

import pytest

from benchmarks.scale_arithmetic import Costs, days_for, table
from storage.crawl import VisitContext, runs, save_fetches, sites
from storage.database import Archive
from storage.records import Fetch
from tests.crawling import ROOT

TEXT = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def test_the_table_is_what_the_script_prints() -> None:
    assert table(Costs()) in TEXT


def test_more_machines_help_until_politeness_sets_the_pace() -> None:
    days = [days_for(1e8, 10_000, machines, Costs()) for machines in (1, 2, 1000, 2000)]
    assert days[0] == pytest.approx(2 * days[1])
    assert days[2] == days[3] == pytest.approx(10_000 * Costs().seconds_per_request / 86_400)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_year_is_moved_out_with_the_sql_of_the_document(archive: Archive) -> None:
    with archive.begin() as connection:
        site = sites.register_site(connection, "https://voorbeeld.nl/")
        run = runs.begin_run(connection, site, {}, datetime(2014, 1, 1, tzinfo=UTC))
        context = VisitContext(
            run_id=run, site_id=site, seen_at=datetime(2014, 1, 1, tzinfo=UTC),
            extractor_version="1", cap=9, max_attempts=3,
            retry_after_seconds=1,
        )  # fmt: skip
        moments = [datetime(year, 12, 31, 23, 59, tzinfo=UTC) for year in (2013, 2014, 2015)]
        made = [
            Fetch(url="https://voorbeeld.nl/", fetched_at=moment, outcome="ok")
            for moment in moments
        ]
        save_fetches(connection, None, made, context, (None,) * 3)
    (statements,) = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    with archive.begin() as connection:
        connection.exec_driver_sql(statements)
    kept = archive.select(
        "SELECT EXTRACT(year FROM fetched_at)::int AS year FROM fetches ORDER BY 1"
    )[1]
    moved = archive.select("SELECT EXTRACT(year FROM fetched_at)::int AS year FROM fetches_2014")[1]
    assert [row["year"] for row in kept] == [2013, 2015]
    assert [row["year"] for row in moved] == [2014]
