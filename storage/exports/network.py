"""Who replies to whom, as a graph in GEXF for Gephi and networkx: a node is a commenter, an edge
leads to the one that was answered and weighs as many replies.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from storage.exports.fields import ExportRequest
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


# Of each comment: who wrote it, whom it answers, whether its author is of the staff.
Replies = tuple[Sequence[str | None], Sequence[str | None], Sequence[bool]]


class Network:
    """Comments as a graph; ``contents`` counts commenters and pairs when its file is closed."""

    def __init__(self, _fields: Sequence[Field], request: ExportRequest) -> None:
        self.contents = Counter[str]()
        self._compression = request.compression

    def encode(self, batch: Batch) -> Replies:
        """Return what a graph takes of the comments of *batch*, column by column."""
        return batch["author"], batch["parent_author"], batch["author_is_staff"]  # type: ignore[return-value]  # none of them is Records

    def open(self, path: Path) -> "NetworkFile":
        """Return a file for encoded comments at *path*."""
        return NetworkFile(path, self._compression, self.contents)


class NetworkFile:
    """A graph's file; only how often who wrote, and answered whom, is held until it is closed."""

    def __init__(self, path: Path, compression: str | None, contents: Counter[str]) -> None:
        self._path = path
        self._compression = compression
        self._contents = contents
        self._written = Counter[str]()
        self._staff = set[str]()
        self._replies = Counter[tuple[str, str]]()

    def write(self, replies: Replies) -> None:
        """Count comments; one without a name belongs to nobody."""
        authors, answered, staff = replies
        self._written.update(filter(None, authors))
        self._written.update(dict.fromkeys(filter(None, answered), 0))
        pairs = zip(authors, answered, strict=True)
        self._replies.update((one, other) for one, other in pairs if one and other)
        by_staff = zip(authors, staff, strict=True)
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
        self._contents.update(commenters=len(self._written), pairs=len(self._replies))

    def _node(self, name: str, comments: int) -> str:
        shown = attribute(name)
        is_staff = str(name in self._staff).lower()
        return (
            f"<node id={shown} label={shown}><attvalues>"
            f'<attvalue for="0" value="{comments}"/><attvalue for="1" value="{is_staff}"/>'
            "</attvalues></node>\n"
        )
