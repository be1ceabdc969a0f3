"""Several pages of one article become one record."""

from dataclasses import replace

import pytest

from pipelines.content import is_part, merge, own_address
from storage.records import Article, Comment, RemovedBlock

BASE = "https://voorbeeld.nl/stuk/"


def comment(
    number: int, parent: int | None = None, source: str | None = None, **more: object
) -> Comment:
    return Comment(
        text=f"Reactie {number}",
        author=f"Lezer {number}",
        source_id=str(number),
        parent_position=parent,
        parent_source_id=source,
        **more,
    )


def page(url: str, *comments: Comment, body: str = "Tekst.", **more: object) -> Article:
    return Article(url=url, headline="Stuk", article_body=body, comments=comments, **more)


def outline(article: Article) -> list[tuple[str | None, int | None]]:
    return [(comment.source_id, comment.parent_position) for comment in article.comments]


def test_comment_pages_stand_in_their_order_and_each_comment_once() -> None:
    first = page(
        BASE,
        comment(3),
        comment(4, 0),
        comments_declared=5,
        comment_pages=(BASE + "comment-page-1/",),
    )
    older = page(BASE + "comment-page-1/", comment(1), comment(2, 0), comment(3))
    merged = merge(first, [older])
    assert outline(merged) == [("1", None), ("2", 0), ("3", None), ("4", 2)]
    assert (merged.comments_declared, merged.comments_gap_reason) == (5, "unknown")


def test_a_reply_finds_its_parent_on_another_page() -> None:
    first = page(BASE, comment(3, source="1"))
    older = page(BASE + "comment-page-1/", comment(1))
    assert outline(merge(first, [older])) == [("1", None), ("3", 0)]


def test_a_page_of_the_thread_that_was_not_had_is_said() -> None:
    first = page(
        BASE,
        comment(3),
        comments_declared=3,
        comment_pages=(BASE + "comment-page-1/", BASE + "comment-page-2/"),
    )
    merged = merge(first, [page(BASE + "comment-page-1/", comment(1))])
    assert merged.comments_gap_reason == "pagination"


def test_a_page_of_the_thread_that_shows_none_of_it_is_said() -> None:
    first = page(BASE, comment(3), comment_pages=(BASE + "?blad=2",))
    assert merge(first, [page(BASE + "?blad=2")]).comments_gap_reason == "pagination"
    assert merge(first, [page(BASE + "?blad=2", comment(4))]).comments_gap_reason is None


@pytest.mark.parametrize("name", ["blad", "reacties", "c", "vanaf", "tranche"])
def test_whatever_numbers_a_thread_s_pages_they_stand_in_order_and_add_no_text(name: str) -> None:
    urls = [f"{BASE}?{name}={number}" for number in (3, 2)]
    first = page(BASE, comment(1), body="Eerste.", comment_pages=tuple(urls))
    parts = [
        page(url, comment(n), body=f"Eerste. {n}") for n, url in zip((3, 2), urls, strict=True)
    ]
    merged = merge(first, parts)
    assert outline(merged) == [("1", None), ("2", None), ("3", None)]
    assert merged.article_body == "Eerste."


def test_a_page_that_shows_all_comments_has_their_order() -> None:
    last = [replace(comment(n), source_id=None, author="Bijdrage") for n in (4, 5)]
    whole = [replace(comment(n), source_id=None) for n in range(1, 6)]
    merged = merge(
        page(BASE, *last, comment_pages=(BASE + "?alles=ja",)), [page(BASE + "?alles=ja", *whole)]
    )
    assert merged.comments == tuple(whole)


@pytest.mark.parametrize(
    ("url", "headline", "belongs"),
    [
        (BASE + "?blad=2", "Stuk", True),
        (BASE + "reacties", "Reacties op: Stuk", True),
        (BASE + "comment-page-2/", "Pagina 2", True),
        (BASE + "?id=8", "Een ander verhaal", False),
        ("https://voorbeeld.nl/s.php?id=8", "Kade", False),
    ],
)
def test_a_pager_beside_a_thread_may_lead_to_the_next_article(
    url: str, headline: str, *, belongs: bool
) -> None:
    part = replace(page(url), headline=headline)
    assert is_part(page(BASE, comment_pages=(url,)), part) == belongs
    assert is_part(page(BASE, body_pages=(url,)), part)
    merged = merge(
        page(BASE, comment(1), comment_pages=(url,)), [replace(part, comments=(comment(2),))]
    )
    assert (len(merged.comments), merged.comments_gap_reason) == (1 + belongs, None)


def test_without_ids_the_same_words_twice_stay_two() -> None:
    same = replace(comment(1), source_id=None)
    merged = merge(page(BASE, same, same), [page(BASE + "?cpage=2", same, same)])
    assert len(merged.comments) == 2


def test_pages_of_text_are_joined_in_order_and_those_of_comments_add_none() -> None:
    parts = [
        page(BASE + "3/", body="Derde."),
        page(BASE + "2/", body="Tweede."),
        page(BASE + "comment-page-1/", body="Eerste."),
    ]
    assert merge(page(BASE, body="Eerste."), parts).article_body == "Eerste.\n\nTweede.\n\nDerde."


def test_what_was_cut_from_any_page_of_the_text_is_kept_once() -> None:
    share, caption = (
        RemovedBlock(reason="share", text="Deel dit"),
        RemovedBlock(reason="caption", text="De sluis"),
    )
    first = page(BASE, body="Eerste.", removed_blocks=(share,))
    parts = [page(BASE + "2/", body="Tweede.", removed_blocks=(caption, share))]
    assert merge(first, parts).removed_blocks == (share, caption)


@pytest.mark.parametrize(
    ("address", "linked", "own"),
    [
        ("t/7/?page=1", ("t/7/?page=2", "t/7/?page=3"), "t/7/"),
        ("t/7/?page=1", (), "t/7/"),
        ("t/7/?sort=old&pagina=1", ("t/7/?sort=old&pagina=2",), "t/7/?sort=old"),
        ("t/7/page/1/", ("t/7/page/2/",), "t/7/"),
        ("t.php?blz=1&id=7", ("t.php?blz=2&id=7",), "t.php?id=7"),
        # Systems that count from 0: page 1 is the second.
        ("t/7/?page=1", ("t/7/", "t/7/?page=2"), None),
        ("t/7/?page=1", ("t/7/?page=0", "t/7/?page=2"), None),
        ("t/7/?page=2", ("t/7/?page=1",), None),
        ("t/7/", ("t/7/?page=2",), None),
    ],
)
def test_the_first_page_of_several_is_the_address_without_a_number(
    address: str, linked: tuple[str, ...], own: str | None
) -> None:
    root = "https://voorbeeld.nl/"
    found = own_address(page(root + address, body_pages=tuple(root + one for one in linked)))
    assert found == (None if own is None else root + own)


def test_the_address_that_a_page_states_is_its_own() -> None:
    numbered = page(BASE + "?page=1", canonical_url="https://voorbeeld.nl/ander-stuk/")
    assert own_address(numbered) == "https://voorbeeld.nl/ander-stuk/"
