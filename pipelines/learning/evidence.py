"""What a site itself states of its articles elsewhere: feeds, WordPress' own answers and JSON-LD
teach better than any guess.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.content import find_furniture
from pipelines.document import (
    Document,
    article_object,
    block_text,
    meta,
    stated_text,
)
from pipelines.learning.alignment import find_likest, stated_date
from pipelines.learning.likeness import word_f1
from storage.records import Article, Author, Comment
from storage.urls import variant_key

LEAST_BODY = 200
WHOLE = 0.5  # a text shorter than this share of the page's own is an excerpt
# A text that has less than this in common with what the site states of it has a block too many.
READ_RIGHT = 0.98
_SITE = frozenset({"navigation", "sidebar", "footer", "share", "related", "latest_comments"})


@dataclass(frozen=True, slots=True)
class StatedEvidence:
    """What the site states of one article: its *title*, its *author*, its whole *body* as plain
    text, when it was *published*; None where not.

    *comments* are those that the page's own second source states, which may be more or fewer than
    the page shows.
    """

    title: str | None = None
    author: str | None = None
    body: str | None = None
    published: datetime | None = None
    comments: tuple[Comment, ...] = ()


def joined(
    known: Mapping[str, StatedEvidence], new: Mapping[str, StatedEvidence]
) -> dict[str, StatedEvidence]:
    """Return what both state by address: of two texts the longer one, since an excerpt states less,
    and of all else what is *known*.
    """
    return {
        **known,
        **{
            address: _both(known.get(address, StatedEvidence()), evidence)
            for address, evidence in new.items()
        },
    }


def _both(one: StatedEvidence, other: StatedEvidence) -> StatedEvidence:
    return StatedEvidence(
        title=one.title or other.title,
        author=one.author or other.author,
        body=max(one.body, other.body, key=len)
        if one.body and other.body
        else one.body or other.body,
        published=one.published or other.published,
        comments=max(one.comments, other.comments, key=len),
    )


def evidence_for(document: Document, feeds: Mapping[str, StatedEvidence]) -> StatedEvidence:
    """Return what *feeds* and the page's own JSON-LD state of the article on it."""
    evidence = feeds.get(variant_key(document.url), StatedEvidence())
    stated = stated_text(article_object(document).get("articleBody"))
    return replace(evidence, body=evidence.body or stated)


def corrected(
    document: Document, article: Article, evidence: StatedEvidence, threaded: set[HtmlElement]
) -> tuple[Article, HtmlElement | None]:
    """Return *article* as the evidence has it where its own page shows that too, and the element of
    a text that was read wrongly.

    What the evidence does not state, or states as it was read, stays; an excerpt is no evidence of
    a text.
    """
    article = _with_names(document, article, evidence, threaded)
    article = replace(
        article,
        **stated_date(document, article, evidence.published, threaded | site_parts(document.tree)),
    )
    holder = _stated_holder(document, article, evidence.body or "", threaded)
    if holder is None:
        return article, None
    return replace(
        article,
        article_body=block_text(holder, threaded | find_furniture(holder).keys()),
        method="container",
    ), holder


def _with_names(
    document: Document, article: Article, evidence: StatedEvidence, threaded: set[HtmlElement]
) -> Article:
    """Return *article* with the stated author and title where the page shows them."""
    author = evidence.author or ""
    if author in [one.name for one in article.authors] or _names_site(document, author):
        author = ""
    if author and next(shown_as(document, author, threaded), None) is not None:
        article = replace(article, authors=(Author(name=author),))
    title = evidence.title if evidence.title != article.headline else None
    if title and next(shown_as(document, title, threaded), None) is not None:
        article = replace(article, headline=title)
    return article


def _stated_holder(
    document: Document, article: Article, body: str, threaded: set[HtmlElement]
) -> HtmlElement | None:
    """Return the element of the stated *body*, None where it is an excerpt, was read so, or is not
    on the page.
    """
    is_whole = len(body) >= max(LEAST_BODY, WHOLE * len(article.article_body))
    if not is_whole or word_f1(article.article_body, body) >= READ_RIGHT:
        return None
    return find_likest(document.tree, body, threaded)


def _names_site(document: Document, name: str) -> bool:
    return name == meta(document, "og:site_name") or name in (
        document.tree.findtext(".//title") or ""
    )


def site_parts(tree: HtmlElement) -> set[HtmlElement]:
    """Return the elements that are the site's own, not the article's."""
    return {element for element, reason in find_furniture(tree).items() if reason in _SITE}


def shown_as(document: Document, words: str, threaded: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that state *words* and nothing else, outside the thread and the site's own
    parts.
    """
    tree = document.tree
    outside = threaded | site_parts(tree)
    for element in tree.iter(
        "h1", "h2", "h3", "a", "span", "b", "strong", "p", "div", "address", "cite"
    ):
        if len(element) > 3 or " ".join(element.text_content().split()) != words:
            continue
        if not any(
            a in outside or a.tag in {"nav", "aside", "footer"}
            for a in (element, *element.iterancestors())
        ):
            yield element
