"""How one page is read, and why: what a person looks at before a site is crawled, and where a field
is empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.article import NotAnArticle, check_type, read_by
from pipelines.document import Document, FieldCandidate, Trace, Unreadable, open_document
from pipelines.inspection.unread import unread_fields
from pipelines.profiles import Profile, profile_for
from storage.local_time import older_comments
from storage.records import Article, Comment, Page

FIELDS = (
    "headline",
    "authors",
    "date_published",
    "date_modified",
    "article_section",
    "keywords",
    "description",
    "in_language",
)
LONGEST = 160  # letters shown of a candidate


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A possible value of a field: as text, what the page has of it, where that comes from and
    is (a path of tags and classes), and why it was not taken; *is_chosen* for the one that was.
    """

    value: str | None
    raw: str
    source: str
    place: str | None = None
    against: str | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it was read, by which way, with its candidates; *lacks* states why it is empty."""

    name: str
    value: str | None
    how: str | None = None
    candidates: tuple[CandidateView, ...] = ()
    lacks: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A way to read the thread: its rules, its score, how many records it takes and where the first
    of them is, and what speaks for it.
    """

    system: str
    score: float
    records: int
    place: str | None
    features: Mapping[str, float]
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How a page was read. *refusal* is the reason and the sentence of a page that is no article.

    *profile* names the template that it was read by, None where it was read the generic way.
    *document* is the page itself, None where it could not be opened.
    """

    url: str
    fetched_at: datetime
    article: Article | None = None
    refusal: tuple[str, str] | None = None
    profile: str | None = None
    fields: tuple[FieldView, ...] = ()
    proposals: tuple[ProposalView, ...] = ()
    missing: tuple[str, ...] = ()
    document: Document | None = None

    def as_data(self) -> dict[str, Any]:
        """Return plain data, without the document."""
        names = (name for name in self.__dataclass_fields__ if name != "document")
        return {name: getattr(self, name) for name in names}


def inspect_page(page: Page, profiles: Profile | Sequence[Profile] = ()) -> Inspection:
    """Return how *page* is read by those of *profiles* that hold for it, and why. Raises nothing:
    a page that is no article has its refusal.
    """
    known = (profiles,) if isinstance(profiles, Profile) else tuple(profiles)
    document: Document | None = None
    try:
        check_type(page)
        document = open_document(page)
        fitting = profile_for(known, urlsplit(page.url).path, page.fetched_at)
        article = read_by(document, fitting)
    except Unreadable as error:
        return _refused(page, document, ("unreadable", str(error)))
    except NotAnArticle as refusal:
        return _refused(page, document, (refusal.reason, str(refusal)))
    unread = unread_fields(article, document)
    return Inspection(
        url=page.url,
        fetched_at=page.fetched_at,
        article=article,
        profile=dict(article.field_methods).get("template"),
        fields=tuple(_fields(article, document.trace, unread)),
        proposals=tuple(_proposals(document.trace, article)),
        missing=tuple(_missing(article, unread)),
        document=document,
    )


def _refused(page: Page, document: Document | None, refusal: tuple[str, str]) -> Inspection:
    proposals = tuple(_proposals(document.trace, None)) if document is not None else ()
    return Inspection(
        url=page.url,
        fetched_at=page.fetched_at,
        refusal=refusal,
        proposals=proposals,
        missing=(refusal[1],),
        document=document,
    )


def _fields(article: Article, trace: Trace, unread: Mapping[str, str]) -> Iterator[FieldView]:
    methods = dict(article.field_methods)
    for name in FIELDS:
        value = shown(getattr(article, name))
        found = trace.candidates.get(name, ())
        views = tuple(
            _candidate(one, is_chosen=n == 0 and bool(value)) for n, one in enumerate(found)
        )
        how = methods.get(name) or getattr(article, f"{name}_source", None)
        yield FieldView(name, value, how, views, None if value else _lack(name, found, unread))


def _lack(name: str, found: Sequence[FieldCandidate], unread: Mapping[str, str]) -> str:
    """Say why a field is empty."""
    if name in unread:
        return f"not read, though the page shows: {unread[name][:LONGEST]}"
    if found:
        return "no candidate could be used"
    return "the page names none that was found"


def _candidate(found: FieldCandidate, *, is_chosen: bool) -> CandidateView:  # as the record has it
    place = place_of(found.element) if found.element is not None else None
    raw = " ".join(found.raw.split())[:LONGEST]
    return CandidateView(shown(found.value), raw, found.source, place, found.against, is_chosen)


def shown(value: Any) -> str | None:
    """Return a field's value in words: authors and keywords joined, None and nothing as None."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, (tuple, list)):
        return ", ".join(filter(None, map(shown, value))) or None
    if isinstance(value, datetime):
        return value.isoformat(" ")
    moment = getattr(value, "moment", None)  # a date that was parsed
    name = getattr(value, "name", None)  # somebody who wrote
    return shown(moment) if moment is not None else str(name if name is not None else value)


def _proposals(trace: Trace, article: Article | None) -> Iterator[ProposalView]:
    comments = article.comments if article is not None else ()
    if comments and not any(one.is_chosen for one in trace.proposals):
        how = comments[0].method or "generic"
        system = "plain lines" if how == "generic" else how  # or stated, or a profile's rules
        yield ProposalView(system, 0.0, len(comments), None, {}, is_chosen=True)
    for one in sorted(trace.proposals, key=lambda one: (not one.is_chosen, -one.score)):
        place = place_of(one.records[0]) if one.records else None
        features = dict(one.features)
        yield ProposalView(one.system, one.score, len(one.records), place, features, one.is_chosen)


def _missing(article: Article, unread: Mapping[str, str]) -> Iterator[str]:
    """Yield in sentences what the page has and the article has not."""
    for name, words in unread.items():
        yield f"{name}: not read, though the page shows: {words[:LONGEST]}"
    older = older_comments(article)
    if older:
        yield f"date_published: {older} of {len(article.comments)} comments are older than it"
    yield from _gap(article)
    empty = sum(is_shown(comment) and not comment.text for comment in article.comments)
    if empty:
        yield f"comments: {empty} have no words"
    if article.comment_pages:
        yield f"comments: {len(article.comment_pages)} further pages of the thread"
    if article.access != "full":
        yield f"article_body: only the {article.access} is free"


def _gap(article: Article) -> Iterator[str]:
    """Yield that another number of comments was read than is declared, and why."""
    declared, captured = article.comments_declared, sum(map(is_shown, article.comments))
    if declared is not None and declared > captured:
        why = article.comments_gap_reason or "unknown"
        yield f"comments: {declared} declared, {captured} read ({why})"
    elif article.comments_gap_reason:
        stated = "none" if declared is None else str(declared)
        yield f"comments: {stated} declared, {captured} read ({article.comments_gap_reason})"


def is_shown(comment: Comment) -> bool:
    """Return whether the site shows a comment's words."""
    return comment.status == "visible"


def place_of(element: HtmlElement) -> str:
    """Return where *element* is, the last three steps: "article.post > header > span.wie"."""
    steps = [element, *element.iterancestors()][:3]
    return " > ".join(_step(step) for step in reversed(steps) if isinstance(step.tag, str))


def _step(element: HtmlElement) -> str:
    identity, names = element.get("id"), (element.get("class") or "").split()[:2]
    return str(element.tag) + (f"#{identity}" if identity else "") + "".join(f".{n}" for n in names)
