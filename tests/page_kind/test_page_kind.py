"""Which pages are articles: listings, shops, forms and empty shells are refused by what they are,
not by what they are called.
"""

import pytest

from pipelines.page_kind import leads_elsewhere
from tests.page_kinds import kind_of

TEXT = (
    "De gemeenteraad heeft donderdagavond ingestemd met de bouw van een nieuwe "
    "sporthal aan de rand van het dorp, "
    "ondanks bezwaren van omwonenden die vrezen voor overlast."
)


def teasers(count: int) -> str:
    one = (
        '<div><h2><a href="/nieuws/stuk-{0}">Stuk nummer {0} over het '
        "dorp</a></h2><p>De gemeenteraad heeft ingestemd met plan {0}.</p></div>"
    )
    return "".join(one.format(number) for number in range(count))


def posts(count: int) -> str:
    return "".join(
        f'<div class="post"><h2><a href="/p{n}">Bericht nummer '
        f"{n}</a></h2>{3 * f'<p>{TEXT}</p>'}</div>"
        for n in range(count)
    )


def kind(path: str, title: str, body: str, head: str = "", body_class: str = "") -> str:
    page = (
        f"<html lang=nl><head><title>{title}</title>{head}</head><body "
        f"class='{body_class}'><div id=w>{body}</div></body></html>"
    )
    return kind_of(page, path)


LINKS = "".join(
    f'<tr><td><a href="/t/{n}">Onderwerp {n} over de molen</a></td><td>12</td><td>Jan</td></tr>'
    for n in range(9)
)


@pytest.mark.parametrize(
    ("path", "title", "body", "expected"),
    [
        ("/", "Dorpsblad", f"<h1>Dorpsblad</h1>{teasers(10)}", "listing"),
        ("/sport", "Sport - Dorpsblad", f"<h1>Sport</h1>{teasers(10)}", "listing"),
        ("/sport", "Sport - Dorpsblad", f"<h1>Sport</h1>{teasers(3)}", "listing"),
        ("/blog", "Weblog", posts(5), "listing"),
        ("/forum/algemeen", "Forum", f"<h1>Algemeen</h1><table>{LINKS}</table>", "listing"),
        ("/tag/molen", "Molen", f"<h1>Molen</h1>{teasers(2)}", "listing"),
        (
            "/auteur/jan",
            "Jan",
            f"<h1>Jan</h1><p>Jan schrijft over sport.</p>{teasers(6)}",
            "listing",
        ),
        (
            "/contact",
            "Contact",
            f"<h1>Contact</h1><p>Heb je een vraag? {TEXT}</p><form><input></form>",
            "static_page",
        ),
        ("/over-ons/", "Over ons", f"<h1>Over ons</h1><p>{TEXT}</p><p>{TEXT}</p>", "static_page"),
        (
            "/x",
            "Niet gevonden",
            "<h1>Pagina niet gevonden</h1><p>De pagina die u zocht bestaat niet meer.</p>",
            "error_page",
        ),
        ("/optocht", "Optocht", "<h1>Optocht</h1><img src=a.jpg><p>Foto: Jan</p>", "no_text"),
        (
            "/blog/over-vertrouwen/",
            "Over vertrouwen",
            f"<h1>Over vertrouwen</h1><p>{TEXT}</p><p>{TEXT}</p>",
            "article",
        ),
        (
            "/nieuws/sporthal",
            "Sporthal",
            f"<h1>Sporthal komt er</h1>{3 * f'<p>{TEXT}</p>'}{teasers(8)}",
            "article",
        ),
        (
            "/sporthal",
            "Sporthal",
            f"{teasers(8)}<div><h1>Sporthal komt er</h1>{8 * f'<p>{TEXT}</p>'}</div>{teasers(9)}",
            "article",
        ),
        (
            "/archief/2004/sporthal.html",
            "Sporthal",
            f"<h1>Sporthal komt er</h1>{4 * f'<p>{TEXT}</p>'}",
            "article",
        ),
        (
            "/thema/bouw/de-sporthal-komt-er/",
            "Sporthal",
            f"<h1>Sporthal komt er</h1>{4 * f'<p>{TEXT}</p>'}",
            "article",
        ),
        (
            "/author/jan-willem-de-boer2/",
            "Jan",
            f"<h1>Jan-Willem de Boer</h1><div>{4 * f'<p>{TEXT}</p>'}</div>",
            "listing",
        ),
        (
            "/archief/2004/",
            "2004",
            f"<h1>Archief 2004</h1><div>{4 * f'<p>{TEXT}</p>'}</div>",
            "listing",
        ),
        ("/thema/bouw/", "Bouw", f"<h1>Bouw</h1><p>{4 * TEXT}</p>{teasers(6)}", "listing"),
        (
            "/",
            "Weblog",
            "<h1>Weblog</h1><div><h2><a href='/p1'>Eerste</a></h2>"
            f"{9 * f'<p>{TEXT}</p>'}</div>{teasers(3)}",
            "listing",
        ),
        (
            "/nieuws/brand",
            "Kort",
            f"<h1>Brand in schuur</h1><p>12 mei 2014</p><p>{TEXT}</p>",
            "article",
        ),
    ],
)
def test_what_a_page_is(path: str, title: str, body: str, expected: str) -> None:
    assert kind(path, title, body) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [("", "article"), ("<link href='/wp-content/themes/x/style.css'>", "listing")],
)
def test_only_where_wordpress_says_so_a_class_makes_a_page_a_listing(
    head: str, expected: str
) -> None:
    body = f"<div><h1><a href='/sporthal'>Sporthal</a></h1>{5 * f'<p>{TEXT}</p>'}</div>"
    assert kind("/sporthal", "Sporthal", body, head, "overlord blog") == expected


def test_a_product_is_no_article() -> None:
    stated = (
        '<script type="application/ld+json">{"@type": "Product", "name": "Rode fiets"}</script>'
    )
    assert (
        kind("/p/rode-fiets", "Rode fiets", f"<h1>Rode fiets</h1><p>{TEXT}</p>", stated)
        == "product"
    )


@pytest.mark.parametrize(
    ("url", "href", "expected"),
    [
        ("/stuk/", "/ander-stuk/", True),
        ("/stuk/", "https://www.voorbeeld.nl/ander-stuk/", True),
        ("/nieuws/stuk.html", "ander.html", True),
        ("/nieuws/stuk.html", "stuk.html", False),
        ("/stuk/", "/stuk", False),
        ("/stuk/", "https://voorbeeld.nl/stuk/?utm_source=nieuwsbrief", False),
        ("/stuk/", "/stuk/?replytocom=12#respond", False),
        ("/comments/stuk/", "/comment/12#comment-12", False),
        ("/stuk/", "#reacties", False),
        ("/stuk/", "mailto:redactie@voorbeeld.nl", False),
        ("/stuk/", "/", False),
        ("/stuk/", "https://voorbeeld.nl/", False),
        ("/index.php?id=5", "index.php?id=6", True),
        ("/index.php?id=5", "/index.php?id=5", False),
        ("/", "/?p=12", True),
        ("/stuk/", "http://[mijn site]/", False),
        ("/stuk/", "", False),
    ],
)
def test_what_a_link_leads_to(url: str, href: str, expected: bool) -> None:
    assert leads_elsewhere(href, f"https://voorbeeld.nl{url}") is expected


def test_headings_that_lead_to_comments_or_to_the_page_itself_make_no_listing() -> None:
    own = "".join(
        f"<div><h3><a href='/comment/{n}#comment-{n}'>Re: de hal</a></h3><p>Mee eens, "
        f"punt {n}.</p></div>"
        for n in range(5)
    )
    assert (
        kind(
            "/sporthal",
            "Sporthal",
            f"<h1><a href='sporthal'>Sporthal komt er</a></h1><p>{TEXT}</p>{own}",
        )
        == "article"
    )


TOPICS = "".join(
    f'<li class="row"><a href="./viewtopic.php?t={n}" class="topictitle">Wanneer '
    f'gaat brug {n} open?</a> door <a href="./memberlist.php?u={n}" '
    f'class="username">Lezer{n}</a> &raquo; za 03 mei 2014 10:2{n}<dl><dd '
    f'class="lastpost">door <a href="./memberlist.php?u={n}1">bram_{n}</a> '
    f"ma 05 mei 2014 12:0{n}</dd></dl></li>"
    for n in range(8)
)


@pytest.mark.parametrize(
    ("path", "body_class", "expected"),
    [
        ("/viewforum.php?f=2", "", "listing"),
        ("/bruggen-f2.html", "nojs notouch section-viewforum ltr", "listing"),
        ("/index.php?board=2.0", "", "listing"),
        ("/forumdisplay.php?fid=3", "", "listing"),
        ("/index.php?topic=12.0", "", "article"),
        ("/viewtopic.php?t=12", "section-viewtopic", "article"),
    ],
)
def test_a_list_of_topics_is_no_topic(path: str, body_class: str, expected: str) -> None:
    body = f"<h1>Bruggen</h1><p>{TEXT}</p><p>{TEXT}</p><ul class='topics'>{TOPICS}</ul>"
    assert kind(path, "Bruggen", body, body_class=body_class) == expected


TITLES = (
    "Waar komt de naam van de molen vandaan?",
    "Oproep: wie heeft er nog foto's van de school?",
    "De kermis van vorig jaar",
    "Nieuwe bank bij de haven",
    "Wateroverlast in de Kerkstraat, alweer",
)


@pytest.mark.parametrize(
    "row",
    [
        '<div class="rij"><a href="/forum/f/topic/{n}/">{t}</a>'
        '<div>Door: <a href="/lid/{n}/">Lezer {n}</a> op {n} mei 2014 10:2{n}</div></div>',
        '<li class="row"><a class="topictitle" href="/t/{n}">{t}</a> '
        "<span>door <b>Lezer {n}</b>, {n} mei 2014 10:2{n}</span></li>",
        '<tr><td><a href="/onderwerp/{n}">{t}</a></td>'
        '<td><a href="/lid/{n}">Lezer {n}</a></td><td>{n} mei 2014 10:2{n}</td></tr>',
        '<div class="item"><span class="auteur">Lezer {n}</span> <time datetime="2014-05-0{n}">'
        '{n} mei 2014</time><p><a href="/discussie/{n}">{t}</a></p></div>',
        "<article><header>Lezer {n} schreef op {n} mei 2014 10:2{n}:</header>"
        '<h4><a href="/d/{n}/bericht">{t}</a></h4></article>',
    ],
)
def test_a_list_of_titles_is_no_topic_although_each_has_its_author_and_its_day(row: str) -> None:
    rows = "".join(row.format(n=n, t=title) for n, title in enumerate(TITLES, 1))
    body = f"<table>{rows}</table>" if "<tr>" in row else rows
    assert kind("/forum/dorp-8/", "Dorpsforum", f"<h1>Dorpsforum</h1>{body}") in {
        "listing",
        "no_text",
    }


def test_a_home_page_with_some_words_is_no_article() -> None:
    rows = "".join(
        f'<div><a href="/forum/{n}/">Dorp {n}</a><div>Alles over dorp {n} en omgeving</div></div>'
        for n in range(9)
    )
    assert kind("/", "Het forum", f"<h1>Het forum</h1>{rows}") == "no_text"
    assert kind("/?p=17", "De molen", f"<h1>De molen</h1><p>{TEXT}</p>") == "article"
    assert kind("/", "De molen", f"<h1>De molen</h1><div>{f'<p>{TEXT}</p>' * 5}</div>") == "article"
