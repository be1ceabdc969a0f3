"""What the sources of an article's comments state, answer by answer, whoever fetches them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from pipelines.comments.scripted import SourceAnswer
from storage.records import Article, Comment, ThreadSource


def sources_of(article: Article) -> tuple[ThreadSource, ...]:
    """Return what can be asked for an article's comments, the first that answers is enough: what
    its script asks, then the site's own second source.
    """
    own = (ThreadSource("site", url, is_scripted=False) for url in article.comment_sources)
    return (*article.comment_threads, *own)


class SourceThread:
    """Collects what one *source* and those that go on where it ends state of a thread."""

    def __init__(self, source: ThreadSource) -> None:
        self.source = source
        self._declared: int | None = None
        self._replies_declared = 0
        self._is_whole = True
        self._is_answered = False
        self._found: list[Comment] = []
        self._ids: set[str | None] = set()
        self._aliases: dict[str, str] = {}
        self._waiting = deque([source])
        self._seen = {source.address}

    @property
    def declared(self) -> int | None:
        """How many comments the thread has by the source's own count, None where it states none."""
        return None if self._declared is None else self._declared + self._replies_declared

    @property
    def is_answered(self) -> bool:
        """Whether there was an answer that could be read."""
        return self._is_answered

    @property
    def is_whole(self) -> bool:
        """Whether every part was asked for and returned, and there is no more."""
        return self._is_whole and self._is_answered and not self._waiting

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments in the order in which they were stated, each once, parents by their ids."""
        stated: dict[str | int, Comment] = {}
        for place, comment in enumerate(self._found):
            stated.setdefault(comment.source_id or place, comment)
        return tuple(map(self._linked, stated.values()))

    def _linked(self, comment: Comment) -> Comment:
        named = comment.parent_source_id or ""
        if not named.startswith("#"):
            return comment
        parent = self._aliases.get(named)
        return replace(
            comment,
            parent_source_id=parent,
            parent_how=comment.parent_how if parent else None,
        )

    def next_source(self) -> ThreadSource | None:
        """Return what is to be asked next, None when all was."""
        return self._waiting.popleft() if self._waiting else None

    def take(self, answer: SourceAnswer | None) -> None:
        """Take in an answer; None where there was none that could be read."""
        if answer is None:
            self._is_whole = False
            return
        self._is_answered = True
        self._is_whole &= answer.is_whole
        is_new = not answer.comments or any(
            one.source_id is None or one.source_id not in self._ids for one in answer.comments
        )
        self._found += answer.comments
        self._ids.update(one.source_id for one in answer.comments)
        self._aliases.update(answer.aliases)
        self._declared = self._declared if answer.declared is None else answer.declared
        self._replies_declared += answer.replies_declared
        for source in answer.following:
            if is_new and source.address not in self._seen:
                self._seen.add(source.address)
                self._waiting.append(source)
            else:  # a circle, or pages without end that repeat themselves
                self._is_whole = False


def lessons_of(stated: SourceThread | None) -> Sequence[Comment]:
    """Return what a site's own second source states: what its pages show as well teaches their
    template, what a script draws does not.
    """
    return () if stated is None or stated.source.is_scripted else stated.comments
