"""The systems whose scripts draw threads, in one table: how each is found on a page and read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.comments.scripted.answer import Received, SourceAnswer
from pipelines.comments.scripted.comentario import (
    find_comentario,
    find_commento,
    read_comentario,
    read_commento,
)
from pipelines.comments.scripted.coral import find_coral, read_coral
from pipelines.comments.scripted.discourse import (
    discourse_asked_as,
    find_discourse,
    read_discourse,
)
from pipelines.comments.scripted.disqus import disqus_asked_as, find_disqus, read_disqus
from pipelines.comments.scripted.github import (
    find_giscus,
    find_utterances,
    github_asked_as,
    read_giscus,
    read_utterances,
)
from pipelines.comments.scripted.isso import (
    find_isso,
    find_remark,
    isso_asked_as,
    read_isso,
    read_remark,
    remark_asked_as,
)
from pipelines.comments.scripted.script_page import ScriptPage
from pipelines.comments.scripted.unknown import seen_address
from pipelines.comments.scripted.waline import find_waline, read_waline, waline_asked_as
from pipelines.comments.stated import BadSource, next_address, read_source
from pipelines.document import Document
from storage.records import ThreadSource
from storage.urls import is_address


def _is_asked_otherwise(_url: str) -> None:
    """What is posted, and GitHub's own API, is not known again in other people's captures."""


@dataclass(frozen=True, slots=True)
class ThreadSystem:
    """A system: the words of which a page that uses it has one, how its thread is found there, how
    an answer is read, and as what Knipsel asks for what another's address asks it for.
    """

    name: str
    words: tuple[bytes, ...]
    find: Callable[[ScriptPage], Iterator[ThreadSource]]
    read: Callable[[Received], SourceAnswer]
    asked_as: Callable[[str], str | None] = _is_asked_otherwise


SYSTEMS: tuple[ThreadSystem, ...] = (
    ThreadSystem("isso", (b"isso-thread",), find_isso, read_isso, isso_asked_as),
    ThreadSystem("waline", (b"waline",), find_waline, read_waline, waline_asked_as),
    ThreadSystem("remark42", (b"remark_config",), find_remark, read_remark, remark_asked_as),
    ThreadSystem("comentario", (b"comentario",), find_comentario, read_comentario),
    ThreadSystem("commento", (b"commento",), find_commento, read_commento),
    ThreadSystem("coral", (b"coral",), find_coral, read_coral),
    ThreadSystem(
        "discourse", (b"discourseembed",), find_discourse, read_discourse, discourse_asked_as
    ),
    ThreadSystem("disqus", (b"disqus",), find_disqus, read_disqus, disqus_asked_as),
    ThreadSystem("giscus", (b"data-repo",), find_giscus, read_giscus, github_asked_as),
    ThreadSystem("utterances", (b"utteranc",), find_utterances, read_utterances),
)
# They tell nothing, or next to nothing, without a login, a key or the site's own origin.
NAMED_ONLY = frozenset(
    "facebook ghost openweb viafoura hyvor nujij livefyre intensedebate insticator vuukle".split()
)
_BY_NAME = {system.name: system for system in SYSTEMS}


def name_of(document: Document, widget: str | None) -> str | None:
    """Return what draws a page's thread: the name of a system that is asked, or is only ever
    named; for another its name, if it has one in *widget*, and the address that was seen.
    """
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


def asked_as(url: str, body: bytes, now: datetime) -> str | None:
    """Return the address by which Knipsel itself would ask for the answer that somebody else's
    capture of *url* holds; None where it is no system's answer.
    """
    for system in SYSTEMS:
        address = system.asked_as(url)
        if address is not None:
            try:
                system.read(Received(ThreadSource(system.name, address), body, now))
            except BadSource:
                continue
            return address
    return None
