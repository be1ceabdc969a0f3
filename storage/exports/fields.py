"""The fields of each dataset: name, kind, meaning, and schema.org's name where it has one.

Kinds: "text", "integer", "boolean", "moment" (UTC), "texts" (a list), "authors" and "comments"
(lists of records).
"""

from dataclasses import dataclass
from datetime import date

from storage.records import Field


class BadExport(Exception):
    """Raised when an export cannot be made as asked; its text says why, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """A dataset that is asked for.

    *dataset* is "articles", "comments" or "threads" (articles with their comments inside), *form*
    "jsonl", "csv" or "parquet",
    *compression* "zstd", "gzip" or "none" (None: zstd inside Parquet, none elsewhere). *since* and
    *until* are days of publication, or of writing for comments; *until* is included. *where* is a
    SQL condition on the dataset's columns.
    *names* lets commenters' names out as written, *mask* hides mail addresses, phone numbers and
    postal addresses in comments, *training* leaves out pages whose owner reserved text and data
    mining, *schema_org* gives fields schema.org's names.
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


_DATE = (
    ("", "moment", "{what}, in UTC; empty when the page does not state it"),
    ("_offset", "integer", "minutes that the place's clock was ahead of UTC then"),
    (
        "_precision",
        "text",
        "how exactly the page states it: second, minute, hour, day, month or year",
    ),
    ("_raw", "text", "the date as the page prints it"),
    ("_source", "text", "where on the page it stands"),
)


def _date(name: str, what: str, schema_org: str) -> tuple[Field, ...]:
    return tuple(
        Field(name + suffix, kind, meaning.format(what=what), schema_org if not suffix else None)
        for suffix, kind, meaning in _DATE
    )


AUTHOR = (
    Field("name", "text", "name as the page prints it", "name"),
    Field("role", "text", "job title as the page prints it", "jobTitle"),
    Field("organisation", "text", "organisation as the page prints it", "affiliation"),
)
COMMENT = (
    Field("id", "integer", "the archive's key of the comment", "identifier"),
    Field("parent_id", "integer", "key of the comment that it answers", "parentItem"),
    Field("position", "integer", "place in the thread as the site shows it, from 0"),
    Field("depth", "integer", "how deep it stands: 0 answers the article"),
    Field(
        "author",
        "text",
        "who wrote it: a pseudonym of this archive, or the name with --names",
        "author",
    ),
    Field("author_url", "text", "the author's page", personal=True),
    Field("author_is_staff", "boolean", "whether the site marks the author as its own"),
    Field("source_id", "text", "the site's own id of the comment", personal=True),
    Field("url", "text", "the comment's address", "url", personal=True),
    *_date("date_created", "when it was written", "dateCreated"),
    Field("text", "text", "the comment's text", "text"),
    Field("status", "text", "visible, or withheld by the site"),
    Field("upvotes", "integer", "votes for", "upvoteCount"),
    Field("downvotes", "integer", "votes against", "downvoteCount"),
    Field("first_seen", "moment", "when the archive first read it, in UTC"),
    Field("last_seen", "moment", "when the archive last read it, in UTC"),
    Field("gone_at", "moment", "when it was first missing from its thread, in UTC"),
)
ARTICLE = (
    Field("id", "integer", "the archive's key of the article", "identifier"),
    Field("url", "text", "address under which it was read", "url"),
    Field("canonical_url", "text", "address that the page calls its own"),
    Field("site", "text", "host of the site", "isPartOf"),
    Field("headline", "text", "headline", "headline"),
    Field("description", "text", "summary that the page gives", "description"),
    Field("authors", "authors", "authors in the page's order, as the page prints them", "author"),
    Field("article_section", "text", "section", "articleSection"),
    Field("keywords", "texts", "keywords in the page's order", "keywords"),
    Field("in_language", "text", "language of the text", "inLanguage"),
    *_date("date_published", "publication", "datePublished"),
    *_date("date_modified", "last change that the page states", "dateModified"),
    Field(
        "article_body",
        "text",
        "the article's text, paragraphs divided by an empty line",
        "articleBody",
    ),
    Field("access", "text", "full, teaser or paywall", "conditionsOfAccess"),
    Field("comments_declared", "integer", "how many comments the page says it has", "commentCount"),
    Field("comments_captured", "integer", "how many of them are in the archive"),
    Field(
        "comments_gap_reason",
        "text",
        "why the two differ: pagination, pingbacks, widget, erased or unknown",
    ),
    Field(
        "tdm_reservation",
        "text",
        "what the site last said about text and data mining (W3C TDMRep): 1 is reserved",
    ),
    Field("extractor_version", "text", "version of Knipsel that read the page"),
    Field("first_seen", "moment", "when the archive first read it, in UTC"),
    Field("last_seen", "moment", "when the archive last read it, in UTC"),
)
DATASETS = {
    "articles": ARTICLE,
    "comments": (
        *COMMENT[:1],
        Field("article_id", "integer", "the archive's key of the article", "about"),
        Field("article_url", "text", "address of the article"),
        Field("site", "text", "host of the site"),
        *COMMENT[1:],
    ),
    "threads": (
        *ARTICLE,
        Field("comments", "comments", "the comments in the thread's order", "comment"),
    ),
}


def chosen_fields(request: ExportRequest) -> tuple[Field, ...]:
    """Return the fields that an export holds, in order.

    Raises BadExport for a column that the dataset does not have, or that only leaves with names.
    """
    fields = {
        field.name: field
        for field in DATASETS[request.dataset]
        if request.names or not field.personal
    }
    if not request.columns:
        return tuple(fields.values())
    for name in request.columns:
        if name not in fields:
            hidden = any(field.name == name for field in DATASETS[request.dataset])
            why = (
                "leaves the archive only with --names"
                if hidden
                else f"is no column of {request.dataset}: {', '.join(fields)}"
            )
            raise BadExport(f"{name} {why}.")
    return tuple(fields[name] for name in request.columns)


def comment_fields(request: ExportRequest) -> tuple[Field, ...]:
    """Return the fields of a comment inside an article."""
    return tuple(field for field in COMMENT if request.names or not field.personal)


def parts_of(field: Field, request: ExportRequest) -> tuple[Field, ...]:
    """Return the fields of the records in a field of kind "authors" or "comments"."""
    return AUTHOR if field.kind == "authors" else comment_fields(request)


def shown_name(field: Field, request: ExportRequest) -> str:
    """Return the name that *field* has in the export."""
    return field.schema_org if request.schema_org and field.schema_org else field.name
