"""A report as files: one self-contained page, its JSON twin, the metrics; a file is there whole or
not at all.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from crawler.crawl import DEGRADED, FAILED, OK
from crawler.reports.report import COUNTED, make_report
from storage.database import Archive, ArchiveUnavailable

VERDICTS = (OK, DEGRADED, FAILED)
PAGE_STATES = ("waiting", "due", "put_aside")


def write_metrics(report: Mapping[str, Any], target: Path) -> None:
    """Write the newest run of each site of *report*, and what waits on every site, into *target*,
    whole or not at all.
    """
    registry = CollectorRegistry()
    _measure_sites(report["sites"], registry)
    newest = {run["site"]: run for run in report["runs"]}
    moments = Gauge(
        "knipsel_run_ended_timestamp_seconds", "When the run ended", ["site"], registry=registry
    )
    verdicts = Gauge(
        "knipsel_run_verdict", "0 ok, 1 degraded, 2 failed", ["site"], registry=registry
    )
    counted = Gauge(
        "knipsel_run_items", "What the run counted", ["site", "what"], registry=registry
    )
    refused = Gauge(
        "knipsel_run_refused_pages",
        "Pages that are no article, by reason",
        ["site", "reason"],
        registry=registry,
    )
    gaps = Gauge(
        "knipsel_run_articles_with_gap",
        "Articles that lack comments, by reason",
        ["site", "reason"],
        registry=registry,
    )
    disk = Gauge("knipsel_disk_bytes", "Disk used and free", ["what"], registry=registry)
    for site, run in newest.items():
        if run["ended_at"]:
            moments.labels(site).set(datetime.fromisoformat(run["ended_at"]).timestamp())
        if run["verdict"] in VERDICTS:
            verdicts.labels(site).set(VERDICTS.index(run["verdict"]))
        found = {name: run["found"][name] for name in COUNTED}
        _set_each(counted, site, found)
        _set_each(refused, site, {one["name"]: one["count"] for one in run["refused"]})
        _set_each(gaps, site, {one["name"]: one["count"] for one in run["gaps"]})
    for name, size in report["disk"].items():
        disk.labels(name.removesuffix("_bytes")).set(size)
    write_to_textfile(str(target), registry)


def _measure_sites(sites: Sequence[Mapping[str, Any]], registry: CollectorRegistry) -> None:
    waiting = Gauge(
        "knipsel_site_pages",
        "Pages that wait, are due for another visit, or were put aside",
        ["site", "state"],
        registry=registry,
    )
    locked = Gauge("knipsel_site_locked", "1: a run is on the site", ["site"], registry=registry)
    paused = Gauge("knipsel_site_paused", "1: it is not crawled", ["site"], registry=registry)
    for site in sites:
        _set_each(waiting, site["site"], {name: site[name] for name in PAGE_STATES})
        locked.labels(site["site"]).set(site["locked"])
        paused.labels(site["site"]).set(site["paused"])


def _set_each(gauge: Gauge, site: str, counts: Mapping[str, int | None]) -> None:
    for name, count in counts.items():
        if count is not None:
            gauge.labels(site, name).set(count)


METRICS = "knipsel.prom"


def render_page(report: Mapping[str, Any]) -> str:
    """Return the report as one HTML page that loads nothing."""
    environment = Environment(
        loader=PackageLoader("crawler.reports"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["moment"] = lambda text: text[:16].replace("T", " ") if text else "–"
    environment.filters["size"] = shown_size
    environment.filters["share"] = lambda value: "–" if value is None else f"{value:.0%}"
    return environment.get_template("report.html").render(report=report)


def write_report(
    report: Mapping[str, Any],
    page: Path | None,
    twin: Path | None = None,
    metrics: Path | None = None,
) -> None:
    """Write the page, and where asked the JSON twin and the metrics."""
    if page:
        _write(page, render_page(report))
    if twin:
        _write(twin, json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    if metrics:
        write_metrics(report, metrics)


def write_after_run(archive: Archive, folder: Path, run_id: int, target: Path) -> Path:
    """Write the report on a run that just ended into the folder *target*, and the metrics of all
    sites; return the page.

    Raises ArchiveUnavailable when it cannot be written.
    """
    report = make_report(archive, folder, run_id=run_id)
    page = target / f"{report['runs'][0]['site'].replace(':', '-')}-run-{run_id}.html"
    try:
        target.mkdir(parents=True, exist_ok=True)
        write_report(report, page, page.with_suffix(".json"))
        write_report(make_report(archive, folder), None, metrics=target / METRICS)
    except OSError as error:
        raise ArchiveUnavailable(
            f"The run is stored, but its report cannot be written into {target}: {error.strerror}."
        ) from error
    return page


def shown_size(size: float) -> str:
    """Return a number of bytes as people write it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8", errors="replace")
    fresh.replace(path)
