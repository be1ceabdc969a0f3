"""``scrapy diff URL``: what changed in an article and its comments since the archive first read them."""

import argparse
from datetime import datetime

from rich.console import Console
from rich.text import Text

from crawler.command import ArchiveCommand, Refused, console
from storage.archive import Archive
from storage.history import CommentStory, Reading, Story, changes, read_story

STYLES = {"same": "", "removed": "red strike", "added": "green"}
MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
CONTEXT = 80


class Command(ArchiveCommand):
    """Show an article's history."""

    def syntax(self) -> str:
        """Return how the command is typed."""
        return "URL"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Show what changed in an article and its comments, word by word"

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # every command's signature
        """Print each change of the article, then those of its comments."""
        if len(args) != 1:
            raise Refused("Which article? Say: scrapy diff https://www.example.nl/artikel/")
        with archive.read() as connection:
            story = read_story(connection, args[0])
        if story is None:
            raise Refused(f"There is no article at {args[0]} in the archive.")
        out = console()
        told = _tell_article(story, out) + sum(_tell_comment(comment, story, out) for comment in story.comments)
        if not told:
            out.print(f"{story.url} and its {len(story.comments)} comments read as they did on {_at(story.readings[0].since)}.")


def _tell_article(story: Story, out: Console) -> int:
    for old, new in zip(story.readings, story.readings[1:], strict=False):
        out.print(Text(f"{story.url} changed, as seen {_at(new.since)}", style="bold"))
        out.print(_marked(old, new))
    return len(story.readings) - 1


def _tell_comment(comment: CommentStory, story: Story, out: Console) -> int:
    who = f"Comment {comment.position + 1} by {comment.author or 'anonymous'}"
    told = 0
    if comment.first_seen > story.readings[0].since:
        out.print(Text(f"{who} is new, as seen {_at(comment.first_seen)}", style="bold"))
        out.print(Text(_bracketed("added", comment.readings[0].text), style=STYLES["added"]))
        told += 1
    for old, new in zip(comment.readings, comment.readings[1:], strict=False):
        if not new.text:
            out.print(Text(f"{who} was gone, as seen {_at(new.since)}", style="bold"))
        elif not old.text:
            out.print(Text(f"{who} was back, as seen {_at(new.since)}", style="bold"))
        else:
            out.print(Text(f"{who} changed, as seen {_at(new.since)}", style="bold"))
            out.print(_marked(old, new))
        told += 1
    if comment.gone_at:
        out.print(Text(f"{who} is gone, as seen {_at(comment.gone_at)}", style="bold"))
        out.print(Text(_bracketed("removed", comment.readings[-1].text), style=STYLES["removed"]))
        told += 1
    return told


def _marked(old: Reading, new: Reading) -> Text:
    """Return both readings in one: removed words red between [- and -], added ones green between {+ and +}."""
    shown = Text()
    for change in changes(old.text, new.text):
        text = _shortened(change.text) if change.kind == "same" else _bracketed(change.kind, change.text)
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
