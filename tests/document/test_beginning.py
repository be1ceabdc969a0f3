"""A page whose server wrote something before its beginning, or its errors into it."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

ERROR = (
    "<br />\n<b>Warning</b>:  mysql_connect() [<a href='function.mysql-connect'>function.mysql-"
    "connect</a>]: Access denied in <b>/www/blog/plugin.php</b> on line <b>28</b><br />\n"
)
WORDS = "De brug over de vaart gaat volgende week dicht voor groot onderhoud aan het wegdek. "


def _read(before: str, within: str = "") -> tuple[str, str | None, str]:
    page = (
        f'{before}<!DOCTYPE html><html lang="nl"><head><title>Brug gaat dicht</title>'
        '<meta property="og:locale" content="nl_NL"><meta name="author" content="Jan de Vries">'
        f"</head><body><div><p>{WORDS * 3}</p>{within}<p>{WORDS * 2}</p></div></body></html>"
    )
    fetched = datetime(2026, 11, 29, tzinfo=UTC)
    article = extract(Page(url="https://x.nl/2014/brug", body=page.encode(), fetched_at=fetched))
    return article.headline, article.in_language, article.article_body


@pytest.mark.parametrize(
    "before",
    [
        ERROR,
        ERROR * 3,
        "<br />\n<b>Notice</b>:  Undefined index: lang in <b>/www/a.php</b> on line <b>3</b><br />",
        "Onderhoud vannacht",
        "<div>Verbinding</div>",
        "<p>&nbsp;</p>",
    ],
)
def test_the_head_stays_the_head_whatever_is_before_it(before: str) -> None:
    headline, language, text = _read(before)
    assert (headline, language) == ("Brug gaat dicht", "nl")
    assert text.startswith("De brug over de vaart")
    assert "line" not in text


@pytest.mark.parametrize(
    "kind", ["Warning", "Notice", "Deprecated", "Strict Standards", "Fatal error"]
)
def test_a_server_s_error_is_no_part_of_the_text(kind: str) -> None:
    _headline, _language, text = _read("", ERROR.replace("Warning", kind))
    assert text == f"{(WORDS * 3).strip()}\n\n{(WORDS * 2).strip()}"


def test_an_article_about_errors_keeps_them() -> None:
    quoted = "<pre>Warning: mysql_connect(): Access denied in /www/a.php on line 28</pre>"
    assert "on line 28" in _read("", quoted)[2]


@pytest.mark.parametrize("before", ["<!--[if IE]>", "<script>write('"])
def test_a_beginning_within_a_comment_or_a_script_is_none(before: str) -> None:
    end = {"<!--[if IE]>": "<![endif]-->", "<script>write('": "')</script>"}[before]
    assert _read(f"{before}<html class=ie>{end}")[0] == "Brug gaat dicht"
