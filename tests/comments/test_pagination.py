"""Further pages of a thread, whatever turns them: the parameter, the words, the pager's place."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from pipelines.comments import read_thread
from pipelines.content import first_page
from pipelines.document import open_document
from storage.records import Page

URL = "https://vaartbode.example/stuk/7,brug"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TEXT = "".join(
    f"<p>De brug over de vaart werd in week {week} weer een dag later geopend dan beloofd, en de"
    " schippers dronken op de kade hun koffie.</p>"
    for week in range(3, 9)
)


def page(thread: str, url: str = URL) -> Page:
    html = f"""<html lang="nl"><head><title>De brug blijft dicht</title></head><body>
    <p><a href="?rubriek=2">2</a> <a href="/">Volgende</a></p>
    <div><h1>De brug blijft dicht</h1>{TEXT}</div><div id="praat">{thread}</div></body></html>"""
    return Page(
        url=url, body=html.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8"
    )


def pages_of(thread: str, url: str = URL) -> tuple[str, ...]:
    return read_thread(open_document(page(thread, url))).page_urls


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ('<a href="?reacties=2#praat">Volgende reacties</a>', "reacties=2"),
        ('<a href="?c=2">Meer meningen</a>', "c=2"),
        ('<a href="?vanaf=20">Oudere bijdragen »</a>', "vanaf=20"),
        ('<a href="/stuk/7,brug?blad=3#praat">3</a>', "blad=3"),
        ('<a href="?tranche=2#praat">»</a>', "tranche=2"),
        ('<a href="https://vaartbode.example/stuk/7,brug?p=2">More replies</a>', "p=2"),
        ('<a href="?deel=2">Eerdere inzendingen</a>', "deel=2"),
    ],
)
def test_a_pager_is_known_by_what_it_turns_also_where_no_comment_was_read(
    link: str, number: str
) -> None:
    assert pages_of(f"<p>Iets zonder naam of dag.</p><p>{link}</p>") == (f"{URL}?{number}",)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="?c=2">2</a>',
        '<a href="?druk=1">Afdrukken</a>',
        '<a href="/stuk/8,kade?c=2">Volgende reacties</a>',
        '<a href="?c=twee">Volgende reacties</a>',
        '<a href="?c=2&amp;d=3">Volgende reacties</a>',
        '<a href="?c=2#r14">Volgende reacties</a>',
        '<a href="?c=2#elders">2</a>',
    ],
)
def test_other_links_turn_no_page(link: str) -> None:
    assert pages_of(f"<p>Iets zonder naam of dag.</p><p>{link}</p>") == ()


@pytest.mark.parametrize("name", ["reacties", "blad", "c", "meningen", "set"])
def test_a_later_page_of_a_thread_is_no_article_of_its_own(name: str) -> None:
    back = f'<p>Kort.</p><p><a href="?{name}=1#praat">Vorige</a></p>'
    assert first_page(extract(page(back, f"{URL}?{name}=2"))) == f"{URL}?{name}=1"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<a href="?alles=ja#praat">Toon alle 12 bijdragen</a>', f"{URL}?alles=ja"),
        ('<a href="/stuk/7,brug/reacties">Lees de 4 reacties</a>', f"{URL}/reacties"),
        ('<a href="/stuk/7,brug/talk/">3 comments</a>', f"{URL}/talk/"),
        ('<a href="?view=all">View all 9 comments</a>', f"{URL}?view=all"),
        ('<a href="/stuk/7,brug/praat">Praat mee</a> (5 reacties)', f"{URL}/praat"),
    ],
)
def test_a_link_that_counts_the_comments_leads_to_them(link: str, address: str) -> None:
    assert pages_of(f"<p>Iets zonder naam of dag.</p><p>{link}</p>") == (address,)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/stuk/7,brug/druk">Afdrukken</a>',
        '<a href="/stuk/8,kade">4 reacties</a>',
        '<a href="#praat">4 reacties</a>',
        '<a href="/stuk/7,brug/reacties">Reageer als eerste</a>',
        '<a href="/stuk/7,brug/a/b">4 reacties</a>',
        '<a href="?id=8">De kade</a> (4 reacties)',
    ],
)
def test_a_link_that_counts_nothing_or_leads_elsewhere_does_not(link: str) -> None:
    assert pages_of(f"<p>Iets zonder naam of dag.</p><p>{link}</p>") == ()


def test_an_article_with_a_number_is_no_later_page_of_its_own_comments() -> None:
    numbered = "https://vaartbode.example/artikel/13"
    counted = f'<a href="{numbered}/reacties">Lees de 4 reacties</a>'
    article = extract(page(counted, numbered))
    assert (article.comment_pages, first_page(article)) == ((f"{numbered}/reacties",), None)
