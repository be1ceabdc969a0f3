"""Pages whose readers' comments stand in markup of nobody's making, with what the site's own source
tells of them.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipelines.document import Document
from pipelines.learning import StatedEvidence
from storage.records import Comment
from storage.urls import variant_key
from tests.template_site import NAMES, document, html, words

# A rank where others name the author.
RANKED = """<li class="bijdrage" id="b{key}"><b class="rang">{club} uit het dorp</b><span \
class="wie">{author}</span>
<em class="toen">{date:%d-%m-%Y %H:%M}</em>{answer}<div class="zegt"><p>{text}</p></div></li>"""
CLUBS = "Molenaar Schipper Boer".split()
ANSWER = '<a class="hierop" href="#b{key}">↑</a>'
ABOUT = (
    '<section class="gesprek" id="comments"><h3>{count} reacties</h3><ol '
    'class="lijst">{records}</ol></section>'
)
SILENT = '<section class="stemmen"><h3>Uit het dorp</h3><ol class="lijst">{records}</ol></section>'
FORM = '<div id="respond">'


def told(number: int, count: int) -> tuple[Comment, ...]:
    """Return the comments on article *number* as its source has them: every third answers the one
    before.
    """
    day = datetime(2014, 1, 5, 9, 30, 12, tzinfo=UTC) + timedelta(days=number * 3)
    return tuple(
        Comment(
            text=words(number * 13 + place, 1),
            author=f"{NAMES[(number * 3 + place) % 10]} de Vries",
            date_created=day + timedelta(hours=place),
            date_created_precision="second",
            source_id=str(number * 100 + place),
            parent_source_id=str(number * 100 + place - 1) if place % 3 == 2 else None,
            method="wp-json",
        )
        for place in range(count)
    )


def odd_html(number: int, count: int, *, thread: str = ABOUT, record: str = RANKED) -> str:
    """Return the page of article *number* with *count* comments."""
    rows = "".join(
        record.format(
            key=comment.source_id,
            author=comment.author,
            club=CLUBS[(number + place) % 3],
            date=(comment.date_created or datetime.now(UTC)) + timedelta(hours=1),
            answer=ANSWER.format(key=comment.parent_source_id) if comment.parent_source_id else "",
            text=comment.text,
        )
        for place, comment in enumerate(told(number, count))
    )
    shown = thread.format(count=count, records=rows) if count else ""
    return html(number, comments=0).replace(FORM, f"{shown}{FORM}")


def count_of(number: int) -> int:
    return number * 2 % 5


def odd(number: int, *, thread: str = ABOUT, record: str = RANKED) -> Document:
    """Return article *number*, opened, with as many comments as count_of says."""
    return document(number, odd_html(number, count_of(number), thread=thread, record=record))


def heard(numbers: range) -> dict[str, StatedEvidence]:
    """Return what the sources of articles *numbers* tell."""
    return {
        variant_key(document(number).url): StatedEvidence(comments=told(number, count_of(number)))
        for number in numbers
    }


def wp_json(comments: Sequence[Comment], url: str) -> bytes:
    """Return what WordPress answers of the *comments* on the article at *url*."""
    rows = [
        {
            "id": int(comment.source_id or 0), "parent": int(comment.parent_source_id or 0),
            "author_name": comment.author,
            "date_gmt": f"{comment.date_created:%Y-%m-%dT%H:%M:%S}",
            "content": {"rendered": f"<p>{comment.text}</p>"},
            "link": f"{url}#comment-{comment.source_id}", "type": "comment",
        }
        for comment in comments
    ]  # fmt: skip
    return json.dumps(rows).encode()


def comment_feed(comments: Sequence[Comment], url: str) -> bytes:
    """Return the feed of the *comments* on the article at *url*."""
    items = "".join(
        f"<item><title>Door: {comment.author}</title><link>{url}#comment-{comment.source_id}</link>"
        f"<dc:creator>{comment.author}</dc:creator><pubDate>"
        f"{comment.date_created:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<content:encoded><![CDATA[<p>{comment.text}</p>]]></content:encoded></item>"
        for comment in comments
    )
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{items}</channel></rss>'
    ).encode()
