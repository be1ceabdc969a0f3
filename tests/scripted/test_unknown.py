"""Systems that nobody wrote down are named with the address seen; where nobody waits for a script,
no thread is missing.
"""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Article, Page
from tests.scripted.village_site import article_page

TEXT = "<p>De brug gaat dit jaar weer open, en dat is voor de buurt een hele opluchting.</p>" * 6


@pytest.mark.parametrize(
    "below",
    [
        "<script src='/wp-includes/js/comment-reply.min.js' id='comment-reply-js'></script>",
        "<div id='comments'><form action='/reageer'><textarea></textarea></form></div>",
        "<section class='reacties'><h3 id='reply-title' class='comment-title'>Reageer</h3>"
        "<form><div class='comment-form-comment'></div><textarea></textarea></form></section>",
        "<link rel='stylesheet' id='comments-css' href='/css/comments.css'>",
        "<aside><img class='latest-comments comment-avatar' src='/avatar/ab12.png'></aside>",
        "<div><picture class='comment photo'><source src='//foto.example/1.webp'></picture></div>",
        "<style id='comments-inline-css'></style><script src='/js/comments.js'></script>",
    ],
)
def test_a_post_without_comments_lacks_none(below: str) -> None:
    body = f"<article><h1>De brug bij Oudeveer</h1>{TEXT}</article>{below}"
    page = f"<html lang='nl'><head><title>De brug</title></head><body>{body}</body></html>"
    url = "https://voorbeeld.nl/2014/brug/"
    article = extract(
        Page(url=url, body=page.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert (article.comments_gap_reason, article.comment_system) == (None, None)


THREADS = {
    "a script with words of its own": (
        (
            '<div id="meepraathoek" data-stuk="7"></div><script> const '
            'hoek=document.getElementById("meepraathoek"); '
            "fetch(`https://praat.lokaal.example/v2/draden/${hoek.dataset.stuk}?n=20`).then(r=>r.json()).then(d=>teken(hoek,d.bijdragen));</script>"
        ),
        "https://praat.lokaal.example/v2/draden/",
    ),
    "a script that asks for comments": (
        (
            '<section id="lezersreacties"></section><script> '
            "fetch('/api/v1/reacties?artikel=7').then(r => r.json()).then(toonReacties)</script>"
        ),
        "https://dorpsblad.example/api/v1/reacties",
    ),
    "an old request under a heading": (
        (
            '<h2>Reacties</h2><div class="rx-lijst">Laden…</div><script> var x=new '
            'XMLHttpRequest();x.open("GET","/rx/lijst.json?stuk=7");x.onload=function(){document.querySelector(".rx-lijst").innerHTML=maak(JSON.parse(x.responseText))};x.send();</script>'
        ),
        "https://dorpsblad.example/rx/lijst.json",
    ),
    "a web component": (
        (
            '<script type="module" src="https://cdn.zegje.example/zegje-doen.js"></script><zegje-doen'
            ' stuk="7" server="https://zegje.example/api"></zegje-doen>'
        ),
        "https://zegje.example/api",
    ),
    "a component with an address": (
        (
            '<praat-mee api-url="https://mee.example/v1/comments" thread-id="7"></praat-mee>'
            '<script src="https://mee.example/w.js"></script>'
        ),
        "https://mee.example/v1/comments",
    ),
    "a frame under a heading": (
        (
            "<h3>Reageer op dit artikel</h3><iframe "
            'src="https://lezers.example/kader?u=%2Fnieuws%2Fpont%2F" '
            'title="Reacties"></iframe>'
        ),
        "https://lezers.example/kader",
    ),
    "a frame in a box": (
        (
            '<div class="reactie-kader"><iframe '
            'src="https://lezers.example/kader?id=7"></iframe></div>'
        ),
        "https://lezers.example/kader",
    ),
    "GraphQL": (
        (
            '<div id="gesprek"></div><script> '
            'fetch("https://gql.dorpsblad.example/graphql",{method:"POST",body:JSON.stringify({query:"query($id:ID!){artikel(id:$id){reacties{id'
            " tekst "
            'auteur}}}",variables:{id:7}})}).then(r=>r.json()).then(d=>render(document.getElementById("gesprek"),d))</script>'
        ),
        "https://gql.dorpsblad.example/graphql",
    ),
    "settings of a program": (
        (
            "<div "
            'id="discussie-app"></div><script>window.__DISCUSSIE__={endpoint:"https://api.dis.example/threads/7"};</script><script'
            ' src="https://static.dis.example/app.js" defer></script>'
        ),
        "https://api.dis.example/threads/7",
    ),
    "a box with its address": (
        (
            '<div class="js-artikel-reacties" data-endpoint="/_/reacties/7"></div><script '
            'src="/js/bundel.js"></script>'
        ),
        "https://dorpsblad.example/_/reacties/7",
    ),
}
ORDINARY = {
    "analytics": (
        "<script async "
        'src="https://www.googletagmanager.com/gtag/js?id=G-1"></script><script>window.dataLayer=[];function'
        " "
        'gtag(){dataLayer.push(arguments)}gtag("config","G-1");</script><script>fetch("https://plausible.example/api/event",{method:"POST",body:JSON.stringify({n:"pageview",u:location.href})})</script>'
    ),
    "share": (
        '<div class="share" id="deel"></div><script '
        'src="https://platform.delen.example/share.js"></script><script>fetch("https://delen.example/count?url="+location.href).then(r=>r.json()).then(n=>document.getElementById("deel").textContent=n)</script>'
    ),
    "newsletter": (
        "<div "
        'id="nieuwsbrief"></div><script>fetch("/api/nieuwsbrief/formulier").then(r=>r.text()).then(h=>document.getElementById("nieuwsbrief").innerHTML=h)</script>'
    ),
    "search": (
        "<div "
        'id="zoek"></div><script>fetch("/api/zoek?q=").then(r=>r.json()).then(d=>document.getElementById("zoek").innerHTML=d)</script><zoek-balk'
        ' api="https://zoek.example/v1"></zoek-balk>'
    ),
    "related": (
        "<h2>Lees ook</h2><div "
        'class="lees-ook"></div><script>fetch("/api/gerelateerd/7").then(r=>r.json()).then(d=>document.querySelector(".lees-ook").innerHTML=d)</script>'
    ),
    "weather": (
        '<weer-bericht api="https://weer.example/v1"></weer-bericht><script '
        'src="https://weer.example/w.js"></script>'
    ),
    "video": '<h2>Video</h2><iframe src="https://video.example/embed/7"></iframe>',
    "ad": '<div id="ad-1"></div><script>(adsbygoogle=window.adsbygoogle||[]).push({});</script>',
    "count": (
        "<span "
        'class="comment-count"></span><script>fetch("/api/teller?t=comments").then(r=>r.json()).then(n=>document.querySelector(".comment-count").textContent=n)</script>'
    ),
    "poll": (
        "<div "
        'id="poll"></div><script>fetch("/api/poll/7").then(r=>r.json()).then(d=>teken(document.getElementById("poll"),d))</script>'
    ),
    "chat": '<div id="chat-widget"></div><script src="https://chat.example/w.js"></script>',
    "closed": (
        "<h2>Reacties</h2><p>Reageren is niet meer "
        'mogelijk.</p><script>fetch("/api/nieuwsbrief").then(x=>x)</script>'
    ),
    "forms": (
        "<h2>Reageer op dit artikel</h2><p>Mail de redactie.</p><iframe "
        'src="https://www.youtube.com/embed/7"></iframe>'
    ),
    "latest": (
        '<aside><h2>Laatste reacties</h2><div class="laatste-reacties" '
        'data-bron="/api/laatste-reacties"></div></aside>'
    ),
}


def shown(box: str) -> Article:
    url = "https://dorpsblad.example/nieuws/pont/"
    page = article_page(0, box).encode()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return extract(Page(url=url, body=page, fetched_at=moment, content_type="text/html"))


@pytest.mark.parametrize("kind", THREADS)
def test_a_system_never_seen_is_a_gap_with_its_address(kind: str) -> None:
    box, address = THREADS[kind]
    article = shown(box)
    assert (article.comments_gap_reason, article.comment_system) == ("widget", address)
    assert article.article_body.startswith("In het dorp")
    assert (article.comments, article.comment_threads) == ((), ())


@pytest.mark.parametrize("kind", ORDINARY)
def test_an_ordinary_script_is_no_thread(kind: str) -> None:
    article = shown(ORDINARY[kind])
    assert (article.comments_gap_reason, article.comment_system) == (None, None)
    assert article.article_body.startswith("In het dorp")
