"""The links in comments: those in a reader's words, not those around them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Comment, Page

PROSE = "".join(
    f"<p>De molen draait dit jaar weer en dat is voor het dorp goed nieuws, zegt nummer {n}.</p>"
    for n in range(8)
)
WORDS = 'Lees ook <a href="https://molens.example/wiek?utm_source=x">dit stuk over wieken</a>.'


def wordpress(words: str) -> str:
    items = "".join(
        f'<li class="comment" id="comment-{n}"><div class="comment-author vcard"><cite class="fn">'
        f'<a href="https://blog{n}.example/">Lezer {n}</a></cite></div><div class="comment-meta">'
        f'<a href="#comment-{n}">{n} mei 2024 om 10:0{n}</a></div><div class="comment-content"><p>'
        f"{words if n == 2 else 'Wat een mooie molen is dit toch.'}</p></div>"
        f'<div class="reply"><a href="?replytocom={n}#respond">Beantwoorden</a></div></li>'
        for n in (1, 2, 3)
    )
    return f'<div id="comments"><h2>3 reacties</h2><ol class="commentlist">{items}</ol></div>'


def stated(words: str) -> str:
    escaped = words.replace('"', '\\"')
    parts = ", ".join(
        f'{{"@type": "Comment", "author": "Lezer {n}", "dateCreated": "2024-05-0{n}", "text": '
        f'"{escaped if n == 2 else "Mooie molen."}"}}'
        for n in (1, 2, 3)
    )
    return (
        '<script type="application/ld+json">{"@type": "Article", "headline": "De molen draait", '
        f'"comment": [{parts}]}}</script>'
    )


def comments(thread: str) -> tuple[Comment, ...]:
    page = (
        "<html><head><title>De molen draait</title></head><body><article><h1>De molen draait</h1>"
        f"{PROSE}</article>{thread}</body></html>"
    )
    moment = datetime(2024, 5, 9, tzinfo=UTC)
    return extract(
        Page(url="https://krant.example/m/", body=page.encode(), fetched_at=moment)
    ).comments


@pytest.mark.parametrize("form", [wordpress, stated])
def test_a_comment_has_the_links_of_its_words_only(form: Callable[[str], str]) -> None:
    found = comments(form(WORDS))
    assert len(found) >= 3
    linked = {comment.author: comment.links for comment in found if comment.links}
    assert list(linked) == ["Lezer 2"]
    ((link,),) = linked.values()
    assert (link.canonical_url, link.domain, link.text) == (
        "https://molens.example/wiek",
        "molens.example",
        "dit stuk over wieken",
    )


@pytest.mark.parametrize("form", [wordpress, stated])
def test_whose_mailbox_a_link_leads_to_is_not_kept(form: Callable[[str], str]) -> None:
    words = 'Mail mij: <a href="mailto:jan@voorbeeld.example">jan@voorbeeld.example</a> graag.'
    links = [link for comment in comments(form(words)) for link in comment.links]
    assert [(link.url, link.domain) for link in links] == [("mailto:[…]@voorbeeld.example", None)]
