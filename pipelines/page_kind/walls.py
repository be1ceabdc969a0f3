"""Walls: consent, login and bot checks in the place of a page, and articles of which only the
beginning is free.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.document import (
    ARTICLE_TYPES,
    Document,
    article_object,
    block_text,
    stated_text,
    types_of,
)
from pipelines.page_kind.refusal import NotAnArticle
from storage.urls import parts_of

SHORT_PAGE = 2500
SHORT_BODY = 1500
LEAST_BESIDE = 100
LEAST_APART = 25
SHORTEST_SENTENCE = 40
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?:\s|$)")
_NO_SENTENCES = (
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "button",
)
_CONSENT_ADDRESS = re.compile(
    r"myprivacy\.|privacy-?(?:gate|wall)|cookie-?(?:wall|muur|consent)|consent(?:\.|/|-)|/consent\b|cookies-accept|toestemming",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wall:
    """What is in the place of a page: the *words* that give it away, and what else its
    sentences are about.
    """

    reason: str
    sentence: str
    words: re.Pattern[str]
    topic: re.Pattern[str]


_WALLS = (
    Wall(
        "consent",
        "The site asks for consent instead of showing the page.",
        re.compile(
            r"(?:cookies?|privacy|toestemming).{0,200}(?:accepteren|accepteer|akkoord|toestaan|ga verder|geef toestemming|accept all|agree)"
            r"|(?:accepteer|akkoord met).{0,80}cookies", re.IGNORECASE | re.DOTALL
        ),
        re.compile(r"cookie|privacy|toestemming|consent|gegevens|voorkeur|keuze|adverten|partners|derden|instelling|akkoord|websites?\b|\bdata\b", re.IGNORECASE),
    ),
    Wall(
        "bot_check",
        "The site checks for robots instead of showing the page.",
        re.compile(
            r"(?:ben je|bent u) (?:een )?(?:mens|robot)|(?:je|u) (?:een )?mens bent|(?:ben|bent|am|are|you're) (?:geen|not a) robot"
            r"|(?:veiligheid|beveiliging|security) (?:van|of) (?:uw|je|de|your|the) (?:verbinding|connection)|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|just a moment|captcha"
            r"|ongebruikelijk verkeer|unusual traffic|access denied|toegang geweigerd|enable javascript and cookies", re.IGNORECASE
        ),
        re.compile(r"robot|\bmens\b|human|captcha|browser|javascript|cookie|verkeer|traffic|toegang|access|verif|secur|beveilig|verbinding|connection|\bIP\b|blocked|geblokkeerd", re.IGNORECASE),
    ),
    Wall(
        "consent",
        "The site asks for the reader's age first.",
        re.compile(
            r"(?:bevestig|klik|toegang|betre|confirm|click|enter|verify)\w*\b.{0,120}\b(?:1[68]|21)\s?(?:\+|jaar\b|years?\b|or older)"
            r"|\b(?:1[68]|21)\s?(?:\+|jaar\b|years?\b|or older).{0,120}\b(?:bevestig|klik|betre|verlaat|confirm|click|enter|leave|exit)",
            re.IGNORECASE | re.DOTALL
        ),
        re.compile(r"(?:1[68]|21)\s?\+|jaar of ouder|years|or older|leeftijd|\bage\b|volwassen|adult|meerderjarig", re.IGNORECASE),
    ),
    Wall(
        "server_error",
        "The site says that it is closed for a while.",
        re.compile(
            r"\b(?:onze|deze|our|this|the) (?:web|news)?(?:site|pagina|page|server|shop|winkel)\b.{0,60}\b(?:onderhoud|onderhouden|niet (?:bereikbaar|beschikbaar)|offline|maintenance|unavailable|down)\b"
            r"|\b(?:we|wij) (?:zijn|zijn zo|zijn even) .{0,40}\b(?:onderhoud|offline|zo terug|snel terug)|\b(?:we'?(?:re| are)|be) (?:right )?back (?:soon|shortly|online)"
            r"|error establishing a database connection",
            re.IGNORECASE | re.DOTALL
        ),
        re.compile(r"onderh|maintenance|bereikbaar|beschikbaar|available|offline|excuses|ongemak|geduld|later|terug|\bback\b|sorry|apolog|storing|website", re.IGNORECASE),
    ),
    Wall(
        "login",
        "The page wants a login.",
        re.compile(
            r"(?:log in|inloggen|meld je aan|aanmelden|sign in)\b.{0,300}(?:wachtwoord|password|account|gebruikersnaam|verder te lezen)"
            r"|\bvoor (?:\w{3,15} )?(?:leden|gebruikers|abonnees)\b.{0,80}\b(?:log in|inloggen)\b"
            r"|(?:wachtwoord|password)\s+vergeten|dit bericht is beschermd met een wachtwoord|this content is password protected", re.IGNORECASE | re.DOTALL
        ),
        re.compile(r"log in|inlog|aanmeld|meld je|sign in|wachtwoord|password|account|gebruikersnaam|e-?mail|registre|\bleden\b|\blid\b|abonn", re.IGNORECASE),
    ),
)  # fmt: skip
_PAYWALL_CLASS = re.compile(
    r"(?:^|[-_\s])(?:paywall|premium-?(?:wall|content|message)|subscribe-?wall|abonnee-?muur|betaalmuur|meter-?wall)(?:$|[-_\s])",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:deze|dit) (?:web)?(?:pagina|artikel|bericht|inhoud|document|gedeelte|onderdeel) is (?:alleen|enkel|uitsluitend|slechts) (?:\w{4,15} )?voor (?:\w{3,15} )?(?:leden|lid|gebruikers|bezoekers|abonnees)\b",
    re.IGNORECASE,
)
# WordPress shows this field in the place of an article's text, in whatever language
_OWN_PASSWORD = b"post_password"
_PAYWALL_WORDS = re.compile(
    r"(?:verder lezen|lees verder|dit artikel (?:verder |te kunnen )?lezen|hele artikel lezen|volledige artikel|dit artikel lees je).{0,120}(?:abonne|account|log in|inloggen|proef|word lid)"
    r"|(?:abonne|account\b|registreer\b|log ?in\b|word lid)[^.!?]{0,60}\b(?:om (?:dit|het (?:hele|volledige)) (?:artikel|verhaal|bericht) (?:verder )?te (?:kunnen )?lezen|om verder te lezen|en lees (?:direct |meteen )?verder)\b"
    r"|(?:alleen|exclusief|enkel|uitsluitend) (?:toegankelijk )?voor abonnees|dit artikel is (?:(?:alleen|exclusief) )?voor (?:abonnees|leden)|dit is een premium.?artikel|word (?:nu )?abonnee om",
    re.IGNORECASE | re.DOTALL,
)
# Of these one is in whatever the pattern finds, which takes many times as long to look for.
_IN_ALL_PAYWALL_WORDS = ("verder", "artikel", "te lezen", "te kunnen lezen", "voor abonnees", "abonnee om")  # fmt: skip


@lru_cache(maxsize=1024)  # a site's pages share their names
def _names_paywall(names: str | None) -> bool:
    return names is not None and bool(_PAYWALL_CLASS.search(names))


def _speaks_of_paying(text: str) -> bool:
    """Return whether *text* offers the rest of an article to subscribers."""
    lowered = text.lower()
    return any(map(lowered.__contains__, _IN_ALL_PAYWALL_WORDS)) and bool(
        _PAYWALL_WORDS.search(text)
    )


def is_consent_address(url: str) -> bool:
    """Return whether *url* is that of a consent wall."""
    parts = parts_of(url)
    return bool(_CONSENT_ADDRESS.search(f"{parts.netloc}{parts.path}"))


def check_walls(document: Document) -> None:
    """Raise NotAnArticle with "consent", "bot_check", "server_error" or "login" when a wall is in
    the place of the page.
    """
    if is_consent_address(document.url):
        raise NotAnArticle("consent", "The address is that of a consent wall.")
    if _asks_for_password(document):
        raise NotAnArticle("login", "The article asks for a password of its own.")
    text = _visible_text(document.tree)
    if len(text) > SHORT_PAGE:
        return
    for wall in _WALLS:
        if (
            wall.words.search(text)
            and _may_stand(wall, document.tree, text)
            and _size_beside(document.tree, wall) < LEAST_BESIDE
            and not _has_article(document, wall)
        ):
            raise NotAnArticle(wall.reason, wall.sentence)


def _asks_for_password(document: Document) -> bool:
    """Return whether WordPress shows a field for a password in the place of the article's text."""
    return (
        _OWN_PASSWORD in document.page.body
        and document.tree.find(".//input[@name='post_password']") is not None
    )


def _may_stand(wall: Wall, tree: HtmlElement, text: str) -> bool:
    """Return whether a page with this *text* can be *wall*: a login has a field for a password or
    says for whom the page is, any other has no article beside it.
    """
    if wall.reason == "login":
        return tree.find(".//input[@type='password']") is not None or bool(_CLOSED.search(text))
    if wall.reason == "server_error":  # what else is closed is news, which has its day
        return tree.find(".//article") is None and tree.find(".//time") is None
    return len(text) <= SHORT_PAGE // 3 or tree.find(".//article") is None


def _size_beside(tree: HtmlElement, wall: Wall) -> int:
    """Return how many characters of sentences are on the page that are not about *wall*: an
    article under a banner has them.
    """
    paragraphs = block_text(tree, set(tree.iter(*_NO_SENTENCES))).split("\n\n")
    sentences = (p for p in paragraphs if len(p) >= SHORTEST_SENTENCE and _SENTENCE_END.search(p))
    return sum(len(sentence) for sentence in sentences if not wall.topic.search(sentence))


def _has_article(document: Document, wall: Wall) -> bool:
    """Return whether the page has an article, however short, in the place of one: under the
    headline that it states of it, or in a part of its own that is about other things than *wall*.
    """
    if wall.reason == "login":
        return False
    stated = article_object(document)
    name = stated_text(stated.get("headline")) if types_of(stated) & ARTICLE_TYPES else None
    headings = [_text_of(heading) for heading in document.tree.iter("h1")]
    parts = document.tree.iter("article", "main")
    return (bool(name) and name in headings) or any(_is_apart(part, wall) for part in parts)


def _is_apart(part: HtmlElement, wall: Wall) -> bool:
    """Return whether *part* has a heading and more text about other things than about *wall*."""
    if part.find(".//h1") is None or wall.words.search(part.text_content()):
        return False
    titled, away = set(part.iter("h1")), set(part.iter(*_NO_SENTENCES))
    texts = block_text(part, away - {*part.iter("header")} | titled).split("\n\n")
    about = sum(len(text) for text in texts if wall.topic.search(text))
    return sum(map(len, texts)) - about >= max(LEAST_APART, about)


def _text_of(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _visible_text(tree: HtmlElement) -> str:
    pieces = []
    size = 0
    for element in tree.iter("*"):
        if element.tag in {"script", "style", "noscript", "template", "head", "title"}:
            continue
        text = (element.text or "").strip()
        tail = (element.tail or "").strip()
        pieces += [text, tail]
        size += len(text) + len(tail)
        if size > SHORT_PAGE:
            break
    return " ".join(piece for piece in pieces if piece)


def access_of(document: Document, body: str, article: HtmlElement | None = None) -> str:
    """Return "paywall" or "teaser" where only the beginning of the article is free, else "full".

    Words about it count in the element that holds the *article*, where one is known; a wall counts
    wherever it is. Of what is stated to be free only a wall with words is believed.
    """
    is_short, is_paid = len(body) < SHORT_BODY, _states(document, free="false")
    walls = _walls_in(document.tree)
    if not is_paid and _states(document, free="true"):
        return "paywall" if is_short and any(map(_offers_more, walls)) else "full"
    if any(map(_is_filled, walls)):
        return "paywall"
    place = document.tree if article is None else article
    return _access_beside(place, has_wall=bool(walls), is_short=is_short, is_paid=is_paid)


def _access_beside(place: HtmlElement, *, has_wall: bool, is_short: bool, is_paid: bool) -> str:
    """Return how free an article is in *place*, beside an empty wall or none: a site may have an
    empty one on all its pages.
    """
    if has_wall and (is_short or is_paid):
        return "paywall"
    if is_short and _offers_more(place):
        return "paywall" if is_paid else "teaser"
    return "teaser" if is_short and is_paid else "full"


def _offers_more(place: HtmlElement) -> bool:
    return _speaks_of_paying(place.text_content()[-20_000:])


def _walls_in(tree: HtmlElement) -> list[HtmlElement]:
    """Return the boxes of the page that are named for a paywall."""
    boxes = tree.iter("div", "section", "aside")
    return [
        box for box in boxes if _names_paywall(box.get("class")) or _names_paywall(box.get("id"))
    ]


def _is_filled(wall: HtmlElement) -> bool:
    """Return whether *wall* has words that are seen."""
    return bool(block_text(wall, set(wall.iter("script", "style", "noscript"))).strip())


def _states(document: Document, *, free: str) -> bool:
    """Return whether the page states for machines that its article is *free*, or that it is not."""
    stated = (thing.get("isAccessibleForFree") for thing in document.json_ld)
    return any(str(value).lower() == free for value in stated)
