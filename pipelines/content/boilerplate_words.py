"""The words of page furniture: the names, headings and lines by which a block beside an article is
recognised, each with the reason for which it is cut.
"""

import re
from functools import lru_cache

# Reason -> names of classes and ids that name it, and the words with which such a block begins.
_NAMES: tuple[tuple[str, str], ...] = (
    ("newsletter", r"newsletter|nieuwsbrief|mailchimp|mc4wp|mailpoet|mc_embed|inschrijf(?:formulier|blok)?"),
    ("job_alert", r"job-?alert|vacatures?|jobs-?(?:box|widget|list)|carriere-?blok"),
    ("events", r"events?-?(?:box|widget|list|blok|agenda)|agenda-?(?:box|widget|blok)"),
    ("latest_comments", r"(?:recent|latest|laatste|recente|nieuwste)-?_?(?:comments?|reacties)"),
    ("related", r"related(?:-?_?\w+)*|gerelateerd\w*|jp-relatedposts|yarpp\w*|lees-?(?:ook|verder|meer)|leesook|meer-?(?:over|nieuws|artikelen)|ook-?interessant|aanbevolen|recommended|read-?(?:more|also)-?(?:box|block|list)?|more-?(?:news|articles|posts)|post-?navigation|nav-?(?:links|below|above|single)|posts?-?nav\w*|prev-?next|vorige-?volgende|most-?read|meest-?gelezen|populaire?(?:-\w+)?|popular-?posts|crp_related|outbrain|taboola\w*"),
    ("share", r"(?:social-?)?shar(?:e|ing)(?:-?_?\w+)*|sharedaddy|addtoany\w*|a2a_kit|addthis\w*|social-?(?:media|links|icons|buttons|bar|list)|deel(?:-?\w*knoppen|-dit|-artikel)?|delen|jp-post-flair|heateor\w*|wp-block-social-links|essb\w*|tweet-?button|like-?button"),
    ("cookie", r"cookies?-?(?:banner|notice|bar|consent|melding|law)\w*|cookielaw\w*|cmplz\w*|gdpr\w*|cc-window"),
    ("subscription", r"word-?(?:abonnee|lid)|abonne(?:ment|er)\w*-?(?:box|blok|widget)?|subscribe-?(?:box|form|widget|block)|paywall\w*|donat(?:e|ie)-?(?:box|blok)"),
    ("author_box", r"author-?(?:box|bio|info|description|about|card|profile|section)|about-?(?:the-)?author|over-?de-?auteur|auteur-?(?:box|info|blok|bio)|post-?author-?(?:box|bio)?-?(?:info)?|saboxplugin\w*|entry-author-info|wp-block-post-author|molongui\w*|pp-author-boxes\w*"),
    ("advertisement", r"adv(?:ert(?:entie|isement|ising)?s?)?-?(?:block|box|container|wrapper)?|ads?(?:-\w+|_\w+)?|adsbygoogle|banner(?:-\w+)?|sponsor(?:ed)?-?(?:\w+)?|google-?auto-?placed"),
    ("byline", r"entry-?(?:meta|header|footer|info|utility)|post-?(?:meta\w*|info|header|footer|date|byline|tags|categories)|article-?(?:meta|header|footer|info)|byline|meta-?(?:info|data|wrapper|box)|posted-?(?:on|by|in)|leestijd|reading-?time|read-?time|cat-?links|tags?-?links|tag-?list|post-?tags|tags|wp-block-post-(?:date|terms|title)|breadcrumbs?|kruimelpad|yoast-breadcrumb|span-reading-time|rt-reading-time|artikel-?(?:meta|info|kop)|printfriendly\w*|post-?views\w*|post-?ratings?|rating(?:s|-\w+)?|kk-star-ratings|wp-post-ratings"),
    ("caption", r"(?:wp-)?caption(?:-text)?|wp-element-caption|fig-?caption|bijschrift|foto-?(?:onder)?bijschrift|image-?caption|media-caption|photo-?credit|fotocredit"),
    ("toc", r"toc(?:_container|-container|-box)?|ez-toc\w*|lwptoc\w*|table-?of-?contents|inhoudsopgave"),
    ("sidebar", r"sidebar(?:-\w+)?|side-?bar|zijbalk|widget-?area|widget_\w+|textwidget"),
    ("footer", r"(?:site|page|main|global)?-?footer(?:-\w+)?|colofon|colophon|voettekst"),
    ("navigation", r"(?:main|site|primary|top)?-?nav(?:igation|bar)?(?:-\w+)?|menu(?:-\w+)?|skip-?link|pagination|paginering|page-?links|post-nav-links|post-?page-?numbers"),
)  # fmt: skip
_BY_NAME = tuple((reason, re.compile(rf"(?:{names})", re.IGNORECASE)) for reason, names in _NAMES)

_BY_HEADING: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(rf"^\W*(?:{words})\W*$", re.IGNORECASE))
    for reason, words in (
        ("newsletter", r"(?:\w+ ){0,3}nieuwsbrief(?: \w+){0,4}|schrijf je in(?: \w+){0,5}|blijf op de hoogte(?: \w+){0,4}|newsletter|mis niets.*"),
        ("latest_comments", r"(?:laatste|recente|nieuwste) reacties|recent comments"),
        ("subscription", r"word (?:nu )?(?:abonnee|lid|vriend)(?: .{0,40})?|abonneren|neem een abonnement"),
        ("job_alert", r".{0,30}vacatures?|job ?alert|jobs|vacaturebank"),
        ("events", r".{0,30}events|agenda|evenementen|aankomende (?:events|evenementen)|kalender"),
        ("related", r"lees (?:ook|verder|meer)(?: .{0,30})?|(?:gerelateerde?|vergelijkbare|andere|meer) (?:artikelen|berichten|nieuws|posts|verhalen|blogs|recepten)(?: .{0,30})?|meer over (?:dit|deze)(?: .{0,30})?|gerelateerd|ook interessant(?: .{0,20})?|dit vind je (?:misschien|vast) ook (?:leuk|interessant)|related(?: posts| articles| stories)?|meest gelezen|populair(?:e berichten)?|bekijk ook|aanbevolen|zie ook|you may also like"),
        ("share", r"deel (?:dit|deze)(?: .{0,30})?|delen(?: via)?:?|share this|dit delen|dit vind ik leuk|vind ik leuk|share"),
        ("author_box", r"(?:over )?(?:de|deze) (?:auteur|schrijver)(?:\W.{2,40})?|about the author|over mij|over (?:de )?redactie"),
        ("advertisement", r"advertenties?|(?:gesponsord|sponsored)(?: .{0,20})?|adv\.?"),
    )
)  # fmt: skip
# A short paragraph that begins so is furniture by itself.
_BY_LINE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(rf"\W*(?:{words})", re.IGNORECASE))
    for reason, words in (
        ("subscription", r"(?:wil je|wilt u) (?:dit artikel )?verder lezen|(?:al|ben je(?: al)?|bent u(?: al)?|nog geen) abonnee\b|word (?:nu )?(?:abonnee|lid)\b|dit artikel is (?:alleen|exclusief) (?:toegankelijk )?voor (?:abonnees|leden)|lees verder met een"),
        ("newsletter", r"(?:[^.?!]{0,40}\? )?(?:schrijf je|schrijft u zich|meld je|meldt u zich) (?:nu |hier |gratis )?(?:in|aan) voor (?:de|onze|het)\b.{0,40}(?:nieuwsbrief|mailing)"),
        ("related", r"(?:lees|bekijk|kijk|luister) (?:ook|meer|verder)\s?:"),
        ("navigation", r"(?:(?:de |het |dit )?(?:tekst|artikel|verhaal|bericht|interview|lees) (?:gaat |loopt )?(?:verder|door) (?:onder|na|beneden|hieronder)(?:(?: (?:de|het|deze|dit|een))? (?:advertenties?|afbeelding|beeld|bericht|filmpje|foto(?:['’]?s)?|fotoserie|fragment|grafiek|infographic|kaart|podcast|reclame|tweet|video(?:['’]?s)?))?)\W*$"),
        ("share", r"(?:deel|print|mail) dit (?:artikel|bericht)\b|volg ons (?:op|via)\b|like ons op\b"),
        ("advertisement", r"(?:-\s)?advertentie\W*$|\(?advertorial\)?\W*$"),
    )
)  # fmt: skip
_SUBSCRIBING = re.compile(
    r"abonn|\b(?:proef|steun|doneer|donatie|lid|leden|vriend|account|inlog|log ?in|premium|verder lezen|lees verder|subscri|sign ?(?:in|up)|member|support|donat)|€|\beuro\b", re.IGNORECASE
)  # fmt: skip
_LINE_STARTS = tuple(
    "wil al ar be no wo di he in le sc me ki lu de mi nie pr ma te ve vo li ad - (".split()
)


def speaks_of_subscribing(text: str) -> bool:
    """Tell whether *text* contains a word about subscriptions, membership or money."""
    return bool(_SUBSCRIBING.search(text))


@lru_cache(maxsize=1024)  # a site's pages share their names
def reason_by_name(classes: str | None, identity: str | None) -> str | None:
    """Return the reason that a class or the id of an element names, None where none does."""
    names = [*(classes or "").split(), identity or ""]
    return next(
        (
            reason
            for name in names
            if name
            for reason, pattern in _BY_NAME
            if pattern.fullmatch(name)
        ),
        None,
    )


@lru_cache(maxsize=1024)
def reason_by_heading(words: str) -> str | None:
    """Return the reason that the *words* of a heading give, None where they give none."""
    return next((reason for reason, pattern in _BY_HEADING if pattern.match(words)), None)


def may_be_line(start: str) -> bool:
    """Tell whether a text that begins with *start* can be a line of furniture: asked first, as it
    costs little.
    """
    return start[:12].strip().lower().startswith(_LINE_STARTS)


def reason_by_line(words: str) -> str | None:
    """Return the reason that the first *words* of a paragraph give, None where they give none."""
    return next((reason for reason, pattern in _BY_LINE if pattern.match(words)), None)


def contains_call(text: str) -> bool:
    """Tell whether *text* contains words with which a line of furniture begins."""
    return any(pattern.search(text) for _reason, pattern in _BY_LINE)
