"""Records whose author stands in the line of the date, and something else where names often are."""

from datetime import UTC, datetime

import pytest

from pipelines.comments import read_thread
from pipelines.document import open_document
from storage.records import Page

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT = "<p>Over de pont is jaren gepraat, en nu vaart zij weer, elke dag van zes tot tien.</p>" * 8
SAID = (
    ("Geesje", "De pont was vol, en de kapitein in een best humeur."),
    ("Harm Mulder", "Wie had dat gedacht na al die jaren?"),
    ("Trijn de Boer", "Mijn fiets stond binnen een kwartier aan de overkant."),
    ("Foppe", "Volgend jaar ook op zondag, hoop ik."),
)
RANKS = ("Vaste lezer", "Erelid", "Vaste lezer", "Nieuw hier")
TITLES = ("Vol", "Wie had dat gedacht", "Snel over", "Zondag")
TOWNS = ("Meppel", "Goes", "Meppel", "Hoorn")


@pytest.mark.parametrize(
    "record",
    [
        "<li><em>{rank}</em> <div>{who}, {day} mei 2014 om 10:21</div><p>{text}</p></li>",
        "<li><div>{who}, {day} mei 2014 om 10:21</div> <b>{rank}</b><p>{text}</p></li>",
        "<li><h4>{title}</h4><div>{who} - 0{day}-05-2014 10:21</div><p>{text}</p></li>",
        "<li><span>{town}</span><div>{day} mei 2014, 10.21 uur, {who}</div><p>{text}</p></li>",
        "<li><p>{text}</p><small>{rank}</small><div>{who} | 2014-05-0{day} 10:21</div></li>",
        "<li><b>{town}</b><div>{who}<br>{day} mei 2014 10:21</div><div>{text}</div></li>",
    ],
    ids=["rank", "rank behind", "title", "town", "at the end", "two lines"],
)
def test_who_signs_with_the_date_is_the_author(record: str) -> None:
    rows = "".join(
        record.format(
            who=who,
            text=text,
            day=day,
            rank=RANKS[day - 3],
            title=TITLES[day - 3],
            town=TOWNS[day - 3],
        )
        for day, (who, text) in enumerate(SAID, 3)
    )
    html = f"""<html lang="nl"><head><title>De pont vaart weer</title></head><body>
    <div><h1>De pont vaart weer</h1>{TEXT}</div><div><h3>4 reacties</h3><ul>{rows}</ul>
    <form><textarea name="reactie"></textarea></form></div></body></html>"""
    url = "https://dorp.example/pont/"
    page = Page(url=url, body=html.encode(), fetched_at=NOW, content_type="text/html")
    thread = read_thread(open_document(page))
    assert [(one.author, one.text) for one in thread.comments] == list(SAID)
    assert [one.date_created.day for one in thread.comments if one.date_created] == [3, 4, 5, 6]
