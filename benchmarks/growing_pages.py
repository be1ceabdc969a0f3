"""Pages that grow: one kind of thing over and over, in a row, in boxes, or in each other."""

from collections.abc import Callable

WORDS = "De molen aan de dijk maalt weer sinds de wind uit het westen kwam. "
SAID = "Jan schreef op 3 mei 2019 om 10:00: ja hoor, dat is zo"
DEEPEST = 1800  # the parser goes 2,048 deep

Family = Callable[[int], str]


def repeated(piece: str, around: str = "{}") -> Family:
    """Return the family of pages that say *piece* over and over; "{n}" is its number."""

    def page(size: int) -> str:
        count = max(1, size // len(piece))
        return around.format("".join(piece.replace("{n}", str(n)) for n in range(count)))

    return page


def nested(opening: str, closing: str, elements: int = 1) -> Family:
    """Return the family of pages whose elements stand in each other, as deep as the parser goes,
    and beside each other for the rest.
    """

    def page(size: int) -> str:
        deepest = DEEPEST // elements
        levels = max(1, size // (len(opening) + len(closing)))
        depths = [deepest] * (levels // deepest) + [levels % deepest]
        return "".join(opening * depth + closing * depth for depth in depths)

    return page


_COMMENT = (
    "<li class=comment id=c{n}><b class=author>Jan</b> <time>3 mei 2019 10:00</time><p>ja {n}</p>"
)
FAMILIES: dict[str, Family] = {
    "nested blocks": nested(f"<div>{WORDS}", "</div>"),
    "nested replies": nested(f"<div class=reactie>{SAID}", "</div>"),
    "nested lists": nested(
        "<ol><li class=comment><b>Jan</b> 3 mei 2019 10:00<p>ja hoor dat is zo</p>", "</li></ol>", 2
    ),
    "nested names": nested(
        "<div><dl><dt><strong><a href='/leden/3'>Jan</a> 3 mei 2019 10:00",
        "</strong></dt></dl></div>",
        4,
    ),
    "nested quotes": nested("<blockquote>Jan schreef:<p>ja</p>", "</blockquote>"),
    "nested inline": nested("<b><i>ja ", "</i></b>", 2),
    "nested tables": nested("<table><tr><td>ja ", "</td></tr></table>", 4),
    "flat replies": repeated(f"<div class=reactie>{SAID}</div>"),
    "flat comments": repeated(f"{_COMMENT}</li>", "<ol class=commentlist>{}</ol>"),
    "flat dated": repeated(f"<p>{SAID}</p>"),
    "wide paragraphs": repeated(f"<p>{WORDS}</p>"),
    "wide boxes": repeated("<div id=reactie-{n}>ja</div>"),
    "empty lines": repeated("ja hoor<br><br>"),
    "wide empty": repeated("<p></p>"),
    "wide inline": repeated("<b>ja</b> "),
    "line breaks": repeated("ja hoor<br>"),
    "blank": repeated(" \n\t"),
    "text": repeated(WORDS, "<p>{}</p>"),
    "one word": repeated("x", "<p>{}</p>"),
    "text unclosed": repeated("<p>ja <div>"),
    "attributes": repeated("a{n}=1 ", "<p {}>ja</p>"),
    "attributes on many": repeated('<p class="a b c" data-a=1 data-b=2 data-c=3>ja</p>'),
    "classes": repeated("comment{n} ", "<p class='{}'>ja</p>"),
    "one long class": repeated("reactie-", "<p class='{}'>ja</p>"),
    "links": repeated("<a href='/2014/05/{n}/een-stuk/'>Een stuk van {n}</a> "),
    "list of links": repeated("<li><a href='/p/{n}'>Een stuk {n}</a></li>", "<ul>{}</ul>"),
    "table": repeated("<tr><td>Jan<td>3 mei 2019<td>ja hoor {n}</tr>", "<table>{}</table>"),
    "table of cells": repeated("<td>{n}", "<table><tr>{}</table>"),
    "years": repeated("2024 2023 2022 2021 2020 2019 2018 2017 ", "<p>{}archief</p>"),
    "years in lines": repeated("<p>2024 2023 2022 2021 2020 2019 2018 2017 archief</p>"),
    "numbers": repeated("1234567 ", "<p>{}</p>"),
    "digits": repeated("1", "<p>{}</p>"),
    "dates": repeated("3 mei 2019, ", "<p>{}</p>"),
    "times": repeated("<time datetime=2019-05-03T10:00:00>3 mei 2019</time> "),
    "microdata": repeated(
        "<div itemscope itemtype='https://schema.org/Comment'><span itemprop=author>Jan {n}</span>"
        "<p itemprop=text>ja hoor {n}</p></div>"
    ),
    "names": repeated("Jan de Wit, ", "<p class=byline>Door {}</p>"),
    "headings": repeated("<h3>{n} reacties</h3><p>ja</p>"),
    "sections": repeated(f"<section><h2>Kop {{n}}</h2><p>{WORDS}</p></section>"),
    "forms": repeated("<form><textarea name=comment></textarea></form>"),
    "boxes in a form": repeated("<textarea name=comment></textarea>", "<form>{}</form>"),
    "metas": repeated("<meta name=a{n} content='ja'>"),
    "metas of one name": repeated("<meta name=author content='Jan {n}'>"),
    "scripts": repeated("<script>var a{n} = 1;</script>"),
    "page state": repeated('{"author":"Jan","text":"ja","id":{n}},', "<script>a=[{}]</script>"),
    "json-ld": repeated(
        '{"@type":"Comment","text":"ja {n}","author":{"name":"Jan"}},',
        '<script type="application/ld+json">{{"@type":"NewsArticle","comment":[{}null]}}</script>',
    ),
    "json-ld graph": repeated(
        '<script type="application/ld+json">{"@graph":[{"@type":"WebPage","@id":"{n}"}]}</script>'
    ),
    "images": repeated("<figure><img src=/i/{n}.jpg><figcaption>Foto {n}</figcaption></figure>"),
    "definitions": repeated("<dt>Jan op 3 mei 2019<dd>ja hoor {n}", "<dl>{}</dl>"),
    "entities": repeated("&amp;&eacute;&#233;", "<p>{}</p>"),
    "angle brackets": repeated("<"),
    "quotation marks": repeated("\"'"),
    "separators": repeated(" - ", "<p>{}</p>"),
    "commas": repeated(",", "<p class=byline>{}</p>"),
    "addresses": repeated("http://a.nl/?a=1 ", "<p>{}</p>"),
    "mail addresses": repeated("a@a.a", "<p>{}</p>"),
}

# What readers of pages look for, each as often as a page can hold it.
PIECES = {
    "closed notices": "<p>Reageren is niet meer mogelijk</p>",
    "counted headings": "<h3>3 reacties</h3>",
    "pager links": "<a href='?page={n}'>{n}</a>",
    "next links": "<a rel=next href='?page={n}'>Volgende</a>",
    "buttons for more": "<button>Laad meer reacties</button>",
    "links for more": "<a href='/load/{n}'>Meer reacties laden ({n})</a>",
    "links to replies": "<a href='#c{n}'>Bekijk {n} reacties</a>",
    "places of Disqus": "<div id=disqus_thread></div>",
    "frames": "<iframe src='/comments/{n}'></iframe>",
    "avatars": "<img class=avatar src=/a{n}.jpg alt=Jan>",
    "bylines": "<p class=byline>Door Jan de Wit, 3 mei 2019 10:00</p>",
    "dated times": "<time datetime=2019-05-03T10:00>3 mei 2019</time>",
    "authors": "<span class=author>Jan de Wit</span>",
    "headlines": "<h1>Molen {n} aan de dijk</h1>",
    "heads": "<h2>Molen aan de dijk</h2>",
    "teasers": "<article><h2><a href=/p/{n}>Molen</a></h2><p>Lees meer</p></article>",
    "related": "<aside><h3>Lees ook</h3><a href=/p/{n}>Stuk</a></aside>",
    "newsletters": "<section><h3>Nieuwsbrief</h3><input type=email></section>",
    "WordPress comments": (
        "<li class='comment depth-1' id=comment-{n}><div class=comment-author><cite>Jan"
        "</cite></div><div class=comment-meta><a href='#comment-{n}'>3 mei 2019 om 10:00</a>"
        "</div><p>Ja hoor</p><a class=comment-reply-link>Reageer</a></li>"
    ),
    "comments with forms": (
        "<li class='comment' id=comment-{n}><b>Jan</b> 3 mei 2019<p>Ja</p><form>"
        "<textarea name=comment></textarea></form></li>"
    ),
    "quotes": "<blockquote>Jan schreef op 3 mei 2019:<p>ja</p></blockquote><p>nee</p>",
    "votes": "<span class=likes>{n} likes</span>",
    "templates": "<script type=text/template><div class=comment>{n}</div></script>",
    "noscripts": "<noscript><img src=/a{n}.jpg></noscript>",
    "details": "<details><summary>{n} reacties</summary><p>ja</p></details>",
    "meta dates": "<meta itemprop=datePublished content='2019-05-03T10:00'>",
    "canonical links": "<link rel=canonical href='/p/{n}'>",
    "deleted comments": "<div class=comment>[verwijderd]</div>",
    "labels": "<label>Naam</label><input name=author>",
    "fonts": "<font size=2><b>Jan</b> schreef:</font><hr>",
    "small tables": "<table><tr><td>Jan<td>3 mei 2019 10:00<br>ja hoor</table>",
    "small definitions": "<dl><dt>Jan<dd>3 mei 2019: ja</dl>",
    "advertisements": "<div class=advertentie>Advertentie</div>",
    "signed figures": (
        "<figure><img src=/{n}.jpg><figcaption>Foto: Jan de Wit</figcaption></figure>"
    ),
    "logins": "<a href=/login>Log in om te reageren</a>",
    "mail links": "<a href='mailto:a{n}@b.nl'>mail</a>",
    "rules": "ja hoor<hr>",
    "permalinks": "<a class=permalink href='/p#{n}'>#</a>",
    "edits": "<i>Laatst bewerkt op 3 mei 2019 10:00</i>",
    "signed texts": "<p>ja hoor</p><p>Jan, 3 mei 2019 om 10:00</p>",
    "named lines": "<p><b>Jan de Wit</b><br>3 mei 2019 10:00<br>ja hoor dat is zo</p>",
    "anchors": "<a name=c{n}></a><p>Jan schreef: ja</p>",
}


def arranged(name: str) -> dict[str, Family]:
    """Return the families in which the piece of *name* is alone, in boxes, behind a text in a box,
    and nested.
    """
    piece = PIECES[name]
    inner = piece.replace("{n}", "3")
    return {
        name: repeated(piece),
        f"{name} in boxes": repeated(f"<div>{piece}</div>"),
        f"{name} behind texts": repeated(f"<div><p>ja hoor dat is zo</p>{piece}</div>"),
        f"{name} nested": nested(f"<div>{inner}", "</div>"),
    }


for _name in PIECES:
    FAMILIES |= arranged(_name)
