"""What a run has done so far, counted visit by visit as each is stored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from crawler.crawl.losses import Losses
from crawler.crawl.verdict import Counters
from pipelines import learning
from storage.crawl import VisitSaved
from storage.local_time import older_comments
from storage.records import Article, Comment, Visit
from storage.urls import variant_key

MOST_LENGTHS = 10_000
MOST_COUNTED = 100_000  # articles whose comments other pages count
MOST_BLOCKS = 20_000  # blocks of text that are counted, lest a long run fill the memory
LEAST_BLOCK = 25  # letters: shorter ones recur by chance, or are subheads
LONGEST_SIGNING = 25  # letters beside a name: "Tekst en beeld:"
NO_REASON = frozenset({None, "unknown"})
_DIGITS = re.compile(r"\d+")
_COUNTS = re.compile(r"\W*\d+\W+\w+\W*$")
ANSWERED = frozenset({"ok", "not_modified"})


class RunStats:
    """Counts visits; *problem* is the sentence that ended the run, *halt* the one for which it ends
    early.
    """

    def __init__(self) -> None:
        self.counters = Counters()
        self._losses = Losses(self.counters)
        self.outcomes: Counter[str] = Counter()
        self._seen: set[int] = set()
        self._edges: Counter[str] = Counter()
        self._bodies: Counter[str] = Counter()
        self._linked: dict[str, int] = {}
        self._uncounted: dict[str, int] = {}
        self.problem: str | None = None
        self.halt: str | None = None

    @property
    def pages(self) -> int:
        """Visits that are stored."""
        return self.counters.pages

    @property
    def articles(self) -> int:
        """Articles that were seen, read or as they were: each once, whatever led to it."""
        return self.counters.articles

    @property
    def comments(self) -> int:
        """Comments that are shown under those articles."""
        return self.counters.comments

    def note_requests(self, requests: int) -> None:
        """Count requests that belong to no visit (robots.txt and the like)."""
        self.counters.requests += requests

    def note_change(self, change: learning.Verdict) -> None:
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
        counters.guessed += saved.is_guessed and saved.outcome == "client_error"
        self._note_links(visit)
        for kind, count in saved.mended.items():
            counters.mended[kind] = counters.mended.get(kind, 0) + count
        self._note_drawn(visit)
        if self._is_first_look(visit, saved) and visit.article is not None:
            self._note_article(visit.article, saved)
            self._note_faults(visit.article, visit)
            self.counters.scripted += _is_scripted(visit.article) and visit.drawn is None
            if saved.before.article_id is not None:
                self._losses.note_fields(visit, visit.article, saved)
        self._note_refusal(visit)
        self._losses.note(visit, saved)

    def _note_drawn(self, visit: Visit) -> None:
        """Count a page that a browser drew, and what was met meanwhile."""
        for word in () if visit.drawn is None else ("pages", *visit.drawn):
            self.counters.drawn[word] = self.counters.drawn.get(word, 0) + 1
            self.counters.examples.setdefault(word, visit.url)

    def _is_first_look(self, visit: Visit, saved: VisitSaved) -> bool:
        """Return whether the visit saw an article that this run had not seen, and count it."""
        if saved.article is not None:
            article_id: int | None = saved.article.article_id
        else:
            article_id = saved.before.article_id if visit.state == "unchanged" else None
        if article_id is None or article_id in self._seen:
            return False
        self._seen.add(article_id)
        self.counters.articles += 1
        thread = visit.article.comments if visit.article is not None else None
        shown = saved.before.comments if thread is None else sum(map(is_shown, thread))
        self.counters.comments += shown
        return True

    def _note_article(self, article: Article, saved: VisitSaved) -> None:
        assert saved.article is not None  # noqa: S101  # the caller saw it
        counters = self.counters
        counters.articles_read += 1
        counters.articles_new += saved.article.new
        counters.articles_changed += saved.article.changed and not saved.article.new
        counters.comments_new += saved.article.comments.new
        counters.declared += article.comments_declared or 0
        counters.captured += len(article.comments) if article.comments_declared else 0
        counters.dated += article.date_published is not None
        counters.authored += bool(article.authors)
        counters.commented += bool(article.comments)
        if len(counters.text_lengths) < MOST_LENGTHS:
            counters.text_lengths.append(len(article.article_body))

    def _note_faults(self, article: Article, visit: Visit) -> None:
        """Count what the article's pages show and was not read."""
        empty = sum(is_empty(comment) for comment in article.comments)
        is_cut = article.comments_gap_reason == "pagination"
        faults = {
            "date_published": "date_published" in visit.unread and not article.date_published,
            "misdated": older_comments(article) > 0,
            "authors": "authors" in visit.unread and not article.authors,
            "threads": (is_cut or "comments" in visit.unread) and not article.comments,
            "open_threads": is_cut and bool(article.comments),
            "empty_comments": empty,
            "missing_comments": _missing(article),
            "wordless": not article.article_body.strip(),
            "repeated": self._note_edges(article),
            "undated": article.date_published is None,
        }
        for name, count in faults.items():
            self._note_fault(name, count, visit.url)
        is_open = article.comments_declared is None and article.comments_gap_reason is None
        if is_open and not faults["threads"] and len(self._uncounted) < MOST_COUNTED:
            self._uncounted[article.url] = len(article.comments) + article.pingbacks

    def _note_links(self, visit: Visit) -> None:
        """Keep how many comments other pages' links count under an article, the least of them."""
        counted = (one for one in visit.candidates if one.comments_linked is not None)
        for candidate in counted if len(self._linked) < MOST_COUNTED else ():
            number = candidate.comments_linked or 0
            known = self._linked.setdefault(variant_key(candidate.url), number)
            self._linked[variant_key(candidate.url)] = min(known, number)

    def compare_links(self) -> None:
        """Count what other pages' links count under articles that state no number themselves, once
        all pages are visited.
        """
        for url, read in self._uncounted.items():
            declared = self._linked.get(variant_key(url), 0)
            self.counters.declared += declared
            self.counters.captured += min(read, declared)
            self._note_fault("missing_comments", max(declared - read, 0), url)
            self._note_fault("threads", int(declared > read == 0), url)
        self._uncounted.clear()

    def _note_edges(self, article: Article) -> int:
        """Return by how many more the articles are that share a block at the edge of their text.

        Where they share the longest block, too, the articles are the same, and no block is out of
        place.
        """
        edges, body = _edges(article), max(article.article_body.split("\n"), key=len)
        if len(self._edges) < MOST_BLOCKS:
            self._edges.update(edges)
            self._bodies[body] += 1
        most = max((self._edges[edge] for edge in edges), default=0) - self._bodies[body]
        return max(most + 1 - max(self.counters.faults.get("repeated", 0), 1), 0)

    def _note_fault(self, name: str, count: int, url: str) -> None:
        if count:
            self.counters.faults[name] = self.counters.faults.get(name, 0) + count
            self.counters.examples.setdefault(name, url)

    def _note_refusal(self, visit: Visit) -> None:
        if visit.outcome == "no_text" and visit.state == "refused":
            self._note_fault("no_text", 1, visit.url)


def is_shown(comment: Comment) -> bool:
    """Return whether the site shows a comment's words."""
    return comment.status == "visible"


def is_empty(comment: Comment) -> bool:
    """Return whether the words of a record were not found: it is shown, somebody wrote it at some
    time, and it proves nothing.
    """
    is_record = comment.author is not None or comment.date_created is not None
    return is_record and is_shown(comment) and not comment.text.strip()


def _is_scripted(article: Article) -> bool:
    """Return whether a script draws an article's thread that nobody but a browser can ask for."""
    return article.comments_gap_reason == "widget" and not article.comment_threads


def _missing(article: Article) -> int:
    """Return how many comments are missing for no reason that the page gives."""
    if article.comments_gap_reason not in NO_REASON:
        return 0
    known = len(article.comments) + article.pingbacks
    return max((article.comments_declared or 0) - known, 0)


def _edges(article: Article) -> set[str]:
    """Return the first and the last two blocks of a text as far as they are long, and short ones
    that begin with a number, without it; a line that its author signs with is the text's own.
    """
    blocks = [
        " ".join(block.split()) for block in article.article_body.split("\n") if block.strip()
    ]
    names = [author.name for author in article.authors]
    outer = {block for block in (*blocks[:2], *blocks[-2:]) if not _is_signature(block, names)}
    counted = {_DIGITS.sub("#", block) for block in outer if _COUNTS.match(block)}
    return {block for block in outer if len(block) >= LEAST_BLOCK} | counted


def _is_signature(block: str, names: Iterable[str]) -> bool:
    """Return whether *block* is one of *names* and hardly more: "Geschreven door Jan Smit"."""
    return any(name in block and len(block) - len(name) <= LONGEST_SIGNING for name in names)
