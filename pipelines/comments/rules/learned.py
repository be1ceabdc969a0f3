"""A thread read by a profile's rules: each record's fields stand where they stood on the pages that
were learned from.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from pipelines.comments.declared import read_count
from pipelines.comments.model import Thread, ThreadCount, ThreadRules, gap_reason, order_of
from pipelines.comments.pagination import comment_pages, may_go_on
from pipelines.comments.record import absolute, author_url, is_withheld, without_circles
from pipelines.dates import DutchDate, parse_date, plausible
from pipelines.document import Document, block_text, media_text, select
from storage.records import Comment

LONGEST_NAME = 80


LEAST_DIGITS = 6  # of a date in an attribute
_NUMBER = re.compile(r"\d+")


STAFF = "bypostauthor"  # WordPress' own, also where no page that was learned from had one


_AROUND_NAME = re.compile(
    r"^\s*(?:(?:geplaatst|geschreven|reactie)\s+)?(?:door|van|by)\s*:?\s+|[\s,]*\b(?:zegt|schreef|schrijft|says|said|wrote)\b.{0,40}$|[\s:,|]+$",
    re.IGNORECASE,
)


class Unfit(Exception):
    """Raised when a page's thread is not as the rules say; its text says what is missing.

    *is_miss* says that the rules found nothing where they should have; else the page is only a case
    for a closer look.
    """

    def __init__(self, detail: str, *, is_miss: bool = False) -> None:
        super().__init__(detail)
        self.is_miss = is_miss


def read_thread_by(document: Document, rules: ThreadRules) -> Thread:
    """Return the thread on the page as *rules* say.

    Raises Unfit where the page is not quite what was learned from: a thread over several pages, a
    record without text, a number of comments that is not the declared one, unless the rules know
    why and at least half of them are there.
    """
    areas = _areas(document.tree, rules)
    records = _records(areas, rules)
    if may_go_on(document.tree, areas) and comment_pages(document.tree, areas, document.url):
        raise Unfit("The thread goes on on other pages.")
    declared = _declared(areas, document.tree, rules)
    has_usual_gap = (
        rules.gap is not None
        and declared is not None
        and len(records) < declared <= 2 * len(records)
    )
    if declared is not None and declared != len(records) and not has_usual_gap:
        raise Unfit(
            f"The page declares {declared} comments and shows {len(records)}.", is_miss=not records
        )
    if declared is None and rules.count is not None and records:
        raise Unfit("The heading with the number of comments is missing.", is_miss=True)
    comments = tuple(_comments(records, rules, document))
    return Thread(
        comments=comments,
        declared=declared,
        pingbacks=declared - len(records)
        if declared is not None and has_usual_gap and rules.gap == "pingbacks"
        else 0,
        gap_reason=rules.gap
        if has_usual_gap
        else gap_reason(ThreadCount.of(comments, declared, 0)),
        order=order_of(comments),
        system=rules.system if comments else None,
        method=rules.system if comments else None,
        elements=areas,
    )


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
            count = read_count(heading.text_content())
            if count is not None:
                return count
    return None


def _comments(
    records: Sequence[HtmlElement], rules: ThreadRules, document: Document
) -> Iterator[Comment]:
    if not records:
        return
    places = {record: place for place, record in enumerate(records)}
    within = _common_box(records)
    authors = _first_in(within, rules.author, places) if rules.author else {}
    texts = _texts(within, rules.text, places) if rules.text else {}
    dates = _dates(within, rules, places, document.fetched_at)
    links = _permalinks(within, places, texts)
    numbers = [_number(record, rules) for record in records]
    links_to = _first_in(within, rules.parent, places) if rules.parent else {}
    parents = without_circles(list(_parents(records, numbers, links_to)))
    for place, record in enumerate(records):
        words = _words(record, texts.get(record), places, rules, document.url)
        author = _name(authors.get(record))
        if not words or (rules.author is not None and author is None):
            raise Unfit(
                "A comment has no text or no author where these should stand.", is_miss=True
            )
        if is_withheld(words) or is_withheld(author or ""):
            raise Unfit("A comment was taken away.")
        parent = parents[place]
        number = numbers[place]
        link = next(
            (href for href in links.get(record, ()) if number and number in href.partition("#")[2]),
            None,
        )
        yield Comment(
            text=words,
            author=author,
            author_url=author_url(authors.get(record), document.url),
            author_is_staff=(rules.staff or STAFF) in (record.get("class") or "").split(),
            source_id=number,
            url=absolute(document.url, link) if link else None,
            parent_position=parent,
            parent_source_id=numbers[parent] if parent is not None else None,
            parent_how=("link" if rules.parent else "nesting") if parent is not None else None,
            method=rules.system or "profile",
            **dates[record],
        )


def _parents(
    records: Sequence[HtmlElement],
    numbers: Sequence[str | None],
    links: Mapping[HtmlElement, HtmlElement],
) -> Iterator[int | None]:
    """Yield each record's parent: whom its link "in reactie op" names where the template has such
    links, else what it stands in.
    """
    places = {record: place for place, record in enumerate(records)}
    known = {number: place for place, number in enumerate(numbers) if number}
    for record in records:
        if links:
            link = links.get(record)
            found = (
                _NUMBER.findall((link.get("href") or "").rpartition("#")[2])
                if link is not None
                else []
            )
            yield known.get(found[-1]) if found else None
        else:
            yield next(
                (places[ancestor] for ancestor in record.iterancestors() if ancestor in places),
                None,
            )


def _common_box(records: Sequence[HtmlElement]) -> HtmlElement:
    """Return the smallest element around all *records*."""
    last = {*records[-1].iterancestors()}
    return next(ancestor for ancestor in records[0].iterancestors() if ancestor in last)


def _owner(element: HtmlElement, places: Mapping[HtmlElement, int]) -> HtmlElement | None:
    return next((ancestor for ancestor in element.iterancestors() if ancestor in places), None)


def _dates(
    box: HtmlElement, rules: ThreadRules, places: Mapping[HtmlElement, int], now: datetime
) -> dict[HtmlElement, dict[str, Any]]:
    """Return the fields of each record's date: of the first element where it should stand that says
    one. Raises Unfit for a record without.
    """
    if rules.date is None:
        return {record: {} for record in places}
    found: dict[HtmlElement, dict[str, Any]] = {}
    for element in select(box, rules.date):
        record = _owner(element, places)
        if record is not None and record not in found and (said := date_said(element, now)):
            found[record] = said
    if len(found) < len(places):
        raise Unfit("A comment has no date where it should stand.", is_miss=not found)
    return found


def _texts(
    box: HtmlElement, css: str, places: Mapping[HtmlElement, int]
) -> dict[HtmlElement, HtmlElement]:
    """Return the element of each record's text. Raises Unfit where another of its kind stands
    beside it: the text may go on there.
    """
    found: dict[HtmlElement, HtmlElement] = {}
    for element in select(box, css):
        record = _owner(element, places)
        if record is not None and found.setdefault(record, element) is not element:
            first = found[record]
            if (
                element.getparent() is first.getparent()
                and element.tag == first.tag
                and element.text_content().strip()
            ):
                raise Unfit("A comment has more text than the element in which it should stand.")
    return found


def _first_in(
    box: HtmlElement, css: str, places: Mapping[HtmlElement, int]
) -> dict[HtmlElement, HtmlElement]:
    """Return for each record the first of its own elements that *css* chooses; a nested record's
    belong to that one.
    """
    found: dict[HtmlElement, HtmlElement] = {}
    for element in select(box, css):
        record = _owner(element, places)
        if record is not None:
            found.setdefault(record, element)
    return found


def _permalinks(
    box: HtmlElement, places: Mapping[HtmlElement, int], texts: Mapping[HtmlElement, HtmlElement]
) -> dict[HtmlElement, list[str]]:
    said = set(texts.values())
    found: dict[HtmlElement, list[str]] = {}
    for link in select(box, "a[href*='#']"):
        href = link.get("href") or ""
        if (
            not href[-1].isdigit()
            or "replytocom" in href
            or any(ancestor in said for ancestor in link.iterancestors())
        ):
            continue
        record = _owner(link, places)
        if record is not None:
            found.setdefault(record, []).append(href)
    return found


def _number(record: HtmlElement, rules: ThreadRules) -> str | None:
    numbers = _NUMBER.findall(record.get(rules.number) or "") if rules.number else []
    return str(numbers[0]) if numbers else None


def _words(
    record: HtmlElement,
    text: HtmlElement | None,
    places: Mapping[HtmlElement, int],
    rules: ThreadRules,
    base: str,
) -> str:
    """Return what a record says: its text's element or, where records have none, all of the record
    that is not to be skipped; the addresses of what it shows where it has no words.
    """
    if rules.text is not None:
        if text is None:
            return ""
        return block_text(text, _chosen(text, rules.skip)) or media_text(text, base)
    nested = {
        element for element in record.iter("*") if element in places and element is not record
    }
    skip = nested | _chosen(record, rules.skip)
    return block_text(record, skip) or media_text(record, base, skip, is_content=False)


def _chosen(root: HtmlElement, selectors: Sequence[str]) -> set[HtmlElement]:
    return {element for css in selectors for element in select(root, css)}


def _name(element: HtmlElement | None) -> str | None:
    return None if element is None else _bare_name(element.text_content())


@lru_cache(maxsize=8192)  # the same readers write under many articles
def _bare_name(words: str) -> str | None:
    name = _AROUND_NAME.sub("", " ".join(words.split())).strip(" :,|•·–—»-")
    return name if name and len(name) <= LONGEST_NAME else None


def date_said(element: HtmlElement | None, now: datetime) -> dict[str, Any]:
    """Return the fields of the date that *element* says: its attribute where it has one, with the
    text that the reader sees.

    Of a date that cannot be, such as one to come, only the text is kept.
    """
    if element is None:
        return {}
    shown = " ".join(element.text_content().split())[:100]
    date, source = _stated_date(element, now), "attribute"
    if date is None:
        date, source = parse_date(shown, reference=now), "text"
    if date is None:
        return {}
    raw = (shown or date.raw) if source == "attribute" else date.raw
    if not plausible(date.moment, now):
        return {"date_created_raw": raw}
    return {
        "date_created": date.moment,
        "date_created_precision": date.precision,
        "date_created_raw": raw,
        "date_created_source": source,
    }


def _stated_date(element: HtmlElement, now: datetime) -> DutchDate | None:
    for name in ("datetime", "data-time", "title", "content"):
        stated = element.get(name)
        if stated and sum(map(str.isdigit, stated)) >= LEAST_DIGITS:
            date = parse_date(stated, reference=now)
            if date is not None:
                return date
    return None
