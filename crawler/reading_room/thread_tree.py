"""A thread as a tree that a page can print from top to bottom, however deep or broken the replies
are. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEEPEST = 6  # deeper replies stand beside each other, so that a phone's width is enough


@dataclass(slots=True)
class Node:
    """A comment in printing order: its level (0 is the top), its depth in truth, how many replies
    are below it.
    """

    comment: Mapping[Any, Any]
    level: int
    depth: int
    replies: int = 0


def order_thread(comments: Sequence[Mapping[Any, Any]]) -> list[Node]:
    """Return the comments, which come in the page's order, each followed by its replies; every one
    is there exactly once.

    A level is at most one more than the one before it. A parent that is missing makes its reply a
    comment of the top.
    """
    keys = {comment["id"] for comment in comments}
    replies: dict[int, list[Mapping[Any, Any]]] = {}
    for comment in comments:
        if comment["parent_id"] in keys:
            replies.setdefault(comment["parent_id"], []).append(comment)
    tops = [comment for comment in comments if comment["parent_id"] not in keys]
    nodes: list[Node] = []
    met: set[int] = set()
    for top in (*tops, *comments):  # the second round finds those whose parents run in a circle
        _add(top, replies, nodes, met)
    _count(nodes)
    return nodes


def _add(
    top: Mapping[Any, Any],
    replies: Mapping[int, list[Mapping[Any, Any]]],
    nodes: list[Node],
    met: set[int],
) -> None:
    waiting = [(top, 0)]
    while waiting:
        comment, depth = waiting.pop()
        if comment["id"] in met:
            continue
        met.add(comment["id"])
        nodes.append(Node(comment, min(depth, DEEPEST), depth))
        waiting += [(reply, depth + 1) for reply in reversed(replies.get(comment["id"], ()))]


def _count(nodes: Sequence[Node]) -> None:
    """Count the nodes that are printed below each node."""
    above: list[Node] = []
    for node in nodes:
        del above[node.level :]
        for parent in above:
            parent.replies += 1
        above.append(node)
