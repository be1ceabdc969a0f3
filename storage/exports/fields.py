"""The fields of each dataset: those that the records and the archive's tables declare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Table

from storage.database import articles, comments, day_field, links
from storage.exports.nested import Names
from storage.records import Article, Author, Comment, Field, Link, dates_of, fields_of

_DATES = {"articles": "date_published", "comments": "date_created", "links": "article_date"}
FORMS_OF_THEIR_OWN = {"corpus": "vrt", "network": "gexf"}


class BadExport(Exception):
    """Raised when an export cannot be made as asked; its text gives the reason, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """A dataset that is asked for.

    *dataset* is "articles", "comments", "threads" (articles with their comments inside), "links"
    (those of all texts), "corpus" (texts and comments as running text) or "network" (who answers
    whom); *form* "jsonl", "csv" or "parquet", of
    a corpus "vrt", of a network "gexf"; *compression* "zstd", "gzip" or "none" (None: zstd inside
    Parquet, none elsewhere). *since* and *until* are days of publication, or of writing for
    comments; *until* is included. *where* is a SQL condition on the dataset's columns.
    *names* lets commenters' names out as written, *mask* hides mail addresses, phone numbers and
    postal addresses in comments, *training* leaves out pages whose owner reserved text and data
    mining, *schema_org* gives fields schema.org's names.
    *folder* makes a folder that describes itself, *partitioned* one of Parquet files by site and
    year.
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
    folder: bool = False
    partitioned: bool = False
    delimiter: str = ","

    def __post_init__(self) -> None:
        """Refuse what no file can hold."""
        if self.form == "csv" and self.dataset == "threads":
            raise BadExport(
                "A CSV file holds no comments inside articles: export articles and "
                "comments apart, or take jsonl or parquet."
            )
        if self.partitioned and self.form != "parquet":
            raise BadExport("Only Parquet is divided into a folder of files: say --format parquet.")
        if self.since and self.until and self.since > self.until:
            raise BadExport(f"No day is on or after {self.since} and on or before {self.until}.")
        if self.form == "parquet" and self.compression == "none":
            raise BadExport("Parquet is always compressed: say zstd or gzip.")
        self._check_form()

    def _check_form(self) -> None:
        form = FORMS_OF_THEIR_OWN.get(self.dataset)
        if (form is None) != self.is_table or form not in {None, self.form}:
            forms = f"the form {form}" if form else "one of the forms jsonl, csv and parquet"
            raise BadExport(f"An export of the dataset {self.dataset} has {forms}.")
        if not self.is_table and (self.columns or self.schema_org):
            raise BadExport(f"A {self.dataset} has no columns to choose or to name.")

    @property
    def is_table(self) -> bool:
        """Whether its files have rows and columns."""
        return self.form not in FORMS_OF_THEIR_OWN.values()

    @property
    def in_folder(self) -> bool:
        """Whether it is a folder and not a file."""
        return self.folder or self.partitioned

    @property
    def holds_comments(self) -> bool:
        """Whether its rows have comments inside."""
        return self.dataset in {"threads", "corpus"}

    @property
    def origin(self) -> str:
        """What a row is: one of "articles", of "comments" or of "links"."""
        if self.dataset == "links":
            return "links"
        return "comments" if self.dataset in {"comments", "network"} else "articles"

    @property
    def day(self) -> str:
        """The field that dates a row."""
        return _DATES[self.origin]


# What serves the archive's own work, and what has no place in a table.
_INNER = frozenset(
    "page_id site_id article_id identity content_hash record_hash text_hash thread_hash".split()
)
_NO_CELLS = frozenset({"pairs", "blocks", "comments"})
_AS_PSEUDONYM = "who wrote it: a pseudonym of this archive, or the name with --names"
SITE = Field("site", "text", "host of the site", "isPartOf")
TDM_RESERVATION = Field(
    "tdm_reservation",
    "text",
    "what the site last stated of text and data mining (W3C TDMRep): 1 is reserved",
)
PARENT_AUTHOR = Field(
    "parent_author",
    "name",
    "who wrote the comment that it answers: a pseudonym of this archive, or the name with --names",
    personal=True,
)


def _columns(table: Table) -> dict[str, Field]:
    """Return what is exported of a table, in its order."""
    found: dict[str, Field] = {}
    for field in (column.info["field"] for column in table.c if "field" in column.info):
        if field.name not in _INNER:
            found[field.name] = field
        if field.kind == "date":
            found[f"{field.name}_day"] = day_field(field.name)
    return found


def _of_articles() -> Iterator[Field]:
    """Yield an article's fields: those of its record in its order, then the archive's own."""
    columns = _columns(articles)
    yield columns.pop("id")
    yield SITE
    dates = dates_of(Article)
    for field in fields_of(Article):
        if not field.is_column and field.is_kept:
            yield field
        parts = ("", "_day", "_utc", "_offset") if field.name in dates else ("",)
        names = (f"{field.name}{part}" for part in parts)
        yield from (columns.pop(name) for name in names if name in columns)
    yield TDM_RESERVATION
    yield from columns.values()


def _of_comments() -> Iterator[Field]:
    for field in _columns(comments).values():
        yield replace(field, meaning=_AS_PSEUDONYM) if field.kind == "name" else field
        if field.name == "text":
            yield from (one for one in fields_of(Comment) if one.kind == "links")


AUTHOR = fields_of(Author)
LINK = fields_of(Link)
_ARTICLE_URL = Field("article_url", "text", "address of the article")
COMMENT = tuple(_of_comments())
ARTICLE = tuple(field for field in _of_articles() if field.kind not in _NO_CELLS)
_LINK_COLUMNS = tuple(_columns(links).values())
NESTED = frozenset({"authors", "comments", "links"})
DATASETS = {
    "articles": ARTICLE,
    "comments": (
        *COMMENT[:1],
        comments.c.article_id.info["field"],
        _ARTICLE_URL,
        SITE,
        PARENT_AUTHOR,
        *COMMENT[1:],
    ),
    "links": (*_LINK_COLUMNS[:1], _ARTICLE_URL, SITE, *_LINK_COLUMNS[1:]),
    "threads": (*ARTICLE, *(field for field in fields_of(Article) if field.kind == "comments")),
}
_IN_CORPUS = frozenset(
    "id site url headline authors article_section keywords in_language date_published article_body "
    "access gone_at comments".split()
)
_IN_NETWORK = frozenset("site author author_is_staff parent_author date_created".split())
DATASETS |= {
    "corpus": tuple(one for one in DATASETS["threads"] if one.name in _IN_CORPUS),
    "network": tuple(one for one in DATASETS["comments"] if one.name in _IN_NETWORK),
}


def _leaves(field: Field, request: ExportRequest) -> bool:
    """What identifies a reader leaves only with names; the name itself becomes a pseudonym."""
    return request.names or not field.personal or field.kind == "name"


def chosen_fields(request: ExportRequest) -> tuple[Field, ...]:
    """Return the fields that an export holds, in order.

    Raises BadExport for a column that the dataset does not have, or that only leaves with names.
    """
    fields = {field.name: field for field in DATASETS[request.dataset] if _leaves(field, request)}
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
    return tuple(field for field in COMMENT if _leaves(field, request))


def parts_of(field: Field, request: ExportRequest) -> tuple[Field, ...]:
    """Return the fields of the records in a field of one of the kinds NESTED, none in others."""
    if field.kind == "comments":
        return comment_fields(request)
    return {"authors": AUTHOR, "links": LINK}.get(field.kind, ())


def names_of(fields: Iterable[Field], request: ExportRequest) -> Names:
    """Return the names of *fields* as the export has them, each with those of its parts."""
    return {
        shown_name(field, request): names_of(parts_of(field, request), request) for field in fields
    }


def shown_name(field: Field, request: ExportRequest) -> str:
    """Return the name that *field* has in the export."""
    return field.schema_org if request.schema_org and field.schema_org else field.name
