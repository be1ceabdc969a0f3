"""What the records of a template's threads bear as marks: the site's number of each, its staff's class, why some are missing."""

from collections import Counter

from lxml.html import HtmlElement

from pipelines.learning.comment_places import NUMBERED, number_in
from pipelines.learning.lessons import Lesson

Records = list[tuple[Lesson, list[HtmlElement]]]


def usual_gap(records: Records) -> str | None:
    """Return why pages show fewer comments than they declare, where all that do have one reason."""
    reasons = {lesson.thread.gap_reason for lesson, found in records if (lesson.thread.declared or 0) > len(found)}
    return reasons.pop() if len(reasons) == 1 else None


def number_attribute(records: Records) -> str | None:
    """Return the attribute that holds the site's number of every record, None where none does."""
    for name in NUMBERED:
        if all(number_in(record, name) == comment.source_id for lesson, found in records
               for record, comment in zip(found, lesson.thread.comments, strict=True)):  # fmt: skip
            return name
    return None


def staff_class(records: Records) -> str | None:
    """Return the class that only records of the site's own people have, None where there is none."""
    tokens: Counter[str] = Counter()
    others: set[str] = set()
    for lesson, found in records:
        for record, comment in zip(found, lesson.thread.comments, strict=True):
            names = (record.get("class") or "").split()
            if comment.author_is_staff:
                tokens.update(names)
            else:
                others.update(names)
    telling = sorted((token for token in tokens if token not in others), key=lambda token: ("author" not in token, token))
    return telling[0] if telling else None
