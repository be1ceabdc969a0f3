"""Who replies to whom, as a graph in GEXF for Gephi and networkx: a node is a commenter, an edge
leads to the one that was answered and weighs as many replies.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from storage.exports.fields import ExportRequest
from storage.exports.made import CardCounts
from storage.exports.nested import Batch
from storage.exports.text_files import packed
from storage.exports.xml_text import attribute
from storage.records import Field

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
<graph mode="static" defaultedgetype="directed">
<attributes class="node">
<attribute id="0" title="comments" type="integer"/>
<attribute id="1" title="is_staff" type="boolean"/>
</attributes>
<nodes>
"""


class NetworkFile:
    """A graph's file; only how often who wrote, and answered whom, is held until it is closed.
    *counts* gets the numbers of commenters and of pairs.
    """

    def __init__(
        self, path: Path, _fields: Sequence[Field], request: ExportRequest, counts: CardCounts
    ) -> None:
        self._path = path
        self._compression = request.compression
        self._counts = counts
        self._written = Counter[str]()
        self._staff = set[str]()
        self._replies = Counter[tuple[str, str]]()

    def write(self, batch: Batch) -> None:
        """Count the comments of *batch*; one without a name belongs to nobody."""
        authors: Any = batch["author"]
        answered: Any = batch["parent_author"]
        self._written.update(filter(None, authors))
        self._written.update(dict.fromkeys(filter(None, answered), 0))
        self._replies.update(pair for pair in zip(authors, answered, strict=True) if all(pair))
        by_staff = zip(authors, batch["author_is_staff"], strict=True)  # type: ignore[arg-type]
        self._staff.update(author for author, is_staff in by_staff if author and is_staff)

    def close(self) -> None:
        """Write the file, in the order of names."""
        with self._path.open("wb") as raw, packed(raw, self._compression) as file:
            file.write(_HEAD.encode())
            for name, comments in sorted(self._written.items()):
                file.write(self._node(name, comments).encode())
            file.write(b"</nodes>\n<edges>\n")
            for number, (pair, replies) in enumerate(sorted(self._replies.items())):
                source, target = map(attribute, pair)
                file.write(
                    f'<edge id="{number}" source={source} target={target} '
                    f'weight="{replies}"/>\n'.encode()
                )
            file.write(b"</edges>\n</graph>\n</gexf>\n")
        self._counts.contents.update(commenters=len(self._written), pairs=len(self._replies))

    def _node(self, name: str, comments: int) -> str:
        shown = attribute(name)
        is_staff = str(name in self._staff).lower()
        return (
            f"<node id={shown} label={shown}><attvalues>"
            f'<attvalue for="0" value="{comments}"/><attvalue for="1" value="{is_staff}"/>'
            "</attvalues></node>\n"
        )
