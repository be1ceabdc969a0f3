"""Known markups: where the records of a thread are, by table."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments.record import Roots
from pipelines.document import Index, siblings

LONGEST_SPAN = 60


@dataclass(frozen=True, slots=True)
class Markup:
    """A system's record: "id:comment-#", "class:wpd-comment", "type:comment" or "tag:twk-reaction";
    what is stated apart by a bar belongs to one thread.

    A name that other things bear too counts only from *least* records on, each with an author and a
    date. Where *within* names a tag, the record is the nearest element of it around what is named.
    Where *spans*, a record goes on through the siblings that follow its element, up to the next
    one.
    """

    system: str
    record: str
    least: int = 1
    spans: bool = False
    within: str | None = None


MARKUPS: tuple[Markup, ...] = (
    Markup("schema.org", "type:comment"),
    Markup("schema.org", "type:usercomments"),
    Markup("wpdiscuz", "id:wpd-comm-#_#"),
    Markup("wpdiscuz", "class:wpd-comment"),
    Markup("wpdiscuz", "id:wc-comm-#_#"),
    Markup("wpdiscuz", "class:wc-comment"),
    Markup("disqus", "id:dsq-comment-#"),
    Markup("wordpress", "id:li-comment-#"),
    Markup("wordpress", "id:comment-#"),
    Markup("wordpress", "id:div-comment-#"),
    Markup("blogger", "id:c#", 2),
    Markup("wordpress", "class:comment"),
    Markup("wordpress", "class:commentlist-item"),
    Markup("wordpress", "class:et_pb_comment"),
    Markup("blogger", "class:comment-block", 2),
    Markup("blogger", "class:comment-author", 1, spans=True),
    Markup("typepad", "class:comment-content", 2),
    Markup("joomla", "id:comment-item-#"),
    Markup("joomla", "class:jcomments-item"),
    Markup("joomla", "class:comment-box", 1),
    Markup("joomla", "id:kmt-#"),
    Markup("joomla", "class:kmt-item"),
    Markup("ghost", "class:gh-comment"),
    Markup("invision", "id:elcomment_#"),
    Markup("invision", "id:post_id_#"),
    Markup("xenforo", "id:js-post-#"),
    Markup("xenforo", "class:message--post", 2),
    Markup("smf", "id:msg#", 2),
    Markup("smf", "class:post_wrapper", 2),
    Markup("fluxbb", "class:blockpost", 2),
    Markup("phpbb", "id:p#", 2),
    Markup("phpbb", "class:postprofile", 2, spans=True),
    Markup("phpbb", "class:postauthor", within="table"),
    Markup("phpbb", "class:name", 2, spans=True, within="tr"),
    Markup("woltlab", "class:wbbpost", 2),
    Markup("vbulletin", "id:post_#", 2),
    Markup("vbulletin", "id:post#", 2),
    Markup("bbpress", "class:bbp-reply-wrapper"),
    Markup("bbpress", "class:bbp-reply-header", 1, spans=True),
    Markup("vanilla", "class:itemcomment|class:itemdiscussion"),
    Markup("nodebb", "class:posts-list-item", 2),
    Markup("discourse", "class:crawler-post"),
    Markup("discourse", "class:topic-post"),
    Markup("tweakers", "tag:twk-reaction"),
    Markup("drupal", "class:comment-wrapper", 2),
    Markup("drupal", "class:js-comment"),
    Markup("serendipity", "class:serendipity_comment"),
    Markup("stackexchange", "id:question|id:answer-#", 2),
    Markup("hackernews", "class:comtr"),
    Markup("house", "id:comment_#", 2),
    Markup("house", "id:reactie-#"),
    Markup("house", "id:reactie#"),
    Markup("house", "id:reactie_#"),
    Markup("house", "id:reaction-#"),
    Markup("house", "id:r_#"),
    Markup("house", "class:reactie"),
    Markup("house", "class:reaction", 2),
    Markup("house", "class:reactie-item"),
    Markup("house", "class:reactieitem"),
    Markup("house", "class:comment-item"),
    Markup("house", "class:commentitem"),
    Markup("house", "class:comment-entry"),
    Markup("house", "class:comment-container", 2),
    Markup("house", "class:single-comment"),
    Markup("house", "class:opmerking", 2),
)

# Name of a record -> the numbers of the markups that know it; kind of a name -> the names.
_BEARERS: dict[str, list[int]] = defaultdict(list)
_NAMES: dict[str, set[str]] = {"class": set(), "id": set(), "type": set(), "tag": set()}
for _number, _markup in enumerate(MARKUPS):
    for _name in _markup.record.split("|"):
        _BEARERS[_name].append(_number)
        _NAMES[_name.partition(":")[0]].add(_name.partition(":")[2])

# Where the opening post of a topic is a record as the others are: the page has no article beside
# its thread.
FORUMS = frozenset(
    "phpbb vbulletin xenforo bbpress vanilla discourse invision smf fluxbb woltlab nodebb stackexchange".split()
)

# A record's tag or class states that it is no reader's comment.
_NO_RECORD_TAGS = frozenset(
    {"a", "span", "time", "form", "input", "textarea", "label", "script", "body", "html", "button"}
)
PINGBACK = re.compile(
    r"(?:^|\s)(?:ping(?:back)?s?list|(?:ping|track)backs?)(?:\s|$)", re.IGNORECASE
)


def find_elements(index: Index) -> Iterator[tuple[Markup, list[HtmlElement]]]:
    """Yield the known markups that occur on the page, each with the elements of its records in
    document order.
    """
    named = _named(index)
    for number in sorted({number for name in named for number in _BEARERS[name]}):
        markup = MARKUPS[number]
        found = [e for name in markup.record.split("|") for e in named.get(name, ())]
        if markup.within is not None:
            found = _around(found, markup.within)
        elements = [e for e in found if e.tag not in _NO_RECORD_TAGS]
        if "|" in markup.record:
            elements.sort(key=index.place.__getitem__)
        if len(elements) >= markup.least:
            yield markup, elements


def _around(elements: Sequence[HtmlElement], tag: str) -> list[HtmlElement]:
    """Return the nearest *tag* around each of *elements*, each once."""
    boxes = (next(element.iterancestors(tag), None) for element in elements)
    return list(dict.fromkeys(box for box in boxes if box is not None))


def records_of(markup: Markup, elements: Sequence[HtmlElement]) -> list[Roots]:
    """Return the records that *elements* are, or begin, as *markup* states."""
    if markup.spans or elements[0].tag == "dt":
        return list(spans(elements))
    return [(element,) for element in elements]


def _named(index: Index) -> dict[str, list[HtmlElement]]:
    """Return the elements of each name in the table that occurs on the page, by that name."""
    tags = (
        {tag: list(index.elements[0].iter(tag)) for tag in _NAMES["tag"]} if index.elements else {}
    )
    tables = {
        "class": index.by_class(_NAMES["class"]),
        "id": index.by_id,
        "type": index.by_type,
        "tag": tags,
    }
    return {
        f"{kind}:{key}": table[key]
        for kind, table in tables.items()
        for key in table.keys() & _NAMES[kind]
    }


def spans(elements: Sequence[HtmlElement]) -> Iterator[Roots]:
    """Yield each of *elements* with the siblings that follow it, up to the next of them, the last
    up to the end of the thread.
    """
    heads = set(elements)
    for element in elements:
        roots = [element]
        for sibling in siblings(element) if element is elements[-1] else element.itersiblings():
            if sibling in heads or len(roots) > LONGEST_SPAN:
                break
            roots.append(sibling)
        yield tuple(roots)


# A piece of an id, a class token, a tag or a script's address -> the system that draws its comments
# there.
_WIDGETS: tuple[tuple[str, str], ...] = (
    ("disqus_thread", "disqus"), ("disqus.com/embed", "disqus"), ("disqus-thread", "disqus"), ("disqus-comments", "disqus"),
    ("fb-comments", "facebook"), ("fb:comments", "facebook"),
    ("coral_thread", "coral"), ("coral-thread", "coral"), ("coral-talk", "coral"), ("coral_talk", "coral"), ("talk-stream", "coral"), ("coral-stream", "coral"), ("coral-container", "coral"), ("coral.coralproject", "coral"), ("coral-embed", "coral"),
    ("spotim", "openweb"), ("spot.im", "openweb"), ("spot-im", "openweb"), ("openweb", "openweb"),
    ("viafoura", "viafoura"), ("vf-conversations", "viafoura"), ("vf-comments", "viafoura"),
    ("hyvor-talk", "hyvor"), ("talk.hyvor", "hyvor"),
    ("giscus", "giscus"), ("utteranc", "utterances"), ("gitalk", "gitalk"),
    ("nujij", "nujij"), ("insticator", "insticator"), ("vuukle", "vuukle"), ("fastcomments", "fastcomments"), ("graphcomment", "graphcomment"),
    ("commento", "commento"), ("comentario", "comentario"), ("remark42", "remark42"), ("remark#", "remark42"), ("cusdis", "cusdis"), ("isso-thread", "isso"), ("intensedebate", "intensedebate"),
    ("idc-container", "intensedebate"), ("livefyre", "livefyre"), ("discourse-comments", "discourse"), ("replybox", "replybox"), ("muut", "muut"), ("cackle", "cackle"),
    ("ghost-comments", "ghost"), ("comments-ui", "ghost"), ("waline", "waline"), ("twikoo", "twikoo"), ("commentbox", "commentbox"), ("htmlcommentbox", "htmlcommentbox"), ("cbox.ws", "cbox"),
)  # fmt: skip
# What a page that names no system says where a script draws its thread all the same.
_ASKING = (b"fetch(", b"xmlhttprequest", b".init(", b"data-")
_SPOTIM = etree.XPath("descendant-or-self::*/@data-spotim-module", smart_strings=False)


def may_have_widget(body: bytes) -> bool:
    """Return whether a page can name what draws its comments: a quick look before a closer one."""
    stated = body.lower()
    pieces = (piece.replace("#", "").encode() for piece, _system in _WIDGETS)
    return any(piece in stated for piece in (*pieces, *_ASKING))


def find_widget(index: Index) -> str | None:
    """Return the system whose comments a browser would draw on the page, None when there is none."""
    names = [
        *index.by_id,
        index.class_words,
        *(
            tag
            for tag in dict.fromkeys(str(e.tag) for e in index.elements)
            if "-" in tag or ":" in tag
        ),
    ]
    if index.elements:
        names += [
            address.lower()
            for e in index.elements[0].iter("script", "iframe")
            if (address := e.get("src"))
        ]
        names += ["spotim" for module in _SPOTIM(index.elements[0]) if module]
    stated = "\n".join(names)
    return next((system for piece, system in _WIDGETS if piece in stated), None)
