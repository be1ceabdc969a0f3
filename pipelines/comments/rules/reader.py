"""How a group of records is read, whoever proposed it: its columns labelled together, each record
by one reader; what is no comment of the page is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.comments.model import GENERIC, ThreadReading
from pipelines.comments.page import View
from pipelines.comments.record import (
    PENDING,
    CommentRecord,
    Fields,
    Roots,
    Template,
    comment_records,
    read_fields,
    revealed,
)
from pipelines.comments.rules.columns import Columns, date_slot
from pipelines.comments.rules.features import PageEvidence, read_features
from pipelines.comments.rules.miner import SAMPLE, RecordGroup, spread
from pipelines.comments.rules.pingbacks import (
    is_named_pingback,
    is_pingback_text,
    pingbacks_beside,
)
from pipelines.comments.rules.relations import ReadGroup
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import (
    Features,
)
from pipelines.comments.rules.systems import FORUMS
from pipelines.comments.rules.teasers import is_forum
from pipelines.document import Document, Index, without_numbers

REPEATED, REPEATED_SHARE = 3, 0.5  # records that begin or end with a refrain
REFRAINS, LONGEST_REFRAIN = 8, 80  # lines at either end, letters of each
HEADINGS = ("h1", "h2", "h3", "h4")
LEAST_TITLE = 12  # letters: a shorter heading may be in a title by chance
GOOD_SHARE = 0.6
_ADDRESSES = re.compile(r"(?:https?://\S+\s?)+")


def read_group(group: RecordGroup, page: PageEvidence, cheap: Features) -> ReadGroup:
    """Return *group* with a sample of its records read."""
    view = page.view
    records = comment_records(view.index, group.roots(view.index), group.sample)
    template, columns = _template(records, view, page.runs)
    shown = [_spoken(*_read(record, template, columns)) for record in records]
    fields = _without_refrains(shown)
    read = [field if field.text or field.author or field.date else None for field in fields]
    return ReadGroup(group, read, cheap | read_features(group, read, page))


def _spoken(record: CommentRecord, field: Fields) -> Fields:
    """Return *field* with its words only: what a record merely shows speaks for no thread, an
    address that somebody wrote does.
    """
    if not _ADDRESSES.fullmatch(field.text):
        return field
    written = " ".join(root.text_content() for root in record.roots)
    is_written = all(address in written for address in field.text.split())
    return field if is_written else field._replace(text="")


def _template(records: Sequence[CommentRecord], view: View, runs: Runs) -> tuple[Template, Columns]:
    template = Template(view.index, view.document.url, view.reference, subject=view.subject)
    slot = date_slot(records, view.reference)
    return replace(template, date_slot=slot), Columns(records, view.index, runs)


def read_records(group: RecordGroup, view: View, runs: Runs) -> ThreadReading | None:
    """Return the reading of the records of *group*, pingbacks and what awaits moderation left out;
    None when too few of them state who or when, or anything at all.
    """
    roots = group.roots(view.index)
    if group.system not in FORUMS and not is_forum(view.index, view.document.url):
        roots = _beside_article(roots, view.document)  # a topic's first post bears the title, too
    records = list(_judged(comment_records(view.index, roots), view.index))
    template, columns = _template([records[i] for i in spread(len(records), SAMPLE)], view, runs)
    shown = [_read(record, template, columns) for record in records]
    fields = _without_refrains([field for _record, field in shown])
    read = [
        (record, field)
        for (record, _field), field in zip(shown, fields, strict=True)
        if _spoken(record, field).text
        or field.status == "withheld"
        or (field.author and field.date)
    ]
    read = read[1:] if _begins_with_stray(read) else read  # it is no pingback
    kept = _without_pingbacks(read)
    if not _makes_sense([field for _record, field in kept]) or len(read) < GOOD_SHARE * len(
        records
    ):
        return None
    pingbacks = len(roots) - len(records) + len(read) - len(kept)
    pingbacks += pingbacks_beside(group, view.index)
    return ThreadReading(
        group.system or GENERIC,
        roots,
        [record for record, _f in kept],
        [field for _z, field in kept],
        pingbacks,
    )


def _without_pingbacks(
    read: Sequence[tuple[CommentRecord, Fields]],
) -> list[tuple[CommentRecord, Fields]]:
    return [(record, field) for record, field in read if not is_pingback_text(field.text)]


def _begins_with_stray(read: Sequence[tuple[CommentRecord, Fields]]) -> bool:
    """Tell whether the first of several records is in another box than all others, and is the
    only one without an author: a box of the page that looks like them.
    """
    if len(read) <= REPEATED or read[0][1].author is not None:
        return False
    boxes = {record.first.getparent() for record, _field in read[1:]}
    are_signed = all(field.author is not None for _record, field in read[1:])
    return are_signed and len(boxes) == 1 and read[0][0].first.getparent() not in boxes


def _beside_article(records: Sequence[Roots], document: Document) -> list[Roots]:
    """Return *records* without the one under the page's own title: an article that is marked up as
    its comments are.
    """
    title = " ".join((document.title or "").split())
    others = [roots for roots in records if not _bears(roots, title)]
    return others if len(others) == len(records) - 1 else list(records)


def _bears(roots: Roots, title: str) -> bool:
    headings = (" ".join(heading.text_content().split()) for heading in roots[0].iter(*HEADINGS))
    return any(len(heading) >= LEAST_TITLE and heading in title for heading in headings)


def _makes_sense(fields: Sequence[Fields]) -> bool:
    """Tell whether most records state who or when, and most of those that are shown state
    something.
    """
    attributed = sum(field.author is not None or field.date is not None for field in fields)
    stated = sum(bool(field.text) for field in fields)
    is_worded = stated > GOOD_SHARE * len(fields) or stated >= len(fields) - 1
    return bool(fields) and attributed >= GOOD_SHARE * len(fields) and is_worded


def _judged(records: Sequence[CommentRecord], index: Index) -> Iterator[CommentRecord]:
    """Yield those of *records* that are no pingbacks and await no moderation."""
    has_pingbacks = _has(index, "ping", "trackback")
    has_pending = _has(index, "awaiting")
    for record in records:
        if has_pingbacks and is_named_pingback(record.first):
            continue
        if not (has_pending and _is_pending(record)):
            yield record


def _read(
    record: CommentRecord, template: Template, columns: Columns
) -> tuple[CommentRecord, Fields]:
    """Return *record* and what it states; where it shows nobody and nothing, what it hides."""
    shown = read_fields(record, template, columns.label(record))
    if not record.unseen or shown.text or shown.author or shown.date:
        return record, shown
    record = revealed(record)
    hidden = read_fields(record, template, columns.label(record))
    return record, hidden if hidden.text else hidden._replace(status="withheld")


def _has(index: Index, *pieces: str) -> bool:
    return any(piece in names for names in (index.class_words, *index.by_id) for piece in pieces)


def _is_pending(record: CommentRecord) -> bool:
    return any(
        element.tag in {"em", "p", "div", "span"}
        and "awaiting" in (element.get("class") or "")
        and PENDING.search(element.text_content()[:300])
        for element in record.elements
        if len(element.attrib)
    )


def _without_refrains(fields: Sequence[Fields]) -> list[Fields]:
    """Return *fields* with the lines taken from the ends of their texts that most of them have
    there: labels, buttons, dates in a form that is not known, which are the template's and not the
    readers' words. Numbers may differ; a text is never emptied.
    """
    texts = [field.text for field in fields]
    for end in (0, -1):
        for _time in range(REFRAINS):
            refrains = _refrains(texts, end)
            if not refrains:
                break
            texts = [_without(text, end, refrains) for text in texts]
    return [
        field if text == field.text else field._replace(text=text)
        for field, text in zip(fields, texts, strict=True)
    ]


def _refrains(texts: Sequence[str], end: int) -> set[str]:
    """Return the lines, numbers masked, that most of *texts* have at their *end*, 0 or -1."""
    lines = [text.strip().split("\n") for text in texts if text]
    counted = Counter(_masked(one[end]) for one in lines if len(one) > 1)
    least = max(REPEATED, REPEATED_SHARE * len(lines))
    return {line for line, times in counted.items() if line and times >= least}


def _without(text: str, end: int, refrains: set[str]) -> str:
    lines = text.strip().split("\n")
    if len(lines) < 2 or _masked(lines[end]) not in refrains:
        return text
    return "\n".join(lines[1:] if end == 0 else lines[:-1]).strip()


def _masked(line: str) -> str:
    if line.rstrip().endswith((".", "!", "?", "…")) and any(map(str.isalpha, line)):
        return ""  # a sentence is a reader's
    return without_numbers(line.strip().casefold()) if len(line) <= LONGEST_REFRAIN else ""
