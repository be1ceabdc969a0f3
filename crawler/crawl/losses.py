"""What the site had before, or says that it has, and a run did not find: counted visit by visit."""

from crawler.crawl.verdict import IN_PART, Counters
from storage.crawl import LISTS, Before, VisitSaved
from storage.outcomes import WALLS
from storage.records import Article, Visit

MOST_EXAMPLES = 5
MOST_LISTS = 100  # whose addresses are kept
MOST_TEXTS = 100_000  # articles whose new text is compared
_SILENT = frozenset({"opted_out"})  # our own choice


class Losses:
    """Counts into *counters*."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._texts: dict[int, int | None] = {}  # by what a page has now: the first, until told

    def note(self, visit: Visit, saved: VisitSaved) -> None:
        """Count what a visit that is settled shows of its page."""
        if saved.state == "retry":
            return
        if saved.kind != "page":
            self._note_list(visit, saved)
        elif saved.is_named and saved.before.outcome is None:
            self._note_lost("named", visit, is_lost=visit.state == "gone")
        self._note_list_lost(visit, saved)
        self._note_known(visit, saved)

    def note_fields(self, visit: Visit, article: Article, saved: VisitSaved) -> None:
        """Count the fields that an article had at an earlier visit, and those it has no more."""
        before = saved.before
        for name, had, lost in _fields(article, before):
            if had:
                self._note_lost(name, visit, is_lost=lost)
        if before.length:
            self._note_own_text(visit, article, saved)

    def _note_own_text(self, visit: Visit, article: Article, saved: VisitSaved) -> None:
        """Count an article whose headline and text became those of others, which had theirs."""
        self._note_lost("own", visit, is_lost=False)
        is_changed = saved.article is not None and saved.article.changed
        if not is_changed or not article.article_body or len(self._texts) >= MOST_TEXTS:
            return
        key = hash((article.headline, max(article.article_body.split("\n"), key=len)))
        if key not in self._texts:
            self._texts[key] = visit.page_id
            return
        first, self._texts[key] = self._texts[key], None
        self._counters.examples.setdefault("own", visit.url)
        for page_id in (first, visit.page_id) if first is not None else (visit.page_id,):
            self._add_lost("own", page_id)

    def _note_known(self, visit: Visit, saved: VisitSaved) -> None:
        """Count an article that is gone, and one that is still there and cannot be read as one any
        more, or in whose place another is.
        """
        is_known, is_read = saved.before.article_id is not None, visit.state in {"done", "refused"}
        is_seen = is_read or visit.state in {"unchanged", "gone"}
        if is_known and is_seen and not saved.before.gone:
            self._note_lost("there", visit, is_lost=visit.state == "gone")
        if saved.displaced or (is_known and is_read):
            self._note_lost("read", visit, is_lost=saved.displaced or visit.article is None)
            if saved.outcome in WALLS:
                walled = self._counters.walled
                walled[saved.outcome] = walled.get(saved.outcome, 0) + 1

    def _note_list_lost(self, visit: Visit, saved: VisitSaved) -> None:
        """Keep a list that named pages and now names none."""
        was_list, is_list = saved.before.outcome in LISTS, saved.outcome in LISTS
        if was_list and not is_list and visit.state != "unchanged":
            self._counters.lists_lost.append(visit.url)

    def _note_list(self, visit: Visit, saved: VisitSaved) -> None:
        """Keep a list that was read in part, and one that the site names and that names no page."""
        counters, before = self._counters, saved.before.outcome or ""
        outcome = before if visit.state == "unchanged" else saved.outcome
        # what a new index names is yet to be read
        is_full = before == "sitemap" or any(found.kind == "page" for found in visit.candidates)
        counters.lists_read += saved.kind == outcome == "sitemap" and is_full
        if outcome in _SILENT or len(counters.lists_unread) >= MOST_LISTS:
            return
        if outcome in LISTS:
            counters.lists_unread |= {visit.url: IN_PART} if visit.unread else {}
        elif saved.is_named and before not in LISTS:
            counters.lists_unread[visit.url] = outcome

    def _note_lost(self, name: str, visit: Visit, *, is_lost: bool) -> None:
        """Count one that was there, or had a field."""
        self._counters.had[name] = self._counters.had.get(name, 0) + 1
        if is_lost:
            self._counters.examples.setdefault(name, visit.url)
            self._add_lost(name, visit.page_id)

    def _add_lost(self, name: str, page_id: int) -> None:
        self._counters.lost[name] = self._counters.lost.get(name, 0) + 1
        examples = self._counters.lost_examples.setdefault(name, [])
        if len(examples) < MOST_EXAMPLES:
            examples.append(page_id)


def _fields(article: Article, before: Before) -> tuple[tuple[str, bool, bool], ...]:
    """Return each field's name, whether the article had it, and whether it has it no more."""
    return (
        ("dated", before.dated, article.date_published is None),
        ("authored", before.authored, not article.authors),
        ("commented", before.comments > 0, not article.comments),
        ("long", before.length > 0, len(article.article_body) < before.length / 2),
    )
