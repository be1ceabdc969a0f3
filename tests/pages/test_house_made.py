"""What whole crawls of house-made systems met: pages of our own writing of the same kinds, with
what a reader of each page sees.
"""

from datetime import UTC, datetime

import pytest

from pipelines.article import NotAnArticle, extract
from storage.records import Article, Page

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
URL = "https://polderpost.example/stuk/7,brug-blijft-dicht"
TEXT = "".join(
    f"<p>De brug over de vaart werd in week {week} weer een dag later geopend dan de gemeente had"
    " beloofd, en de schippers wachtten met hun koffie op de kade tot de wachter kwam.</p>"
    for week in range(3, 8)
)


def read(main: str, url: str = URL, title: str = "De brug blijft dicht :: Polderpost") -> Article:
    body = f"""<html lang="nl"><head><title>{title}</title></head><body>
    <header><a href="/">Polderpost</a></header><main>{main}</main></body></html>"""
    return extract(Page(url=url, body=body.encode(), fetched_at=NOW))


def article(byline: str, below: str = "") -> Article:
    return read(f"<div><h1>De brug blijft dicht</h1>{byline}{TEXT}</div>{below}")


@pytest.mark.parametrize(
    "byline",
    [
        "<p><small>{} / Tekst: {} / di. 15 oktober 2019, 12u04</small></p>",
        "<p><small>{} / Tekst: {} / di. 15 oktober 2019, 12u04 (bijgewerkt 2 jan '20 om 12.04"
        " uur)</small></p>",
        "<p>{} | Door {} | 15 oktober 2019, 12:04 uur</p>",
        "<p><b>{}</b> &middot; Geschreven door {} &middot; 15 oktober 2019</p>",
        "<p>15 oktober 2019 - {} - Auteur: {}</p>",
    ],
)
@pytest.mark.parametrize(
    "name",
    ["Bas Smit", "Daan El Amrani", "Maarten el Hassan", "Ria op den Camp", "Marie le Blanc",
        "Kees in 't Veld", "Fatima Al Idrissi"],
)  # fmt: skip
def test_a_line_of_section_name_and_date_is_no_text_and_names_its_author(
    byline: str, name: str
) -> None:
    found = article(byline.format("Verkeer", name))
    assert [author.name for author in found.authors] == [name]
    assert f"{found.date_published:%Y-%m-%d}" == "2019-10-15"
    assert found.article_body.startswith("De brug over de vaart werd in week 3")


@pytest.mark.parametrize(
    "first",
    [
        "Bas Smit woont al veertig jaar aan de vaart, en zag de brug nog nooit zo lang dicht.",
        "Verkeer in de stad? Bas Smit lacht er om, dat was op 15 oktober 2019 wel anders.",
        "Voor Bas Smit begint de dag vroeg.",
        "Bas Smit, Kees Vos, Ria Bos en Anna de Wit stonden om zeven uur al op de kade.",
        "‘Kom maar kijken’, zegt Bas Smit.",
    ],
)
def test_a_sentence_with_the_author_s_name_stays(first: str) -> None:
    found = article(f"<p>Tekst: Bas Smit / 15 oktober 2019</p><p>{first}</p>")
    assert [author.name for author in found.authors] == ["Bas Smit"]
    assert found.article_body.startswith(first)


ONE = (
    '<details open id="r1"><summary>Reactie 1</summary><p>Dat werd tijd, wij varen al een jaar om.'
    "</p><p><small>&mdash; Anna de Wit, di. 15 oktober 2019, 13u48 <a href='#a'>antwoord</a>"
    "</small></p></details>"
)
FORM = '<form method="post"><p>Uw naam <input name="n"> Uw mening <textarea></textarea></p></form>'


@pytest.mark.parametrize(
    "heading",
    ["Lezers praten mee (1)", "Wat lezers zeggen (1)", "Aan het woord (1)", "Uit de kajuit (1)",
        "1 reactie", "Van de lezer (1)"],
)  # fmt: skip
def test_one_comment_under_a_heading_that_counts_it_is_a_thread(heading: str) -> None:
    found = article("", f'<div id="praat"><h3>{heading}</h3>{ONE}{FORM}</div>')
    assert [(one.author, one.text) for one in found.comments] == [
        ("Anna de Wit", "Dat werd tijd, wij varen al een jaar om.")
    ]
    assert "Dat werd tijd" not in found.article_body
    assert found.article_body.endswith("tot de wachter kwam.")


@pytest.mark.parametrize(
    ("heading", "below"),
    [
        ("Lees ook (1)", ""),
        ("Foto's (1)", "<form><input name='q'></form>"),
        ("Agenda (1)", "<form><textarea name='nieuwsbrief'></textarea></form>"),
    ],
)
def test_a_heading_that_counts_something_else_is_none(heading: str, below: str) -> None:
    item = "<div><p>Markt op het plein</p><p>Anna de Wit, 15 oktober 2019, 13u48</p></div>"
    assert article("", f"<div><h3>{heading}</h3>{item}{below}</div>").comments == ()


def teaser(number: int, words: str = "") -> str:
    return (
        f'<section><h2><a href="/stuk/{number},sluis-{number}">Sluis {number} gaat open</a></h2>'
        f"<small>wo. 3 januari 2018, 7u15 door <a href='/schrijver/bas'>Bas Smit</a></small>"
        f"<p>{words or 'Jarenlang ging het goed, tot de sluis van dit dorp ineens stilviel.'}</p>"
        f'<small><a href="/stuk/{number}#praat">1 reactie</a></small></section>'
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Stukken van Bas Smit", "/schrijver/bas-smit"),
        ("Alles over horeca", "/label/horeca"),
        ("Wat speelt er in Grauwendam?", "/plaats/grauwendam"),
        ("Uit de vaart", "/serie/12"),
        ("Oktober 2019", "/terug/2019-10"),
    ],
)
def test_a_list_of_few_teasers_is_no_article(number: int, title: str, path: str) -> None:
    teasers = "".join(teaser(n) for n in range(1, number + 1))
    with pytest.raises(NotAnArticle) as refused:
        read(f"<h1>{title}</h1>{teasers}<p>blad 1 van 1</p>", URL[:25] + path, f"{title} | Post")
    assert refused.value.reason == "listing"


@pytest.mark.parametrize("heading", ["h1", "h2"])
@pytest.mark.parametrize("site", ["", "<h1><a href='/'>Polderpost</a></h1>", "<h1>Polderpost</h1>"])
def test_an_article_whose_headline_links_to_its_own_address_is_one(heading: str, site: str) -> None:
    own = f"<{heading}><a href='/stuk/7,brug'>De brug blijft dicht</a></{heading}>"
    short = "<p>De brug over de vaart blijft dicht tot het voorjaar, zegt de gemeente.</p>" * 2
    assert read(f"{site}<div>{own}{short}</div>", "https://polderpost.example/?p=7").article_body


@pytest.mark.parametrize("lead", ["De brug is dicht.", "Grauwendam wacht op de wachter!"])
def test_a_name_under_or_within_the_text_takes_nothing_away(lead: str) -> None:
    byline = "<p>Tekst: Bas Smit / 15 oktober 2019</p>"
    found = read(f"<div><h1>De brug blijft dicht</h1><p>{lead}</p>{byline}{TEXT}</div>")
    assert found.article_body.startswith(lead)
    short = f"<p>{lead} {lead} {lead} {lead}</p><p>Geschreven door Bas Smit.</p>"
    found = read(f"<div><h1>De brug blijft dicht</h1>{short}</div>")
    assert lead in found.article_body
