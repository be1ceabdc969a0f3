"""A lesson: one page as the generic way reads it, with the elements that its reading rests on."""

import re
from collections import Counter
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.article import NotAnArticle, read_article
from pipelines.block_text import block_text
from pipelines.body import find_container
from pipelines.comments.thread import Thread, read_thread
from pipelines.document import Document
from storage.records import Article

_WORDS = re.compile(r"\w+")
LEAST_LIKENESS = 0.9


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught by one page: its article, its thread, and the element that holds its text."""

    document: Document
    article: Article
    thread: Thread
    body: HtmlElement


def make_lesson(document: Document) -> Lesson | None:
    """Return the lesson of a page, None when it holds no article whose text stands in one element."""
    try:
        article = read_article(document)
    except NotAnArticle:
        return None
    thread = read_thread(document)
    if thread.is_topic:
        return None
    threaded = set(thread.elements)
    container = find_container(document.tree, threaded) if article.method == "container" else None
    body = container if container is not None else _holder(document.tree, article.article_body, threaded)
    return Lesson(document, article, thread, body) if body is not None else None


def _holder(tree: HtmlElement, text: str, threaded: set[HtmlElement]) -> HtmlElement | None:
    """Return the smallest element whose words are most like those of *text*."""
    length = len(text)
    best, likeness = None, LEAST_LIKENESS
    for element in tree.iter("div", "section", "article", "main", "td"):
        if element in threaded or not 0.8 * length <= len(element.text_content()) <= 4 * length + 400:
            continue
        found = word_f1(block_text(element, threaded), text)
        if found >= likeness:
            best, likeness = element, found
    return best


def word_f1(found: str, wanted: str) -> float:
    """Return how much two texts have the same words, 0 to 1."""
    one, other = Counter(_WORDS.findall(found.lower())), Counter(_WORDS.findall(wanted.lower()))
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 1.0
