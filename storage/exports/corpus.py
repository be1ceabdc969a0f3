"""Articles and comments as a corpus in the vertical format of Sketch Engine, CWB and Korp: a token
a line, each text with its attributes.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from storage.exports.fields import ExportRequest, names_of, parts_of
from storage.exports.made import CardCounts
from storage.exports.nested import Batch, Records
from storage.exports.text_files import packed
from storage.exports.tokens import sentences
from storage.exports.xml_text import attribute, content
from storage.records import Field

# Of every text, in this order; what a text lacks is empty.
ATTRIBUTES = (
    "id", "kind", "article", "parent", "depth", "site", "url", "headline", "author", "section",
    "keywords", "language", "date", "year", "access", "gone",
)  # fmt: skip


class CorpusFile:
    """A vertical file, written batch by batch; *counts* gets how many texts and tokens it has."""

    def __init__(
        self, path: Path, fields: Sequence[Field], request: ExportRequest, counts: CardCounts
    ) -> None:
        self._raw = path.open("wb")
        self._stream = io.TextIOWrapper(
            packed(self._raw, request.compression), "utf-8", newline="", write_through=True
        )
        named = replace(request, schema_org=False)
        self._parts = {field.name: names_of(parts_of(field, request), named) for field in fields}
        self._counts = counts
        counts.contents.update(texts=0, tokens=0)

    def write(self, batch: Batch) -> None:
        """Write each article of *batch* with its comments behind it."""
        columns = [self._listed(name, values) for name, values in batch.items()]
        for values in zip(*columns, strict=True):
            article = dict(zip(batch, values, strict=True))
            attributes = _of_article(article)
            self._write_text(attributes, article["article_body"])
            for comment in article["comments"]:
                self._write_text(attributes | _of_comment(comment), comment["text"])

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()
        self._raw.close()

    def _listed(self, name: str, values: Sequence[Any] | Records) -> Sequence[Any]:
        return values.lists(self._parts[name]) if isinstance(values, Records) else values

    def _write_text(self, attributes: Mapping[str, Any], text: str) -> None:
        lines = [line for paragraph in text.split("\n\n") for line in self._lines(paragraph)]
        if lines:
            shown = " ".join(f"{name}={attribute(attributes[name])}" for name in ATTRIBUTES)
            self._stream.write("\n".join((f"<text {shown}>", *lines, "</text>\n")))
            self._counts.contents["texts"] += 1

    def _lines(self, paragraph: str) -> Iterator[str]:
        found = list(sentences(paragraph))
        if not found:
            return
        yield "<p>"
        for sentence in found:
            yield "<s>"
            for token in sentence:
                if token.is_glued:
                    yield "<g/>"
                yield content(token.text)
            self._counts.contents["tokens"] += len(sentence)
            yield "</s>"
        yield "</p>"


def _of_article(article: Mapping[str, Any]) -> dict[str, Any]:
    key = f"a{article['id']}"
    return {
        **dict.fromkeys(ATTRIBUTES),
        **{name: article[name] for name in ("site", "url", "headline", "access")},
        **_when(article["date_published"], article["gone_at"]),
        "id": key,
        "kind": "article",
        "article": key,
        "author": _set(author["name"] for author in article["authors"]),
        "section": article["article_section"],
        "keywords": _set(article["keywords"]),
        "language": article["in_language"],
    }


def _of_comment(comment: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a comment's text has other than its article's."""
    parent = comment["parent_id"]
    return {
        **_when(comment["date_created"], comment["gone_at"]),
        "id": f"c{comment['id']}",
        "kind": "comment",
        "parent": None if parent is None else f"c{parent}",
        "depth": comment["depth"],
        "author": _set(filter(None, (comment["author"],))),
    }


def _when(date: str | None, gone: str | None) -> dict[str, str | None]:
    """Return a text's day, or as much as is known of it, its year, and since when it is gone."""
    return {"date": date and date[:10], "year": date and date[:4], "gone": gone and gone[:10]}


def _set(values: Iterable[str]) -> str:
    """Return *values* as CWB writes a set, |a|b|, and Sketch Engine reads several values."""
    return "|".join(("", *(value.replace("|", "¦") for value in values), ""))
