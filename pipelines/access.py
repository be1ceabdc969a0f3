"""Walls: consent, login and bot checks in the place of a page, and articles of which only the beginning is free."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document
from pipelines.refusal import NotAnArticle

SHORT_PAGE = 2500
_CONSENT_ADDRESS = re.compile(
    r"myprivacy\.|privacy-?(?:gate|wall)|cookie-?(?:wall|muur|consent)|consent(?:\.|/|-)|/consent\b|cookies-accept|toestemming",
    re.IGNORECASE,
)

# What a wall says, and where: the words must stand on a page with little else on it.
_WALLS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "consent",
        re.compile(
            r"(?:cookies?|privacy|toestemming).{0,200}(?:accepteren|accepteer|akkoord|toestaan|ga verder|geef toestemming|accept all|agree)"
            r"|(?:accepteer|akkoord met).{0,80}cookies", re.IGNORECASE | re.DOTALL
        ),
        "The site asks for consent instead of showing the page.",
    ),
    (
        "bot_check",
        re.compile(
            r"(?:ben je|bent u) (?:een )?(?:mens|robot)|verify (?:that )?you are (?:a )?human|checking your browser|just a moment|captcha"
            r"|ongebruikelijk verkeer|unusual traffic|access denied|toegang geweigerd|enable javascript and cookies", re.IGNORECASE
        ),
        "The site checks for robots instead of showing the page.",
    ),
    (
        "login",
        re.compile(
            r"(?:log in|inloggen|meld je aan|aanmelden|sign in)\b.{0,300}(?:wachtwoord|password|account|gebruikersnaam|verder te lezen)"
            r"|(?:wachtwoord|password)\s+vergeten|dit bericht is beschermd met een wachtwoord|this content is password protected", re.IGNORECASE | re.DOTALL
        ),
        "The page wants a login.",
    ),
)  # fmt: skip
_PAYWALL_CLASS = re.compile(
    r"(?:^|[-_\s])(?:paywall|premium-?(?:wall|content|message)|subscribe-?wall|abonnee-?muur|betaalmuur|meter-?wall)(?:$|[-_\s])",
    re.IGNORECASE,
)
_PAYWALL_WORDS = re.compile(
    r"(?:verder lezen|lees verder|dit artikel (?:verder )?lezen|hele artikel lezen|volledige artikel).{0,120}(?:abonne|account|log in|inloggen|proef)"
    r"|(?:alleen|exclusief) (?:toegankelijk )?voor abonnees|dit artikel is (?:alleen )?voor (?:abonnees|leden)|word (?:nu )?abonnee om",
    re.IGNORECASE | re.DOTALL,
)


def is_consent_address(url: str) -> bool:
    """Tell whether *url* is that of a consent wall."""
    parts = urlsplit(url)
    return bool(_CONSENT_ADDRESS.search(f"{parts.netloc}{parts.path}"))


def check_walls(document: Document) -> None:
    """Raise NotAnArticle with "consent", "bot_check" or "login" when a wall stands in the place of the page."""
    if is_consent_address(document.url):
        raise NotAnArticle("consent", "The address is that of a consent wall.")
    text = _visible_text(document.tree)
    if len(text) > SHORT_PAGE:
        return
    has_article = document.tree.find(".//article") is not None and len(text) > SHORT_PAGE // 3
    for reason, words, sentence in _WALLS:
        if words.search(text) and not (has_article and reason != "login"):
            if reason == "login" and document.tree.find(".//input[@type='password']") is None:
                continue
            raise NotAnArticle(reason, sentence)


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


def access_of(document: Document, body: str) -> str:
    """Return "paywall" or "teaser" where only the beginning of the article is free, else "full"."""
    declared = {str(thing.get("isAccessibleForFree")).lower() for thing in document.json_ld if "isAccessibleForFree" in thing}
    walled = any(
        _PAYWALL_CLASS.search(f"{e.get('class') or ''} {e.get('id') or ''}")
        for e in document.tree.iter("div", "section", "aside")
    )
    says = bool(_PAYWALL_WORDS.search(document.tree.text_content()[-20_000:])) if len(body) < 1500 or walled else False
    if walled or (says and "false" in declared):
        return "paywall"
    if "false" in declared or says:
        return "teaser" if len(body) < 1500 else "full"
    return "full"
