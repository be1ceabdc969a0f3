"""Lists whose titles are no headings with a link, and the articles that look like them."""

import pytest

from tests.page_kinds import kind_of

TITLES = (
    "Bakkerij sluit na 87 jaar de deuren",
    "Fietspad langs de vaart weer open",
    "Zwembad verhoogt de prijzen niet",
    "School zoekt oude foto's van het plein",
)
SUMMARY = (
    "Het bestuur maakte dat donderdagavond bekend in het dorpshuis, na overleg met de buurt en "
    "de aannemer. Wie vragen heeft, kan maandag langskomen."
)
LINE = "De optocht trok dit jaar meer mensen dan ooit naar de kade."
TEXT = (
    "De gemeenteraad heeft donderdagavond ingestemd met de bouw van een nieuwe sporthal aan de "
    "rand van het dorp, ondanks bezwaren van omwonenden die vrezen voor overlast in de avond."
)
CARD = '<a href="/n/{n}"><img src="/{n}.jpg"><span>{t}</span><p>{s}</p></a>'
SHORT = f"<p>{LINE} {SUMMARY}</p>"
ROW = '<div class="rij"><a href="/n/{n}">{t}</a><p>{s}</p></div>'
LINK = '<li><a href="/n/{n}">{t}</a></li>'


def listed(row: str, count: int = 4) -> str:
    titles = enumerate((TITLES * count)[:count], 1)
    return "".join(row.format(n=n, t=title, s=SUMMARY) for n, title in titles)


def kind(body: str, head: str = "") -> str:
    page = f"<html lang=nl><head><title>Actueel</title>{head}</head><body>{body}</body></html>"
    return kind_of(page)


@pytest.mark.parametrize("count", [4, 8, 20])
@pytest.mark.parametrize(
    "row",
    [
        ROW,
        CARD,
        '<a href="/n/{n}">{t}</a><p>{s}</p>',
        '<b><a href="/n/{n}">{t}</a></b><br>{s}<br><br>',
        '<div><h4><a href="/n/{n}">{t}</a></h4><p>{s}</p></div>',
        '<article><a href="/n/{n}"><span>{t}</span></a><p>{s}</p></article>',
        '<li><time datetime="2024-02-03">3 feb</time><a href="/n/{n}">{t}</a><span>{s}</span></li>',
        '<tr><td>{n}-2-2024</td><td><a href="/n/{n}">{t}</a></td><td>{s}</td></tr>',
        '<div><h2>{t}</h2><i>{n}-2-2024</i><p>{s} <a href="/n/{n}">Lees verder</a></p></div>',
        '<h2>{t}</h2><p>{s}</p><p><a href="https://www.dorp.example/n/{n}">Lees meer</a></p>',
        '<a href="/n/{n}"><div><span>{n}-2-2024</span><h3>{t}</h3><p>{s}</p></div></a>',
    ],
)
def test_a_page_of_records_that_lead_elsewhere_is_a_list(row: str, count: int) -> None:
    rows = listed(row, count)
    rows = f"<table>{rows}</table>" if "<tr>" in row else rows
    menu = "<div><a href='/sport'>Sport</a> <a href='/agenda'>Agenda</a></div>"
    assert kind(f"{menu}<div><h1>Actueel</h1>{rows}</div><div>Dorpsplein 1</div>") == "listing"
    assert kind(f"<main><h1>Actueel</h1>{rows}</main><p>Dorpsplein 1</p>") == "listing"


def test_a_list_has_its_lead_and_an_author_his_life() -> None:
    lead = "<p>Verslaggever</p><p>Jan Smit schrijft sinds 2011 over de dorpen en het water.</p>"
    assert kind(f"<h1>Jan Smit</h1>{lead}{listed(ROW, 8)}") == "listing"
    assert kind(f"<main><header><h1>Nieuws</h1><p>{LINE}</p></header>{listed(ROW)}</main>") == (
        "listing"
    )


ARTICLES = {
    "a text over a list of others": f"<p>{TEXT}</p><p>{TEXT}</p><ul>{listed(LINK, 8)}</ul>",
    "a weekly letter with its day": f"<p>9 februari 2024</p><p>{LINE}</p>{listed(ROW)}",
    "a letter that is signed": f"<p>Door Els Bos</p><p>{LINE}</p><ul>{listed(LINK, 6)}</ul>",
    "a picture with others under it": f"<img src=a.jpg><p>{LINE} Foto: Jan</p>{listed(CARD, 6)}",
    "a line over other news": f"{SHORT}<h3>Meer nieuws</h3><ul>{listed(LINK, 6)}</ul>",
    "a line over other news in bold": f"{SHORT}<p><b>Lees ook</b></p>{listed(CARD)}",
    "links within the text": 4
    * f'<p>De <a href="/n/1">raad van de gemeente</a> zei nee. {LINE}</p>',
    "boxes between the paragraphs": "".join(
        f'<p>{LINE}</p><div><a href="/n/{n}">{title}</a></div>' for n, title in enumerate(TITLES)
    ),
    "links to other sites": f"<p>{LINE}</p>"
    + listed(ROW).replace('"/n', '"https://elders.example'),
    "parts of some length": listed("<h2>{t}</h2>" + 3 * "<p>{s}</p>" + '<a href="/n/{n}">Meer</a>'),
    "ingredients": "<ul>"
    + "".join(f'<li><a href="/i/{n}">{n} eieren</a>, geklopt</li>' for n in range(6))
    + f"</ul><p>{LINE}</p>",
    "a text over links that is broken by lines": f"{TEXT}<br><br>{TEXT}<br>{listed(ROW)}",
    "a text under its contents": f"<ul>{listed(LINK)}</ul><p>{TEXT}</p><p>{TEXT}</p>",
}


@pytest.mark.parametrize("case", ARTICLES)
def test_an_article_with_links_is_no_list(case: str) -> None:
    assert kind(f"<div><h1>Optocht langs de kade</h1>{ARTICLES[case]}</div>") == "article"


def test_a_short_text_in_a_box_of_its_own_is_no_list() -> None:
    box = f"<div><h1>Optocht langs de kade</h1>{SHORT}</div>"
    assert kind(f"{box}<div>{listed(CARD, 6)}</div>") == "article"


def test_a_list_that_is_stated_to_be_an_article_is_one() -> None:
    stated = '<meta property="og:type" content="article">'
    assert kind(f"<h1>Vier tips</h1><p>{LINE}</p>{listed(ROW)}", stated) == "article"


def test_a_short_text_with_comments_is_no_list() -> None:
    comments = listed(
        '<li class="comment"><a href="/lid/{n}">Lezer nummer {n} uit het dorp</a> '
        "<time>{n} mei 2014 10:2{n}</time><p>{s}</p></li>",
        6,
    )
    body = f'<h1>Optocht</h1><p>{LINE}</p><h3>6 reacties</h3><ol class="comments">{comments}</ol>'
    assert kind(body) == "article"
