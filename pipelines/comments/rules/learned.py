"""A thread read by a profile's rules: each record's fields are where they were on the pages that
were learned from.
"""

from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.comments.declared import read_count
from pipelines.comments.model import Thread, ThreadCount, ThreadRules, gap_reason, order_of
from pipelines.comments.page import heading_words
from pipelines.comments.pagination import comment_pages, may_go_on
from pipelines.comments.record import absolute, author_url, has_staff_mark, is_withheld
from pipelines.comments.rules.learned_fields import RecordFields, Unfit, find_fields
from pipelines.document import Document, join_segments, links_in, select
from storage.records import Comment

STAFF = "bypostauthor"  # WordPress' own, also where no page that was learned from had one


def read_thread_by(document: Document, rules: ThreadRules) -> Thread:
    """Return the thread on the page by *rules*.

    Raises Unfit where the page is not quite what was learned from: a record without text, none
    where the thread has further pages, a number of comments that is not the declared one, unless
    the rules know why and at least half of them are there.
    """
    areas = _areas(document.tree, rules)
    records = _records(areas, rules)
    may_have = may_go_on(document.tree, areas)
    pages = comment_pages(document.tree, areas, document.url) if may_have else ()
    if pages and not records:
        raise Unfit("The thread goes on on other pages, and none of it is here.")
    declared = _declared(areas, document.tree, rules)
    missing = 0 if pages else _usual_gap(declared, len(records), rules)
    if not missing:
        _check_count(declared, len(records), rules, goes_on=bool(pages))
    comments = tuple(_comments(records, rules, document))
    signs = frozenset({"pagination"}) if pages else frozenset()
    counted = ThreadCount.of(comments, declared, 0)
    method = rules.system if comments else None
    return Thread(
        comments=comments,
        declared=declared,
        pingbacks=missing if rules.gap == "pingbacks" else 0,
        gap_reason=rules.gap if missing else gap_reason(counted, signs),
        order=order_of(comments),
        system=method,
        method=method,
        page_urls=pages,
        elements=areas,
    )


def _usual_gap(declared: int | None, shown: int, rules: ThreadRules) -> int:
    """Return how many declared comments are missing for the template's known reason, 0 where none
    are or more than are shown.
    """
    if rules.gap is None or declared is None or not shown < declared <= 2 * shown:
        return 0
    return declared - shown


def _check_count(declared: int | None, shown: int, rules: ThreadRules, *, goes_on: bool) -> None:
    """Raise Unfit where the page shows another number of comments than it declares, or as many
    though the thread *goes_on* on other pages, or lacks the heading that declares it.
    """
    if declared is not None and (shown >= declared if goes_on else shown != declared):
        raise Unfit(f"The page declares {declared} comments and shows {shown}.", is_miss=not shown)
    if declared is None and rules.count is not None and shown:
        raise Unfit("The heading with the number of comments is missing.", is_miss=True)


def _areas(tree: HtmlElement, rules: ThreadRules) -> tuple[HtmlElement, ...]:
    """Return the outermost boxes of the thread; where the rules name none, the records."""
    found = select(tree, ", ".join(rules.area or (rules.record,)))
    among = set(found)
    return tuple(e for e in found if not any(ancestor in among for ancestor in e.iterancestors()))


def _records(areas: Sequence[HtmlElement], rules: ThreadRules) -> list[HtmlElement]:
    """Return the records in the thread's boxes, which may be records themselves."""
    return [record for area in areas for record in select(area, rules.record, own=True)]


def _declared(areas: Sequence[HtmlElement], tree: HtmlElement, rules: ThreadRules) -> int | None:
    if rules.count is None:
        return None
    for root in (*areas, tree):
        for heading in select(root, rules.count):
            count = read_count(heading_words(heading))
            if count is not None:
                return count
    return None


def _comments(
    records: Sequence[HtmlElement], rules: ThreadRules, document: Document
) -> Iterator[Comment]:
    if records:
        fields = find_fields(records, rules, document)
        yield from (_comment(record, fields, rules, document) for record in records)


def _comment(
    record: HtmlElement, fields: RecordFields, rules: ThreadRules, document: Document
) -> Comment:
    """Return the comment in *record*. Raises Unfit where it has no text, or no author where the
    template has one.
    """
    blocks, author = fields.blocks_of(record, rules), fields.name_of(record)
    words = join_segments(blocks) or fields.shown_in(record, rules, document.url)
    _check(words, author, rules)
    place = fields.places[record]
    parent, number = fields.parents[place], fields.numbers[place]
    link = fields.permalink_of(record, number)
    how = "link" if rules.parent else "depth" if rules.depth else "nesting"
    return Comment(
        text=words,
        links=links_in(words, blocks, document.url),
        author=author,
        author_url=author_url(fields.authors.get(record), document.url),
        author_is_staff=_is_staff(record, fields, rules),
        source_id=number,
        url=absolute(document.url, link) if link else None,
        parent_position=parent,
        parent_source_id=fields.numbers[parent] if parent is not None and not rules.depth else None,
        parent_how=how if parent is not None else None,
        method=rules.system or "profile",
        **fields.dates[record],
    )


def _is_staff(record: HtmlElement, fields: RecordFields, rules: ThreadRules) -> bool:
    """Return whether *record* bears the class of the site's own people, or its author their mark."""
    author = fields.authors.get(record)
    is_named = (rules.staff or STAFF) in (record.get("class") or "").split()
    return is_named or (author is not None and has_staff_mark(author.text_content()))


def _check(words: str, author: str | None, rules: ThreadRules) -> None:
    """Raise Unfit where a comment lacks what the template's comments have, or was taken away."""
    if not words or (rules.author is not None and author is None):
        raise Unfit("A comment has no text or no author where these should stand.", is_miss=True)
    if is_withheld(words) or is_withheld(author or ""):
        raise Unfit("A comment was taken away.")
