"""Pages of a made-up weekly, as a crawl finds them: an article and the thread under it."""

PARAGRAPHS = (
    "De molen aan de Oude Gracht draait weer, voor het eerst in elf jaar. "
    "Vrijwilligers uit het dorp hebben er drie "
    "winters aan gewerkt en elke spijker zelf geslagen.",
    "Volgens molenaar Griet was het vooral een kwestie van volhouden. De subsidie "
    "kwam laat, het hout was duur en de "
    "wieken bleken een halve meter te lang voor de nieuwe as.",
    "Vanaf zaterdag is de molen open voor bezoekers. Wie wil, kan een zak meel "
    "meenemen, zolang de voorraad strekt.",
)


def article(title: str, day: str, comments: str = "", extra: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"""<!doctype html><html lang="nl"><head><title>{title} | Dorpsblad</title></head>
<body class="single single-post"><nav><a href="/">Voorpagina</a></nav><article class="post hentry">
<h1 class="entry-title">{title}</h1>
<p class="byline">Door <a rel="author" href="/auteur/wil/">Wil Terpstra</a> op <time \
datetime="{day}">{day}</time></p>
<div class="entry-content">{body}{extra}</div></article>{comments}<footer>© 2009-2024 \
Dorpsblad</footer></body></html>"""


def thread(*numbers: int, declared: int, extra: str = "") -> str:
    items = "".join(
        f"""<li class="comment" id="comment-{number}"><div class="comment-body">
<cite class="fn">Lezer {number}</cite> <time \
datetime="2014-06-0{number}T10:0{number}:00+02:00">juni 2014</time>
<div class="comment-content"><p>Dit is reactie nummer {number}, en wat mij betreft is dat mooi \
nieuws.</p></div></div></li>"""
        for number in numbers
    )
    return f"""<section id="comments"><h2>{declared} reacties</h2>{extra}<ol \
class="comment-list">{items}</ol></section>"""
