"""One golden thread of each system that has no server here: what the page names is asked, what is
answered is read, to the last page.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.article import extract
from pipelines.comments import (
    BadSource,
    SourceThread,
    Thread,
    join_thread,
    read_answer,
    sources_of,
    with_system,
)
from pipelines.document import open_document
from storage.records import Article, Comment, Page, ThreadSource
from tests.scripted.golden_threads import GOLDEN, PAGE, Golden
from tests.scripted.village_site import article_page

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def shown(box: str) -> Article:
    body = article_page(0, box).encode()
    return extract(Page(url=PAGE, body=body, fetched_at=NOW, content_type="text/html"))


def asked_for(source: ThreadSource) -> str:
    """Return how a golden thread names what is asked: what is posted by its short values."""
    if source.payload is None:
        return source.url
    body = json.loads(source.payload)
    said = {**body, **body.get("variables", {})}
    short = sorted(f"{name}={one}" for name, one in said.items() if len(str(one)) < 40)
    return " ".join([source.url, *(one for one in short if not one.startswith("variables"))])


def gathered(article: Article, answers: dict[str, Any]) -> Article:
    """Return *article* with what *answers* tell, asked as a crawl asks."""
    told = SourceThread(sources_of(article)[0])
    while (source := told.next_source()) is not None:
        answer = answers.get(asked_for(source))
        body = answer if isinstance(answer, str) else json.dumps(answer)
        told.take(read_answer(source, body.encode(), NOW) if answer is not None else None)
    return join_thread(article, told)


def line(comment: Comment, thread: tuple[Comment, ...]) -> tuple[Any, ...]:
    parent = comment.parent_position
    minute = comment.date_created.astimezone(UTC).strftime("%H:%M") if comment.date_created else ""
    return (
        comment.source_id, comment.author, comment.text, minute,
        None if parent is None else thread[parent].source_id,
        comment.status, comment.upvotes, comment.downvotes,
    )  # fmt: skip


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.system)
def test_a_golden_thread_is_read_whole(golden: Golden) -> None:
    article = gathered(shown(golden.box), golden.answers)
    assert tuple(line(one, article.comments) for one in article.comments) == golden.comments
    assert article.comment_system == golden.system
    assert (article.comments_declared, article.comments_gap_reason) == (golden.declared, golden.gap)
    assert {one.date_created_precision for one in article.comments} == {"second"}


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.system)
def test_without_an_answer_the_system_is_named_and_the_gap_stays(golden: Golden) -> None:
    article = gathered(shown(golden.box), {})
    assert article.comment_system == golden.system
    assert article.comments_gap_reason == "widget"
    assert not article.comments


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.system)
def test_a_part_that_is_not_answered_takes_nothing_away(golden: Golden) -> None:
    if len(golden.answers) == 1:
        answers = golden.answers
    else:
        answers = dict(list(golden.answers.items())[:-1])
    article = gathered(shown(golden.box), answers)
    kept = {line(one, article.comments)[0] for one in article.comments}
    assert kept <= {row[0] for row in golden.comments}
    assert article.comments_gap_reason == (golden.gap if len(golden.answers) == 1 else "pagination")


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.system)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"<html></html>", b'{"data": 7}'])
def test_an_answer_that_is_no_thread_says_so(golden: Golden, body: bytes) -> None:
    (source, *_others) = sources_of(shown(golden.box))
    with pytest.raises(BadSource, match=r"\w+ .*"):
        read_answer(source, body, NOW)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.system)
def test_where_a_profile_reads_no_comment_the_system_is_named_too(golden: Golden) -> None:
    body = article_page(0, golden.box).encode()
    document = open_document(Page(url=PAGE, body=body, fetched_at=NOW, content_type="text/html"))
    thread = with_system(Thread(), document)
    assert (thread.system, thread.gap_reason) == (golden.system, "widget")
    assert thread.sources == sources_of(shown(golden.box))


@pytest.mark.parametrize(
    ("box", "system"),
    [
        (
            '<div id="Comments"></div><script>Artalk.init({ el: "#Comments", '
            "server: 'https://artalk.example', site: 'Blad' })</script>",
            "https://artalk.example",
        ),
        (
            '<div id="cusdis_thread" data-host="https://cusdis.example" data-app-id="1"></div>',
            "cusdis https://cusdis.example",
        ),
        (
            '<div class="reacties"></div><script>fetch("/api/reacties/12?van=0")'
            ".then(toon)</script>",
            "https://dorpsblad.example/api/reacties/12",
        ),
        ('<div class="fb-comments" data-href="https://dorpsblad.example/"></div>', "facebook"),
        ('<div id="comments" class="comments-area"></div><script>var x = 1;</script>', None),
    ],
)
def test_a_system_that_is_not_asked_is_named_with_the_address_seen(
    box: str, system: str | None
) -> None:
    article = shown(box)
    assert article.comment_system == system
    assert article.comments_gap_reason == ("widget" if system else None)
    assert article.article_body.startswith("In het dorp")
    assert not article.comment_threads


def test_disqus_states_its_number_where_its_frame_is_closed() -> None:
    golden = next(one for one in GOLDEN if one.system == "disqus")
    article = shown(golden.box)
    _frame, count = sources_of(article)
    assert count.url == "https://dorpsblad.disqus.com/count-data.js?1=pont-7"
    told = SourceThread(count)
    told.take(
        read_answer(
            count,
            b'DISQUSWIDGETS.displayCount({"counts":[{"id":"pont-7","comments":12}]});',
            NOW,
        )
    )
    counted = join_thread(article, told)
    assert (counted.comments_declared, counted.comments_gap_reason) == (12, "widget")


def test_what_is_posted_is_kept_under_an_address_of_its_own() -> None:
    golden = next(one for one in GOLDEN if one.system == "comentario")
    (source,) = sources_of(shown(golden.box))
    assert source.address == (
        "https://praat.dorpsblad.example/api/embed/comments?__wb_method=POST"
        "&host=dorpsblad.example&path=%2Fnieuws%2Fpont%2F"
    )


def test_a_moment_in_the_future_is_none() -> None:
    source = ThreadSource("isso", "https://praat.example/?uri=%2F")
    late = (NOW + timedelta(days=30)).timestamp()
    said = {"id": 1, "text": "Hallo daar", "author": "An", "created": late, "mode": 1}
    (comment,) = read_answer(source, json.dumps({"replies": [said]}).encode(), NOW).comments
    assert comment.text == "Hallo daar"
