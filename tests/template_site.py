"""A made-up site of any number of articles, in templates of our own: what a site teaches, and how
it changes.
"""

from datetime import UTC, datetime, timedelta

from pipelines.document import Document, open_document
from storage.records import Page

NOUNS = (
    "molen dijk fanfare kerk haven markt polder school brug gracht veer akker "
    "toren sluis boerderij tram park museum"
).split()
VERBS = (
    "draait groeit zingt wacht bouwt vaart slaapt roept bloeit verdwijnt herleeft wankelt".split()
)
NAMES = "Ans Bas Cor Dirk Els Fien Gijs Hans Ina Jan".split()
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
NEWSLETTER = "Elke week het beste uit het dorp in je mailbox? Meld je aan."

PLAIN = """<!doctype html><html lang="nl"><head><title>{title} - Dorpsblad</title><meta \
property="og:title" content="{title}"></head>
<body class="single"><header class="site"><a href="/">Dorpsblad</a><nav><a \
href="/a/">Nieuws</a></nav></header>
<div class="kolom"><article class="stuk"><h1 class="kop">{title}</h1>
<p class="auteursregel">Door <a rel="author" class="naam" href="/auteur/{slug}/">{author}</a> \
<time class="datum" datetime="{iso}">{iso}</time></p>
<div class="tekst">{body}<p>{newsletter}</p></div>
<p class="etiketten">Tags: <a rel="tag" href="/tag/{tag}/">{tag}</a></p></article>{thread}</div>
<aside class="zij"><h3>Meer lezen</h3><ul><li><a href="/x/">{title} van \
gisteren</a></li></ul></aside>
<footer>Dorpsblad, sinds 1951</footer></body></html>"""
THREAD = """<section class="gesprek" id="comments"><h2 class="aantal">{count} reacties</h2><ol \
class="commentlist">{records}</ol>
<div id="respond"><h3>Laat een reactie achter</h3><form><textarea></textarea></form>\
</div></section>"""
RECORD = """<li class="comment" id="comment-{key}"><div class="vak"><cite class="fn">{author}</cite>
<time datetime="{iso}">{iso}</time><div \
class="comment-content"><p>{text}</p></div></div>{children}</li>"""


def words(number: int, count: int) -> str:
    """Return *count* sentences that are the same for the same *number* only."""
    said = []
    for place in range(count):
        a, b, c = (
            NOUNS[(number * 7 + place * 5) % 18],
            VERBS[(number * 3 + place) % 12],
            NOUNS[(number + place * 11) % 18],
        )
        said.append(
            f"De {a} {b} nu al {number % 50 + 2} jaar naast de {c} waar "
            f"{NAMES[(number + place) % 10]} er {place + 3} van zag."
        )
    return " ".join(said)


def html(number: int, *, comments: int | None = None) -> str:
    """Return the page of article *number*, with *comments* comments (default: some have none, some
    a few).
    """
    count = number % 4 if comments is None else comments
    day = datetime(2014, 1, 5, 9, 30, tzinfo=UTC) + timedelta(days=number * 3, minutes=number)
    pairs = "".join(_record(number, place, day) for place in range(1, count, 2))
    first = pairs + (_record(number + 5000, 0, day) if count % 2 and count > 1 else "")
    thread = THREAD.format(count=count, records=first if count != 1 else _record(number, 0, day))
    return PLAIN.format(
        title=f"De {NOUNS[number % 18]} die {VERBS[number % 12]}: deel {number}",
        author=f"{NAMES[number % 10]} Terpstra",
        slug=NAMES[number % 10].lower(),
        iso=f"{day:%Y-%m-%dT%H:%M:00+01:00}",
        body="".join(f"<p>{words(number * 31 + block, 4)}</p>" for block in range(3 + number % 3)),
        newsletter=NEWSLETTER,
        tag=NOUNS[(number + 3) % 18],
        thread=thread
        if count
        else '<div id="respond"><h3>Laat een reactie '
        "achter</h3><form><textarea></textarea></form></div>",
    )


def _record(number: int, place: int, day: datetime) -> str:
    """Return a comment and, where it is the second of a pair, the one that it answers around it."""
    moment = day + timedelta(hours=place + 1)
    own = {"key": number * 100 + place, "author": NAMES[(number + place) % 10],
        "iso": f"{moment:%Y-%m-%dT%H:%M:00+01:00}",
           "text": words(number * 13 + place, 1)}  # fmt: skip
    if place == 0:
        return RECORD.format(**own, children="")
    earlier = day + timedelta(hours=place)
    outer = {"key": number * 100 + place - 1, "author": NAMES[(number + place + 4) % 10],
        "iso": f"{earlier:%Y-%m-%dT%H:%M:00+01:00}",
             "text": words(number * 17 + place, 1)}  # fmt: skip
    return RECORD.format(
        **outer, children=f'<ul class="children">{RECORD.format(**own, children="")}</ul>'
    )


def document(number: int, page: str | None = None, moment: datetime = NOW) -> Document:
    """Return article *number*, or *page* in its place, as an opened page."""
    body = (html(number) if page is None else page).encode()
    url = f"https://dorpsblad.example/2014/01/{NOUNS[number % 18]}-{number}/"
    return open_document(
        Page(url=url, body=body, fetched_at=moment, content_type="text/html; charset=utf-8")
    )
