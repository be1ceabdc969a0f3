"""Walls in the place of a page, and articles that only stand beside a banner or a login box."""

from datetime import UTC, datetime

import pytest

from pipelines.article import NotAnArticle, extract
from storage.records import Page

NEWS = (
    "<h1>Sluis weer open</h1><p>De sluis bij Oudewater is sinds vrijdag weer open "
    "voor de pleziervaart.</p>"
    "<p>De herstelwerken duurden elf weken, twee weken langer dan de provincie had gedacht.</p>"
)
BANNER = (
    "<div>Wij gebruiken cookies om de site te laten werken. <a "
    "href='/privacy'>Lees meer</a> <a>Alles accepteren</a></div>"
)
LOGIN = (
    "<form><h3>Inloggen</h3>Gebruikersnaam <input name=u> Wachtwoord <input "
    "type=password name=p><a>Wachtwoord vergeten?</a></form>"
)

WALLED = {
    "a page that only asks": (
        "consent",
        f"<h1>Even dit</h1>{BANNER}<p>U kunt uw keuze altijd wijzigen in uw instellingen.</p>",
    ),
    "a page that only asks, at length": (
        "consent",
        "<h1>Welkom</h1><p>Wij en onze partners slaan cookies op en verwerken "
        "persoonsgegevens, zoals uw adres, voor advertenties.</p>"
        "<p>Met uw toestemming meten wij het bereik van onze websites en verbeteren "
        "wij ze.</p><button>Akkoord</button>",
    ),
    "a members' page": (
        "login",
        "<h1>Verboden toegang</h1><p>U moet inloggen om dit te kunnen lezen, met uw "
        f"account.</p>{LOGIN}",
    ),
    "an article with a password of its own": (
        "login",
        "<h1>Beveiligd: Sluis weer open</h1><p>De sluis is het blad voor wie van water "
        "houdt en er vaak op vaart.</p><article>"
        "<form action='/wp-login.php?action=postpass'><p>Ce contenu est protégé par un "
        "mot de passe.</p><input name='post_password' "
        "type=password></form></article><p>Wil schrijft over sluizen, gemalen en "
        "bruggen in het hele land, en woont aan het water.</p>",
    ),
    "a page for members that links to their login": (
        "login",
        "<h1>Notulen van de vergadering</h1><p>Deze pagina is alleen toegankelijk voor leden. Log "
        "in om verder te lezen.</p><p><a href='/login'>Inloggen</a></p>",
    ),
    "a part for members": (
        "login",
        "<h1>Wedstrijden</h1><p>Dit gedeelte is uitsluitend zichtbaar voor ingelogde leden.</p>"
        "<a href='/login'>Inloggen</a>",
    ),
    "a check for robots": (
        "bot_check",
        "<h1>example.nl</h1><p>Verify you are human by completing the action below.</p>"
        "<p>example.nl needs to review the security of your connection before proceeding.</p>",
    ),
    "a check for people": (
        "bot_check",
        "<h1>Even controleren</h1><p>Bevestig dat u een mens bent door het vakje aan te vinken.</p>"
        "<p>Dorpsblad moet de veiligheid van uw verbinding controleren voordat u verder kunt.</p>",
    ),
    "a box to tick": (
        "bot_check",
        "<h1>Bijna daar</h1><p>Vink aan: ik ben geen robot. Dan gaan wij verder naar het blad.</p>",
    ),
    "a question of age": (
        "consent",
        "<h1>Bent u 18 jaar of ouder?</h1><p>Deze pagina is alleen voor volwassenen. Klik "
        "hieronder om te bevestigen dat u 18 jaar of ouder bent.</p>"
        "<button>Ja</button><button>Nee</button>",
    ),
    "a question of age, in English": (
        "consent",
        "<h1>Welcome</h1><p>You must be 21 years or older to enter this site.</p><a>Leave</a>",
    ),
    "a site under repair": (
        "server_error",
        "<h1>Onderhoud</h1><p>Onze website is tijdelijk niet bereikbaar wegens onderhoud. Probeer "
        "het later nog eens, onze excuses voor het ongemak.</p>",
    ),
    "a site that comes back": (
        "server_error",
        "<h1>Dorpsblad</h1><p>We zijn even offline voor onderhoud en snel terug, dank voor "
        "uw geduld.</p>",
    ),
    "a site without its database": (
        "server_error",
        "<h1>Error establishing a database connection</h1><p>Sorry, this page is unavailable.</p>",
    ),
}
BESIDE = {
    "a banner above": BANNER + NEWS,
    "a banner below": NEWS + BANNER,
    "a login box in the margin": f"<table><tr><td>{LOGIN}</td><td>{NEWS}</td></tr></table>",
    "an article that names a captcha": NEWS
    + "<p>Wie zich meldt voor de schutting, moet op de site eerst een captcha oplossen.</p>",
}


ABOUT_WALLS = {
    "the beginning of an article for members": "<h1>Nieuwe voorzitter</h1><p>De vereniging koos "
    "donderdag een nieuwe voorzitter, die de kas en de kantine op orde wil brengen voor de zomer."
    "</p><p>Dit artikel is alleen toegankelijk voor leden. Log in om verder te lezen.</p>",
    "news for members": "<h1>Clubdag</h1><p>De clubdag is alleen voor leden, die zich tot vrijdag "
    "kunnen opgeven in de kantine.</p><p><a href='/login'>Inloggen</a></p>",
    "a call for people of an age": "<h1>Vrijwilligers gezocht</h1><p>Ben je 16 jaar of ouder en "
    "houd je van water? De reddingsbrigade zoekt mensen die op zaterdag langs de plas staan, en "
    "geeft een opleiding.</p><p>Wie mee wil doen, kan zich melden in het clubhuis.</p>",
    "news of a site that is closed": "<h1>Site van de gemeente plat</h1><article>"
    "<time>3 mei</time><p>De website van de gemeente is niet bereikbaar wegens onderhoud, en dat "
    "duurt tot maandag.</p><p>Wie een paspoort nodig heeft, kan langskomen.</p></article>",
    "news of repairs": "<h1>Brug dicht</h1><p>Wegens onderhoud is de brug deze week niet "
    "beschikbaar voor verkeer, en dat geeft overlast in de hele streek.</p>",
    "news of a robot": "<h1>Nieuwe postbode</h1><p>De nieuwe postbode is geen robot, al loopt hij "
    "zo, zegt men in het dorp; hij komt uit een lang geslacht van lopers.</p>",
    "news of a database": "<h1>Alle sluizen geteld</h1><p>Het archief heeft een database met "
    "alle sluizen, en die is vanaf maandag voor iedereen beschikbaar.</p>",
}


def page(body: str) -> Page:
    html = f"<html lang='nl'><head><title>Sluis</title></head><body>{body}</body></html>"
    fetched_at = datetime(2024, 5, 1, tzinfo=UTC)
    return Page(
        url="https://example.nl/2024/sluis/",
        body=html.encode(),
        fetched_at=fetched_at,
        content_type="text/html; charset=utf-8",
    )


@pytest.mark.parametrize("case", WALLED)
def test_a_wall_is_refused_by_its_reason(case: str) -> None:
    reason, body = WALLED[case]
    with pytest.raises(NotAnArticle) as refusal:
        extract(page(body))
    assert refusal.value.reason == reason


@pytest.mark.parametrize("case", BESIDE)
def test_a_short_article_beside_a_banner_or_a_box_is_read(case: str) -> None:
    article = extract(page(BESIDE[case]))
    assert article.headline == "Sluis weer open"
    assert "elf weken" in article.article_body
    assert "cookies" not in article.article_body
    assert "Gebruikersnaam" not in article.article_body


@pytest.mark.parametrize("case", ABOUT_WALLS)
def test_news_about_what_walls_say_is_read(case: str) -> None:
    assert extract(page(ABOUT_WALLS[case])).article_body


STATED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Training gaat niet '
    'door", "datePublished": "2024-02-03"}</script>'
)
DAY = "<time datetime='2024-02-03'>3 februari 2024</time>"
SHORT = {
    "a line that is stated to be one": f"{STATED}{BANNER}<div><h1>Training gaat niet door</h1>"
    "<p>Tot volgende week.</p></div>",
    "a line": f"{BANNER}<article><h1>Training gaat niet door</h1>{DAY}"
    "<p>Vanavond is er geen training, want het veld is dicht.</p></article>",
    "two short lines": f"<main><h1>Kantine dicht</h1>{DAY}<p>De kantine is dicht.</p>"
    f"<p>Tot zaterdag aan de lijn!</p></main>{BANNER}",
    "a poem": f"{BANNER}<article><header><h1>Herfst</h1>{DAY}</header><p>De blaren vallen<br>één "
    "voor één<br>en ik sta hier<br>nog altijd alleen</p></article>",
    "an article that names the site": f"{BANNER}<main><h1>Kaarten</h1>{DAY}<p>De kaarten voor de "
    "revue gaan zaterdag in de verkoop.</p><p>Kijk op onze website.</p></main>",
}
STILL_WALLED = {
    "a main part that only asks": f"<main><h1>Welkom</h1>{BANNER}</main>",
    "a main part with buttons elsewhere": "<main><h1>Welkom bij ons</h1><p>Wij en onze partners "
    "slaan cookies op voor advertenties.</p><p>Bedankt voor uw bezoek.</p></main>"
    "<div><a>Alles accepteren</a></div>",
    "an article that is stated and not shown": f"{STATED}<h1>Even dit</h1>{BANNER}",
}


@pytest.mark.parametrize("case", SHORT)
def test_an_article_of_a_line_under_a_banner_is_read(case: str) -> None:
    assert extract(page(SHORT[case])).headline


@pytest.mark.parametrize("case", STILL_WALLED)
def test_a_page_that_only_asks_is_a_wall_whatever_it_states(case: str) -> None:
    with pytest.raises(NotAnArticle) as refusal:
        extract(page(STILL_WALLED[case]))
    assert refusal.value.reason == "consent"
