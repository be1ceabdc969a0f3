"""A thread whose records are rows beside each other: a class states how deep each is, a word behind
the name who is the site's own, and the byline begins with a word.
"""

from datetime import UTC, datetime

import pytest

from pipelines.article import read_article, read_by
from pipelines.document import Document, open_document
from pipelines.learning import learn
from pipelines.profiles import Profile
from storage.records import Page

SITE = "vaartbode.example"
NAMES = ("Anna de Wit", "Bas Kuipers (redactie)", "Cor Smit", "Dina Mulder", "Evert Vos")
DEPTHS = (0, 1, 1, 2, 0)
PROSE = "De brug over de vaart blijft nog weken dicht, en de schippers wachten op de kade. " * 6


def row(page: int, place: int) -> str:
    number = 100 * page + place
    return (
        f'<tr id="c{number}" class="diep{DEPTHS[place]}"><td>'
        f'<div class="wie">Door: {NAMES[(page + place) % 5]}</div>'
        f'<div class="wat"><p>Ik vind van brug {number} dat de gemeente te lang wacht.</p></div>'
        f'<div class="wanneer">Geplaatst: {place + 10}-09-2018, 19:2{place} '
        f'<a href="/comments/reply/{number}/">reageer</a></div></td></tr>'
    )


def page(number: int, *, dated: bool = True) -> Document:
    rows = "".join(row(number, place) for place in range(5))
    rows = rows if dated else rows.replace('class="wanneer"', 'class="toen"')
    markup = (
        f'<html lang="nl"><head><title>Brug {number}</title></head><body>'
        f'<div id="kop">Vaartbode</div><div class="kolom"><h1>Brug {number} gaat dicht</h1>'
        f'<p class="lijn">Door Piet Vaart, '
        f'{number + 1} maart 2018</p><div class="stuk"><p>Bericht {number}. {PROSE}</p>'
        f"<p>{PROSE}{number}</p></div>"
        f'<div id="reacties"><h4>5 reacties</h4><table class="reacties">{rows}</table></div>'
        "</div></body></html>"
    )
    return open_document(
        Page(
            url=f"https://{SITE}/brug-{number}/",
            body=markup.encode(),
            fetched_at=datetime(2026, 11, 29, tzinfo=UTC),
        )
    )


@pytest.fixture(scope="module")
def profile() -> Profile:
    (learned,) = learn(SITE, [page(number) for number in range(5)])
    return learned


def test_rows_are_read_by_the_profile_as_they_are_without_one(profile: Profile) -> None:
    assert profile.thread is not None
    assert profile.thread.depth == "diep"
    read, generic = read_by(page(7), (profile,)), read_article(page(7))
    assert dict(read.field_methods)["comments"] == "profile"
    assert read.comments == generic.comments
    assert [c.parent_position for c in read.comments] == [None, 0, 0, 2, None]
    assert {c.author for c in read.comments if c.author_is_staff} == {"Bas Kuipers"}


def test_rows_without_their_dates_are_a_miss(profile: Profile) -> None:
    read = read_by(page(8, dated=False), (profile,))
    assert dict(read.field_methods)["comments"] == "generic"
