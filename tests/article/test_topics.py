"""Topics of forums whose templates nobody has seen: the opening post is the article, the rest its
comments, whatever the box around a post's text is called.
"""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

POSTS = (
    "Wie weet waar de oude sluiswachterswoning gebleven is? Mijn oma kwam er vandaan.",
    "Die is in de jaren zestig gesloopt, er staat nu een gemaal met een hek eromheen.",
    "De stenen zijn voor de schuur van Van Dijk gebruikt, vertelde mijn vader altijd.",
    "In het streekarchief ligt een foto uit 1931, met de hele familie op de stoep.",
    "Dank jullie wel, ik ga in het archief kijken en laat horen wat ik er vind.",
)


def _topic(box: str) -> str:
    posts = "".join(
        f'<div class="my-3 card post" id="{n}"><div class="card-body"><div class="kop">'
        f'<a href="/forum/t/7/?post={n}#{n}">De sluiswachterswoning</a></div>'
        f'<div>Door: <a href="/lid/{n}/">Lezer {n}</a> op {n} mei 2014 10:21</div>'
        f'<div class="{box}"><p>{text}</p></div></div></div>'
        for n, text in enumerate(POSTS, 1)
    )
    return (
        '<html lang="nl"><head><title>De sluiswachterswoning</title></head><body>'
        '<nav><a href="/">Home</a><a href="/forum/">Forum</a></nav><div class="container">'
        f"<h1>De sluiswachterswoning</h1>{posts}</div><footer>Vereniging</footer></body></html>"
    )


@pytest.mark.parametrize("box", ["post-content", "entry-content", "content", "inhoud", "x1f"])
def test_a_topic_opens_with_its_first_post(box: str) -> None:
    url = "https://vereniging.nl/forum/t/7/"
    article = extract(
        Page(url=url, body=_topic(box).encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert article.article_type == "DiscussionForumPosting"
    assert article.article_body == POSTS[0]
    assert [comment.text for comment in article.comments] == list(POSTS[1:])


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="content"><p>Wij gebruiken cookies om te zien wie er leest.</p></div>',
        '<div class="entry-content">Word lid van ons forum en praat mee over vroeger.</div>',
        '<main class="content"><ul><li>Forum</li><li>Leden</li><li>Zoeken</li></ul></main>',
        '<div id="content"><p>U moet zich aanmelden om een bericht te mogen schrijven.</p></div>',
        '<div class="article-body">Er lezen nu drie leden en twaalf gasten mee.</div>',
    ],
)
def test_what_is_beside_a_topic_s_posts_is_not_its_text(beside: str) -> None:
    page = _topic("inhoud").replace('<div class="container">', f'{beside}<div class="container">')
    url = "https://vereniging.nl/forum/t/7/"
    article = extract(
        Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert article.article_body == POSTS[0]
    assert [comment.text for comment in article.comments] == list(POSTS[1:])


@pytest.mark.parametrize(
    "box", ['id="post_{n}"', 'id="js-post-{n}"', 'id="p{n}"', 'class="blockpost" id="x{n}"']
)
def test_the_post_under_the_topic_s_title_stays_at_whatever_address(box: str) -> None:
    posts = "".join(
        f"<div {box.format(n=n)}><h3>{'De sluiswachterswoning' if n == 1 else 'Antwoord'}</h3>"
        f'<b class="username">Lezer {n}</b> <span class="date">{n} mei 2014 10:21</span>'
        f'<div class="content">{text}</div></div>'
        for n, text in enumerate(POSTS, 1)
    )
    page = (
        "<html lang=nl><head><title>De sluiswachterswoning - De Vereniging</title></head><body>"
        f"<h1>De sluiswachterswoning</h1><div>{posts}</div></body></html>"
    )
    url = "https://vereniging.nl/geschiedenis/16340-sluiswachterswoning.html"
    article = extract(
        Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert article.article_body == POSTS[0]
    assert [comment.text for comment in article.comments] == list(POSTS[1:])


SENTENCES = (
    "De sluis bij het oude gemaal gaat na drie jaar weer open voor de pleziervaart.",
    "In de bodem werden resten van een oudere sluis gevonden, en dat gaf vertraging.",
    "Schippers voeren al die tijd om over het kanaal, wat een uur langer duurt.",
    "Het waterschap verwacht er deze zomer zo'n tweehonderd boten per week.",
    "Aan de kade komen banken, en de sluiswachter krijgt een nieuw huisje.",
    "Zaterdag is er een feest met muziek, en vaart de burgemeester als eerste door.",
)
ARTICLES = {
    "paragraphs": "<div><h1>De sluis</h1>{paragraphs}</div>",
    "lines": "<div><h1>De sluis</h1><div>{lines}</div></div>",
    "an article": "<article><h1>De sluis</h1><p>{first}</p></article>",
    "under a headline": "<h1>De sluis</h1><article>{paragraphs}</article>",
    "its body": "<h1>De sluis</h1><div itemprop='articleBody'><p>{first}</p></div>",
}


def _posts(record: str) -> str:
    """Return the posts under an article, of which *record* has the attributes."""
    return "".join(
        f"<div {record.format(n=n)}><a href='/user/{n}'>Lezer {n}</a> <i>{n} mei 2014 10:21</i>"
        f"<div>{text}</div></div>"
        for n, text in enumerate(POSTS, 1)
    )


@pytest.mark.parametrize("article", ARTICLES)
@pytest.mark.parametrize(
    "record", ["id='p{n}'", "id='post{n}'", "id='msg{n}'", "class='blockpost'"]
)
@pytest.mark.parametrize("heading", ["", "<h2>5 reacties</h2>"])
def test_comments_that_are_marked_up_as_posts_stay_under_their_article(
    article: str, record: str, heading: str
) -> None:
    before = ARTICLES[article].format(
        first=SENTENCES[0],
        lines="<br>".join(SENTENCES),
        paragraphs="".join(f"<p>{sentence}</p>" for sentence in SENTENCES),
    )
    under = f"{heading}<div>{_posts(record)}</div>"
    page = f"<html lang='nl'><body><main>{before}{under}</main></body></html>"
    url = "https://dorp.example/nieuws/sluis"
    found = extract(Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert SENTENCES[0] in found.article_body
    assert [comment.text for comment in found.comments] == list(POSTS)


@pytest.mark.parametrize(
    "notice",
    [
        "<article>Let op: lees eerst de regels voordat u een bericht plaatst, dank u.</article>",
        "<article><a href='/ander'>Lees ook: het oude gemaal wordt een museum.</a></article>",
        "<p>Welkom op ons forum, fijn dat u er bent.<br>Lees eerst de regels van het forum.<br>"
        "Zoek of uw vraag al eens gesteld is.<br>Wees aardig voor elkaar, dat leest prettiger.</p>",
    ],
)
def test_a_notice_before_posts_is_no_article(notice: str) -> None:
    posts = "".join(
        f"<div class='post' id='p{n}'><a href='./memberlist.php?u={n}'>Lezer {n}</a> "
        f"<i>{n} mei 2014 10:21</i><div class='content'>{text}</div></div>"
        for n, text in enumerate(POSTS, 1)
    )
    page = f"<html lang='nl'><body><h1>De woning</h1>{notice}<div>{posts}</div></body></html>"
    url = "https://vereniging.nl/kelder/3"
    found = extract(Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert found.article_body == POSTS[0]


def test_an_article_at_a_forums_address_stays_one() -> None:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    posts = _posts("class='post' id='p{n}'")
    article = f"<article><h1>De sluis</h1>{paragraphs}</article>"
    page = f"<html lang='nl'><body>{article}{posts}</body></html>"
    url = "https://dorp.example/forum/opinie"
    found = extract(Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert SENTENCES[-1] in found.article_body
    assert [comment.text for comment in found.comments] == list(POSTS)
