"""Which of a page's dates is the article's: by where it stands, what it is called, and who states
it.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.article import extract
from storage.records import Article, Page

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
TEXT = (
    "Het dorp heeft een nieuwe molen gekregen en dat werd gevierd met muziek, koek "
    "en een toespraak "
    "van de burgemeester die veel te lang duurde volgens de aanwezigen. "
) * 3
STATED = (
    '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "De '
    'molen", "datePublished": "{}"}}</script>'
)


def read(
    body: str,
    head: str = "",
    url: str = "http://dorp.example/de-molen/",
    language: str = "nl",
) -> Article:
    page = (
        f'<html lang="{language}"><head><title>De molen van het '
        f"dorp</title>{head}</head><body>{body}</body></html>"
    )
    return extract(
        Page(url=url, body=page.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8")
    )


def article(before_text: str = "", after_text: str = "", within: str = "") -> str:
    return (
        f"<article><h1>De molen van het dorp</h1>{before_text}<p>{TEXT}</p>{within}<p>"
        f"{TEXT}</p>{after_text}</article>"
    )


def local(moment: datetime | None) -> str | None:
    return (
        moment.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%d %H:%M")
        if moment
        else None
    )


@pytest.mark.parametrize(
    ("body", "published", "precision", "source"),
    [
        (article("<p>3 mei 2010</p>"), "2010-05-03 00:00", "day", "byline"),
        (
            f"<div>3 mei 2010</div><h1>De molen van het dorp</h1><p>{TEXT}</p>",
            "2010-05-03 00:00",
            "day",
            "byline",
        ),
        (
            "<div id='article_top'><span class='date'>3 mei "
            "2010</span></div><div><h1>De molen van het "
            f"dorp</h1><p>{TEXT}</p></div>",
            "2010-05-03 00:00",
            "day",
            "time",
        ),
        (
            article(after_text="<p>Door Jan Smit, 3 mei 2010</p>"),
            "2010-05-03 00:00",
            "day",
            "byline",
        ),
        (
            article(after_text="<p>Geplaatst op 3 mei 2010 om 10:05</p>"),
            "2010-05-03 10:05",
            "minute",
            "byline",
        ),
        (
            article('<time class="published" datetime="2010-05-03T10:05:00+02:00">3 mei</time>'),
            "2010-05-03 10:05",
            "second",
            "time",
        ),
        (
            article('<span class="date" title="28 april 2024 10:05">3 dagen geleden</span>'),
            "2024-04-28 10:05",
            "minute",
            "time",
        ),
        (
            article(
                after_text='<div><div class="wp-block-post-date"><time '
                'datetime="2010-05-03T10:05:00+02:00">3 mei 2010</time></div>'
                '<p>in de categorie</p><a rel="category" href="/c/">Molens</a><p>met '
                "veel woorden over wat de lezer hier verder vinden kan</p></div>"
            ),
            "2010-05-03 10:05",
            "second",
            "time",
        ),
        (article('<p class="meta">3 dagen geleden</p>'), "2024-04-28 00:00", "day", "byline"),
        (
            article(f'<p>3 mei 2010<script>var tekst = "{TEXT}";</script></p>'),
            "2010-05-03 00:00",
            "day",
            "byline",
        ),
        (
            article('<div class="submitted">Ingediend door jan op ma, 03/05/2010 - 10:05</div>'),
            "2010-05-03 10:05",
            "minute",
            "byline",
        ),
        (
            article("<dl><dt>Datum</dt><dd>3 mei 2010</dd><dt>Auteur</dt><dd>Jan Smit</dd></dl>"),
            "2010-05-03 00:00",
            "day",
            "byline",
        ),
        (
            article('<span itemprop="datePublished">3 mei 2010</span>'),
            "2010-05-03 00:00",
            "day",
            "microdata",
        ),
        (
            "<table><tr><td><font size=1>03-05-2010</font></td></tr><tr><td><b>De "
            f"molen van het dorp</b></td></tr><tr><td>{TEXT}</td></tr></table>",
            "2010-05-03 00:00",
            "day",
            "byline",
        ),
    ],
)
def test_the_article_s_own_date(body: str, published: str, precision: str, source: str) -> None:
    found = read(body)
    assert (
        local(found.date_published),
        found.date_published_precision,
        found.date_published_source,
    ) == (
        published,
        precision,
        source,
    )


@pytest.mark.parametrize(
    "body",
    [
        article(within="<p>De oude molen brandde af op 3 mei 2010.</p>"),
        article(within="<ul><li>3 mei 2010: de opening</li><li>4 mei 2010: het feest</li></ul>"),
        article(within="<h2>3 mei 2010</h2>"),
        article(within='<p>Op <time datetime="2010-05-03">3 mei</time> en <time '
'datetime="2010-05-04">4 mei</time> is het feest.</p>'),
        article() + "<footer>© 2009-2024 Het dorp, 3 mei 2010</footer>",
        article("<p>Datum: 3 juni 2023</p><p>Locatie: de molen</p>"),
        article() + '<aside><ul><li><a href="/b/">Iets</a> 3 mei 2010</li></ul></aside>',
        article() + '<div><h3>Meer</h3><p><a href="/b/">De bakker van het dorp stopt</a> <span '
'class="date">3 mei 2010</span></p></div>',
        article() + '<div><h3>Recent</h3><ul><li><a href="/b/">Iets</a> <b>3 mei '
'2010</b></li><li><a href="/c/">Nog</a> <b>4 mei 2010</b></li></ul></div>',
        '<div id="header"><span class="date">woensdag 1 mei 2024</span></div>' + article(),
        article() + '<div id="reacties"><div class="reactie"><b>Jan</b> <span class="datum">3 mei '
'2010</span><p>Mooi hoor, die molen.</p></div></div>',
        "<div><b>Woensdag 1 mei 2024</b></div>" + article(),
        article(after_text="<p>(1 dag geleden)</p>"),
        article() + '<p class="meta">Meld misbruik <b>Richard Hart</b> (1 dag geleden)</p>',
        article() + '<p class="meta"><b>Jan Smit</b> 3 mei 2010 om 12:10 <a '
'href="#r">Beantwoorden</a></p>',
    ],
)  # fmt: skip
def test_a_date_of_something_else_is_not_the_article_s(body: str) -> None:
    assert read(body).date_published is None


def test_today_in_the_site_s_header_gives_way_to_the_byline() -> None:
    found = read(
        '<div id="header"><span class="date">woensdag 1 mei 2024</span></div>'
        + article('<p class="meta">3 mei 2010</p>')
    )
    assert local(found.date_published) == "2010-05-03 00:00"
    assert found.date_conflict is None


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        ("29 juli 2008 1 reactie", "29 juli 2008"),
        ("Door Jan Smit op 29 juli 2008 | 12 reacties", "Door Jan Smit op 29 juli 2008"),
        ("29 juli 2008 Reageren uitgeschakeld", "29 juli 2008"),
        ("29 juli 2008 reacties", "29 juli 2008"),
        ("29 juli 2008 10:05 Jan76Reacties", "29 juli 2008 10:05 Jan"),
        ("29-7-08 reacties", "29-7-08"),
        ("29 juli 2008, 09:15 uur", "29 juli 2008, 09:15 uur"),
    ],
)
def test_the_number_of_comments_is_no_part_of_a_date(line: str, raw: str) -> None:
    assert read(article(f"<p class='meta'>{line}</p>")).date_published_raw == raw


def test_publication_and_change_in_one_line() -> None:
    found = read(
        article(
            '<p class="meta">Geplaatst: 3 mei 2010 om 10:05. Laatst bijgewerkt: 4 '
            "mei 2010 11:00</p>"
        )
    )
    assert local(found.date_published) == "2010-05-03 10:05"
    assert local(found.date_modified) == "2010-05-04 11:00"
    changed = read(article('<p class="meta">Laatst bijgewerkt: 4 mei 2010 om 11:00</p>'))
    assert changed.date_published is None
    assert local(changed.date_modified) == "2010-05-04 11:00"


def test_the_more_precise_source_wins_only_where_it_agrees() -> None:
    agreeing = read(article('<p class="meta">3 mei 2010 om 10:05</p>'), STATED.format("2010-05-03"))
    assert (local(agreeing.date_published), agreeing.date_published_source) == (
        "2010-05-03 10:05",
        "byline",
    )
    assert agreeing.date_conflict is None
    contradicting = read(
        article('<p class="meta">4 mei 2010 om 10:05</p>'), STATED.format("2010-05-03")
    )
    assert (local(contradicting.date_published), contradicting.date_published_source) == (
        "2010-05-03 00:00",
        "json-ld",
    )
    assert contradicting.date_conflict == "json-ld: 2010-05-03 | byline: 4 mei 2010 om 10:05"


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("2031-05-03", "after the moment of fetching"),
        ("1971-01-01", "before 1990"),
        ("binnenkort", "not understood"),
    ],
)
def test_a_date_that_cannot_be_is_kept_as_text_marked_and_not_used(stated: str, why: str) -> None:
    found = read(article(), STATED.format(stated))
    assert found.date_published is None
    assert found.date_published_raw == stated
    assert found.date_conflict == f"json-ld: {stated} | {why}"


def test_the_address_alone_makes_no_date_but_contradicts_one() -> None:
    assert read(article(), url="http://dorp.example/2010/05/03/de-molen/").date_published is None
    found = read(
        article('<p class="meta">4 juni 2011</p>'), url="http://dorp.example/2010/05/03/de-molen/"
    )
    assert local(found.date_published) == "2011-06-04 00:00"
    assert found.date_conflict == "byline: 4 juni 2011 | address: /2010/05/03/"


EVENT = "<div>Datum: 14 maart 2024</div><div>Tijd: 20.00 uur</div><div>Locatie: Dorpshuis</div>"


@pytest.mark.parametrize(
    "before_text",
    [
        f"<div>{EVENT}</div><div>Geplaatst op 3 februari 2024</div>",
        f'<div class="info">{EVENT}</div><p>Gepubliceerd: 3 februari 2024</p>',
        "<p>Datum: 14 maart 2024 | Locatie: Dorpshuis</p><p>3 februari 2024</p>",
        "<p><b>Datum:</b> 14 maart 2024<br><b>Toegang:</b> gratis</p><p>3 februari 2024</p>",
        '<p class="date">14 maart 2024</p><p>Geplaatst op <b>3 februari 2024</b></p>',
        '<time datetime="2024-03-14">14 maart</time><p>Publicatiedatum: 3 februari 2024</p>',
        "<p>14 maart 2024</p><p>15 maart 2024</p><p>16 maart 2024</p><p>Geplaatst op 3-2-2024</p>",
    ],
)
def test_what_is_called_the_date_of_publication_comes_before_an_event_s(before_text: str) -> None:
    assert local(read(article(before_text)).date_published) == "2024-02-03 00:00"


@pytest.mark.parametrize(
    ("before_text", "source"),
    [
        ('<time datetime="2024-02-03">3 februari</time><p>Geplaatst: 3 februari 2024</p>', "time"),
        ('<time datetime="2024-02-03">3 februari</time><p>Eerder geplaatst: 1-2-2024</p>', "time"),
        ("<p>Datum: 3 februari 2024 Tijd: 00:00</p>", "byline"),
        ("<p>Geplaatst: 3 februari 2024</p><p>Gepubliceerd: 1 februari 2024</p>", "byline"),
        ('<i itemprop="datePublished">2024-02-03</i><p>Geplaatst op 1-2-2024</p>', "microdata"),
        ("<p>3 februari 2024</p><p>Gewijzigd op 5 februari 2024</p>", "byline"),
    ],
)
def test_a_label_moves_no_date_that_it_does_not_contradict(before_text: str, source: str) -> None:
    found = read(article(before_text))
    assert (local(found.date_published), found.date_published_source) == (
        "2024-02-03 00:00",
        source,
    )
