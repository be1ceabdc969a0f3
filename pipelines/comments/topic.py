"""Whether a thread is a forum's topic, or stands under an article; of a topic the opening post is
the article.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.comments.model import GENERIC, ThreadReading
from pipelines.comments.page import View
from pipelines.comments.rules import FORUMS, is_forum
from pipelines.document import Index, mark_up
from storage.records import Article, Author, Comment

LEAST_LINE = 60  # letters of running text
_UNSEEN = frozenset({"script", "style", "title", "template", "noscript"})
_ENDS = (".", "!", "?", "…", '"', "”", "’", ")")
_QUESTIONS = frozenset({"question", "qapage", "discussionforumposting"})
NOTICE, ARTICLE = 260, 400  # letters of what a forum says before its threads, of an article
PROSE, OPENING = 100, 600  # letters of a paragraph, and of all in a forum's opening post


def is_topic(reading: ThreadReading, system: str | None, view: View) -> bool:
    """Return whether the thread is a forum's topic. Nucleus, too, calls its comments as Vanilla
    calls the posts of its lists.
    """
    is_other = system == "vanilla" and not view.index.by_class({"messagelist"})
    is_forums = system in FORUMS and not is_other
    return (is_forums or _owns_page(reading, view)) and not _follows_article(reading, view)


def _follows_article(reading: ThreadReading, view: View) -> bool:
    """Return whether running text, or what is marked up as an article, is between the headline and
    the first record: some sites number their comments as forums number posts.
    """
    index, end = view.index, view.index.place[reading.records[0].first]
    start = next((place for place in index.headlines if place < end), 0)
    says_forum = _says_forum(view)
    if any(_is_article(one, index, says_forum=says_forum) for one in _ended(index, start, end)):
        return True
    if says_forum:
        sizes = (len(one.text_content()) for one in index.elements[start:end] if one.tag == "p")
        return sum(size for size in sizes if size >= PROSE) >= OPENING
    return _size(_paragraphs(index, start, end)) >= ARTICLE


def _says_forum(view: View) -> bool:
    has_questions = bool(view.index.by_type.keys() & _QUESTIONS)
    return has_questions or is_forum(view.index, view.document.url)


def _ended(index: Index, start: int, end: int) -> Iterator[HtmlElement]:
    """Yield what is marked up as an article and ends between the headline's place and *end*."""
    for element in index.elements[:end]:
        is_marked = element.tag == "article" or element.get("itemprop") == "articleBody"
        if is_marked and start < index.end(element) <= end:
            yield element


def _is_article(element: HtmlElement, index: Index, *, says_forum: bool) -> bool:
    """Return whether the paragraphs in *element* are more than what a forum says before posts."""
    is_sure = element.tag != "article" or index.holds_headline(element)
    least = ARTICLE if says_forum else LEAST_LINE if is_sure else NOTICE
    return _size(one.text_content().strip() for one in element.iter("p")) >= least


def _size(texts: Iterable[str]) -> int:
    """Return how many letters the sentences among *texts* have."""
    return sum(len(text) for text in texts if len(text) >= LEAST_LINE and text.endswith(_ENDS))


def _paragraphs(index: Index, start: int, end: int) -> Iterator[str]:
    """Yield the paragraphs between two places, and the lines that are in none."""
    within = start
    for place in range(start, end):
        element = index.elements[place]
        if element.tag == "p" and place >= within:
            within = index.end(element)
            yield element.text_content().strip()
        elif place >= within and element.tag not in _UNSEEN:
            yield (element.text or "").strip()
        if index.end(element) >= within:
            yield (element.tail or "").strip()


def _owns_page(reading: ThreadReading, view: View) -> bool:
    """Return whether records that no system's name is known of are what their page is for: on a
    forum, and no running text that is as long as a third of theirs is before them.
    """
    if reading.system != GENERIC or not is_forum(view.index, view.document.url):
        return False
    before = view.index.elements[: view.index.place[reading.records[0].first]]
    texts = (element.text for element in before if element.tag not in _UNSEEN and element.text)
    shown = sum(len(field.text) for field in reading.fields)
    return shown > 3 * sum(len(text) for text in texts if len(text.strip()) >= LEAST_LINE)


def as_topic(article: Article) -> Article:
    """Return a forum's topic as one article: its opening post, the first of its comments, is the
    article's, the replies its comments.
    """
    opening, *replies = article.comments
    fields = (
        "date_published",
        "date_published_raw",
        "date_published_precision",
        "date_published_source",
    )
    moment = {name: getattr(opening, name.replace("published", "created")) for name in fields}
    author = Author(name=opening.author, url=opening.author_url) if opening.author else None
    return replace(
        article,
        article_type="DiscussionForumPosting",
        article_body=opening.text,
        article_html=mark_up(opening.text, (), article.url).html,
        links=opening.links,
        authors=(author,) if author else (),
        comments=tuple(map(_moved_up, replies)),
        **moment,
    )


def _moved_up(reply: Comment) -> Comment:
    """Return *reply* as it is without the opening post."""
    parent = reply.parent_position
    return replace(reply, parent_position=parent - 1 if parent else None)
