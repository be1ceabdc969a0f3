"""Golden pages: one test for each field of each page, with time frozen at the page's own moment.

The pages are of our own writing and so are their expectations: a golden is read by a person, never
made by the code it checks.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from pipelines.article import NotAnArticle, extract
from pipelines.document import decode_body
from storage.records import Article, Page
from tests.crawling import ROOT

FOLDER = ROOT / "tests" / "pages"


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*/*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))["expected"]
        for field in expected:
            yield pytest.param(
                path.parent, field, expected[field], id=f"{path.parent.relative_to(FOLDER)}-{field}"
            )


def page_of(folder: Path) -> Page:
    meta = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["page"]
    return Page(
        body=(folder / "page.html").read_bytes(),
        fetched_at=datetime.fromisoformat(meta.pop("fetched_at")),
        **meta,
    )


@cache
def read(folder: Path) -> Article | NotAnArticle:
    try:
        return extract(page_of(folder))
    except NotAnArticle as refusal:
        return refusal


def written_again(page: Page, *, noted: bool) -> Page:
    """Return *page* from its tree; *noted* with an HTML comment behind each element, as its
    template's author may have left them.
    """
    text, charset = decode_body(page.body, page.content_type)
    tree = html.document_fromstring(text)
    for element in list(tree.iter("*")) if noted else ():
        if element.getparent() is not None and element.tag not in {
            "head",
            "body",
            "title",
            "textarea",
        }:
            note = etree.Comment(" Reacties door Jan op 3 mei 2010 ")
            note.tail, element.tail = element.tail, None
            element.addnext(note)
    return replace(page, body=html.tostring(tree, encoding=charset))


def outcome(page: Page) -> Article | str:
    try:
        return extract(page)
    except NotAnArticle as refusal:
        return refusal.reason


def shown(article: Article, field: str) -> Any:
    """Return a field as the goldens write it."""
    if field == "authors":
        return [
            {"name": a.name, "role": a.role, "organisation": a.organisation}
            for a in article.authors
        ]
    if field == "comments":
        return [
            {
                "author": c.author,
                "date": c.date_created.isoformat() if c.date_created else None,
                "source_id": c.source_id,
                "parent": c.parent_position,
                "text": c.text,
            }
            for c in article.comments
        ]
    value = getattr(article, field)
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(("folder", "field", "expected"), list(cases()))
def test_field(folder: Path, field: str, expected: Any) -> None:
    article = read(folder)
    if field == "refused":
        assert isinstance(article, NotAnArticle)
        assert article.reason == expected
        assert str(article).endswith(".")
        return
    assert isinstance(article, Article), str(article)
    if field == "body_starts":
        assert article.article_body.startswith(expected)
    elif field == "body_ends":
        assert article.article_body.endswith(expected)
    elif field == "body_has":
        assert [part for part in expected if part not in article.article_body] == []
    elif field == "body_lacks":
        assert [part for part in expected if part in article.article_body] == []
    elif field == "removed":
        assert set(expected) <= {block.reason for block in article.removed_blocks}
    else:
        assert shown(article, field) == expected


def test_every_golden_page_expects_something() -> None:
    folders = [path.parent for path in FOLDER.glob("*/*/page.html")]
    assert len(folders) >= 13
    for folder in folders:
        assert json.loads((folder / "expected.json").read_text(encoding="utf-8"))["expected"], (
            folder
        )


FOLDERS = sorted({path.parent for path in FOLDER.glob("*/*/expected.json")})


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[str(folder.relative_to(FOLDER)) for folder in FOLDERS]
)
def test_html_comments_between_elements_change_nothing(folder: Path) -> None:
    page = page_of(folder)
    assert outcome(written_again(page, noted=True)) == outcome(written_again(page, noted=False))
