"""What a newcomer's first crawls met: pages of our own writing that show the same kinds, with the
values that a reader of each page sees.
"""

from datetime import UTC, datetime

import pytest

from crawler.discovery import candidates_from_page
from pipelines.article import NotAnArticle, extract
from pipelines.comments import read_count
from pipelines.document import open_document
from storage.records import Article, Page
from storage.urls import why_unfollowed

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
URL = "https://vaartbode.example/brug-blijft-dicht/"
TEXT = "".join(
    f"<p>De brug over de vaart werd in week {week} weer een dag later geopend dan de gemeente had"
    " beloofd, en de schippers wachtten met hun koffie op de kade tot de wachter kwam.</p>"
    for week in range(3, 8)
)


def page(head: str = "", below: str = "", url: str = URL, article: str | None = None) -> Page:
    body = f"""<html lang="nl"><head><title>De brug blijft dicht</title></head><body>
    <div class="top"><a href="/">De Vaartbode</a></div><div class="m">
    {article or f'<div><h1>De brug blijft dicht</h1>{head}</div><div class="t">{TEXT}</div>'}
    </div>{below}</body></html>"""
    return Page(url=url, body=body.encode(), fetched_at=NOW)


def read(head: str = "", below: str = "", url: str = URL) -> Article:
    return extract(page(head, below, url))


def thread(*records: str, over: str = "") -> str:
    return f'<div id="comments">{over}<ol class="comment-list">{"".join(records)}</ol></div>'


def record(number: int, words: str, name: str = "", names: str = "") -> str:
    return (
        f'<li class="comment {names}" id="comment-{number}"><b class="fn">'
        f"{name or f'Bram {number}'}</b> <time>{number} mei 2019 om 10:0{number}</time>"
        f'<div class="comment-content">{words}</div></li>'
    )


SAID = "<p>Dat duurt weer lang, en de koffie is op.</p>"
SHOWN = (record(1, SAID), record(2, SAID.replace("lang", "kort")))


@pytest.mark.parametrize(
    "withheld",
    [
        record(3, "", name="Commentaar verwijderd"),
        record(3, "", name="Reactie verwijderd"),
        record(3, "", name="[verwijderd]"),
        record(3, "", name="Comment deleted"),
        record(3, "<p>Deze reactie is verwijderd door de redactie.</p>"),
        record(3, "<p>-</p>", names="comment-deleted"),
    ],
)
def test_a_comment_that_was_taken_away_bears_no_name_and_is_the_reason_of_the_gap(
    withheld: str,
) -> None:
    article = read(below=thread(*SHOWN, withheld, over="<h3>3 reacties</h3>"))
    statuses = [comment.status for comment in article.comments]
    assert sorted(statuses) == ["visible", "visible", "withheld"]
    assert article.comments[statuses.index("withheld")].author in {None, "Bram 3"}
    assert (article.comments_declared, article.comments_gap_reason) == (3, "withheld")


@pytest.mark.parametrize(
    "words", ["", "<p></p>", "<p>&nbsp;</p>", "<!-- -->", "<div><p> </p></div>"]
)
def test_a_record_whose_words_were_not_found_is_not_withheld(words: str) -> None:
    article = read(below=thread(*SHOWN, record(3, words), over="<h3>3 reacties</h3>"))
    empty = [comment for comment in article.comments if not comment.text]
    assert {comment.status for comment in empty} <= {"visible"}


PINGBACK = '<a href="https://elders.example/1">Een ander blad</a>'


@pytest.mark.parametrize(
    "ping",
    [
        '<li class="pingback even" id="comment-{n}"><div>Pingback: {link}</div></li>',
        '<li class="trackback" id="comment-{n}">{link} » zegt</li>',
        '<li id="c{n}">Pingback: {link}</li>',
        "<li>Trackback: {link}</li>",
        '<li class="comment"><p>Pingback van {link}</p></li>',
    ],
)
def test_a_thread_of_pingbacks_alone_says_so(ping: str) -> None:
    pings = [ping.format(n=n, link=PINGBACK.replace("/1", f"/{n}")) for n in (6, 7)]
    article = read(below=thread(*pings, over="<h2>2 reacties</h2>"))
    assert (article.comments, article.comments_declared) == ((), 2)
    assert article.comments_gap_reason == "pingbacks"


@pytest.mark.parametrize(
    ("over", "below", "reason"),
    [
        ("<h3>2 reacties</h3>", "", None),
        ("<h3>9 reacties</h3>", "", "unknown"),
        ("<h3>1 reactie</h3>", "", "surplus"),
        ("<h3>9 reacties</h3>", '<a href="comment-page-2/">Oudere reacties</a>', "pagination"),
        ("<h3>9 reacties</h3>", "<p>Toon alle 7 antwoorden</p>", "top_level"),
        ("<h3>9 reacties</h3>", "<p>7 reacties zijn verborgen</p>", "withheld"),
    ],
)
def test_where_as_many_are_not_read_as_are_declared_there_is_a_reason(
    over: str, below: str, reason: str | None
) -> None:
    found = thread(*SHOWN, over=over).replace("</ol>", f"</ol>{below}")
    article = read(below=found)
    assert len(article.comments) == 2
    assert article.comments_gap_reason == reason


@pytest.mark.parametrize(
    ("head", "section", "keywords"),
    [
        ('<p class="rubriek">Sport</p>', "Sport", ()),
        ('<p itemprop="articleSection">Sport</p>', "Sport", ()),
        ('<meta itemprop="articleSection" content="Sport">', "Sport", ()),
        ('<span class="category">Sport</span>', "Sport", ()),
        ('<p class="post-category">Rubriek: Sport</p>', "Sport", ()),
        (
            '<p class="trefwoorden"><span>#vaart</span> <span>#brug</span></p>',
            None,
            ("vaart", "brug"),
        ),
        ('<p class="tags">Tags: vaart, brug</p>', None, ("vaart", "brug")),
        ('<ul class="tag-list"><li>vaart</li><li>brug</li></ul>', None, ("vaart", "brug")),
        ('<div class="keywords">#vaart #brug</div>', None, ("vaart", "brug")),
        ('<p class="onderwerpen">vaart | brug</p>', None, ("vaart", "brug")),
        ('<div class="sectie-kop"><p>Wat een dag</p></div>', None, ()),
    ],
)
def test_section_and_keywords_without_links_are_read(
    head: str, section: str | None, keywords: tuple[str, ...]
) -> None:
    article = read(head)
    assert (article.article_section, article.keywords) == (section, keywords)


@pytest.mark.parametrize(
    ("line", "author", "raw"),
    [
        ("Geplaatst door: <a href='/wie/7/'>Anna de Wit</a> 5 jaar, 11 maanden geleden",
         "Anna de Wit", "5 jaar, 11 maanden geleden"),
        ("3 mei 2019, 11.02 uur | <span>Anna de Wit</span>", None, "3 mei 2019, 11.02 uur"),
        ("Gemeente / Tekst: <a href='/wie/7/'>Anna de Wit</a> / vr. 3 mei 2019, 7u10",
         "Anna de Wit", "vr. 3 mei 2019, 7u10"),
        ("Sport | Door Anna de Wit | 3 mei 2019", "Anna de Wit", "3 mei 2019"),
        ("Vaart - Auteur: Anna de Wit - 3 mei 2019", "Anna de Wit", "3 mei 2019"),
        ("3 mei 2019 • By Anna de Wit • 4 min", "Anna de Wit", "3 mei 2019"),
        ("Geplaatst op 3 mei 2019", None, "Geplaatst op 3 mei 2019"),
    ],
)  # fmt: skip
def test_a_byline_gives_its_author_and_of_its_words_those_of_the_date(
    line: str, author: str | None, raw: str
) -> None:
    article = read(f"<p class='byline'>{line}</p>")
    assert article.date_published_raw == raw
    if author is not None:
        assert [one.name for one in article.authors] == [author]


@pytest.mark.parametrize(
    ("line", "published", "modified", "raw"),
    [
        ("vrijdag 12 juni 2009, 11.02 uur | <b>Vera</b> | Bijgewerkt op 05-02-'10",
         "2009-06-12", "2010-02-05", "Bijgewerkt op 05-02-'10"),
        ("12 juni 2009 | Laatst gewijzigd: 5 februari 2010",
         "2009-06-12", "2010-02-05", "Laatst gewijzigd: 5 februari 2010"),
        ("Bijgewerkt op 5 februari 2010 | Geplaatst op 12 juni 2009",
         "2009-06-12", "2010-02-05", "Bijgewerkt op 5 februari 2010"),
        ("<span>12 juni 2009</span> <span>(bijgewerkt 5 februari 2010)</span>",
         "2009-06-12", "2010-02-05", "bijgewerkt 5 februari 2010)"),
        ("June 12, 2009 | Updated on February 5, 2010",
         "2009-06-12", "2010-02-05", "Updated on February 5, 2010"),
    ],
)  # fmt: skip
def test_a_line_that_tells_of_a_change_gives_each_date_its_own_words(
    line: str, published: str, modified: str, raw: str
) -> None:
    article = read(f"<p class='byline'>{line}</p>")
    assert f"{article.date_published:%Y-%m-%d}" == published
    assert f"{article.date_modified:%Y-%m-%d}" == modified
    assert article.date_modified_raw == raw


FORM = """<h3>Geef reactie op opmerking</h3><div><span>5 feb 2009, 20:15 - Anna de Wit</span>
<div>Dank voor je reactie, Nienke! Wij passen het aan, want als oude schipper weet ik dat het er
daar heel anders aan toe ging dan in het stuk staat.</div></div>
<form method="post"><textarea name="comment"></textarea></form>"""


@pytest.mark.parametrize(
    "path",
    [
        "/comments/reply/3/",
        "/comments/flag/3/",
        "/comment/reply/12/3",
        "/reacties/3/beantwoorden/",
        "/reacties/meld/3/",
        "/forum/posting.php",
    ],
)
def test_a_form_to_answer_one_comment_is_not_asked_and_is_no_article(path: str) -> None:
    url = f"https://vaartbode.example{path}"
    assert why_unfollowed(url) == "machinery"
    with pytest.raises(NotAnArticle):
        extract(page(url=url, article=FORM))


@pytest.mark.parametrize(
    "path",
    ["/comments/over-de-brug/", "/reply-all/", "/posts/de-brug/", "/nieuws/report/", "/like/"],
)
def test_an_article_that_is_called_like_a_form_stays(path: str) -> None:
    assert why_unfollowed(f"https://vaartbode.example{path}") is None


def teaser(number: int) -> str:
    return (
        f'<section><h2><a href="/stuk/{number},brug">De brug, deel {number}</a></h2><small>'
        f'{number} mei 2019, 9u0{number} door <a href="/wie/anna">Anna de Wit</a></small>'
        "<p>Meer dan veertig schippers wachtten op de kade. Terecht? Tijd voor een beschouwing.</p>"
        f'<small><a href="/stuk/{number},brug#praat">{number} reacties</a></small></section>'
    )


@pytest.mark.parametrize(
    "path", ["/schrijver/anna", "/label/brug", "/jaargang/2019", "/rubriek/sport?blad=2", "/map/7"]
)
def test_a_list_whose_entries_look_like_a_thread_is_no_article(path: str) -> None:
    lists = f"<main><h1>Stukken van Anna</h1>{''.join(map(teaser, range(3, 8)))}</main>"
    with pytest.raises(NotAnArticle) as refused:
        extract(page(url=f"https://vaartbode.example{path}", article=lists))
    assert refused.value.reason == "listing"


@pytest.mark.parametrize(
    "path",
    [
        "/member/profile/44/",
        "/users/anna",
        "/profile/7",
        "/gebruiker/anna/",
        "/leden/anna/berichten",
    ],
)
def test_a_person_s_page_is_no_article(path: str) -> None:
    posts = "".join(
        f'<div class="row post"><div class="post-title"><a href="/topic/{n}/?post={n}">Re: De brug'
        f"</a></div><small>Op {n} mei 2019 09:0{n}</small><p>Weer lang, week {n}.</p></div>"
        for n in range(2, 8)
    )
    with pytest.raises(NotAnArticle):
        extract(page(url=f"https://vaartbode.example{path}", article=f"<h1>Anna</h1>{posts}"))


TOPIC = "/forum/vaart/topic/brug-5/"


@pytest.mark.parametrize(
    ("href", "is_followed"),
    [
        (f"{TOPIC}?post=333#333", False),
        (f"{TOPIC}?post=333#post-333", False),
        ("/viewtopic.php?p=12#p12", False),
        ("/showthread.php?pid=7#pid7", False),
        ("/artikel/?cid=9#comment-9", False),
        ("/?p=12#comment-7", True),
        (TOPIC, True),
        ("/viewtopic.php?t=12", True),
    ],
)
def test_one_post_of_a_page_is_no_page_of_its_own(href: str, is_followed: bool) -> None:
    document = open_document(page(below=f'<a href="{href}">Een stuk</a>'))
    found = [
        one.url for one in candidates_from_page(document, 0) if not one.url.endswith("example/")
    ]
    assert bool(found) == is_followed


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Reactie 1", None), ("Comment 12", None), ("Antwoord 3", None), ("Bericht 4", None),
        ("Post 7", None), ("Reacties 1", 1), ("Reactie (1)", 1), ("Comments 12", 12),
        ("1 reactie", 1), ("Lezers praten mee (3)", 3), ("Praat mee (4)", 4),
    ],
)  # fmt: skip
def test_the_number_of_a_comment_is_no_count(line: str, count: int | None) -> None:
    assert read_count(line) == count


@pytest.mark.parametrize("label", ["Berichten:", "Posts:", "Reacties:", "Comments:", "Bijdragen:"])
def test_how_much_a_writer_has_written_is_not_what_the_page_declares(label: str) -> None:
    def post(number: int) -> str:
        side = f'<b class="author">Bram {number}</b><div class="posts">{label} {number + 4}</div>'
        said = f'<div class="post-content"><p>Dat duurt weer lang, week {number}.</p></div>'
        day = f'<p class="d">{number} mei 2019 10:0{number}</p>'
        return f'<div class="post" id="p{number}"><div class="side">{side}</div>{day}{said}</div>'

    article = read(below=f'<div class="topic">{"".join(map(post, range(1, 7)))}</div>')
    assert article.comments_declared is None
