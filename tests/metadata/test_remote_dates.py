"""The date of an article that shows none near its headline: all marked dates agree, or its text
opens with it.
"""

import pytest

from tests.metadata.test_page_dates import TEXT, article, local, read


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (
            article(after_text='<div class="footer"><time itemprop="datePublished" '
            'datetime="2014-05-03">3 mei 2014</time></div>'),
            "2014-05-03 00:00",
        ),
        (
            article() + '<div class="footer">om <abbr class="published" '
            'title="2014-05-03T21:11:00+02:00">21:11</abbr></div>',
            "2014-05-03 21:11",
        ),
        (
            '<div class="banner"><div class="row"><div>Persbericht | Gemeente Oudeveer</div><div>'
            '<time datetime="2014-05-03 12:22">03-05-2014 12:22</time></div></div>'
            f"</div><p>{'Het overzicht van alle berichten. ' * 14}</p>" + article(),
            "2014-05-03 12:22",
        ),
        (
            article(within='<div class="author-box"><span class="author">Redactie</span> '
            '<time datetime="03-05-2014 10:29">3 mei 2014 10:29</time></div>'),
            "2014-05-03 10:29",
        ),
        (
            article() + '<div class="tegel"><div class="documentByLine">door Jan — <span>'
            "gepubliceerd</span> 03-05-2014 06:00</div></div>",
            "2014-05-03 06:00",
        ),
        (
            article(after_text='<aside><ul><li>Cultuur</li><li class="meta__date">03-05-2014</li>'
            "</ul></aside>"),
            "2014-05-03 00:00",
        ),
    ],
)  # fmt: skip
def test_a_date_that_stands_away_is_the_article_s_where_the_page_names_one_day(
    body: str, published: str
) -> None:
    assert local(read(body).date_published) == published


@pytest.mark.parametrize(
    "opening",
    [
        "3 mei 2014 - ",
        "03-05-2014 – ",
        "Utrecht, 3 mei 2014. ",
        "OUDEVEER - 3 mei 2014: ",
        "(3 mei 2014) ",
        "<b>Oudeveer, zaterdag 3 mei 2014</b> | ",
    ],
)
def test_a_dateline_is_the_date(opening: str) -> None:
    body = f"<article><h1>De molen van het dorp</h1><p>{opening}{TEXT}</p><p>{TEXT}</p></article>"
    article = read(body)
    assert local(article.date_published) == "2014-05-03 00:00"
    assert article.date_published_precision == "day"


@pytest.mark.parametrize(
    "lead",
    [
        f"<p class='lead'>{TEXT}</p><p>3 mei 2014 - {TEXT}</p>",
        f"<p>{TEXT}</p><p>{TEXT}</p><p>Utrecht, 3 mei 2014. {TEXT}</p>",
        f"<p><strong>03-05-2014 „{TEXT}“</strong></p><p>{TEXT}</p>",
        f"<p><em>{TEXT}</em></p><div><p>(3 mei 2014) {TEXT}</p></div>",
        f"<p><b>Oudeveer - 3 mei 2014: {TEXT}</b></p><p>{TEXT}</p>",
    ],
)
def test_a_dateline_may_stand_under_a_lead_or_in_it(lead: str) -> None:
    article = read(f"<article><h1>De molen van het dorp</h1>{lead}<p>{TEXT}</p></article>")
    assert local(article.date_published) == "2014-05-03 00:00"


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>De molen</h1>{4 * f'<p>{TEXT}</p>'}<p>3 mei 2014 - {TEXT}</p></article>",
        article(after_text='<p class="footer"><time datetime="2014-05-03">3 mei 2014</time> <time '
        'datetime="2014-06-04">4 juni 2014</time></p>'),
        article() + '<div class="list"><p><a href="/b/">De bakker van het dorp stopt</a> <time '
        'datetime="2014-05-03">3 mei 2014</time></p></div>',
        f"<article><h1>De molen</h1><p>3 mei 2014 was een mooie dag. {TEXT}</p></article>",
        f"<article><h1>De molen</h1><p>Op 3 mei 2014 - {TEXT}</p></article>",
        article() + '<footer><p>Versie van 3 mei 2014</p></footer>',
    ],
)  # fmt: skip
def test_dates_that_differ_or_are_of_other_matters_are_none(body: str) -> None:
    assert read(body).date_published is None
