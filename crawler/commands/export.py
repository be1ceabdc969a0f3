"""``knipsel export DATASET OUT``: a dataset from the archive, with its manifest and its card."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler import offline
from crawler.archive import archive_address
from crawler.cli import ArchiveCommand, CommandResult, Refused, add_cluster_option, read_day
from storage import database, exports
from storage.leftovers import scratch

DATASETS = ("articles", "comments", "threads", "links", "corpus", "network")
FORMS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


class Command(ArchiveCommand):
    """Export articles, comments or whole threads."""

    promise = "Export articles, comments, threads, a corpus, a network of replies, or captures"
    explanation = (
        "JSON Lines, CSV or Parquet; a corpus is .vrt, a network .gexf, captures are WACZ. "
        "Writes OUT, and what describes it: manifest, dataset card, Data Package and Croissant "
        "metadata, beside the file or, where OUT ends with a slash, in the folder. Commenters' "
        "names leave as pseudonyms unless --names is given. "
        "wacz packs the pages as captured; of the options it knows --site and --since "
        "(fetched on or after that day)."
    )
    arguments = "articles|comments|threads|links|corpus|network|wacz OUT"
    examples = (
        "knipsel export comments reacties.csv --site www.example.nl --since 2024-01-01",
        "knipsel export threads draden.parquet --where 'comments_captured > 10' --mask",
        "knipsel export articles verzameling/ --format parquet",
        "knipsel export corpus korpus.vrt --since 2024-01-01",
        "knipsel export network antwoorden.gexf",
        "knipsel export wacz pagina.wacz --site www.example.nl",
    )
    choices = (*DATASETS, "wacz")
    files = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "--format", choices=("jsonl", "csv", "parquet"), help="default: what OUT's name says"
        )
        parser.add_argument(
            "--compress",
            choices=("zstd", "gzip", "none"),
            help="default: what OUT's name says; zstd in Parquet",
        )
        parser.add_argument("--site", help="only this site (its host)")
        parser.add_argument(
            "--since", metavar="YYYY-MM-DD", help="published, or written, on or after this day"
        )
        parser.add_argument(
            "--until", metavar="YYYY-MM-DD", help="published, or written, on or before this day"
        )
        parser.add_argument(
            "--where",
            metavar="SQL",
            help="a condition on the dataset's columns, for example: comments_captured > 10",
        )
        add_cluster_option(parser)
        parser.add_argument("--columns", metavar="A,B", help="only these columns, in this order")
        parser.add_argument(
            "--names", action="store_true", help="let commenters' names out as they wrote them"
        )
        parser.add_argument(
            "--mask",
            action="store_true",
            help="mask mail addresses, phone numbers and postal addresses in comments",
        )
        parser.add_argument(
            "--for",
            dest="purpose",
            choices=("research", "training"),
            help="training leaves out reserved pages",
        )
        parser.add_argument(
            "--schema-org", action="store_true", help="name the fields as schema.org does"
        )
        parser.add_argument(
            "--partition",
            action="store_true",
            help="a folder of Parquet files by site and year",
        )
        parser.add_argument(
            "--delimiter", metavar=";", choices=(",", ";"), default=",", help="CSV for Dutch Excel"
        )

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Make the dataset and describe it."""
        from storage.exports import BadExport, Way, export, partial_paths  # noqa: PLC0415  # loaded when it is needed
        from storage.privacy import open_pseudonyms  # noqa: PLC0415

        if len(args) != 2 or args[0] not in {*DATASETS, "wacz"}:
            raise Refused(f"What, and where to? Say: knipsel export {self.arguments}")
        target = Path(args[1])
        if args[0] == "wacz":
            return self._pack(archive, target, opts)
        is_folder = args[1].endswith("/")
        form, compression = _form(args[0], target, opts)
        try:
            request = _request(args[0], form, compression, opts, is_folder=is_folder)
            if opts.cluster and not opts.partition:
                raise Refused("A cluster writes one file for each site and year: say --partition.")
            with (
                scratch(self.folder, *partial_paths(target.absolute())),
                self._spread(opts.cluster) as spread,
                self.output.progress() as report,
            ):
                made = export(
                    archive,
                    request,
                    open_pseudonyms(self.folder),
                    target.absolute(),
                    Way(report, spread, os.cpu_count() or 1),
                )
        except (BadExport, offline.ClusterUnavailable) as reason:
            raise Refused(str(reason)) from reason
        names = "names as written" if opts.names else "names as pseudonyms"
        left_out = made["left_out"]["tdm_reservation"]
        contents = made.get("contents") or {args[0]: made["rows"]}
        counted = ", ".join(f"{count} {what}" for what, count in contents.items())
        return CommandResult(
            made,
            (f"{counted} in {args[1]}, {names}; {left_out} left out by reservation.",),
        )

    @contextmanager
    def _spread(self, cluster: str | None) -> Iterator[exports.Spread | None]:
        """Give what has the parts of an export written by a *cluster*; None where there is none."""
        if cluster is None:
            yield None
            return
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        with offline.open_pool(
            cluster, offline.ArchivePlace(*archive_address(self.settings)), workers=0
        ) as pool:
            yield lambda parts: (
                part for lot in pool.run("export_part", parts, size=1) for part in lot
            )

    def _pack(
        self, archive: database.Archive, target: Path, opts: argparse.Namespace
    ) -> CommandResult:
        from storage.exports import (  # noqa: PLC0415
            BadExport,  # loaded when it is needed
            WaczRequest,
            export_wacz,
        )

        try:
            wanted = WaczRequest(site=opts.site, since=read_day(opts.since))
            with self.output.progress() as report:
                packed = export_wacz(archive, self.folder, wanted, target, report)
        except BadExport as reason:
            raise Refused(str(reason)) from reason
        return CommandResult(
            {"file": target, "captures": packed.captures, "articles": packed.articles},
            (
                f"{packed.captures} captures in {target}, {packed.articles} articles in "
                "its list of pages.",
            ),
        )


def _request(
    dataset: str,
    form: str,
    compression: str | None,
    opts: argparse.Namespace,
    *,
    is_folder: bool,
) -> exports.ExportRequest:
    columns = opts.columns.split(",") if opts.columns else ()
    return exports.ExportRequest(
        dataset=dataset,
        form=form,
        compression=compression,
        site=opts.site,
        since=read_day(opts.since),
        until=read_day(opts.until),
        where=opts.where,
        columns=tuple(name.strip() for name in columns),
        names=opts.names,
        mask=opts.mask,
        training=opts.purpose == "training",
        schema_org=opts.schema_org,
        folder=is_folder,
        partitioned=opts.partition,
        delimiter=opts.delimiter,
    )


def _form(dataset: str, target: Path, opts: argparse.Namespace) -> tuple[str, str | None]:
    """Return form and compression by the dataset, the options or the file's name."""
    suffixes = target.suffixes
    compression = opts.compress or next(
        (COMPRESSIONS[suffix] for suffix in suffixes if suffix in COMPRESSIONS), None
    )
    form = (
        opts.format
        or exports.FORMS_OF_THEIR_OWN.get(dataset)
        or (
            "parquet"
            if opts.partition
            else next((FORMS[suffix] for suffix in suffixes if suffix in FORMS), None)
        )
    )
    if form is None:
        raise Refused(f"Which form has {target.name}? Say --format jsonl, csv or parquet.")
    return form, compression
