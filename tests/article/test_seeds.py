"""The two pages with which the project began, rebuilt from their texts in two markups each.

The texts are not ours and stay outside the repository: without them these tests skip; their twins
in tests/pages always run.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest

from pipelines.article import extract
from storage.records import Article, Page
from tests.crawling import ROOT

SEEDS = ROOT.parent / "shared" / "seeds"
TRADE, WEBLOG = "000_ff38be1ec50a7981.txt", "001_5bf86df3dab16d41.txt"
pytestmark = pytest.mark.skipif(
    not SEEDS.exists(), reason="the seed texts are not here (../shared/seeds)"
)


def seed(name: str) -> str:
    return (SEEDS / name).read_text(encoding="utf-8")


def paragraphs(text: str) -> str:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks)


def extracted(html: str, url: str) -> Article:
    return extract(
        Page(
            url=url,
            body=html.encode(),
            fetched_at=datetime(2014, 2, 1, tzinfo=UTC),
            content_type="text/html; charset=utf-8",
        )
    )


def trade_parts() -> tuple[str, str]:
    text = seed(TRADE)
    start = text.index("Interessant fenomeen")
    body = text[start : text.index("Michel de Bruin", start)].strip()
    html = ""
    for block in re.split(r"\n\s*\n", body):
        head, _, rest = block.partition("\n")
        html += (
            f"<h2>{escape(head)}</h2><p>{escape(rest)}</p>"
            if rest and len(head) < 60
            else f"<p>{escape(block)}</p>"
        )
    return text.split("\n")[0].strip(), html


FURNITURE = """<div class="box"><h3>Nieuwsbrief</h3><ul><li>Mis niets! Schrijf je nu in voor de \
gratis nieuwsbrief.</li></ul></div>
<div class="box"><h3>Laatste reacties</h3><ul></ul></div>
<div class="box"><h3>Word abonnee en ontvang:</h3><ul><li>16 keer per jaar MarketingTribune \
Magazine</li></ul></div>
<div class="box"><h3>MarketingTribune | Vacatures</h3><p>Ontvang nieuwe relevante vacatures direct \
in je inbox:</p><h4>Job Alert</h4></div>
<div class="box"><h3>MarketingTribune Events</h3><ul></ul></div>
<div id="footer"><ul><li>MarketingTribune.nl/b2b is een toonaangevend \
kennisplatform</li></ul></div>"""


def trade_list() -> str:
    title, body = trade_parts()
    return f"""<html lang="nl"><head><title>{escape(title)} - \
MarketingTribune</title></head><body><div id="main"><h1>{escape(title)}</h1>
<ul class="info"><li class="category"><a href="/b2b/">B2b</a></li><li class="date">30 dec 2013 @ \
10:21</li><li><a href="#">Link</a></li>
<li class="author"><img src="x.jpg" alt="Michel de Bruin"><strong class="author-name">Michel de \
Bruin</strong><br>Managing Partner<br>Admix</li>
<li class="tags"><a rel="tag" href="/tag/effect">Effect</a><a rel="tag" \
href="/tag/storytelling">Storytelling</a></li></ul>
<div class="article-body">{body}</div></div><div id="side">{FURNITURE}</div></body></html>"""


def trade_article() -> str:
    title, body = trade_parts()
    return f"""<html lang="nl"><head><title>{escape(title)}</title></head><body><article \
class="artikel"><header><h1>{escape(title)}</h1>
<p class="meta"><a class="rubriek" rel="category" href="/b2b/">B2b</a> <time \
datetime="2013-12-30T10:21">30 dec 2013 @ 10:21</time></p>
<div class="byline"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span \
itemprop="name">Michel de Bruin</span>
<span itemprop="jobTitle">Managing Partner</span> <span \
itemprop="worksFor">Admix</span></span></div></header>
<section class="artikel-tekst">{body}</section><p class="tags"><a href="/tag/effect" \
rel="tag">Effect</a><a href="/tag/storytelling" rel="tag">Storytelling</a></p>
</article><aside>{FURNITURE}</aside></body></html>"""


@pytest.mark.parametrize("markup", [trade_list, trade_article])
def test_the_trade_page(markup: Callable[[], str]) -> None:
    article = extracted(markup(), "https://www.marketingtribune.nl/b2b/weblog/2013/12/stuk/")
    assert article.headline == "Hoeveel 'thought leaders' kunnen we aan?"
    assert article.article_section == "B2b"
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2013-12-30T10:21:00+01:00"
    assert article.date_published_precision == "minute"
    assert [(a.name, a.role, a.organisation) for a in article.authors] == [
        ("Michel de Bruin", "Managing Partner", "Admix")
    ]
    assert article.keywords == ("Effect", "Storytelling")
    blocks = article.article_body.split("\n\n")
    assert blocks[0].startswith("Interessant fenomeen.")
    assert {
        "Wat is thought leadership?",
        "Een zeepkist voor iedereen",
        "Thought leader word je pas als je het verdient",
    } <= set(blocks)
    assert blocks[-1].endswith("altijd nog..")
    assert article.comments == ()
    for words in (
        "Mis niets",
        "Laatste reacties",
        "Word abonnee",
        "Job Alert",
        "Events",
        "toonaangevend kennisplatform",
        "Managing Partner",
    ):
        assert words not in article.article_body
    reasons = {block.reason for block in article.removed_blocks}
    assert {"newsletter", "subscription"} <= reasons or "sidebar" in reasons


def weblog_parts() -> tuple[str, list[tuple[str, str]]]:
    text = seed(WEBLOG)
    body = text[text.index("passieWe") + len("passie") : text.index("Over de auteur")]
    thread = text[text.index("11 reacties") : text.index("Laat een antwoord")]
    comments = []
    for part in re.split(r"\n  \d+\. ", thread)[1:]:
        author, _, words = part.partition("\n")
        comments.append(
            (author.strip(), re.sub(r"\s*Beantwoorden\s*$", "", words.replace("    ", "")))
        )
    return body, comments


FORM = """<div id="respond" class="comment-respond"><h3>Laat een antwoord achter</h3><p>Je e-mail \
adres wordt niet gepubliceerd.</p><form></form></div>
<p class="akismet_comment_form_privacy_notice">Deze site gebruikt Akismet om spam te verminderen. \
Bekijk hoe je reactie-gegevens worden verwerkt.</p>"""


def weblog_list() -> str:
    body, comments = weblog_parts()
    items = "".join(
        f"""<li class="comment" id="comment-{n}"><article class="comment-body"><footer \
class="comment-meta"><b class="fn">{escape(author)}</b></footer>
<div class="comment-content">{paragraphs(words)}</div><div class="reply"><a \
class="comment-reply-link" href="?replytocom={n}#respond">Beantwoorden</a></div></article></li>"""
        for n, (author, words) in enumerate(comments, 501)
    )
    return f"""<html lang="nl"><head><title>Passie</title></head><body \
class="single-post"><article class="post"><h1 class="entry-title">Passie</h1>
<span class="span-reading-time">Leestijd: ca. 4 minuten</span><div class="entry-content"><div \
class="wp-caption"><img src="p.jpg"><p class="wp-caption-text">passie</p></div>
{paragraphs(body)}</div><div class="author-box"><h3>Over de auteur</h3><p>Sjef is social media \
strateeg. Hij is Commercieel Directeur en DGA bij DailyDialogues en is oprichter van \
Bijgespijkerd.</p></div></article>
<section id="comments"><h2 class="comments-title">11 reacties</h2><ol \
class="comment-list">{items}</ol>{FORM}</section></body></html>"""


def weblog_house() -> str:
    body, comments = weblog_parts()
    items = "".join(
        f"""<div class="reactie" id="reactie-{n}"><div \
class="reactie-naam">{escape(author)}</div><div class="reactie-tekst">{paragraphs(words)}</div>
<a class="beantwoord" href="#reageer">Beantwoorden</a></div>"""
        for n, (author, words) in enumerate(comments, 1)
    )
    return f"""<html lang="nl"><head><title>Passie</title></head><body><div \
id="artikel"><h1>Passie</h1><p class="leestijd">Leestijd: ca. 4 minuten</p>
<div class="artikel-tekst"><figure><img \
src="p.jpg"><figcaption>passie</figcaption></figure>{paragraphs(body)}</div>
<div class="over-de-auteur"><h4>Over de auteur</h4><p>Sjef is social media strateeg. Hij is \
Commercieel Directeur en DGA bij DailyDialogues en is oprichter van Bijgespijkerd.</p></div></div>
<div id="reacties"><h3>11 reacties</h3>{items}<h4>Laat een antwoord achter</h4><form><p>Je e-mail \
adres wordt niet gepubliceerd.</p></form></div></body></html>"""


@pytest.mark.parametrize("markup", [weblog_list, weblog_house])
def test_the_weblog_page(markup: Callable[[], str]) -> None:
    article = extracted(markup(), "https://www.example.org/passie/")
    assert article.article_body.startswith("We schetsen anno 2009")
    assert article.article_body.endswith("cultureel eigendom….?")
    assert [author.name for author in article.authors] == ["Sjef"]
    assert (article.comments_declared, len(article.comments)) == (11, 8)
    assert article.comments_gap_reason is not None
    names = [
        "Kevin Rommen",
        "Ron",
        "Polle",
        "Niels Schuddeboom",
        "Steven",
        "Sonja van Vuren",
        "Sonja van Vuren",
        "Tim van Waard",
    ]
    assert [comment.author for comment in article.comments] == names
    assert article.comments[5].text.endswith(article.comments[6].text)
    assert "http://www.hetgesprek.nl/archief/2377/" in article.comments[3].text
    assert article.comments[5].text.count("http://") == 3
    assert "🙂" in article.comments[5].text
    assert "(54 minuten)" in article.comments[3].text
    assert all(comment.date_created is None for comment in article.comments)
    whole = article.article_body + "".join(comment.text for comment in article.comments)
    for words in ("Beantwoorden", "Laat een antwoord", "Akismet", "e-mail adres", "Leestijd"):
        assert words not in whole
    assert article.date_published is None
