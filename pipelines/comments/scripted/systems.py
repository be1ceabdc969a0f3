"""The systems whose scripts draw threads, in one table: how each is found on a page and read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.comments.scripted.answer import Question, Received, SourceAnswer
from pipelines.comments.scripted.comentario import (
    comentario_question,
    commento_question,
    find_comentario,
    find_commento,
    read_comentario,
    read_commento,
)
from pipelines.comments.scripted.coral import coral_question, find_coral, read_coral
from pipelines.comments.scripted.discourse import (
    discourse_question,
    find_discourse,
    read_discourse,
)
from pipelines.comments.scripted.disqus import disqus_question, find_disqus, read_disqus
from pipelines.comments.scripted.github import (
    find_giscus,
    find_utterances,
    github_question,
    read_giscus,
    read_utterances,
)
from pipelines.comments.scripted.isso import (
    find_isso,
    find_remark,
    isso_question,
    read_isso,
    read_remark,
    remark_question,
)
from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.comments.scripted.unknown import seen_address
from pipelines.comments.scripted.waline import find_waline, read_waline, waline_question
from pipelines.comments.stated import BadSource, next_address, read_source
from pipelines.document import Document
from storage.records import ThreadSource
from storage.urls import is_address


def _is_asked_otherwise(_url: str) -> None:
    """Return None: GitHub's own addresses of comments name no page."""


@dataclass(frozen=True, slots=True)
class ThreadSystem:
    """A system: the words of which a page that uses it has one, how its thread is found there, how
    an answer is read, and as what Knipsel asks for what another's address asks it for.
    """

    name: str
    words: tuple[bytes, ...]
    find: Callable[[ScriptPage], Iterator[ThreadSource]]
    read: Callable[[Received], SourceAnswer]
    question: Callable[[str], Question | None] = _is_asked_otherwise


SYSTEMS: tuple[ThreadSystem, ...] = (
    ThreadSystem("isso", (b"isso-thread",), find_isso, read_isso, isso_question),
    ThreadSystem("waline", (b"waline",), find_waline, read_waline, waline_question),
    ThreadSystem("remark42", (b"remark_config",), find_remark, read_remark, remark_question),
    ThreadSystem(
        "comentario", (b"comentario",), find_comentario, read_comentario, comentario_question
    ),
    ThreadSystem("commento", (b"commento",), find_commento, read_commento, commento_question),
    ThreadSystem("coral", (b"coral",), find_coral, read_coral, coral_question),
    ThreadSystem(
        "discourse", (b"discourseembed",), find_discourse, read_discourse, discourse_question
    ),
    ThreadSystem("disqus", (b"disqus",), find_disqus, read_disqus, disqus_question),
    ThreadSystem("giscus", (b"data-repo",), find_giscus, read_giscus, github_question),
    ThreadSystem("utterances", (b"utteranc",), find_utterances, read_utterances),
)
# They return nothing, or next to nothing, without a login, a key or the site's own origin.
NAMED_ONLY = frozenset(
    "facebook ghost openweb viafoura hyvor nujij livefyre intensedebate insticator vuukle".split()
)
_BY_NAME = {system.name: system for system in SYSTEMS}


def name_of(document: Document, widget: str | None, sources: Sequence[ThreadSource]) -> str | None:
    """Return what draws a page's thread: the system of the *sources* that are asked, or one that is
    only ever named; for another its name, if it has one in *widget*, and the address that was seen.
    """
    if sources:
        return sources[0].system
    if widget in _BY_NAME or widget in NAMED_ONLY:
        return widget
    address = seen_address(document, widget)
    return " ".join(filter(None, (widget, address))) or None


def find_threads(document: Document) -> tuple[ThreadSource, ...]:
    """Return what a page's script asks for its thread: the sources of the first system that the
    page names, the richest first; none where it names no system, or no thread of it.
    """
    body = document.page.body.lower()
    page = ScriptPage(document)
    for system in SYSTEMS:
        if not any(word in body for word in system.words):
            continue
        found = tuple(source for source in system.find(page) if is_address(source.url))
        if found:
            return found
    return ()


def read_answer(source: ThreadSource, body: bytes, now: datetime) -> SourceAnswer:
    """Return what an answer of *source*, a script's or the site's own second one, states.

    Raises BadSource when it holds nothing that can be read.
    """
    system = _BY_NAME.get(source.system)
    if system is not None:
        return system.read(Received(source, body, now))
    found = read_source(body, now)
    more = next_address(source.url, len(found))
    following = (ThreadSource(source.system, more, None, source.is_scripted),) if more else ()
    return SourceAnswer(comments=found, following=following)


def question_of(url: str, body: bytes, now: datetime) -> Question | None:
    """Return what somebody else's capture of *url* asked for, where *body* is a system's answer."""
    for system in SYSTEMS:
        question = system.question(url)
        if question is not None:
            source = ThreadSource(system.name, question.address)
            try:
                system.read(Received(source, body, now))
            except BadSource:
                continue
            return question
    return None


def asks_the_same(url: str, source: ThreadSource) -> bool:
    """Return whether another's script asked at *url* what *source* asks."""
    system = _BY_NAME.get(source.system)
    question = system.question(url) if system is not None else None
    return question is not None and question.address == source.address
