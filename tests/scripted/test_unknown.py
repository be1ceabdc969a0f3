"""Where nobody waits for a script, no thread is missing: posts without comments yet."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

TEXT = "<p>De brug gaat dit jaar weer open, en dat is voor de buurt een hele opluchting.</p>" * 6


@pytest.mark.parametrize(
    "below",
    [
        "<script src='/wp-includes/js/comment-reply.min.js' id='comment-reply-js'></script>",
        "<div id='comments'><form action='/reageer'><textarea></textarea></form></div>",
        "<section class='reacties'><h3 id='reply-title' class='comment-title'>Reageer</h3>"
        "<form><div class='comment-form-comment'></div><textarea></textarea></form></section>",
        "<link rel='stylesheet' id='comments-css' href='/css/comments.css'>",
        "<style id='comments-inline-css'></style><script src='/js/comments.js'></script>",
    ],
)
def test_a_post_without_comments_lacks_none(below: str) -> None:
    body = f"<article><h1>De brug bij Oudeveer</h1>{TEXT}</article>{below}"
    page = f"<html lang='nl'><head><title>De brug</title></head><body>{body}</body></html>"
    url = "https://voorbeeld.nl/2014/brug/"
    article = extract(
        Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert (article.comments_gap_reason, article.comment_system) == (None, None)
