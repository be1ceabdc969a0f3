"""The demo site's pages, made from its articles and two templates."""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from string import Template

from crawler.demo.articles import ZONE, DemoArticle, Fields

COMMENTS_A_PAGE = 3
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
SHORT_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


def article_page(
    article: DemoArticle, origin: str, *, page: int = 1, comment_page: int | None = None
) -> str:
    """Return the HTML of an article's *page*, with the comments of *comment_page* (the newest when
    it is None).
    """
    render = _TEMPLATES[str(article.fields["template"])]
    shown = comment_page or article.comment_pages
    template = (
        files("crawler.demo")
        .joinpath("templates", f"{article.fields['template']}.html")
        .read_text(encoding="utf-8")
    )
    common = {
        "headline": html.escape(article.headline),
        "url": origin + article.path,
        "path": article.path,
        "section": html.escape(article.fields["section"]),
        "section_path": _slug(article.fields["section"]),
        "text": _text(article, article.texts[page - 1]),
    }
    return Template(template).substitute(common, **render(article, page, shown))


def _slug(words: str) -> str:
    return re.sub(r"\W+", "-", words.lower()).strip("-")


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def _text(article: DemoArticle, text: str) -> str:
    parts = [_block(block) for block in _blocks(text)]
    caption = article.fields.get("caption")
    if caption:
        image = f'<figure class="wp-caption"><img src="/beeld/{caption}.jpg" alt="">'
        parts[0] = (
            f'{image}<figcaption class="wp-caption-text">{html.escape(caption)}'
            f"</figcaption></figure>{parts[0]}"
        )
    return "\n".join(parts)


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{html.escape(block[3:])}</h2>"
    if block.startswith("> "):
        return f"<blockquote><p>{html.escape(block[2:])}</p></blockquote>"
    if block.startswith("- "):
        items = "".join(f"<li>{html.escape(line[2:])}</li>" for line in block.split("\n"))
        return f"<ul>{items}</ul>"
    return "<p>" + html.escape(block).replace("\n", "<br>\n") + "</p>"


def _tags(article: DemoArticle, kind: str) -> str:
    return "".join(
        f'<a href="/{kind}/{_slug(word)}/" rel="tag">{html.escape(word)}</a>'
        for word in article.fields["keywords"]
    )


def _vakblad(article: DemoArticle, page: int, _comment_page: int) -> Fields:
    when, fields = article.published, article.fields
    date = (
        f'<li class="datum">{when.day} {SHORT_MONTHS[when.month - 1]} {when:%Y @ %H:%M}</li>'
        if when
        else ""
    )
    person = f'<b class="auteur-naam">{html.escape(fields["author"])}</b>'
    role = "".join(
        f"<br>{html.escape(fields[name])}" for name in ("role", "organisation") if name in fields
    )
    links = (
        f'<div class="page-links">Pagina: <a href="{article.path}">1</a> <a '
        f'href="{article.path}2/">2</a></div>'
    )
    wall = (
        '<div class="paywall"><p>Verder lezen? Dit artikel is alleen toegankelijk voor '
        "abonnees.</p></div>"
    )
    return {
        "date": date,
        "author": f'<li class="auteur">{person}{role}</li>',
        "keywords": _tags(article, "trefwoord"),
        "pages": links if len(article.texts) > 1 else "",
        "paywall": wall if fields.get("paywall") else "",
        "comments": _flat_thread(article) if page == len(article.texts) or page == 1 else "",
    }


def _flat_thread(article: DemoArticle) -> str:
    """Return a house-made thread: flat, each answer with a link to what it answers."""
    if not article.comments:
        return ""
    authors = {comment["number"]: comment["author"] for comment in article.comments}
    items = []
    for comment in article.comments:
        when = datetime.fromisoformat(comment["at"])
        answered = comment.get("reply_to")
        to = (
            f'<a class="reactie-op" href="#reactie-{answered}">In reactie op '
            f"{html.escape(authors[answered])}</a>"
            if answered
            else ""
        )
        items.append(
            f'<div class="reactie" id="reactie-{comment["number"]}"><span '
            f'class="naam">{html.escape(comment["author"])}</span> '
            f'<span class="datum">{when.day} {MONTHS[when.month - 1]} '
            f"{when:%Y om %H.%M} uur</span> {to}"
            f'<div class="reactie-tekst">{_words(comment["text"])}</div><a '
            'href="#reageer">Reageer</a></div>'
        )
    heading = f"<h3>Reacties ({len(items)})</h3>"
    return (
        f'<div id="reacties">{heading}{"".join(items)}<div '
        'id="reageer"><h3>Reageer</h3><form><textarea></textarea></form></div></div>'
    )


def _words(text: str) -> str:
    return "".join(
        "<p>" + html.escape(block).replace("\n", "<br>") + "</p>" for block in _blocks(text)
    )


def _weblog(article: DemoArticle, _page: int, comment_page: int) -> Fields:
    fields, when = article.fields, article.published
    date = (
        f'<p class="entry-meta"><time datetime="{when.isoformat()}">{when.day} '
        f"{MONTHS[when.month - 1]} {when.year}</time>"
        if when
        else ""
    )
    by = (
        ""
        if "author_box" in fields
        else ' door <span class="author vcard"><a rel="author" '
        f'href="/author/{_slug(fields["author"])}/">{html.escape(fields["author"])}</a>'
        "</span>"
    )
    box = (
        '<div class="author-box"><h3>Over de '
        f"auteur</h3><p>{html.escape(fields['author_box'])}</p></div>"
        if "author_box" in fields
        else ""
    )
    return {
        "charset": "" if fields.get("old_charset") else '<meta charset="utf-8">',
        "date": f"{date}{by}</p>",
        "author": box,
        "keywords": _tags(article, "tag"),
        "comments": _wordpress_thread(article, comment_page),
    }


def _wordpress_thread(article: DemoArticle, comment_page: int) -> str:
    """Return a thread as WordPress makes it: nested lists, pages, a form, and a pingback that is
    counted.
    """
    shown = _on_page(article, comment_page)
    count = int(article.fields.get("declared", len(article.comments)))
    heading = (
        f'<h2 class="comments-title">{count} reacties op “{html.escape(article.headline)}”</h2>'
    )
    items = "".join(
        _wordpress_comment(article, comment, shown)
        for comment in shown
        if comment.get("reply_to") not in _numbers(shown)
    )
    pingback = article.fields.get("pingback")
    if pingback:
        items += (
            '<li class="pingback" id="comment-199"><p>Pingback: <a '
            f'href="http://groen.example.org/">{html.escape(pingback)}</a></p></li>'
        )
    form = (
        '<div id="respond" class="comment-respond"><h3>Laat een antwoord '
        "achter</h3><form><p>Je e-mailadres wordt niet gepubliceerd.</p>"
        "<textarea></textarea></form></div><p>Deze site gebruikt Akismet om spam te "
        "verminderen.</p>"
    )
    return (
        '<div id="comments" class="comments-area">'
        f"{heading}{_comment_links(article, comment_page)}<ol "
        f'class="comment-list">{items}</ol>{form}</div>'
    )


def _numbers(comments: Sequence[Fields]) -> set[int]:
    return {comment["number"] for comment in comments}


def _on_page(article: DemoArticle, comment_page: int) -> list[Fields]:
    if article.comment_pages == 1:
        return article.comments
    start = COMMENTS_A_PAGE * (comment_page - 1)
    return article.comments[start : start + COMMENTS_A_PAGE]


def _comment_links(article: DemoArticle, comment_page: int) -> str:
    links = []
    if comment_page > 1:
        links.append(
            f'<a href="{article.path}comment-page-{comment_page - 1}/#comments">Oudere reacties</a>'
        )
    if comment_page < article.comment_pages:
        links.append(
            f'<a href="{article.path}comment-page-{comment_page + 1}/#comments">'
            "Nieuwere reacties</a>"
        )
    return f'<nav class="comment-navigation">{" ".join(links)}</nav>' if links else ""


def _wordpress_comment(article: DemoArticle, comment: Fields, shown: Sequence[Fields]) -> str:
    number = comment["number"]
    answers = "".join(
        _wordpress_comment(article, c, shown) for c in shown if c.get("reply_to") == number
    )
    elsewhere = comment.get("reply_to") and comment["reply_to"] not in _numbers(shown)
    to = (
        '<p class="in-reply-to">In reactie op <a '
        f'href="{article.path}comment-page-1/#comment-{comment["reply_to"]}">een '
        "eerdere reactie</a></p>"
        if elsewhere
        else ""
    )
    video = (
        '<div class="embed"><iframe src="https://video.example.org/1"></iframe></div>'
        if comment.get("video")
        else ""
    )
    return (
        f'<li class="comment" id="comment-{number}"><article class="comment-body" '
        f'id="div-comment-{number}">'
        '<footer class="comment-meta"><div class="comment-author vcard"><b '
        f'class="fn">{html.escape(comment["author"])}</b> '
        '<span class="says">schreef:</span></div><div '
        f'class="comment-metadata">{_comment_date(article, comment)}</div></footer>'
        f'<div class="comment-content">{to}{_words(comment["text"])}{video}</div>'
        '<div class="reply"><a rel="nofollow" class="comment-reply-link" '
        f'href="{article.path}?replytocom={number}#respond">Beantwoorden</a></div>'
        f"</article>{f'<ol class=children>{answers}</ol>' if answers else ''}</li>"
    )


def _comment_date(article: DemoArticle, comment: Fields) -> str:
    if "at" not in comment:
        return ""
    when = datetime.fromisoformat(comment["at"]).replace(tzinfo=ZONE)
    words = f"{when.day} {MONTHS[when.month - 1]} {when:%Y om %H:%M}"
    kind = article.fields.get("comment_dates")
    if kind == "relative":
        return f'<span class="tijd" title="{when:%d-%m-%Y %H:%M}">lang geleden</span>'
    return (
        f'<a href="#comment-{comment["number"]}">{words}</a>'
        if kind == "text"
        else f'<time datetime="{when.isoformat()}">{words}</time>'
    )


_TEMPLATES = {"vakblad": _vakblad, "weblog": _weblog}
