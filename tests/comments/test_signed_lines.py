"""Records whose author stands in the line of the date, and something else where names often are;
and the other way round.
"""

import pytest

from storage.records import Comment
from tests.ferry import SAID, TEXT, thread_of

RANKS = ("Vaste lezer", "Erelid", "Vaste lezer", "Nieuw hier")
DEVICES = ("Android", "iPhone", "Windows", "iPad")
TOWNS = ("Meppel", "Goes", "Meppel", "Hoorn")


@pytest.mark.parametrize(
    "record",
    [
        "<li><em>{rank}</em> <div>{who}, {day} mei 2014 om 10:21</div><p>{text}</p></li>",
        "<li><div>{who}, {day} mei 2014 om 10:21</div> <b>{rank}</b><p>{text}</p></li>",
        "<li><span>{town}</span><div>{day} mei 2014, 10.21 uur, {who}</div><p>{text}</p></li>",
        "<li><p>{text}</p><small>{rank}</small><div>{who} | 2014-05-0{day} 10:21</div></li>",
        "<li><b>{town}</b><div>{who}<br>{day} mei 2014 10:21</div><div>{text}</div></li>",
    ],
    ids=["rank", "rank behind", "town", "at the end", "two lines"],
)
def test_who_signs_with_the_date_is_the_author(record: str) -> None:
    check(record)


@pytest.mark.parametrize(
    "record",
    [
        "<li><cite class='author'>{who}</cite><div>{device} · {day} mei 2014 om 10:21</div>"
        "<p>{text}</p></li>",
        "<li><b>{who}</b><div>{town}, {day} mei 2014 om 10:21</div><p>{text}</p></li>",
        "<li><i class='naam'>{who}</i><div>{town} - 0{day}-05-2014 10:21</div><p>{text}</p></li>",
        "<li><a href='/leden/{day}'>{who}</a><i>Nederland, {day} mei 2014</i><p>{text}</p></li>",
        "<li><strong>{who}</strong><small>{day} mei 2014, 21h36 min</small><p>{text}</p></li>",
    ],
    ids=["device", "town", "town beside a class", "country", "clock"],
)
def test_what_else_is_beside_the_date_is_nobody(record: str) -> None:
    check(record)


@pytest.mark.parametrize(
    "record",
    [
        "<li><div>{who} <i><u><small><tt>{day} mei 2014 10:21</tt></small></u></i></div>"
        "<p>{text}</p></li>",
        "<li><div><div><div><div>{day} mei 2014 10:21</div></div></div>{who}</div>"
        "<p>{text}</p></li>",
        "<li><div><span>{who}</span><div><div><div>{day} mei 2014</div></div></div></div>"
        "<p>{text}</p></li>",
        "<li><p>{text}</p><div><div><div><div><span>{day} mei 2014</span></div> {who}</div></div>"
        "</div></li>",
        "<li><section><header><div><div>0{day}-05-2014 10:21</div></div><span>{who}</span>"
        "</header><p>{text}</p></section></li>",
    ],
    ids=["inline", "before", "behind", "under the text", "in a head"],
)
def test_boxes_that_hold_but_the_date_are_none_beside_it(record: str) -> None:
    check(record)


BIO = "Vaart al jaren op de vaart, en schrijft daar graag over als de brug weer eens dicht is. "


@pytest.mark.parametrize(
    "record",
    [
        "<li><h4>{who}<br><small>" + BIO * 2 + "</small></h4><span>{day} mei 2014 10:21</span>"
        "<p>{text}</p></li>",
        "<li class='reactie'><p>{text}</p><div>{who} <span><i class='klok'></i>"
        "<time datetime='2014-05-0{day}T10:21'></time></span></div></li>",
        "<li class='reactie'><p>{text}</p><div>{who} <span><img src='k.png' alt=''>"
        "<abbr title='2014-05-0{day}T10:21:00+02:00'></abbr></span></div></li>",
        "<li class='reactie'><p>{text}</p><div>{who}"
        + "<img src='ster.png' alt=''>" * 12
        + "<small>{day} mei 2014 10:21</small></div></li>",
    ],
    ids=["card", "filled by script", "title", "stars"],
)
def test_a_box_of_more_than_a_name_still_names_who_wrote(record: str) -> None:
    assert [one.author for one in read(records(record))] == [who for who, _text in SAID]


@pytest.mark.parametrize(
    "box",
    [
        "<div>{date}<div>Zoveel geef ik<select>{options}</select></div></div>",
        "<p>{date}<select>{options}</select></p>",
        "<div><span>Zoveel geef ik</span><select>{options}</select> {date}</div>",
        "<div><section>Zoveel geef ik<select>{options}</select></section>{date}</div>",
        "<div>{date}<form><p>Zoveel geef ik<p><select>{options}</select></form></div>",
    ],
    ids=["behind", "bare", "before", "section", "form"],
)
def test_words_of_a_large_box_around_the_date_are_no_name(box: str) -> None:
    options = "".join(f"<option>{amount} taartpunten</option>" for amount in range(1, 90))
    widget = box.format(options=options, date="<small>{day} mei 2014</small>")
    rows = records("<li class='reactie'><p>{text}</p>" + widget + "</li>")
    assert {one.author for one in read(rows)} == {None}


def records(record: str) -> str:
    return "".join(
        record.format(
            who=who,
            text=text,
            day=day,
            rank=RANKS[day - 3],
            town=TOWNS[day - 3],
            device=DEVICES[day - 3],
        )
        for day, (who, text) in enumerate(SAID, 3)
    )


def read(rows: str) -> list[Comment]:
    html = f"""<html lang="nl"><head><title>De pont vaart weer</title></head><body>
    <div><h1>De pont vaart weer</h1>{TEXT}</div><div><h3>4 reacties</h3><ul>{rows}</ul>
    <form><textarea name="reactie"></textarea></form></div></body></html>"""
    return thread_of(html, "https://dorp.example/pont/").comments


def check(record: str) -> None:
    comments = read(records(record))
    assert [(one.author, one.text) for one in comments] == list(SAID)
    assert [one.date_created.day for one in comments if one.date_created] == [3, 4, 5, 6]
