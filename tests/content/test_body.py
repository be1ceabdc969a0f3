"""The article's own words, whatever its site lays around and between them."""

import json
from datetime import UTC, datetime

import pytest
from lxml.html import fromstring

from pipelines.article import extract
from storage.records import Article, Page

ZINNEN = [
    f"Op dag {number} van de verbouwing stond de sporthal vol met {number} stapels "
    "planken, en niemand wist nog welke vloer waar kwam."
    for number in range(1, 10)
]
FORM = (
    '<form name="aspnetForm" method="post" action="x.aspx" id="aspnetForm"><input '
    'type="hidden" name="__VIEWSTATE" value="dDw">'
)
ADVERT = '<div class="ad-slot"><span>Advertentie</span></div>'


def paragraphs(sentences: list[str], name: str = "") -> str:
    return "".join(f"<p{name}>{sentence}</p>" for sentence in sentences)


def read(body: str) -> Article:
    html = f"<html lang=nl><head><title>De verbouwing</title></head><body>{body}</body></html>"
    return extract(
        Page(
            url="https://dorp.example/verbouwing",
            body=html.encode(),
            fetched_at=datetime(2026, 11, 25, tzinfo=UTC),
        )
    )


SHAPES = {
    "a form around the whole page": f"{FORM}<div id=menu><a href=/>Home</a></div><h1>De "
    f"verbouwing</h1><div>{paragraphs(ZINNEN)}</div></form>",
    "a form around a page without a heading": f"{FORM}<b class=kop>De verbouwing</b>"
    f"<div>{paragraphs(ZINNEN)}</div></form>",
    "in unequal parts, with advertisements between": "<h1>De verbouwing</h1><main>"
    + "".join(
        f'<div class="chunk"><div class="article__body">{paragraphs(part)}</div>{ADVERT}</div>'
        for part in (ZINNEN[:5], ZINNEN[5:8], ZINNEN[8:])
    )
    + "</main>",
    "most of it marked as being for subscribers": "<h1>De verbouwing</h1><div class='article-body'>"
    f"{paragraphs(ZINNEN[:1])}{paragraphs(ZINNEN[1:], ' class=paywall')}</div>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_whole_text_is_read(shape: str) -> None:
    assert read(SHAPES[shape]).article_body.split("\n\n") == ZINNEN


def test_what_asks_for_a_subscription_is_cut_all_the_same() -> None:
    call = (
        '<div class="paywall-message"><p>Wil je verder lezen? Word abonnee voor 5 euro '
        "per maand.</p></div>"
    )
    article = read(
        f"<h1>De verbouwing</h1><div class='article-body'>{paragraphs(ZINNEN)}{call}</div>"
    )
    assert article.article_body.split("\n\n") == ZINNEN
    assert [block.reason for block in article.removed_blocks] == ["subscription"]


@pytest.mark.parametrize(
    "caption",
    [
        "<figure><img src=s.jpg><figcaption>De steiger in mei (foto: Toos "
        "Vink)</figcaption></figure>",
        "<div class=wp-caption><img src=s.jpg><p class=wp-caption-text>De steiger in "
        "mei (foto: Toos Vink)</p></div>",
        "<p><img src=s.jpg></p><p><em>De steiger in mei (foto: Toos Vink)</em></p>",
    ],
)
def test_a_caption_is_cut_and_kept(caption: str) -> None:
    article = read(
        "<h1>De verbouwing</h1><div class='article-body'>"
        f"{paragraphs(ZINNEN[:2])}{caption}{paragraphs(ZINNEN[2:])}</div>"
    )
    assert article.article_body.split("\n\n") == ZINNEN
    assert [(block.reason, block.text) for block in article.removed_blocks] == [
        ("caption", "De steiger in mei (foto: Toos Vink)")
    ]


def test_a_lead_in_italics_under_the_first_picture_is_text() -> None:
    lead = f"<p><img src=s.jpg></p><p><em>{ZINNEN[0]}</em></p>"
    found = read(
        f"<h1>De verbouwing</h1><div class='article-body'>{lead}{paragraphs(ZINNEN[1:])}</div>"
    )
    assert found.article_body == "\n\n".join(ZINNEN)


def test_a_story_that_is_told_under_its_pictures_keeps_its_text() -> None:
    told = "".join(
        f"<p><img src={n}.jpg></p><p><em>{sentence[:90]}</em></p>"
        for n, sentence in enumerate(ZINNEN)
    )
    found = read(f"<h1>De verbouwing</h1><div class='article-body'><p>{ZINNEN[0]}</p>{told}</div>")
    assert found.article_body.count("verbouwing") == 1 + len(ZINNEN)


def test_a_line_in_italics_under_words_is_no_caption() -> None:
    line = "<p><em>Wordt vervolgd in het volgende nummer.</em></p>"
    article = read(
        f"<h1>De verbouwing</h1><div class='article-body'>{paragraphs(ZINNEN)}{line}</div>"
    )
    assert article.article_body.endswith("\n\nWordt vervolgd in het volgende nummer.")


BOX = f"<aside class=kader><h3>Wat is een steiger?</h3><p>{' '.join(ZINNEN[2:5])}</p></aside>"


def test_a_box_between_paragraphs_is_the_article_s_own() -> None:
    article = read(
        "<h1>De verbouwing</h1><div class='article-body'>"
        f"{paragraphs(ZINNEN[:2])}{BOX}{paragraphs(ZINNEN[5:])}</div>"
    )
    assert article.article_body == "\n\n".join(
        [*ZINNEN[:2], "Wat is een steiger?", " ".join(ZINNEN[2:5]), *ZINNEN[5:]]
    )


@pytest.mark.parametrize(
    "call",
    [
        "<p>Meld je aan voor onze nieuwsbrief.</p>",
        "<a href=/b>Naar de winkel</a>",
        "<button>Bestel</button>",
    ],
)
def test_a_box_with_a_call_is_cut(call: str) -> None:
    box = BOX.replace("</aside>", f"{call}</aside>")
    article = read(
        "<h1>De verbouwing</h1><div class='article-body'>"
        f"{paragraphs(ZINNEN[:2])}{box}{paragraphs(ZINNEN[5:])}</div>"
    )
    assert article.article_body.split("\n\n") == [*ZINNEN[:2], *ZINNEN[5:]]
    assert [block.reason for block in article.removed_blocks] == ["sidebar"]


def test_a_few_lines_before_the_headline_are_the_page_s_head() -> None:
    head = (
        "<div><span>Toos Vink</span> <span>Bouwen</span> <span>Gisteren, "
        "16:00</span></div><div>Leestijd: 3 minuten</div>"
    )
    article = read(
        f"<div class='article__content'>{head}<h1>De verbouwing</h1>{paragraphs(ZINNEN)}</div>"
    )
    assert article.article_body.split("\n\n") == ZINNEN


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>Op <b>15 maart</b> is het zover. Er gaat ook een "
        "<strong>nieuwsbrief</strong> van start.</p>",
        "<p><b>Vacatures</b> zijn er genoeg, zegt de aannemer: hij zoekt twee "
        "metselaars, een voeger, een timmerman en iemand die de koffie "
        "zet en de tekeningen bijhoudt, want daar komt hij zelf al een jaar niet meer aan toe.</p>",
        "<p><strong>Agenda</strong></p><p>25 maart: de steiger gaat weg<br>29 april: "
        "het plein gaat open</p>",
    ],
)
def test_words_in_bold_are_no_headings_of_furniture(paragraph: str) -> None:
    article = read(
        "<h1>De verbouwing</h1><div class='article-body'>"
        f"{paragraphs(ZINNEN[:5])}{paragraph}{paragraphs(ZINNEN[5:])}</div>"
    )
    said = " ".join(fromstring(f"<div>{paragraph.replace('<', ' <')}</div>").text_content().split())
    assert " ".join(article.article_body.split()) == " ".join(
        [*ZINNEN[:5], said, *ZINNEN[5:]]
    ).replace(" .", ".")


@pytest.mark.parametrize(
    "block",
    [
        "<p><strong>Lees ook:</strong> <a href=/b>De nieuwe steiger</a></p>",
        "<h3>Agenda</h3><ul><li><a href=/b>25 maart: open dag</a></li></ul>",
        "<p><b>Meer artikelen</b></p><ul><li><a href=/b>De nieuwe steiger</a></li></ul>",
    ],
)
def test_headings_over_links_are_furniture_with_them(block: str) -> None:
    article = read(
        "<h1>De verbouwing</h1><div class='article-body'>"
        f"{paragraphs(ZINNEN[:5])}{block}{paragraphs(ZINNEN[5:])}</div>"
    )
    assert article.article_body.split("\n\n") == ZINNEN


def test_the_links_to_an_article_s_pages_are_no_words_of_it() -> None:
    links = (
        "<p class=post-nav-links>Pagina's: <span class='post-page-numbers'>1</span> <a "
        "href=2/ class='post-page-numbers'>2</a></p>"
    )
    article = read(
        f"<h1>De verbouwing</h1><div class='article-body'>{paragraphs(ZINNEN)}{links}</div>"
    )
    assert article.article_body.split("\n\n") == ZINNEN


def test_the_button_beside_a_file_is_no_word_of_the_text() -> None:
    file = (
        '<div class="wp-block-file"><a href=/p.pdf>plattegrond</a><a href=/p.pdf '
        'class="wp-block-file__button" download>Downloaden</a></div>'
    )
    article = read(
        f"<h1>De verbouwing</h1><div class='article-body'>{paragraphs(ZINNEN)}{file}</div>"
    )
    assert article.article_body.endswith("\n\nplattegrond")


def test_parts_under_linked_headings_are_other_articles() -> None:
    others = "".join(
        f'<div class="post-content"><h3><a href="/b{n}">Bericht '
        f"{n}</a></h3><p>{ZINNEN[n]}</p></div>"
        for n in (6, 7, 8)
    )
    article = read(
        "<h1>De verbouwing</h1><div id=x><div "
        f"class='post-content'>{paragraphs(ZINNEN[:6])}</div>{others}</div>"
    )
    assert article.article_body.split("\n\n") == ZINNEN[:6]


@pytest.mark.parametrize(
    "line", ["Het dorpskoor zingt op de steiger.", "Het dorpskoor zingt <q>op de steiger</q>."]
)
def test_of_a_post_of_one_line_the_site_s_name_is_no_part(line: str) -> None:
    page = (
        "<div id=page><div id=head><p>De Dorpsomroep</p><p>Nieuws en muziek uit het "
        "hele dorp</p></div><div class='post'>"
        f"<h1>De verbouwing</h1><div class='entry-content'><p>{line}</p></div></div></div>"
    )
    stated = (
        '<script type="application/ld+json">{"@type": "BlogPosting", "headline": "De '
        'verbouwing"}</script>'
    )
    said = read(stated + page).article_body
    assert "Dorpsomroep" not in said
    assert " ".join(said.replace('"', "").split()) == "Het dorpskoor zingt op de steiger."


def test_a_picture_under_its_title_has_no_text() -> None:
    stated = (
        '<script type="application/ld+json">{"@type": "BlogPosting", "headline": "De '
        'verbouwing"}</script>'
    )
    page = (
        f"{stated}<article><h1>De verbouwing</h1><div class='entry-content'><p><img "
        "src='a.jpg'> De  verbouwing</p></div></article>"
    )
    assert (read(page).headline, read(page).article_body) == ("De verbouwing", "")


def test_a_post_of_one_line_is_read_without_the_head_of_its_page() -> None:
    page = (
        "<main><article class='flex mw8'><header><h1>De verbouwing</h1><p "
        "class='tracked'>door <b>Anna de Wit</b></p>"
        "<time datetime='2016-01-03T13:34:33Z'>3 januari 2016</time></header>"
        f"<div class='lh-copy serif'><p>{ZINNEN[0]}</p><p><img "
        "src='a.jpg'></p></div></article></main>"
    )
    assert read(page).article_body == ZINNEN[0]


@pytest.mark.parametrize(
    "name", ["id='comment_{}'", "id='reactie_{}'", "id='c-{}'", "class='itemcomment id{}'"]
)
@pytest.mark.parametrize("tag", ["div", "article", "section"])
def test_a_short_article_keeps_its_text_whatever_its_comments_are_called(
    tag: str, name: str
) -> None:
    comments = "".join(
        f"<div {name.format(n)}><b class='naam'>Lezer {n}</b> <span class='datum'>{n} "
        "mei 2014 10:21</span>"
        f"<div class='t'><p>Wat een goed plan van het dorp, nummer {n} vindt dat "
        "ook.</p></div></div>"
        for n in range(1, 6)
    )
    head = "<h1>De verbouwing</h1><p class='meta'>Door Anna de Wit, 1 mei 2014</p>"
    found = read(
        f"<div id=wrap>{head}<{tag}><p>{ZINNEN[0]}</p></{tag}><h3>5 reacties</h3><div "
        f"id='comments'>{comments}</div></div>"
    )
    assert (found.article_body, len(found.comments)) == (ZINNEN[0], 5)


@pytest.mark.parametrize(
    "line",
    [
        "Door Anna de Wit, 1 mei 2014",
        "Door Anna de Wit | 01-05-2014 10:21",
        "Tekst: Anna de Wit op 1 mei 2014",
    ],
)
def test_a_byline_with_its_date_is_no_text(line: str) -> None:
    page = (
        f"<h1>De verbouwing</h1><div class='entry-content'><p>{line}</p>{paragraphs(ZINNEN)}</div>"
    )
    assert read(page).article_body.startswith(ZINNEN[0])


@pytest.mark.parametrize(
    "heading", ["3 reacties", "Reacties", "Reacties van bezoekers", "drie reacties", "Comments (3)"]
)
@pytest.mark.parametrize("number", [1, 9])
def test_the_heading_of_a_thread_is_no_text_where_nothing_has_a_name(
    heading: str, number: int
) -> None:
    comments = "".join(
        f"<div class='comment' id='comment-{n}'><p>Wat een goed plan van het dorp, "
        f"nummer {n} vindt dat ook.</p>"
        f"<p><b>Lezer {n}</b> {n} mei 2014 10:21</p></div>"
        for n in range(1, 4)
    )
    foot = "<div id='voet'><p>© 2014 De Dorpsomroep | <a href='/over'>Over ons</a></p></div>"
    text = paragraphs(ZINNEN[:number])
    found = read(
        f"<div id='midden'><h1>De verbouwing</h1>{text}<h3>{heading}</h3><div>"
        f"{comments}</div></div>{foot}"
    )
    assert (found.article_body, len(found.comments)) == ("\n\n".join(ZINNEN[:number]), 3)


def test_a_last_sentence_about_comments_is_text() -> None:
    comment = (
        "<li class='comment' id='comment-1'><cite class='fn'>Jan</cite> <span "
        "class='date'>3 mei 2014</span><p>Mooi hoor.</p></li>"
    )
    page = (
        "<div class='entry-content'><h1>De "
        f"verbouwing</h1>{paragraphs(ZINNEN)}<p>Reacties bleven "
        f"uit.</p></div><ol>{comment}</ol>"
    )
    assert read(page).article_body.endswith("Reacties bleven uit.")


def test_soft_hyphens_are_no_part_of_words() -> None:
    said = "De ge&shy;meente&#173;raad heeft don\u00adder&#xAD;dag ingestemd met de bouw. " * 4
    body = (
        "<html><body><article><h1>Sport&shy;hal</h1><div "
        f"class='entry-content'><p>{said}</p></div></article><ol>"
        "<li class='comment' id='comment-1'><cite class='fn'>Jan&shy;sen</cite> <span "
        "class='date'>3 mei 2014 10:21</span>"
        "<div class='comment-content'><p>Mooi ver&shy;haal zeg.</p></div></li></ol></body></html>"
    )
    article = extract(
        Page(
            url="https://voorbeeld.nl/stuk/",
            body=body.encode(),
            fetched_at=datetime(2015, 1, 1, tzinfo=UTC),
        )
    )
    assert (article.headline, article.comments[0].author, article.comments[0].text) == (
        "Sporthal",
        "Jansen",
        "Mooi verhaal zeg.",
    )
    assert article.article_body.startswith("De gemeenteraad heeft donderdag ingestemd")


@pytest.mark.parametrize(
    "opening",
    ["<p><font size=2>", "<div>", "<center>", "<b><i>", "<blockquote>"],
    ids=["font", "div", "center", "inline", "blockquote"],
)
def test_tags_that_are_never_closed_cost_no_word(opening: str) -> None:
    """A page of these is deeper at its end than any that is closed."""
    told = [f"{sentence} Dat was in week {week}." for week in range(110) for sentence in ZINNEN]
    article = read("<h1>De verbouwing</h1>" + "".join(f"{opening}{one}<br>" for one in told))
    assert [one for one in told if one not in article.article_body] == []


def test_a_page_that_tells_of_a_whole_day_is_read_to_its_end() -> None:
    update = (
        "<div><time datetime='2019-05-03T10:00'>10:00</time><b>Stand {n}</b><div><p>{text}</p>"
        "<a href='/deel'>Deel</a><a href='/mail'>Mail</a><svg><path/></svg></div></div>"
    )
    told = [f"{n}. {ZINNEN[n % 9]}" for n in range(1300)]
    article = read("".join(update.format(n=n, text=text) for n, text in enumerate(told)))
    assert [one for one in told if one not in article.article_body] == []


BESIDE = {
    "the site's name": "<div class=logo><p>Het Dorp</p></div>",
    "titles of others": "<ul>" + "".join(
        f"<li><a href=/{n}>Filmpje nummer {n} uit het dorp</a></li>" for n in range(4)
    ) + "</ul>",
    "a label": "<h3>Over dit artikel</h3>",
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("held", ["<iframe src=//film.example/4></iframe>", "<img src=a.jpg>"])
def test_a_film_alone_in_the_place_of_the_text_is_all_there_is(name: str, held: str) -> None:
    head = "<h1>De verbouwing</h1><script type=application/ld+json>"
    stated = '{"@type":"NewsArticle","headline":"De verbouwing"}</script>'
    read_here = read(f"{head}{stated}<div class=entry-content>{held}</div>{BESIDE[name]}")
    assert read_here.article_body == ""


BETWEEN = (
    "<div>Advertentie</div>",
    "<div><span>Advertentie</span></div>",
    "<p>Tekst gaat verder onder de foto</p>",
    "<div>De tekst gaat verder onder de video.</div>",
    "<p><em>(Tekst loopt door onder de advertentie)</em></p>",
    "<p>Lees verder na de advertentie</p>",
    "<p>Wil je niets missen? Schrijf je in voor onze nieuwsbrief.</p>",
    "<h3>Meer over dit onderwerp</h3><ul><li><a href=/a>Een ander stuk over de hal</a></ul>",
)
OWN_LINES = (
    "<p>De tekst gaat verder onder een andere naam.</p>",
    "<p>Het verhaal gaat verder onder water.</p>",
    "<div>De advertentie stond in de krant.</div>",
)


@pytest.mark.parametrize("line", BETWEEN + OWN_LINES)
@pytest.mark.parametrize("box", ["<main>", "<div class=entry-content>"])
def test_lines_that_lead_on_or_announce_are_cut_wherever_they_stand(line: str, box: str) -> None:
    around = f"{paragraphs(ZINNEN[:4])}{line}{paragraphs(ZINNEN[4:])}"
    found = read(f"<h1>De verbouwing</h1>{box}{around}").article_body.split("\n\n")
    own = [] if line in BETWEEN else [fromstring(line).text_content()]
    assert found == [*ZINNEN[:4], *own, *ZINNEN[4:]]


STATED = {
    "plain": "\n\n".join(ZINNEN),
    "lines": "\n".join(ZINNEN),
    "HTML": paragraphs(ZINNEN),
    "HTML with links": paragraphs(ZINNEN).replace("stapels planken", "<b>stapels</b> planken"),
}
DRAWN = ("", "<div class=skeleton></div>", "<p>Even geduld…</p>", "<footer>© Het Dorp</footer>")


@pytest.mark.parametrize("form", STATED)
@pytest.mark.parametrize("shown", DRAWN)
def test_a_text_that_a_script_draws_is_read_where_it_is_stated(form: str, shown: str) -> None:
    stated = {"@type": "NewsArticle", "headline": "De verbouwing", "articleBody": STATED[form]}
    script = f"<script type=application/ld+json>{json.dumps(stated)}</script>"
    article = read(f"{script}<h1>De verbouwing</h1><main>{shown}</main>")
    assert (article.article_body.split("\n\n"), article.method) == (ZINNEN, "json-ld")


def test_what_a_page_shows_goes_before_what_it_states() -> None:
    stated = {"@type": "NewsArticle", "headline": "De verbouwing", "articleBody": " ".join(ZINNEN)}
    script = f"<script type=application/ld+json>{json.dumps(stated)}</script>"
    article = read(f"{script}<h1>De verbouwing</h1><main>{paragraphs(ZINNEN[:3])}</main>")
    assert article.article_body.split("\n\n") == ZINNEN[:3]


OTHER = [
    f"In de haven van het volgende dorp lagen op dag {n} al {n} schepen met een mast te wachten."
    for n in range(1, 9)
]
NEXT = {
    "an article": "<article><h1>De haven</h1><time>2 februari 2024</time>"
    f"{paragraphs(OTHER)}</article>",
    "an article of another class": f"<article class=next><h1>De haven</h1>{paragraphs(OTHER)}"
    "</article>",
    "two articles": f"<article><h1>De haven</h1>{paragraphs(OTHER[:5])}</article>"
    f"<article><h1>De steiger</h1>{paragraphs(OTHER[3:])}</article>",
    "an article under a link": f"<article><h2><a href=/haven>De haven</a></h2>{paragraphs(OTHER)}"
    "</article>",
    "a box of articles": f"<div class=meer><article><h1>De haven</h1>{paragraphs(OTHER)}"
    "</article></div>",
}
OWN_PARTS = {
    "a part under a subhead": f"<article><h2>De vloer</h2>{paragraphs(ZINNEN[5:])}</article>",
    "a part without one": f"<article>{paragraphs(ZINNEN[5:])}</article>",
    "a box around all": paragraphs(ZINNEN[5:]),
}


@pytest.mark.parametrize("name", NEXT)
def test_the_next_article_in_full_is_no_part_of_this_one(name: str) -> None:
    own = f"<article><h1>De verbouwing</h1>{paragraphs(ZINNEN)}</article>"
    article = read(f"<main>{own}{NEXT[name]}</main>")
    assert article.article_body.split("\n\n") == ZINNEN
    assert article.date_published is None
    assert {block.reason for block in article.removed_blocks} == {"related"}


@pytest.mark.parametrize("name", OWN_PARTS)
def test_parts_that_are_articles_to_their_page_stay(name: str) -> None:
    first = f"<article><h1>De verbouwing</h1>{paragraphs(ZINNEN[:5])}</article>"
    around = f"<article>{first}{OWN_PARTS[name]}</article>" if "all" in name else None
    article = read(f"<main>{around or first + OWN_PARTS[name]}</main>")
    assert [one for one in article.article_body.split("\n\n") if one in ZINNEN] == ZINNEN
