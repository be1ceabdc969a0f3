"""What stands beside an article's date and is another's, or the visit's: an agenda's aside, a clock
with a stop, an address of the page itself.
"""

import pytest

from tests.metadata.test_page_dates import article, local, read

DAY = "2014-05-03 00:00"
BYLINE = "<p class='meta'>3 mei 2014</p>"


@pytest.mark.parametrize(
    "aside",
    [
        "<aside class='agenda'><h3>Agenda</h3><p>Braderie</p><time>9 mei 2014</time></aside>",
        "<aside><h4>Nieuwsbrief</h4><p>De volgende komt op <time>9 mei 2014</time></p></aside>",
        "<aside class='related'><p>De bakker sluit</p><time>9 mei 2014</time></aside>",
        "<aside class='events-list'><p>Markt: <time>9 mei 2014</time></p></aside>",
        "<aside><h2>Lees ook</h2><span class='date'>9 mei 2014</span></aside>",
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_an_aside_about_something_else_dates_nothing(aside: str, *, is_first: bool) -> None:
    found = read(article(aside + BYLINE if is_first else BYLINE, aside))
    assert local(found.date_published) == DAY
    assert found.date_conflict is None


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://dorp.example/?p=7", "http://dorp.example/2014/05/03/de-molen/"),
        ("http://dorp.example/amp/nieuws/molen", "http://dorp.example/nieuws/molen"),
    ],
)
def test_a_byline_that_leads_to_the_page_s_own_address_is_its_own(url: str, own: str) -> None:
    line = f"<a href='{own}'>3 mei 2014 in Cultuur en Erfgoed, door Jan Smit</a>"
    head = f"<link rel='canonical' href='{own}'>"
    found = read(article(f"<p class='meta'>{line}</p>"), head, url)
    assert local(found.date_published) == DAY


@pytest.mark.parametrize(
    "line", ["<time>3 mei, 10.30 uur</time>", "<p class='meta'>3 mei 10.30</p>"]
)
def test_the_minutes_of_a_clock_are_no_year(line: str) -> None:
    dated = '<meta name="date" content="2014-05-09T08:00:00+02:00">'
    assert local(read(article(line), dated).date_published) == "2014-05-09 08:00"


def test_the_year_that_an_attribute_states_stays() -> None:
    line = "<time datetime='2014-05-03T10:21:00+02:00'>3 mei</time><p class='meta'>3 mei 2013</p>"
    found = read(article(line))
    assert local(found.date_published) == "2014-05-03 10:21"


def test_a_day_whose_year_the_attribute_states_comes_before_a_meta_of_no_named_kind() -> None:
    line = "<time datetime='2014-05-03'>3 mei</time>"
    found = read(article(line), '<meta name="date" content="2014-05-09">')
    assert local(found.date_published) == DAY
