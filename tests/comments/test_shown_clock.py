"""A comment's time is what the page shows, also where an attribute or a feed calls it UTC."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from pipelines.comments import join_source
from storage.local_time import local_value
from storage.records import Article, Comment, Page

TEXTS = (
    "Het bankje aan het eind van de steeg was weggehaald toen ik er kwam.",
    "Het paadje achter de huizen is open, alleen de laatste poort zit nog dicht.",
    "Morgen loop ik de route zelf, dan neem ik mijn oude kaart van de buurt mee.",
)
TEXT = "De stegen van de oude stad krijgen een eigen wandelroute met borden en verhalen. " * 6


def _read(time: str) -> Article:
    """Return an article with three comments, *time* with the number of each."""
    thread = "".join(
        f'<li class="comment" id="comment-{n}"><b class="fn">Lezer {n}</b> '
        f'{time.format(n=n)}<div class="comment-content"><p>{text}</p></div></li>'
        for n, text in enumerate(TEXTS, 1)
    )
    page = (
        f'<html lang="nl"><head><title>Stegen</title></head><body><h1>Stegen</h1><article><p>{TEXT}'
        f'</p></article><ol class="comment-list">{thread}</ol></body></html>'
    )
    fetched = datetime(2026, 11, 29, tzinfo=UTC)
    return extract(Page(url="https://x.nl/2020/stegen", body=page.encode(), fetched_at=fetched))


def _times(time: str) -> list[str]:
    return [
        local_value(one.date_created, one.date_created_precision)[:16]
        for one in _read(time).comments
        if one.date_created is not None
    ]


@pytest.mark.parametrize(
    "time",
    [
        '<time datetime="2020-07-0{n}T15:58:27+00:00">{n} juli 2020 om 15:58</time>',
        '<time datetime="2020-07-0{n}T15:58:27Z">{n} juli 2020 om 3:58 PM</time>',
        '<time datetime="2020-07-0{n}T13:58:27Z">{n} juli 2020 om 15:58</time>',
        '<time datetime="2020-07-0{n}T15:58:27+02:00">{n} juli 2020 om 15:58</time>',
        '<span class="date" title="2020-07-0{n}T15:58:27Z">{n} juli 2020, 15:58 uur</span>',
    ],
)
def test_the_clock_that_a_page_shows_is_kept(time: str) -> None:
    assert _times(time) == [f"2020-07-0{n} 15:58" for n in (1, 2, 3)]


def test_without_a_shown_clock_utc_is_shown_by_the_site_s() -> None:
    time = '<time datetime="2020-07-0{n}T15:58:27Z">{n} juli 2020</time>'
    assert _times(time) == [f"2020-07-0{n} 17:58" for n in (1, 2, 3)]


@pytest.mark.parametrize(("hour", "shown"), [(15, "15:58:27"), (13, "15:58:27"), (14, "16:58:27")])
def test_a_feed_s_seconds_come_on_the_page_s_clock(hour: int, shown: str) -> None:
    article = _read("<time>{n} juli 2020 om 15:58</time>")
    feed = [
        Comment(
            text=text,
            author=f"Lezer {n}",
            source_id=str(n),
            date_created=datetime(2020, 7, n, hour, 58, 27, tzinfo=UTC),
            date_created_precision="second",
        )
        for n, text in enumerate(TEXTS, 1)
    ]
    joined = join_source(article, feed)
    moments = [
        local_value(one.date_created, "second") for one in joined.comments if one.date_created
    ]
    assert moments == [f"2020-07-0{n} {shown}" for n in (1, 2, 3)]
