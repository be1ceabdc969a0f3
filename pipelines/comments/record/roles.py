"""What the names of an element (its classes, its itemprop) state that it holds; every distinct name
is judged once.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.document import Index

_AREA = re.compile(
    r"(?:comments?|reacties?|reactions|respond|reageren|commentaar|commentaren|discussie|disqus_thread|responses|replies|comments-?app)"
    r"|(?:comments?|reacties?|reactie)[-_](?:area|section|list|lijst|wrapper|container|block|form|respond|formulier|blok|sectie|title|template|thread)"
    r"|(?:post|article|entry|wp-block|artikel|node)[-_]comments?|comment-?list|commentlist|reactielijst|comment-respond|comment-?form|reactieformulier"
    r"|wp-block-(?:comments|post-comments(?:-form)?)|fb-comments|wpdcom|wpd-thread-list|comments-list|kmt-wrap|idc-container",
    re.IGNORECASE,
)
_NO_AREA_TAGS = frozenset(
    {"html", "body", "article", "main", "a", "span", "li", "head", "link", "script", "h1", "ins"}
)


_NO_TEXT = frozenset({"a", "script", "style", "noscript", "template", "option", "label"})
LEAST_RUN, LEAST_ARTICLE = 40, 300  # letters of a text, and of all that make an article


def thread_areas(index: Index, records: Sequence[HtmlElement]) -> tuple[HtmlElement, ...]:
    """Return the outermost elements that hold the thread of *records*, its form and its navigation,
    but never the article.
    """
    found = [element for element in _named(index) if element.tag not in _NO_AREA_TAGS]
    if records:
        found.append(_common_ancestor(records))
    first = min((index.place[record] for record in records), default=0)
    chosen = {element for element in found if not _holds_article(element, index, first)}
    chosen.update(records)
    outermost: list[HtmlElement] = []
    end = -1
    for place in sorted(index.place[element] for element in chosen):
        if place >= end:
            outermost.append(index.elements[place])
            end = index.end(index.elements[place])
    return tuple(outermost)


def _named(index: Index) -> Iterable[HtmlElement]:
    for names, elements in index.classes.items():
        if _is_area(names):
            yield from elements
    for identity, elements in index.by_id.items():
        if _is_area(identity):
            yield from elements


@lru_cache(maxsize=1024)
def _is_area(names: str) -> bool:
    return any(_AREA.fullmatch(name) for name in names.split())


def _holds_article(element: HtmlElement, index: Index, first: int) -> bool:
    """Return whether *element* holds the article, too: the page's headline, or running text before
    the place of the *first* record.
    """
    if element.tag in {"html", "body", "main"} or index.holds_headline(element):
        return True
    before = index.elements[index.place[element] + 1 : min(first, index.end(element))]
    return sum(map(_running, before)) >= LEAST_ARTICLE


def _running(element: HtmlElement) -> int:
    """Return how many letters of running text are right in and right behind *element*."""
    texts = (None if element.tag in _NO_TEXT else element.text, element.tail)
    sizes = (len(text.strip()) for text in texts if text)
    return sum(size for size in sizes if size >= LEAST_RUN)


def _common_ancestor(records: Sequence[HtmlElement]) -> HtmlElement:
    """Return the innermost element that holds all of *records*: what its first and its last, and
    all between, share.
    """
    chain = [records[0], *records[0].iterancestors()]
    level = 0
    depth = {element: place for place, element in enumerate(chain)}
    for record in records[1:]:
        step: HtmlElement | None = record
        while step is not None and step not in depth:
            step = step.getparent()
        if step is not None:
            level = max(level, depth[step])
    return chain[level]


NO_RANK = 9


class Names(NamedTuple):
    """What an element's names state: ranks count from 0, the surest, to NO_RANK, nothing."""

    author: int = NO_RANK
    text: int = NO_RANK
    is_date: bool = False
    is_meta: bool = False
    is_furniture: bool = False
    is_profile: bool = False
    is_hidden: bool = False
    is_staff: bool = False
    vote: int = 0
    is_quote: bool = False


NONE = Names()


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_AUTHOR = (
    _any(
        r"^(?:fn|author-name|comment[-_]?author[-_]?(?:name|link)|wp-block-comment-author-name|wpd-comment-author|wc-comment-author|creator"
        r"|username(?:-coloured)?|bigusername|bbp-author-name|cauthorpane_author|hnuser|comment__author(?:-name)?|kmt-author|jcomments-author|fn n)$"
    ),
    _any(
        r"^(?:author|auteur|commenter|comment(?:er)?[-_]?name|user-?name|nick(?:name)?|userlink|poster|postauthor|post-?author-?name"
        r"|reactie[-_]+(?:naam|lid|auteur)|comment-user(?:name)?|permalink-author|membername|display-?name|naam|afzender)$"
    ),
    _any(
        r"(?:^|[-_])(?:author|auteur|naam|name|user(?:name)?|nickname|poster|schrijver|afzender|lid|commenter|member)(?:$|[-_])"
    ),
    _any(
        r"^(?:vcard|comment-meta-author|comment-author|user|submitted|commentmeta|comment-?by|posted-?by)$"
    ),
)
_NO_AUTHOR = _any(
    r"(?:title|titel|rank|rang|badge|role|avatar|image|img|photo|foto|icon|date|time|stats?|info|details|posts?|count|location|group)$|^(?:site|file|tag|category)-?name$|has-avatar|by-?post-?author"
)
_TEXT = (
    _any(
        r"^(?:comment-content|wp-block-comment-content|comment[-_]?text|wpd-comment-text|wc-comment-text|commenttext|dsq-comment-text|post_body|postbody-text|messagetext|message-userContent|usercontent|commtext|comment__(?:content|text|body)|field-name-comment-body|field--name-comment-body|bbp-reply-content|postcontent|postmsg|cooked|comment-body-text)$"
    ),
    _any(
        r"(?:^|[-_])(?:tekst|text|bericht|inhoud|messagetext|commentbody)$|reactiecontent|^ipstype_richtext$"
    ),
    _any(r"(?:^|[-_])(?:content|body|message|bbwrapper|post_?body|postbody|entry|blockquote)$"),
)
_DATE = _any(
    r"(?:^|[-_])(?:date|datum|time|tijd(?:stip)?|published|posted-?on|timestamp|when|ago|moment|age)(?:$|[-_])|^(?:date|datum|published|postdate|relativetime|timeago|u-dt|datetime|commentmetadata)|datecreated|datepublished|^post_?date"
)
_META = _any(r"meta|header|kop$|info|byline|details|head$|submitted|comment-?by|posted-?by")
_FURNITURE = _any(
    r"(?:^|[-_\s])(?:reply|replies|beantwoord|reageer|answer|acties?|actions?|buttons?|btn|tools?|toolbar|knoppen|share|like|likes|vote|votes?|rating|"
    r"avatar|gravatar|signature|handtekening|sig|edited|bewerkt|last-?edit(?:ed)?|footer|voet|permalink|report|meld|moderation|badge|says|"
    r"awaiting-moderation|edit-link|comment-edit|usericon|rank|rang|postprofile|userinfo|in-reply-to|reactie__op|controls|comment-?links?|"
    r"admin-?links?|links-inline|menu|dropdown|attribution|reactions|reaction-?bar|post-?nr|number|counts?|karma|score)(?:$|[-_\s])|^(?:quotelink|messagemeta|lastedit|editedby|editnote|postdetails|postfoot|foot|report|sharing|moderatorbar|reportlinks|post_controls|postsignature|postfootleft)$|"
    r"^message-(?:lastedit|signature|attribution|actionbar|footer|minorhighlight)|newcontent_?prompt|read-?more|wpd-(?:reply|vote|tools|comment-(?:footer|share|link|label))"
)
_PROFILE = _any(
    r"profile|profiel|userinfo|user-info|user_?details|joined|signature|handtekening|edited|bewerkt|authorpane|message-user|poster-?info|member-?since|lid-?sinds"
)
_HIDDEN = _any(
    r"^(?:screen-reader-text|sr-only|visually-hidden|visuallyhidden|d-none|hidden|element-invisible|says)$"
)
_STAFF = _any(
    r"^(?:bypostauthor|is-author|by-author|comment-by-author|comment-author-admin|redactie|staff|is-staff|moderator(?:-post)?|op-badge|author-badge|badge-staff|user-admin|by-post-author|wpd-blog-administrator|wpd-blog-post_author)$"
)
_UP = _any(
    r"up-?votes?|vote-?(?:up|count|result|score)|votes?-?(?:up|total)|likes?-?count|thumbs?-?up|vote-good|^(?:score|karma|likes?|votes?|plus|upvote-count|duim-?omhoog)$|wpd-vote-result|comment-?(?:score|likes|karma)"
)
_DOWN = _any(
    r"down-?votes?|vote-?down|votes?-?down|dislikes?|thumbs?-?down|vote-(?:poor|bad)|duim-?omlaag|^min(?:us)?-?(?:count|votes?)$"
)
_QUOTE = _any(
    r"(?:^|[-_])(?:block)?(?:quote[sd]?|quotation|citaat|zitat|quotebox|quotecontent)(?:$|[-_])|bbcode_?(?:block|quote)|quote(?:header|container)"
)
_UNRANKED = _any(r"button|btn|link|icon|form|wrap")


def names_of(element: HtmlElement) -> Names:
    """Return what the class and itemprop of *element* state."""
    classes, prop = element.get("class"), element.get("itemprop")
    return judge(classes or "", prop or "") if classes or prop else NONE


@lru_cache(maxsize=1024)
def judge(classes: str, prop: str) -> Names:
    """Return what class and itemprop attributes state."""
    tokens = (*classes.split(), *prop.split())
    text = _rank(_TEXT, tokens)
    is_furniture = text > 0 and any(_FURNITURE.search(token) for token in tokens)
    return Names(
        author=_rank(_AUTHOR, [token for token in tokens if not _NO_AUTHOR.search(token)]),
        text=NO_RANK if is_furniture else text,
        is_date=any(_DATE.search(token) for token in tokens),
        is_meta=any(_META.search(token) for token in tokens),
        is_furniture=is_furniture,
        is_profile=any(_PROFILE.search(token) for token in tokens),
        is_hidden=any(_HIDDEN.match(token) for token in tokens),
        is_staff=any(_STAFF.match(token) for token in tokens),
        vote=_vote(tokens),
        is_quote=any(_QUOTE.search(token) for token in tokens),
    )


def _rank(patterns: tuple[re.Pattern[str], ...], tokens: list[str] | tuple[str, ...]) -> int:
    return next(
        (
            rank
            for rank, pattern in enumerate(patterns)
            if any(pattern.search(token) for token in tokens)
        ),
        NO_RANK,
    )


def _vote(tokens: tuple[str, ...]) -> int:
    """Return 1 for what shows how many like a comment, -1 for how many do not, 0 for what shows
    neither.
    """
    counts = [token for token in tokens if not _UNRANKED.search(token)]
    if any(_DOWN.search(token) for token in counts):
        return -1
    return 1 if any(_UP.search(token) for token in counts) else 0


_LANDMARKS = frozenset({"body", "main", "article"})


_ASIDES = frozenset({"aside", "footer", "nav"})


_WIDGET = re.compile(
    r"recent|latest|laatste|recente|nieuwste|populair|popular|sidebar|widget[-_]|related|gerelateerd|teaser|carousel|footer",
    re.IGNORECASE,
)


# What states how a page is laid out, not what the box is: "has-sidebar", "sticky-footer".
_LAYOUT = re.compile(
    r"(?:has|is|no|not|with|without|met|geen|zonder|left|right|one|two|single|sticky|fixed|hide|show)[-_]",
    re.IGNORECASE,
)


def is_in_widget(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Return whether *element* is in a list of recent comments or another box that repeats on
    every page.

    *known* is what was found of other boxes of the page, and is added to.
    """
    if _is_named_widget(element):
        return True
    climbed: list[HtmlElement] = []
    found = False
    for box in element.iterancestors():
        if box in known:
            found = known[box]
            break
        climbed.append(box)
        if box.tag in _LANDMARKS:
            break
        if _is_aside(box) or _is_named_widget(box):
            found = True
            break
    known.update(dict.fromkeys(climbed, found))
    return found


def _is_named_widget(element: HtmlElement) -> bool:
    classes, identity = element.get("class"), element.get("id")
    # Without its number a comment's id is that of all others.
    return bool(
        (classes and _is_widget_name(classes))
        or (identity and _is_widget_name(identity.rstrip("0123456789")))
    )


def _is_aside(box: HtmlElement) -> bool:
    """Return whether *box* is beside the articles of a page; an article's own footer shows its
    date, its tags and its comments.
    """
    return box.tag in _ASIDES and not (
        box.tag == "footer" and next(box.iterancestors("article"), None) is not None
    )


@lru_cache(maxsize=1024)
def _is_widget_name(name: str) -> bool:
    return any(_WIDGET.search(token) and not _LAYOUT.match(token) for token in name.split())
