"""What repeats on a page and is no thread: teasers that lead to other articles, blocks that recur
on every page of a site. And forums, on whose pages all links do.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.comments.record import Fields, Roots, is_member_link
from pipelines.document import Index, leaf_blocks, without_numbers
from pipelines.page_kind import leads_elsewhere, link_of, target

MOST = 0.5
SAMPLE = 10


def recur(records: Sequence[Roots], recurring: frozenset[str]) -> bool:
    """Tell whether most of *records* state what other pages of the site state too; *recurring* are
    fingerprints of these pages' blocks.
    """
    if not recurring:
        return False
    sample = records[:SAMPLE]
    return sum(_recurs(roots, recurring) for roots in sample) > MOST * len(sample)


def _recurs(roots: Roots, recurring: frozenset[str]) -> bool:
    blocks = [block for root in roots for block in leaf_blocks(root)]
    known = sum(len(block.text) for block in blocks if block.fingerprint in recurring)
    return known > MOST * sum(len(block.text) for block in blocks)


HEADLINE = 3  # words
LINK_SHARE = 0.4  # of a teaser's words that its link takes
LONGEST_NAME = 4  # words
TITLES = 0.8  # of the rows of a list
LINKED, LONGEST_ROW = 0.6, 400  # of what a row says; letters of it

_FORUM = re.compile(
    r"forum|thread|topic|viewtopic|showthread|discussion|discussie|[?&/]t[=/]\d|/t/|board|communit|/questions?/",
    re.IGNORECASE,
)
LONGEST_PLACE = 2  # words of a name of a place on a site: more are the title of a page
_PART = re.compile(r"[^/?&=.\s]{1,2000}")
_WORD = re.compile(r"[^\W\d_]+")
_ENTRY = re.compile(
    r"(?:^|\s)(?:type-post|hentry)(?:\s|$)"
)  # an article's own class, in WordPress and Blogger
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")


def is_teaser(roots: Roots, author: str | None, url: str) -> bool:
    """Tell whether a record has a heading that leads to another page than its author's, or is a
    link as a whole.
    """
    if roots[0].tag == "a":
        return True
    links = [
        link
        for root in roots
        for heading in root.iter(*_HEADINGS)
        if (link := link_of(heading)) is not None
    ]
    if links and _ENTRY.search(roots[0].get("class") or ""):
        return True
    length = sum(len(root.text_content()) for root in roots)
    links += [
        link
        for root in roots
        for link in root.iter("a")
        if len(link.text_content()) > LINK_SHARE * length
    ]
    links += _first_link(roots[0])
    return any(_leads_away(link, author, url) for link in links)


def are_titles(records: Sequence[Roots], fields: Sequence[Fields | None], url: str) -> bool:
    """Tell whether what *records* say are the texts of links to other pages: a list of topics or
    articles, each with its author or its day.
    """
    read = [(roots, field) for roots, field in zip(records, fields, strict=True) if field][:SAMPLE]
    return sum(_is_title(roots, field, url) for roots, field in read) > TITLES * max(1, len(read))


def _is_title(roots: Roots, field: Fields, url: str) -> bool:
    """Tell whether a record's words are those of links to other pages, or it has no words but an
    author or a date and such a link, as long as a headline and most of what it shows.
    """
    stated = " ".join(field.text.split())
    links = [" ".join(link.text_content().split()) for link in _links_elsewhere(roots, url)]
    if stated:
        return len(stated) <= LONGEST_ROW and sum(
            len(link) for link in links if link in stated
        ) > LINKED * len(stated)
    shown = sum(len(root.text_content().split()) for root in roots)
    longest = max((len(link.split()) for link in links), default=0)
    return bool(field.author or field.date) and longest >= max(HEADLINE, LINK_SHARE * shown)


def _links_elsewhere(roots: Roots, url: str) -> Iterator[HtmlElement]:
    links = (link for root in roots for link in root.iter("a"))
    return (link for link in links if leads_elsewhere(link.get("href"), url))


def _first_link(root: HtmlElement) -> list[HtmlElement]:
    """Return the link that a record begins with, if it is as long as a headline."""
    link = next(root.iter("a"), None)
    words = link.text_content().split() if link is not None else []
    is_first = (
        len(words) >= HEADLINE
        and root.text_content().split(None, len(words))[: len(words)] == words
    )
    return [link] if link is not None and is_first else []


def _leads_away(link: HtmlElement, author: str | None, url: str) -> bool:
    """Tell whether *link* leads to another article of the site: neither to its author nor to a
    place on the page.
    """
    if _FORUM.search(url) or not leads_elsewhere(link.get("href"), url):
        return False
    words = link.text_content().split()
    if author is None or len(words) > LONGEST_NAME or author not in " ".join(words):
        return True
    there, here = target(link.get("href") or "", url), urlsplit(url)
    is_of_author = (
        there is None
        or there.netloc != here.netloc
        or is_member_link(link)
        or not _are_beside(there.path, here.path)
    )
    return not is_of_author


def leads_to_article(link: HtmlElement, url: str) -> bool:
    """Tell whether *link* leads to another page in the part of the site that the article at *url*
    is in.
    """
    there, here = target(link.get("href") or "", url), urlsplit(url)
    is_beside = (
        there is not None and there.netloc == here.netloc and _are_beside(there.path, here.path)
    )
    return is_beside and _leads_away(link, None, url)


def _are_beside(there: str, here: str) -> bool:
    """Tell whether two paths are in one part of the site, as two articles do."""
    return (
        bool(there.strip("/"))
        and there.strip("/").partition("/")[0] == here.strip("/").partition("/")[0]
    )


def is_forum_address(url: str) -> bool:
    """Tell whether a page's address says that it is a forum's."""
    return _is_of_forum(url)


def is_forum(index: Index, url: str) -> bool:
    """Tell whether a page's address, or its body's class, says that it is a forum's."""
    body = next((e for e in index.elements[:80] if e.tag == "body"), None)
    return _is_of_forum(url) or (
        body is not None and _is_of_forum(f"{body.get('class') or ''} {body.get('id') or ''}")
    )


def _is_of_forum(names: str) -> bool:
    """Tell whether *names*, an address or classes, say that they are a forum's; a title within
    them, "opnieuw-discussie-over-de-brug", says nothing of the kind.
    """
    return bool(_FORUM.search(names)) and bool(_FORUM.search(_PART.sub(_without_title, names)))


def _without_title(part: re.Match[str]) -> str:
    words = _WORD.findall(part[0])  # "zorg-en-welzijn-forum" ends with what it is
    if len(words) <= LONGEST_PLACE:
        return part[0]
    # "ShowTopic-i12-Title" begins with what its system calls it, "Topic of the day" is a title.
    is_own = _FORUM.fullmatch(words[0]) is None
    return f"{words[0]}-{words[-1]}" if is_own else words[-1]


_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$|/$|\?.*$")
GOOD_SHARE = 0.6


def lead_to_several_pages(fields: Sequence[Fields]) -> bool:
    """Tell whether the permalinks of records lead to many pages, as those of a site's latest
    comments do.
    """
    pages = Counter(field.url.partition("#")[0] for field in fields if field.url)
    if len(pages) < 2 or pages.total() < 3:
        return False
    paths: Counter[str] = Counter()
    for page, times in pages.items():
        paths[without_numbers(_COMMENT_PAGE.sub("", page))] += times
    return max(paths.values()) < GOOD_SHARE * paths.total()
