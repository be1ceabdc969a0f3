"""What an export is asked to hold, and in which form."""

from dataclasses import dataclass
from datetime import date


class BadExport(Exception):
    """Raised when an export cannot be made as asked; its text says why, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """A dataset that is asked for.

    *dataset* is "articles", "comments" or "threads" (articles with their comments inside), *form* "jsonl", "csv" or "parquet",
    *compression* "zstd", "gzip" or "none" (None: zstd inside Parquet, none elsewhere). *since* and *until* are days of
    publication, or of writing for comments; *until* is included. *where* is a SQL condition on the dataset's columns.
    *names* lets commenters' names out as written, *mask* hides mail addresses, phone numbers and postal addresses in
    comments, *training* leaves out pages whose owner reserved text and data mining, *schema_org* gives fields schema.org's names.
    *partitioned* makes a folder of Parquet files by site and year.
    """

    dataset: str
    form: str
    compression: str | None = None
    site: str | None = None
    since: date | None = None
    until: date | None = None
    where: str | None = None
    columns: tuple[str, ...] = ()
    names: bool = False
    mask: bool = False
    training: bool = False
    schema_org: bool = False
    partitioned: bool = False
    delimiter: str = ","

    def __post_init__(self) -> None:
        """Refuse what no file can hold."""
        if self.form == "csv" and self.dataset == "threads":
            raise BadExport(
                "A CSV file holds no comments inside articles: export articles and comments apart, or take jsonl or parquet."
            )
        if self.partitioned and self.form != "parquet":
            raise BadExport("Only Parquet is divided into a folder of files: say --format parquet.")
        if self.since and self.until and self.since > self.until:
            raise BadExport(f"No day is on or after {self.since} and on or before {self.until}.")
        if self.form == "parquet" and self.compression == "none":
            raise BadExport("Parquet is always compressed: say zstd or gzip.")
