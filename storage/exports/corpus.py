"""Articles and comments as a corpus in the vertical format of Sketch Engine, CWB and Korp: a token
a line, each text with its attributes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from storage.exports.fields import ExportRequest, names_of, parts_of
from storage.exports.nested import Batch, Records
from storage.exports.text_files import TextFile
from storage.exports.tokens import sentences
from storage.exports.xml_text import attribute, content
from storage.records import Field

# Of every text, in this order; what a text lacks is empty.
ATTRIBUTES = (
    "id", "kind", "article", "parent", "depth", "site", "url", "headline", "author", "section",
    "keywords", "language", "date", "year", "access", "gone",
)  # fmt: skip


class Vertical:
    """Articles and comments as texts, a token a line; ``contents`` counts texts and tokens."""

    def __init__(self, fields: Sequence[Field], request: ExportRequest) -> None:
        self.contents = Counter(texts=0, tokens=0)
        self._compression = request.compression
        named = replace(request, schema_org=False)
        self._parts = {field.name: names_of(parts_of(field, request), named) for field in fields}

    def encode(self, batch: Batch) -> bytes:
        """Return each article of *batch* with its comments behind it."""
        return "".join(self._texts(batch)).encode()

    def open(self, path: Path) -> TextFile:
        """Return a file for encoded rows at *path*."""
        return TextFile(path, self._compression)

    def _texts(self, batch: Batch) -> Iterator[str]:
        columns = [self._listed(name, values) for name, values in batch.items()]
        for values in zip(*columns, strict=True):
            article = dict(zip(batch, values, strict=True))
            attributes = _of_article(article)
            yield self._text(attributes, article["article_body"])
            for comment in article["comments"]:
                yield self._text(attributes | _of_comment(comment), comment["text"])

    def _listed(self, name: str, values: Sequence[Any] | Records) -> Sequence[Any]:
        return values.lists(self._parts[name]) if isinstance(values, Records) else values

    def _text(self, attributes: Mapping[str, Any], text: str) -> str:
        lines = [line for paragraph in text.split("\n\n") for line in self._lines(paragraph)]
        if not lines:
            return ""
        self.contents["texts"] += 1
        shown = " ".join(f"{name}={attribute(attributes[name])}" for name in ATTRIBUTES)
        return "\n".join((f"<text {shown}>", *lines, "</text>\n"))

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
            self.contents["tokens"] += len(sentence)
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
