"""Dates that a page sets apart, labels without a space, writes in another language, or states
beside the years of other works.
"""

import pytest

from tests.metadata.test_page_dates import TEXT, article, local, read

DAY = "2014-05-03 00:00"


@pytest.mark.parametrize(
    "body",
    [
        article('<aside class="meta"><time datetime="2014-05-03">3 mei 2014</time></aside>'),
        article('<aside><ul><li>Cultuur</li><li class="item__date">3 mei 2014</li></ul></aside>'),
        article(
            '<aside>Door: <a href="/schrijvers/jan-smit">Jan Smit</a>'
            '<p class="datum">3 mei 2014</p></aside>'
        ),
        article(after_text='<aside role="complementary"><p>Op <time>3 mei 2014</time></p></aside>'),
        f'<article><header><aside><time itemprop="datePublished" datetime="2014-05-03">3 mei</time>'
        f" 2014</aside><h1>De molen van het dorp</h1></header><p>{TEXT}</p></article>",
    ],
)
def test_an_aside_that_holds_only_the_article_s_date_is_read(body: str) -> None:
    assert local(read(body).date_published) == DAY


@pytest.mark.parametrize(
    "aside",
    [
        '<h4><a href="/bakker/">De bakker sluit na honderd jaar voorgoed</a></h4> <p><time>3 mei'
        " 2014</time></p>",
        '<ul><li><a href="/b/">De bakker</a> <time>3 mei 2014</time></li></ul>',
        f'<time datetime="2014-05-03">3 mei 2014</time> {TEXT}',
    ],
)
def test_the_date_of_a_teaser_or_of_a_story_in_an_aside_is_not_the_article_s(aside: str) -> None:
    found = read(article(f"<aside>{aside}</aside><p class='meta'>1 juni 2013</p>"))
    assert local(found.date_published) == "2013-06-01 00:00"
    assert found.date_conflict is None


@pytest.mark.parametrize(
    "ticker",
    [
        "<li><a href='/quiz/'>Dorpsquiz +++ ronde vier +++ van 28.01.2013 – 29.01.2013</a></li>",
        "<div class='info'><a href='/b/'>Bericht van 3 juni 2013: de bakker sluit</a></div>",
        "<p><a href='https://bode.example/1'><b>1 juni 2013</b> | Weekblad De Bode bestaat</a></p>",
        "<ul><li><a href='/c/'>Concert van 4 juni 2013 Dorpskerk Oudeveer afgelast</a></li></ul>",
        "<p class='meta'><a href='/?p=7'>Lees het vorige bericht, van 2 juni 2013</a></p>",
    ],
)
def test_a_line_that_is_a_link_to_another_page_is_about_that_page(ticker: str) -> None:
    found = read(article(f"{ticker}<p class='meta'>3 mei 2014</p>"))
    assert local(found.date_published) == DAY
    assert found.date_conflict is None


def test_a_date_that_is_a_link_to_its_day_is_the_article_s() -> None:
    line = "<p class='meta'><a href='/2014/05/'>zaterdag 3 mei 2014 om 00:00 uur</a></p>"
    assert local(read(article(line)).date_published) == DAY


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<p class='date'>3 мая 2014, 13:43</p>", "2014-05-03 13:43"),
        ("<time>15 августа 2016</time>", "2016-08-15 00:00"),
        ("<span class='date'>21 декабря 2012 г.</span>", "2012-12-21 00:00"),
        ("<p class='meta'>7 июля 2009</p>", "2009-07-07 00:00"),
        ("<time>3 Μαΐου 2014</time>", "2014-05-03 00:00"),
    ],
)
def test_a_page_without_a_language_shows_it_by_its_letters(line: str, published: str) -> None:
    assert local(read(article(line), language="").date_published) == published


@pytest.mark.parametrize(
    "line",
    [
        "<ul><li><span>Datum:</span>3 mei 2014</li><li><span>Jaar:</span>2014</li></ul>",
        "<p><b>Geplaatst:</b>3 mei 2014</p>",
        "<p><b>Published:</b>03-05-2014</p>",
        "<div class='meta'><span>Datum:</span><span>3 mei 2014</span></div>",
        "<p>Datum:2014-05-03</p>",
    ],
)
def test_a_label_that_only_a_style_sheet_sets_apart_is_no_part_of_the_date(line: str) -> None:
    assert local(read(article(line)).date_published) == DAY


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fr", "samedi 3 mai 2014, par la rédaction"),
        ("fr", "le 3 mai 2014 à 00:00 par Jean Dupont"),
        ("es", "publicado el sábado 3 de mayo de 2014 por Ana"),
        ("es", "3 de mayo de 2014 por Ana, 12 comentarios"),
        ("de", "am samstag, 3. mai 2014 von Anna"),
    ],
)
def test_a_byline_in_another_language_is_about_its_date(language: str, line: str) -> None:
    assert local(read(article(f"<p>{line}</p>"), language=language).date_published) == DAY


def test_a_sentence_in_another_language_is_no_byline() -> None:
    line = "le 3 mai 2014 notre village fêtait son moulin neuf avec musique"
    assert read(article(f"<p>{line}</p>"), language="fr").date_published is None


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="dc.date" content="2014-05-03"><meta itemprop="datePublished" content="1988">',
        '<meta itemprop="datePublished" content="2006"><meta name="date" content="2014-05-03">',
        '<meta name="date" content="2014"><meta name="date" content="2014-05-03">',
        '<meta name="pubdate" content="voorjaar"><meta name="dcterms.date" content="2014-05-03">',
        '<meta name="dc.date" content="2014-05"><meta name="date" content="3 mei 2014">',
        '<meta name="DCTERMS.issued" content="2014-05-03">',
        '<meta name="DCTERMS.available" content="2014-05-03"><meta name="date" content="2015">',
        '<meta name="DCTERMS.issued" content="2014"><meta name="dc.date" content="2014-05-03">',
    ],
)
def test_of_what_the_metas_state_a_day_is_the_date(head: str) -> None:
    found = read(article(), head)
    assert local(found.date_published) == DAY
    assert found.date_published_source == "meta"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ('<meta name="date" content="2014-05-09">', '<p class="meta">3 mei 2014</p>'),
        ('<meta name="dc.date" content="2014-05-04">', "<time>zaterdag 3 mei 2014</time>"),
        ('<meta name="dcterms.date" content="2013-12-20">', "<p>Geplaatst op 03-05-2014</p>"),
        (
            '<meta name="date" content="2014-05-06T10:00:00+02:00">',
            '<span class="date">3 mei 2014</span><p class="meta">3 mei 2014</p>',
        ),
        (
            '<meta name="date" content="2014-05-06"><meta name="dc.date" content="2014-05-07">',
            '<p itemprop="datePublished" content="2014-05-03">3 mei 2014</p>',
        ),
    ],
)
def test_the_one_day_that_a_page_shows_comes_before_a_meta_of_no_named_kind(
    head: str, line: str
) -> None:
    found = read(article(line), head)
    assert local(found.date_published) == DAY
    assert found.date_conflict is not None


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ('<meta name="article:published_time" content="2014-05-03">', "<time>9 mei 2014</time>"),
        ('<meta name="pubdate" content="2014-05-03">', "<time>9 mei 2014</time>"),
        ('<meta name="date" content="2014-05-03">', "<time>9 mei</time>"),
        (
            '<meta name="date" content="2014-05-03">',
            "<time>9 mei 2014</time><time>1 juni 2014</time>",
        ),
        ('<meta name="date" content="2014-05-03">', '<p class="meta">mei 2013</p>'),
        (
            '<meta name="dc.date" content="2014-05-03">',
            "<p>Ingezonden en geplaatst op 16 december 2012.</p>",
        ),
    ],
)
def test_a_meta_comes_before_what_a_page_shows_in_part_or_twice(head: str, line: str) -> None:
    assert local(read(article(line), head).date_published) == DAY


@pytest.mark.parametrize(
    "line",
    [
        "<time>3 mei</time><p class='meta'>3 mei 2014 om 00:00</p>",
        "<span class='date'>May 03</span><p class='info'>May 03, 2014</p>",
        "<span class='date'>3 mei</span><p class='meta'>Geplaatst: 03-05-2014</p>",
        "<p class='meta'>zaterdag 3 mei</p><p class='meta'>3 mei 2014, door Jan</p>",
        "<div class='post-date'><b>03</b> mei</div><small class='meta'>03.05.2014</small>",
    ],
)
def test_a_date_without_a_year_is_of_the_year_that_the_page_names(line: str) -> None:
    assert local(read(article(line)).date_published) == DAY


def test_the_address_names_the_year_of_a_day_that_the_page_shows() -> None:
    found = read(article("<time>3 mei</time>"), url="http://dorp.example/2014/05/03/de-molen/")
    assert local(found.date_published) == DAY
    assert (found.date_published_source, found.date_published_raw) == ("time", "3 mei")
