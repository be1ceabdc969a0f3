"""What the names of an element (its classes, its itemprop) say that it holds; every distinct name is judged once."""

import re
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

NO_RANK = 9


class Names(NamedTuple):
    """What an element's names say: ranks count from 0, the surest, to NO_RANK, nothing."""

    author: int = NO_RANK
    text: int = NO_RANK
    is_date: bool = False
    is_meta: bool = False
    is_furniture: bool = False
    is_profile: bool = False
    is_hidden: bool = False
    is_staff: bool = False
    vote: int = 0


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
    _any(r"^(?:vcard|comment-meta-author|comment-author|user|submitted|commentmeta|comment-?by|posted-?by)$"),
)
_NO_AUTHOR = _any(
    r"(?:title|titel|rank|rang|badge|role|avatar|image|img|photo|foto|icon|date|time|stats?|info|details|posts?|count|location|group)$|^(?:site|file|tag|category)-?name$|has-avatar|by-?post-?author"
)
_TEXT = (
    _any(
        r"^(?:comment-content|wp-block-comment-content|comment[-_]?text|wpd-comment-text|wc-comment-text|commenttext|dsq-comment-text|post_body|postbody-text|messagetext|message-userContent|usercontent|commtext|comment__(?:content|text|body)|field-name-comment-body|field--name-comment-body|bbp-reply-content|postcontent|postmsg|cooked|comment-body-text)$"
    ),
    _any(r"(?:^|[-_])(?:tekst|text|bericht|inhoud|messagetext|commentbody)$|reactiecontent|^ipstype_richtext$"),
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
    r"admin-?links?|links-inline|menu|dropdown|attribution|reactions|reaction-?bar|post-?nr|number|karma|score)(?:$|[-_\s])|^(?:quotelink|messagemeta|lastedit|editedby|editnote|postdetails|postfoot|foot|report|sharing|moderatorbar|reportlinks|post_controls|postsignature|postfootleft)$|"
    r"^message-(?:lastedit|signature|attribution|actionbar|footer|minorhighlight)|newcontent_?prompt|read-?more|wpd-(?:reply|vote|tools|comment-(?:footer|share|link|label))"
)
_PROFILE = _any(
    r"profile|profiel|userinfo|user-info|user_?details|joined|signature|handtekening|edited|bewerkt|authorpane|message-user|poster-?info|member-?since|lid-?sinds"
)
_HIDDEN = _any(r"^(?:screen-reader-text|sr-only|visually-hidden|visuallyhidden|d-none|hidden|element-invisible|says)$")
_STAFF = _any(
    r"^(?:bypostauthor|is-author|by-author|comment-by-author|comment-author-admin|redactie|staff|is-staff|moderator(?:-post)?|op-badge|author-badge|badge-staff|user-admin|by-post-author|wpd-blog-administrator|wpd-blog-post_author)$"
)
_UP = _any(
    r"up-?votes?|vote-?(?:up|count|result|score)|votes?-?(?:up|total)|likes?-?count|thumbs?-?up|vote-good|^(?:score|karma|likes?|votes?|plus|upvote-count|duim-?omhoog)$|wpd-vote-result|comment-?(?:score|likes|karma)"
)
_DOWN = _any(
    r"down-?votes?|vote-?down|votes?-?down|dislikes?|thumbs?-?down|vote-(?:poor|bad)|duim-?omlaag|^min(?:us)?-?(?:count|votes?)$"
)
_UNRANKED = _any(r"button|btn|link|icon|form|wrap")


def names_of(element: HtmlElement) -> Names:
    """Return what the class and itemprop of *element* say."""
    classes, prop = element.get("class"), element.get("itemprop")
    return judge(classes or "", prop or "") if classes or prop else NONE


@lru_cache(maxsize=8192)
def judge(classes: str, prop: str) -> Names:
    """Return what class and itemprop attributes say."""
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
    )


def _rank(patterns: tuple[re.Pattern[str], ...], tokens: list[str] | tuple[str, ...]) -> int:
    return next((rank for rank, pattern in enumerate(patterns) if any(pattern.search(token) for token in tokens)), NO_RANK)


def _vote(tokens: tuple[str, ...]) -> int:
    """Return 1 for what shows how many like a comment, -1 for how many do not, 0 for what shows neither."""
    counts = [token for token in tokens if not _UNRANKED.search(token)]
    if any(_DOWN.search(token) for token in counts):
        return -1
    return 1 if any(_UP.search(token) for token in counts) else 0
