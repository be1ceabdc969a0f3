"""Known markups: where the records of a thread stand, by table."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.comments.index import Index


@dataclass(frozen=True, slots=True)
class Markup:
    """A system's record: "id:comment-#", "class:wpd-comment", "type:comment" or "tag:twk-reaction".

    A name that other things bear too counts only from *least* records on, each with an author and a date.
    """

    system: str
    record: str
    least: int = 1


MARKUPS: tuple[Markup, ...] = (
    Markup("schema.org", "type:comment"),
    Markup("schema.org", "type:usercomments"),
    Markup("wpdiscuz", "id:wpd-comm-#_#"),
    Markup("wpdiscuz", "class:wpd-comment"),
    Markup("wpdiscuz", "id:wc-comm-#_#"),
    Markup("disqus", "id:dsq-comment-#"),
    Markup("wordpress", "id:li-comment-#"),
    Markup("wordpress", "id:comment-#"),
    Markup("wordpress", "id:div-comment-#"),
    Markup("wordpress", "class:comment"),
    Markup("wordpress", "class:commentlist-item"),
    Markup("wordpress", "class:et_pb_comment"),
    Markup("blogger", "id:c#", 2),
    Markup("blogger", "class:comment-block", 2),
    Markup("typepad", "class:comment-content", 2),
    Markup("joomla", "class:jcomments-item"),
    Markup("joomla", "id:comment-item-#"),
    Markup("joomla", "class:kmt-item"),
    Markup("ghost", "class:gh-comment"),
    Markup("invision", "id:elcomment_#"),
    Markup("xenforo", "id:js-post-#"),
    Markup("xenforo", "class:message--post", 2),
    Markup("phpbb", "id:p#", 2),
    Markup("vbulletin", "id:post_#", 2),
    Markup("vbulletin", "id:post#", 2),
    Markup("bbpress", "class:bbp-reply-wrapper"),
    Markup("vanilla", "class:itemcomment"),
    Markup("discourse", "class:crawler-post"),
    Markup("discourse", "class:topic-post"),
    Markup("tweakers", "tag:twk-reaction"),
    Markup("drupal", "class:comment-wrapper"),
    Markup("house", "id:reactie-#"),
    Markup("house", "id:reactie#"),
    Markup("house", "id:reaction-#"),
    Markup("house", "id:r_#"),
    Markup("house", "class:reactie"),
    Markup("house", "class:reaction", 2),
    Markup("house", "class:reactie-item"),
    Markup("house", "class:comment-item"),
    Markup("house", "class:commentitem"),
    Markup("house", "class:comment-entry"),
    Markup("house", "class:comment-container", 2),
    Markup("house", "class:single-comment"),
    Markup("house", "class:bericht", 2),
    Markup("house", "class:opmerking", 2),
    Markup("house", "class:response", 2),
    Markup("forum", "class:post", 3),
    Markup("forum", "class:forum-post", 3),
    Markup("forum", "class:message", 3),
)

# Where the opening post of a topic is a record as the others are: the page has no article beside its thread.
FORUMS = frozenset({"phpbb", "vbulletin", "xenforo", "bbpress", "vanilla", "discourse", "invision", "forum"})

# A record's tag or class says that it is no reader's comment.
_NO_RECORD_TAGS = frozenset({"a", "span", "time", "form", "input", "textarea", "label", "script", "body", "html", "button"})
PINGBACK = re.compile(r"(?:^|\s)(?:pingback|trackback)(?:\s|$)")
_WIDGET = re.compile(
    r"recent|latest|laatste|recente|nieuwste|populair|popular|sidebar|widget[-_]|related|gerelateerd|teaser|carousel|footer",
    re.IGNORECASE,
)


def find_groups(index: Index) -> list[tuple[Markup, list[HtmlElement]]]:
    """Return the known markups that occur on the page, each with its elements in document order; widgets are left out."""
    tables = {"id": index.by_id, "class": index.by_class, "type": index.by_type, "tag": index.by_tag}
    groups = []
    for markup in MARKUPS:
        kind, _, key = markup.record.partition(":")
        elements = [element for element in tables[kind].get(key, ()) if element.tag not in _NO_RECORD_TAGS]
        elements = [element for element in elements if not is_in_widget(element)]
        if elements:
            groups.append((markup, elements))
    return groups


def is_in_widget(element: HtmlElement) -> bool:
    """Tell whether *element* stands in a list of recent comments or another box that repeats on every page."""
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag in {"body", "main", "article"} or depth > 12:
            return False
        if ancestor.tag in {"aside", "footer", "nav"}:
            return True
        if _WIDGET.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
    return False
