"""Listings: headings that lead to other pages, whether a page is made of them or of one running
text; and a forum's lists of topics.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document import find_holder
from storage.urls import without_index

FEWEST_TEASERS = 3
LEAST_ARTICLE = 300
LEAST_TEXT = 500
MOST_LINKS = 8
_NO_ADDRESS = ("#", "javascript:", "mailto:", "tel:")
_OF_A_COMMENT = re.compile(r"\d$")
_NO_PAGE = re.compile(
    r"(?:utm_\w+|fbclid|gclid|replytocom|cpage|cp|cid|comment(?:_?id)?|reactie(?:_?id)?)=",
    re.IGNORECASE,
)
# How phpBB, FluxBB, vBulletin, MyBB and SMF call a list of topics, in its address or on its page.
_TOPIC_LIST = re.compile(
    r"/(?:viewforum|forumdisplay)\.php(?:[?/]|$)|[?&;]board=\d+(?:\.\d+)?(?:[&;]|$)"
)
_TOPIC_LIST_TOKENS = frozenset(
    {"section-viewforum", "section-index", "section-search", "section-memberlist"}
)
_TOPIC_LIST_TEMPLATES = frozenset({"forum_view", "forum_list"})  # of XenForo
LISTING_PATH = re.compile(
    r"/(?:tags?|label|categor(?:y|ie|ies)|rubriek(?:en)?|onderwerp(?:en)?|auteurs?|author|thema|dossiers?|archie(?:f|ven)|archives?|trefwoord(?:en)?)(?:/[^/]*){0,2}/?$"
    r"|/(?:page|pagina)/\d+/?$|^(?:/[a-z-]+){0,2}/(?:19|20)\d\d(?:/\d\d?){0,2}/?$",
    re.IGNORECASE,
)
# A person's own page lists what he wrote; it is no article of his.
PERSON_PATH = re.compile(
    r"/(?:members?|users?|gebruikers?|leden|lid)/(?:profiles?/|profiel/)?[^/]+(?:/(?:posts|topics|comments|reacties|berichten|activity))?/?$"
    r"|/(?:profiles?|profiel)/\d+/?$",
    re.IGNORECASE,
)
# Under an address of lists that has articles too, what an article's own title or number looks like.
TITLE_IN_PATH = re.compile(
    r"/(?:archie(?:f|ven)|archives?|thema|dossiers?|onderwerp(?:en)?|rubriek(?:en)?)/(?:[^/]*/)?"
    r"(?:(?:[^/-]+-){3}[^/]*/?|[^/a-z]*[a-z][^/]*\.(?:html?|php|aspx?)|\d{4,}(?:-[^/]*)?/?)$",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3")
_TITLES = (*_HEADINGS, "h4")


def is_list_address(url: str) -> bool:
    """Return whether *url* is that of a site's front page, an archive or another list of pages."""
    path = without_index(urlsplit(url).path)
    return path in {"", "/"} or bool(LISTING_PATH.search(path))


def is_home(url: str) -> bool:
    """Return whether *url* is that of a site's front page, without a query, which may name a post."""
    parts = urlsplit(url)
    return without_index(parts.path) in {"", "/"} and not parts.query


def teasers_of(tree: HtmlElement, url: str) -> list[HtmlElement]:
    """Return the headings of the page's main part that lead to another page than *url*, its own."""
    main = next(tree.iter("main"), tree)
    headings = [heading for heading in main.iter(*_HEADINGS) if _is_teaser(heading, url)]
    return [heading for heading in headings if not _in_furniture(heading)]


def are_teasers(tree: HtmlElement, url: str, thread: Sequence[HtmlElement]) -> bool:
    """Return whether what was taken for a *thread* is a list of other pages: their headings, which
    lead to them, stand in it, and no article stands before it.
    """
    held, teasers = set(thread), teasers_of(tree, url)
    within = [heading for heading in teasers if not held.isdisjoint(_itself_and_above(heading))]
    if not within or (len(within) < FEWEST_TEASERS and not _titles_a_list(tree, url, teasers)):
        return False
    main = next(tree.iter("main"), tree)
    return _text_before(main, within[0]) < LEAST_ARTICLE


def lists_titles(tree: HtmlElement, url: str, rows: Sequence[HtmlElement]) -> bool:
    """Return whether *rows*, each a title that leads elsewhere, are what the page is for: no article
    stands before them, nor elsewhere on it.
    """
    return len(rows) >= FEWEST_TEASERS and _begins(tree, url, rows)


def _itself_and_above(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def is_mostly_teasers(tree: HtmlElement, url: str) -> bool:
    """Return whether the page leads elsewhere: by teasers with no article before them, or by links
    that are most of its text.
    """
    main = next(tree.iter("main"), tree)
    teasers = teasers_of(tree, url)
    if len(teasers) >= FEWEST_TEASERS:
        is_list = _paragraphs(tree) < 2 * len(teasers)
        return is_list and _begins(tree, url, teasers)
    if _paragraphs(tree) <= len(teasers) and _titles_a_list(tree, url, teasers):
        return _begins(tree, url, teasers)
    links = [
        " ".join(link.text_content().split()) for link in main.iter("a") if not _in_furniture(link)
    ]
    linked = sum(len(text) for text in links if len(text) >= 15)
    unlinked = len(" ".join(main.text_content().split())) - sum(map(len, links))
    return len(links) >= MOST_LINKS and linked > unlinked and not holds_one_text(tree, url)


def is_under_its_heading(tree: HtmlElement, url: str, headline: str) -> bool:
    """Return whether running text and no teaser stands under the page's own heading, which has the
    *headline* that its title states: what is before it is a menu.
    """
    main = next(tree.iter("main"), tree)
    name = " ".join(headline.split()).casefold()
    title = _folded(next(tree.getroottree().getroot().iter("title"), None))
    headings = (h for h in main.iter(*_HEADINGS) if name in _folded(h) and not _is_teaser(h, url))
    own = next(headings, None) if name and name in title else None
    if own is None:
        return False
    elements = [*main.iter()]
    under = elements[elements.index(own) :]
    is_prose = any(one.tag == "p" and _is_long(one) for one in under)
    return is_prose and set(under).isdisjoint(teasers_of(tree, url)) and _is_unlinked(under)


def _is_unlinked(elements: Sequence[HtmlElement]) -> bool:
    """Return whether most of the text of *elements* stands outside links."""
    shown = (one for one in elements if one.tag not in {"script", "style"})
    whole = sum(len((one.text or "").strip()) + len((one.tail or "").strip()) for one in shown)
    linked = sum(len(one.text_content().strip()) for one in elements if one.tag == "a")
    return whole > 2 * linked


def _is_long(paragraph: HtmlElement) -> bool:
    return len(paragraph.text_content()) > 200 and paragraph.find(".//a") is None


def _paragraphs(tree: HtmlElement) -> int:
    """Return how many long paragraphs without links the page has."""
    return sum(map(_is_long, tree.iter("p")))


def _begins(tree: HtmlElement, url: str, teasers: Sequence[HtmlElement]) -> bool:
    """Return whether the page begins with its *teasers*: no article stands before or around them."""
    main = next(tree.iter("main"), tree)
    return _text_before(main, teasers[0]) < LEAST_ARTICLE and not holds_one_text(tree, url)


def _titles_a_list(tree: HtmlElement, url: str, teasers: Sequence[HtmlElement]) -> bool:
    """Return whether the page's title is that of a heading over its few *teasers* and of none of
    them: "Stukken van Bas Smit".
    """
    if not teasers:
        return False
    title = _folded(next(tree.getroottree().getroot().iter("title"), None))
    headings = (heading for heading in tree.iter("h1") if not _is_teaser(heading, url))
    own = any((stated := _folded(heading)) and stated in title for heading in headings)
    return own and not any((stated := _folded(teaser)) and stated in title for teaser in teasers)


def _folded(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split()).casefold()


def holds_one_text(tree: HtmlElement, url: str) -> bool:
    """Return whether one element holds most of the page's running text and no teaser stands over
    it: an article, whatever is around it.
    """
    holder = find_holder(tree, frozenset())
    if holder is None or len(" ".join(holder.text_content().split())) < LEAST_TEXT:
        return False
    for block in (holder, *holder.iterancestors()):
        heading = next(block.iter(*_TITLES), None)
        if heading is not None:
            return not _is_teaser(heading, url)
    return True


def is_topic_list(tree: HtmlElement, url: str) -> bool:
    """Return whether the page at *url* is a forum's list of topics, whose rows look as a topic's
    posts do: each with an author and a date.
    """
    lowered = url.partition("#")[0].lower()
    if (
        ("forum" in lowered or "board=" in lowered)
        and "topic=" not in lowered
        and _TOPIC_LIST.search(lowered)
    ):
        return True
    root = tree.getroottree().getroot()
    body = next((child for child in root if child.tag == "body"), root)
    tokens = (body.get("class") or "").lower().split()
    return (
        not _TOPIC_LIST_TOKENS.isdisjoint(tokens)
        or root.get("data-template") in _TOPIC_LIST_TEMPLATES
    )


def _text_before(main: HtmlElement, teaser: HtmlElement) -> int:
    """Return how many characters of running text are before the first teaser."""
    size = 0
    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        if element is teaser:
            break
        if event == "end":
            size += len((element.tail or "").strip())
        elif element.tag in {
            "a",
            "nav",
            "header",
            "footer",
            "aside",
            "script",
            "style",
            "head",
            "form",
        }:
            walk.skip_subtree()
        else:
            size += len((element.text or "").strip())
    return size


def _in_furniture(element: HtmlElement) -> bool:
    return any(
        ancestor.tag in {"nav", "aside", "footer", "header"} for ancestor in element.iterancestors()
    )


def _is_teaser(heading: HtmlElement, url: str) -> bool:
    link = link_of(heading)
    return link is not None and leads_elsewhere(link.get("href"), url)


def link_of(heading: HtmlElement) -> HtmlElement | None:
    """Return the link in *heading*, or around it."""
    around = heading.getparent()
    return next(heading.iter("a"), around if around is not None and around.tag == "a" else None)


def leads_elsewhere(href: str | None, url: str) -> bool:
    """Return whether *href*, on the page at *url*, leads to another page: not to a place on this
    one, to a comment or to a site's home.

    Hosts do not count: a site has several, and a page may have been kept under another than its
    own.
    """
    there = target(href, url) if href else None
    if there is None or _OF_A_COMMENT.search(there.fragment):
        return False
    here = urlsplit(url)
    if not (there.path.rstrip("/") or there.query):
        return False
    if there.path.rstrip("/") != here.path.rstrip("/"):
        return True
    return _telling_parameters(there.query) != _telling_parameters(here.query)


@lru_cache(maxsize=1024)
def target(href: str, url: str) -> SplitResult | None:
    """Return the address that *href* names on the page at *url*; None where it names a place on it,
    or no address.
    """
    stripped = href.strip()
    if not stripped or stripped.startswith(_NO_ADDRESS):
        return None
    try:
        return urlsplit(urljoin(url, stripped))
    except ValueError:
        return None


def _telling_parameters(query: str) -> frozenset[str]:
    """Return the parameters by which a site divides its pages, without those that name a
    comment or a reader's way to the page.
    """
    return frozenset(pair for pair in query.split("&") if pair and not _NO_PAGE.match(pair))
