"""Posts of forums whose author stands beside the words: the box around both is the record."""

import pytest

from pipelines.comments import read_thread
from pipelines.document import open_document
from storage.records import Page
from tests.comments.test_reader import EXPECTED, NOW, records, said

INNER = {
    "subject": "<h3><a href='#p{n}'>Re: De brug bij Oudeveer</a></h3>"
    "<p class='author'><span>{day} 10:2{n}</span></p><div class='content'>{words}</div>",
    "label": "<a href='/t/7#post-{n}' class='Link'>Geplaatst: <span>{day} 10:2{n}</span></a>"
    "<div class='messageText'>{words}</div>",
    "marked": "<div><b>Bericht</b> <time datetime='2014-05-03T10:2{n}'>{day}</time></div>"
    "<div class='tekst'>{words}</div>",
}


def read_topic(template: str) -> list[tuple[str | None, str]]:
    body = (
        "<html lang='nl'><head><title>De brug bij Oudeveer - Forum</title></head><body>"
        f"<h1>De brug bij Oudeveer</h1><div>{records(template)}</div></body></html>"
    )
    url = "https://voorbeeld.nl/viewtopic.php?t=7"
    page = Page(url=url, body=body.encode(), fetched_at=NOW)
    return said(read_thread(open_document(page)))


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize(
    "profile",
    [
        "<dl class='postprofile'><dt><a href='/lid/{n}'>{name}</a></dt><dd>{n} stukken</dd></dl>",
        "<div class='userInfo'><h3 class='user'><a href='/leden/{n}'>{name}</a></h3></div>",
    ],
)
def test_the_box_around_author_and_words_is_the_record(profile: str, inner: str) -> None:
    post = (
        "<div class='post' id='p{n}'>"
        + profile
        + f"<div class='postbody'>{INNER[inner]}</div></div>"
    )
    assert read_topic(post) == EXPECTED


@pytest.mark.parametrize(
    "name",
    [
        "<span class='author'><span>{name}</span> <span class='reputatie'>19{n}</span></span>",
        "<h4 class='author'><strong>{name}</strong> <span title='Punten'><i></i> 1.{n}</span></h4>",
        "<div class='auteur'><a href='/lid/{n}'>{name}</a> <sup>{n}</sup></div>",
        "<p class='username'><em>{name}</em> <b>(4{n})</b></p>",
        "<div class='poster'><span>{name}</span><span class='badge'>+{n}</span></div>",
    ],
)
def test_a_number_beside_a_name_is_no_part_of_it(name: str) -> None:
    post = (
        "<article id='p{n}'>" + name + "<time datetime='2014-05-03T10:2{n}'>{day}</time>"
        "<div class='bericht'>{words}</div></article>"
    )
    assert read_topic(post) == EXPECTED


@pytest.mark.parametrize(
    "head",
    [
        "<small><a href='#m{n}'>Re: De brug bij Oudeveer</a><br>{n}-mei-2014 10:21</small>",
        "<div class='meta'><a class='PostUser' href='/lid/{n}'>{name}</a><br>{day} 10:21</div>",
        "<p class='kop'>Bericht van een lid<br/>{day}, 10:21 uur<br/>Oudeveer</p>",
        "<div class='links'>Lid sinds 21 januari 2009<br>{n}-mei-2014 10:21</div>",
        "<td class='wie'><b>Bericht</b><br>0{n}-05-2014 10:21</td>",
    ],
)
def test_a_line_behind_a_break_is_the_date_and_what_has_another_label_is_none(head: str) -> None:
    post = "<div class='post' id='p{n}'><div class='author'>{name}</div>" + head
    post += "<div class='bericht'>{words}</div></div>"
    page = f"<h1>De brug bij Oudeveer</h1><div>{records(post)}</div>"
    body = f"<html lang='nl'><head><title>De brug</title></head><body>{page}</body></html>"
    url = "https://voorbeeld.nl/viewtopic.php?t=7"
    thread = read_thread(open_document(Page(url=url, body=body.encode(), fetched_at=NOW)))
    assert [one.date_created.year for one in thread.comments if one.date_created] == [2014] * 4
