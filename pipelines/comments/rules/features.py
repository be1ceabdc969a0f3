"""What is known of a group of records, in named features: cheap ones before it is read, others once
a sample of its records is, and how it compares with the page's other groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log1p

from pipelines.comments.declared import is_thread_heading, read_count
from pipelines.comments.page import View
from pipelines.comments.record import FLAGS, Fields, is_label
from pipelines.comments.rules.form_boxes import boxes_over_forms
from pipelines.comments.rules.miner import RecordGroup
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import Features
from pipelines.comments.rules.teasers import (
    are_titles,
    is_forum,
    is_forum_address,
    is_teaser,
    lead_to_several_pages,
    recur,
)
from pipelines.comments.surroundings import form_beside, heading_over
from pipelines.page_kind import is_list_address

NEAR_HEADING, NEAR_FORM, BEFORE_FORM = 30, 60, 15  # runs
NEAR, HIGHEST = 3, 40  # boxes around a record
MOST_PARENTS = 5
MOST_TEASERS = 12
LONG, SHORT = 400, 2  # words of a record
_SHARES = (
    "named",
    "replies",
    "says",
    "members",
    "permalinks",
    "pictures",
    "headings",
    "more",
    "counts",
)
_FINE = frozenset({"minute", "second"})
_TAGS = frozenset("li article div tr table td dl dt section p h3 span ol ul".split())
_ASIDES = frozenset({"aside", "nav", "footer"})


@dataclass
class PageEvidence:
    """What of a page speaks for or against each group on it."""

    view: View
    runs: Runs

    @cached_property
    def counts(self) -> list[tuple[int, int | None]]:
        """The runs at which headings of threads are, and the number of comments that each states."""
        place, found = self.view.index.place, []
        for element, line in self.view.headings:
            number = read_count(line)
            if number is not None or is_thread_heading(line):
                found.append((self.runs.first[place[element]], number))
        return found

    @cached_property
    def forms(self) -> list[int]:
        """The runs at which forms to comment with are."""
        return sorted({*self.runs.forms, *(self.runs.first[place] for place in self.view.forms)})

    @cached_property
    def form_boxes(self) -> set[tuple[int, int]]:
        """The first run over each form that has a box of its own, and the run after the last."""
        place, runs = self.view.index.place, self.runs
        boxes = (box.roots for box in boxes_over_forms(self.view))
        return {(runs.first[place[roots[0]]], runs.last[place[roots[-1]]]) for roots in boxes}

    @cached_property
    def address(self) -> Features:
        """Whether address and body are those of a forum's page, or of a list of pages."""
        url = self.view.document.url
        return {
            "forum": float(is_forum_address(url)),
            "forum_body": float(is_forum(self.view.index, url)),
            "listed": float(is_list_address(url)),
        }


def is_over_form(group: RecordGroup, page: PageEvidence) -> bool:
    """Return whether the records of *group* are all that is over a form for comments in its box."""
    return (group.ranges[0][0], max(last for _first, last in group.ranges)) in page.form_boxes


def cheap_features(group: RecordGroup, page: PageEvidence) -> Features:
    """Return what is known of *group* before any of its records is read."""
    runs, m, n = page.runs, len(group.sample), len(group.ranges)
    marks = {
        name: [group.total(sums, i) for i in group.sample] for name, sums in runs.marks.items()
    }
    stated = sum(marks["words"])
    dates = marks["dates"]
    start = group.ranges[0][0]
    words = runs.marks["words"]
    features: Features = {
        "bias": 1.0,
        "n": log1p(n),
        "single": float(n == 1),
        "pair": float(n == 2),
        "dated": sum(date > 0 for date in dates) / m,
        "one_date": sum(date == 1 for date in dates) / m,
        "dates": min(3.0, sum(dates) / m),
        "words": log1p(stated / m),
        "links": sum(marks["linked"]) / max(1, stated),
        "page": stated * n / m / max(1, words[-1]),
        "nested": float(any(up is not None for up in group.up)),
        "nested_share": sum(up is not None for up in group.up) / n,
        "h1": float(_holds(group, runs.headline) and runs.headline > 0),
        "before_h1": float(start < runs.headline),
        "after_words": log1p(max(0, words[start] - words[min(runs.headline, start)])) / 4,
        "position": start / max(1, len(runs.text)),
        "by_system": float(group.system is not None and "levels" not in group.by),
        "only_span": float(group.by == {"span"}),
        "span": float(any(len(roots) > 1 for roots in group.records[:3])),
    }
    features |= {name: sum(total > 0 for total in marks[name]) / m for name in _SHARES}
    return features | _names(group, runs) | _near(group, page) | page.address


def _holds(group: RecordGroup, run: int) -> bool:
    return any(first <= run < last for first, last in group.ranges[:50])


def _near(group: RecordGroup, page: PageEvidence) -> Features:
    """Return what is before and after a group: headings of threads, forms."""
    start, stop = group.ranges[0][0], max(last for _first, last in group.ranges)
    before = [n for run, n in page.counts if start - NEAR_HEADING <= run <= start]
    last = group.ranges[-1]
    return {
        "count": float(bool(before)),
        "count_equal": float(len(group.ranges) in before),
        "count_zero": float(bool(before) and before[-1] == 0),
        "form_after": float(any(0 <= form - stop < NEAR_FORM for form in page.forms)),
        "form_in": float(any(last[0] <= form < last[1] for form in page.forms)),
        "form_before": float(any(0 <= start - form < BEFORE_FORM for form in page.forms)),
    }


def _names(group: RecordGroup, runs: Runs) -> Features:
    """Return what the names of the records, and of the boxes around them, speak of."""
    anchors = [group.records[number][0] for number in group.sample]
    near = above = 0
    is_aside = False
    for up in list({runs.parent[place] for place in anchors})[:MOST_PARENTS]:
        place = up
        for level in range(HIGHEST):
            if place <= 0:
                break
            above |= runs.kinds[place]
            near |= runs.kinds[place] if level < NEAR else 0
            is_aside = is_aside or runs.tag[place] in _ASIDES
            place = runs.parent[place]
    features = {"in_aside": float(is_aside)}
    for kind, flag in FLAGS.items():
        features["self_" + kind] = sum(bool(runs.kinds[a] & flag) for a in anchors) / len(anchors)
        features["near_" + kind] = float(bool(near & flag))
        features["above_" + kind] = float(bool(above & flag))
    tag = runs.tag[anchors[0]]
    return features | {"tag_" + tag: 1.0} if tag in _TAGS else features


def read_features(
    group: RecordGroup, read: Sequence[Fields | None], page: PageEvidence
) -> Features:
    """Return what is known of *group* once its sampled records are *read*."""
    m = len(read)
    fields = [field for field in read if field is not None]
    features = _signed(fields, m) | _worded(fields, m) | _ends(read)
    runs, view = page.runs, page.view
    roots = [tuple(view.index.elements[p] for p in group.records[i]) for i in group.sample]
    authors = [field.author if field is not None else None for field in read]
    few = list(zip(roots, authors, strict=True))[:MOST_TEASERS]
    teasers = sum(is_teaser(root, author, view.document.url) for root, author in few)
    first, n = group.records[0][0], len(group.ranges)
    heading, is_over = heading_over(view, first, n), is_over_form(group, page)
    letters = sum(len(field.text) for field in fields) * n / m
    words = sum(len(field.text.split()) for field in fields)
    whole = sum(group.total(runs.marks["words"], number) for number in group.sample)
    return features | {
        "x_teasers": teasers / len(few),
        "x_recur": float(recur(roots, view.recurring)),
        "x_titles": float(are_titles(roots, read, view.document.url)),
        "x_over_form": float(is_over),
        "x_several_pages": float(lead_to_several_pages(fields)),
        "x_heading": heading or 0.0,
        "x_heading_other": float(heading is None and not is_over),  # its box has its own heading
        "x_form": form_beside(view, first, runs.end[group.records[-1][-1]]),
        "x_page": min(1.5, letters / max(1, view.length)),
        "x_used": words / max(1, whole),
        "x_dates_many": sum(group.total(runs.marks["dates"], i) > 2 for i in group.sample) / m,
    }


def _signed(fields: Sequence[Fields], m: int) -> Features:
    """Return who signed, when, and under which ids."""
    authors = [field.author for field in fields if field.author]
    dates = [field.date for field in fields if field.date]
    complete = sum(bool(field.author and field.date and field.text) for field in fields) / m
    moments = [date.moment for date in dates]
    rising = sum(before <= after for before, after in pairwise(moments))
    falling = sum(before >= after for before, after in pairwise(moments))
    return {
        "x_author": len(authors) / m,
        "x_authors": len(set(authors)) / max(1, len(authors)),
        "x_one_author": float(m > 3 and len(set(authors)) == 1),
        "x_date": len(dates) / m,
        "x_fine": sum(date.precision in _FINE for date in dates) / m,
        "x_attribute": sum(field.date_source == "attribute" for field in fields) / m,
        "x_days": len(set(moments)) / max(1, len(moments)),
        "x_falling": falling / (len(dates) - 1) if falling > rising else 0.0,
        "x_order": max(rising, falling) / (len(dates) - 1) if len(dates) > 2 else 0.7,
        "x_complete": complete,
        "x_all": float(complete > 0.9),
        "x_id": sum(field.source_id is not None for field in fields) / m,
        "x_ids": len({field.source_id for field in fields if field.source_id}) / m,
        "x_url": sum(field.url is not None for field in fields) / m,
        "x_votes": sum(field.upvotes is not None for field in fields) / m,
    }


def _worded(fields: Sequence[Fields], m: int) -> Features:
    """Return what the texts of the records state of them."""
    texts = [field.text for field in fields if field.text]
    sizes = [len(text.split()) for text in texts]
    mean = sum(sizes) / max(1, len(sizes))
    cut = sum(text.rstrip("] )").endswith(("…", "...")) for text in texts)
    return {
        "x_text": len(texts) / m,
        "x_texts": len({text.lower() for text in texts}) / max(1, len(texts)),
        "x_length": log1p(sum(sizes) / m),
        "x_short": sum(size <= SHORT for size in sizes) / m,
        "x_long": sum(size > LONG for size in sizes) / m,
        "x_spread": min(2.0, (max(sizes) - min(sizes)) / (mean + 1)) if sizes else 0.0,
        "x_most": max(sizes) / max(1, sum(sizes)) if len(sizes) > 1 else 0.5,
        "x_label": sum(map(is_label, texts)) / m,
        "x_small": sum(not any(map(str.islower, text)) for text in texts) / m,
        "x_excerpts": float(len(fields) > 2 and cut > 0.5 * len(fields)),
        "x_more": cut / m,
    }


def _ends(read: Sequence[Fields | None]) -> Features:
    """Return whether the first and the last record are as whole as the others."""
    first, last = read[0], read[-1]
    many = len(read) > 1
    is_whole = first is not None and first.author and first.date and first.text
    return {
        "x_first_bare": float(many and not is_whole),
        "x_last_bare": float(many and not (last is not None and (last.author or last.date))),
        "x_last_mute": float(many and not (last is not None and last.text)),
    }
