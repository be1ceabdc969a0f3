"""A lesson: one page as independent evidence has it, or else as the generic way reads it, with the
elements that its reading rests on.
"""

from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from pipelines.article import NotAnArticle, read_beside
from pipelines.comments import Thread, read_thread
from pipelines.content import find_container
from pipelines.document import Document, find_holder
from pipelines.learning.alignment import find_likest
from pipelines.learning.corrections import taught_thread
from pipelines.learning.evidence import StatedEvidence, corrected
from storage.records import Article

NOTHING = StatedEvidence()
TAUGHT = ("headline", "authors", "date_published", "article_body")
LEAST_BODY = 250  # a page with next to no text does not show where texts are


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught by one page: its article, its thread, and the element that holds its text.

    *taught* are the fields of the article that the *evidence*, which is what its site states of it,
    has otherwise than they were read.
    """

    document: Document
    article: Article
    thread: Thread
    body: HtmlElement
    taught: frozenset[str] = frozenset()
    evidence: StatedEvidence = NOTHING

    @property
    def is_heard(self) -> bool:
        """Tell whether an independent source states its comments."""
        return bool(self.evidence.comments)


def make_lesson(document: Document, evidence: StatedEvidence = NOTHING) -> Lesson | None:
    """Return the lesson of a page of whose article the *evidence* is known, None when it holds none
    whose text is in one element.
    """
    mined = read_thread(document)
    thread = taught_thread(document, mined, evidence.comments)
    try:
        read = read_beside(document, thread)
    except NotAnArticle:
        return None
    if thread.is_topic or len(read.article_body) < LEAST_BODY:
        return None
    threaded = set(thread.elements)
    article, body = corrected(document, read, evidence, threaded)
    if body is None and article.method == "container":
        holder = find_holder(document.tree, threaded)
        body = find_container(document.tree, threaded, holder)
    if body is None:
        body = find_likest(document.tree, article.article_body, threaded)
    taught = {name for name in TAUGHT if getattr(article, name) != getattr(read, name)}
    taught |= {"comments"} if thread.comments != mined.comments else set()
    return (
        Lesson(document, article, thread, body, frozenset(taught), evidence)
        if body is not None
        else None
    )


def without_source(lesson: Lesson) -> Lesson:
    """Return a lesson with its comments as the page alone has them."""
    return make_lesson(lesson.document, replace(lesson.evidence, comments=())) or lesson
