"""What a run has done so far, counted visit by visit as each is stored."""

from collections import Counter

from crawler.crawl.verdict import Counters
from pipelines.learning import Verdict
from storage.crawl import LISTS, Before, VisitSaved
from storage.outcomes import WALLS
from storage.records import Article, Visit

MOST_LENGTHS = 10_000
MOST_EXAMPLES = 5
ANSWERED = frozenset({"ok", "not_modified"})


class RunStats:
    """Counts visits; *problem* is the sentence that ended the run, *halt* the one for which it ends
    early.
    """

    def __init__(self) -> None:
        self.counters = Counters()
        self.outcomes: Counter[str] = Counter()
        self.problem: str | None = None
        self.halt: str | None = None

    @property
    def pages(self) -> int:
        """Visits that are stored."""
        return self.counters.pages

    @property
    def articles(self) -> int:
        """Articles that were read and stored."""
        return self.counters.articles

    @property
    def comments(self) -> int:
        """Comments under those articles."""
        return self.counters.comments

    def note_requests(self, requests: int) -> None:
        """Count requests that belong to no visit (robots.txt and the like)."""
        self.counters.requests += requests

    def note_change(self, change: Verdict) -> None:
        """Note that one of the site's templates changed."""
        self.counters.drift.append(str(change))

    def note(self, visit: Visit, saved: VisitSaved) -> None:
        """Count a visit that is stored."""
        counters = self.counters
        counters.requests += sum(
            fetch.outcome not in {"robots", "opted_out"} for fetch in visit.fetches
        )
        if visit.state == "put_back":
            return
        counters.pages += 1
        counters.fetched += any(fetch.outcome in ANSWERED for fetch in visit.fetches)
        counters.unchanged += visit.state == "unchanged"
        counters.gone += visit.state == "gone" and saved.before.article_id is not None
        self.outcomes[saved.outcome] += 1
        counters.outcomes = dict(self.outcomes)
        if visit.article is not None and saved.article is not None:
            self._note_article(visit.article, saved)
            if saved.before.article_id is not None:
                self._note_losses(visit.page_id, visit.article, saved.before)
        self._note_list(visit, saved)

    def _note_article(self, article: Article, saved: VisitSaved) -> None:
        assert saved.article is not None  # noqa: S101  # the caller saw it
        counters = self.counters
        counters.articles += 1
        counters.articles_new += saved.article.new
        counters.articles_changed += saved.article.changed and not saved.article.new
        counters.comments += len(article.comments)
        counters.comments_new += saved.article.comments.new
        counters.declared += article.comments_declared or 0
        counters.captured += len(article.comments) if article.comments_declared else 0
        counters.dated += article.date_published is not None
        counters.authored += bool(article.authors)
        counters.commented += bool(article.comments)
        if len(counters.text_lengths) < MOST_LENGTHS:
            counters.text_lengths.append(len(article.article_body))

    def _note_losses(self, page_id: int, article: Article, before: Before) -> None:
        fields = (
            ("dated", before.dated, article.date_published is None),
            ("authored", before.authored, not article.authors),
            ("commented", before.comments > 0, not article.comments),
            ("long", before.length > 0, len(article.article_body) < before.length / 2),
        )
        for name, had, lost in fields:
            if had:
                self.counters.had[name] = self.counters.had.get(name, 0) + 1
                self._note_lost(name, page_id if lost else None)

    def _note_lost(self, name: str, page_id: int | None) -> None:
        """Count an article that had a field: it lost it when *page_id* is given."""
        self.counters.lost[name] = self.counters.lost.get(name, 0) + (page_id is not None)
        examples = self.counters.lost_examples.setdefault(name, [])
        if page_id is not None and len(examples) < MOST_EXAMPLES:
            examples.append(page_id)

    def _note_list(self, visit: Visit, saved: VisitSaved) -> None:
        """A list that named pages and now names none; an article that is still there and cannot be
        read as one any more.
        """
        if (
            saved.before.outcome in LISTS
            and saved.outcome not in LISTS
            and visit.state != "unchanged"
            and saved.state != "retry"
        ):
            self.counters.lists_lost.append(visit.url)
        if saved.before.article_id is not None and visit.state in {"done", "refused"}:
            self.counters.had["read"] = self.counters.had.get("read", 0) + 1
            self._note_lost("read", visit.page_id if visit.article is None else None)
            if saved.outcome in WALLS:
                self.counters.walled[saved.outcome] = self.counters.walled.get(saved.outcome, 0) + 1
