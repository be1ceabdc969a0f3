"""The made-up site in a template that misleads: a promotion where articles usually stand, and the
desk where authors are named; what the site's own posts state instead.
"""

from pipelines.document import Document
from tests.template_site import NAMES, document, html, words

PROMO = (
    "Word vriend van het dorp en krijg elke maand post van de redactie, korting in "
    "de haven en een plaats op de veerboot. "
)


def text_of(number: int) -> str:
    return "".join(f"<p>{words(number * 31 + block, 4)}</p>" for block in range(3 + number % 3))


def author_of(number: int) -> str:
    return f"{NAMES[number % 10]} Terpstra"


def misleading(number: int, head: str = "") -> Document:
    """Return a page on which a promotion stands where articles usually do, and the desk is named
    where authors are.
    """
    promo = f'<div class="entry-content"><p>{PROMO * 6} Nummer {number}.</p></div>'
    page = (
        html(number)
        .replace('<div class="tekst">', f'{promo}<div class="tekst">')
        .replace("</head>", f"{head}</head>")
    )
    byline = (
        f'<span class="van-dienst">{author_of(number)}</span> <a rel="author" '
        'class="naam" href="/auteur/desk/">Desk Dorpsblad</a>'
    )
    start, end = page.index("Door <a"), page.index("</a> <time")
    return document(number, page[:start] + byline + page[end + 4 :])


def post(number: int, **more: object) -> dict[str, object]:
    return {
        "link": misleading(number).url,
        "title": {"rendered": "Nieuws &amp; meer"},
        "content": {"rendered": text_of(number), "protected": False},
        "_embedded": {"author": [{"name": author_of(number)}]},
        **more,
    }
