"""``knipsel diff URL``: what changed in an article and its comments since the archive first read
them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from rich.text import Text

from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import articles, database

STYLES = {"same": "", "removed": "red strike", "added": "green"}
MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
CONTEXT = 80


class Command(ArchiveCommand):
    """Show an article's history."""

    promise = "Show what changed in an article and its comments, word by word"
    arguments = "URL"
    examples = ("knipsel diff https://www.example.nl/artikel/",)

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Show each change of the article, then those of its comments."""
        if len(args) != 1:
            raise Refused("Which article? Say: knipsel diff https://www.example.nl/artikel/")
        with archive.read() as connection:
            story = articles.read_story(connection, args[0])
        if story is None:
            raise Refused(
                f"There is no article at {args[0]} in the archive: knipsel search tells addresses."
            )
        lines = [
            *_article(story),
            *(line for comment in story.comments for line in _comment(comment, story)),
        ]
        if not lines:
            since = _at(story.readings[0].since)
            lines = [
                Text(
                    f"{story.url} and its {len(story.comments)} comments read as they did "
                    f"on {since}."
                )
            ]
        return CommandResult(
            {"url": story.url, "readings": story.readings, "comments": story.comments},
            tuple(lines),
        )


def _article(story: articles.Story) -> Iterator[Text]:
    for old, new in pairwise(story.readings):
        yield Text(f"{story.url} changed, as seen {_at(new.since)}", style="bold")
        yield _marked(old, new)


def _comment(comment: articles.CommentStory, story: articles.Story) -> Iterator[Text]:
    who = f"Comment {comment.position + 1} by {comment.author or 'anonymous'}"
    if comment.first_seen > story.readings[0].since:
        yield Text(f"{who} is new, as seen {_at(comment.first_seen)}", style="bold")
        yield Text(_bracketed("added", comment.readings[0].text), style=STYLES["added"])
    for old, new in pairwise(comment.readings):
        if not new.text:
            yield Text(f"{who} was gone, as seen {_at(new.since)}", style="bold")
        elif not old.text:
            yield Text(f"{who} was back, as seen {_at(new.since)}", style="bold")
        else:
            yield Text(f"{who} changed, as seen {_at(new.since)}", style="bold")
            yield _marked(old, new)
    if comment.gone_at:
        yield Text(f"{who} is gone, as seen {_at(comment.gone_at)}", style="bold")
        yield Text(_bracketed("removed", comment.readings[-1].text), style=STYLES["removed"])


def _marked(old: articles.ArticleVersion, new: articles.ArticleVersion) -> Text:
    """Return both readings in one: removed words red between [- and -], added ones green between {+
    and +}.
    """
    shown = Text()
    for change in articles.changes(old.text, new.text):
        text = (
            _shortened(change.text)
            if change.kind == "same"
            else _bracketed(change.kind, change.text)
        )
        shown.append(text, style=STYLES[change.kind])
    return shown


def _bracketed(kind: str, text: str) -> str:
    opening, closing = MARKS[kind]
    body = text.rstrip()
    return f"{opening}{body}{closing}{text[len(body) :]}"


def _shortened(text: str) -> str:
    """Keep the beginning and the end of a long stretch that did not change."""
    return text if len(text) <= 3 * CONTEXT else f"{text[:CONTEXT]} […] {text[-CONTEXT:]}"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
