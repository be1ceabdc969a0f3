"""A text with its own structure: where each of its lines is on the page, as clean HTML and with the
links in it.

The lines lead: what a text does not say, neither its HTML nor its links do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import nh3

from pipelines.document.links import SCHEMES, found_links, link_target
from pipelines.document.placement import (
    BLOCKS,
    HOLDERS,
    INLINE,
    Line,
    Mark,
    MarkTree,
    lines_of,
    placed_lines,
)
from pipelines.document.text import Segment
from storage.records import Link


class MarkedText(NamedTuple):
    """A text as HTML, and its links in order."""

    html: str
    links: tuple[Link, ...]


def mark_up(text: str, segments: Iterable[Segment], base: str) -> MarkedText:
    """Return *text*, which was made of *segments*, as HTML and with its links, counted from *base*.

    A line of the text that is none of theirs is a paragraph without marks.
    """
    placed = list(placed_lines(text, lines_of(segments)))
    tree = MarkTree([run.source for _paragraph, _words, line in placed for run in line])
    writer = _Writer(tree, base)
    for paragraph, words, line in placed:
        writer.write(paragraph, words, line)
    return MarkedText(clean_html(writer.html()), tuple(found_links(placed, tree, base)))


def clean_html(markup: str) -> str:
    """Return *markup*, whoever wrote it, with nothing but the tags of a text and the addresses of
    its links, which nobody is asked to follow.
    """
    return nh3.clean(
        markup.encode("utf-8", "replace").decode("utf-8"),
        tags={*BLOCKS.values(), *INLINE.values(), "br"},
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel="nofollow",
    )


@dataclass(slots=True)
class _Writer:
    """Writes lines one after another, opening and closing what is around their words."""

    tree: MarkTree
    base: str
    _out: list[str] = field(default_factory=list)
    _open: list[Mark] = field(default_factory=list)
    _holder: tuple[Mark, ...] = ()

    def write(self, paragraph: int, words: str, line: Line) -> None:
        """Write the next line of the text."""
        for place, run in enumerate(line):
            blocks, inline = self.tree.around(run.source)
            if not blocks or str(blocks[-1].tag) not in HOLDERS:
                blocks = (*blocks, Mark(id(run.block), "p"))
            is_cell = place > 0 and run.block is not line[place - 1].block
            self._begin(blocks, is_new=place == 0, is_cell=is_cell)
            self._move((*blocks, *inline))
            self._out.append(escape(run.text if place else run.text.lstrip(" "), quote=False))
        if not line:
            bare = (Mark(paragraph, "p"),)
            self._begin(bare, is_new=True, is_cell=False)
            self._move(bare)
            self._out.append(escape(words, quote=False))

    def _begin(self, blocks: tuple[Mark, ...], *, is_new: bool, is_cell: bool) -> None:
        """Part what follows from what is before it in the same block."""
        is_same, self._holder = blocks == self._holder, blocks
        if is_same and (is_new or is_cell):
            self._move(blocks)
            verbatim = any(mark.tag == "pre" for mark in blocks)
            self._out.append(" " if is_cell else "\n" if verbatim else "<br>")

    def _move(self, path: Sequence[Mark]) -> None:
        shared = 0
        while shared < min(len(path), len(self._open)) and path[shared] == self._open[shared]:
            shared += 1
        while len(self._open) > shared:
            self._out.append(f"</{self._open.pop().tag}>")
        for mark in path[shared:]:
            target = link_target(mark.href, self.base) if mark.href else None
            href = f' href="{escape(target)}"' if target else ""
            self._out.append(f"<{mark.tag}{href}>")
            self._open.append(mark)

    def html(self) -> str:
        """Return what was written, all closed."""
        self._move(())
        return "".join(self._out)
