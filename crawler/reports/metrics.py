"""A report as Prometheus reads it from a textfile: one line a figure, labelled with the site."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from crawler.reports.findings import COUNTED
from crawler.verdicts import DEGRADED, FAILED, OK

VERDICTS = (OK, DEGRADED, FAILED)


def write_metrics(report: Mapping[str, Any], target: Path) -> None:
    """Write the newest run of each site of *report* into *target*, whole or not at all."""
    registry = CollectorRegistry()
    newest = {run["site"]: run for run in report["runs"]}
    moments = Gauge("knipsel_run_ended_timestamp_seconds", "When the run ended", ["site"], registry=registry)
    verdicts = Gauge("knipsel_run_verdict", "0 ok, 1 degraded, 2 failed", ["site"], registry=registry)
    counted = Gauge("knipsel_run_items", "What the run counted", ["site", "what"], registry=registry)
    refused = Gauge("knipsel_run_refused_pages", "Pages that are no article, by reason", ["site", "reason"], registry=registry)
    gaps = Gauge("knipsel_run_articles_with_gap", "Articles that lack comments, by reason", ["site", "reason"], registry=registry)
    disk = Gauge("knipsel_disk_bytes", "Disk used and free", ["what"], registry=registry)
    for site, run in newest.items():
        if run["ended_at"]:
            moments.labels(site).set(datetime.fromisoformat(run["ended_at"]).timestamp())
        if run["verdict"] in VERDICTS:
            verdicts.labels(site).set(VERDICTS.index(run["verdict"]))
        for name in COUNTED:
            if run["found"][name] is not None:
                counted.labels(site, name).set(run["found"][name])
        for found, gauge in ((run["refused"], refused), (run["gaps"], gaps)):
            for one in found:
                gauge.labels(site, one["name"]).set(one["count"])
    for name, size in report["disk"].items():
        disk.labels(name.removesuffix("_bytes")).set(size)
    write_to_textfile(str(target), registry)
