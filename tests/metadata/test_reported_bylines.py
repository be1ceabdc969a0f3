"""Bylines, dates and JSON-LD as users of comparable tools reported them: each in five forms."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Article, Page

TEXT = "".join(
    f"<p>De molen van Oudeveer draait nu {number} dagen zonder wind, en de molenaar weet ook niet "
    "hoe dat kan, zegt hij.</p>"
    for number in (3, 5, 8, 13)
)
NAME = "Wietske Hartog"


def read(head: str, byline: str, above: str = "") -> Article:
    html = (
        f'<html lang="nl"><head><title>De molen draait door - Oudeveer Nu</title>{head}</head>'
        f"<body><header><a href=/>Oudeveer Nu</a></header>{above}<main><article>"
        f"<h1>De molen draait door</h1>{byline}"
        f'<div class="article-body">{TEXT}</div></article></main></body></html>'
    )
    return extract(
        Page(
            url="https://oudeveer.example/nieuws/molen-draait-door",
            body=html.encode(),
            fetched_at=datetime(2026, 11, 29, 11, tzinfo=UTC),
        )
    )


def names(article: Article) -> list[str]:
    return [author.name for author in article.authors]


def linked(thing: str) -> str:
    return f'<script type="application/ld+json">{thing}</script>'


@pytest.mark.parametrize(
    "line",
    [
        f'Door {NAME} <a href="mailto:w@oudeveer.example">E-mail de auteur</a>',
        f"Door {NAME} voor Oudeveer Nu",
        f"Door {NAME} gisteren",
        f"By {NAME} 3 hours ago",
        f"Van onze redacteur {NAME}",
        f"Van onze verslaggever {NAME} - 3 mei 2014",
        f"ANP/{NAME}",
        f"Von {NAME} am 3. Mai 2014",
        f"Par {NAME}, le 3 mai 2014",
        f"Tekst: {NAME}",
        f"Geschreven door: {NAME} | 3 mei 2014",
    ],
)
def test_words_beside_a_name_are_no_part_of_it(line: str) -> None:
    assert names(read("", f'<p class="byline">{line}</p>')) == [NAME]


@pytest.mark.parametrize(
    "name",
    [
        "Van den Berg - van Dijk",
        "J.P. (Jan) de Vries",
        "Kees 't Hart",
        "Ína Ó Súil",
        "Jan-Willem Bos",
    ],
)
def test_names_of_all_shapes_stay_whole(name: str) -> None:
    assert names(read("", f'<p class="byline"><span class="author">{name}</span></p>')) == [name]


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (f'[[{{"name": "{NAME}"}}]]', [NAME]),
        ('{"@type": "Person", "givenName": "Wietske", "familyName": "Hartog"}', [NAME]),
        (f'{{"name": ["{NAME}", "Jelle de Wit"]}}', [NAME, "Jelle de Wit"]),
        (f'{{"@value": "{NAME}"}}', [NAME]),
        (f'"{NAME}, Jelle de Wit en Kees Bos"', [NAME, "Jelle de Wit", "Kees Bos"]),
        (f'{{"@list": [{{"name": "{NAME}"}}]}}', [NAME]),
    ],
)
def test_authors_are_stated_in_many_shapes(author: str, expected: list[str]) -> None:
    thing = f'{{"@type": "NewsArticle", "headline": "De molen draait door", "author": {author}}}'
    assert names(read(linked(thing), "")) == expected


OWN = (
    '{"@type": "NewsArticle", "headline": "De molen draait door", '
    '"datePublished": "2014-05-03T10:30:00+02:00", "author": {"name": "Wietske Hartog"}}'
)


@pytest.mark.parametrize(
    "script",
    [
        f"//<![CDATA[\n{OWN}\n//]]>",
        f"{OWN};",
        f"/* door het systeem */ {OWN} // einde",
        OWN.replace("}}", "},}"),
        "\ufeff" + OWN,
        OWN.replace('"', "&quot;"),
        f'{{"@type": "Organization", "name": "Oudeveer Nu"}}\n{OWN}',
        f"<!-- {OWN} -->",
    ],
)
def test_json_ld_is_read_however_it_is_wrapped(script: str) -> None:
    article = read(linked(script), "")
    assert (names(article), article.date_published_precision) == ([NAME], "second")


@pytest.mark.parametrize(
    "other",
    [
        '{"@type": "NewsArticle", "headline": "Zwembad dicht", "datePublished": "2020-01-01"}',
        '{"@type": "Review", "name": "Een stofzuiger", "author": {"name": "Iemand Anders"}}',
        '{"@type": "Recipe", "name": "Appeltaart", "datePublished": "2020-01-01"}',
        '{"@type": "QAPage", "name": "Hoe laat gaat de brug open?", "datePublished": "2020-01-01"}',
        '{"@type": "BlogPosting", "headline": "Een ander", "mainEntityOfPage": "/ander"}',
    ],
)
def test_an_object_about_something_else_is_not_believed(other: str) -> None:
    article = read(linked(other) + linked(OWN), "")
    assert names(article) == [NAME]
    assert article.date_published is not None
    assert article.date_published.year == 2014
    alone = read(linked(other), "")
    assert (names(alone), alone.date_published) == ([], None)


@pytest.mark.parametrize(
    "thing",
    [
        f'{{"@type": "WebPage", "mainEntity": {OWN}}}',
        f'{{"@type": "Blog", "blogPost": [{OWN}]}}',
        f'{{"@type": "WebPage", "@reverse": {{"mainEntityOfPage": {OWN}}}}}',
        f"[[{OWN}]]",
        OWN.replace("NewsArticle", "WebPage").replace(
            '"headline"', '"url": "https://oudeveer.example/nieuws/molen-draait-door", "headline"'
        ),
    ],
)
def test_the_articles_object_may_stand_inside_another(thing: str) -> None:
    article = read(linked(thing), "")
    assert (names(article), article.date_published_source) == ([NAME], "json-ld")


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        (f"Door {NAME} - Bijgewerkt op 4 mei 2014", None, 4),
        (f"{NAME}, laatst gewijzigd: 4 mei 2014", None, 4),
        ("3 mei 2014 | Bijgewerkt op 4 mei 2014", 3, 4),
        ("Geplaatst op 3 mei 2014 (bijgewerkt 4 mei 2014)", 3, 4),
        ("Bijgewerkt op 4 mei 2014, gepubliceerd op 3 mei 2014", 3, 4),
        (f"By {NAME} - Last updated 4 May 2014", None, 4),
    ],
)
def test_a_date_of_change_is_none_of_publication(
    line: str, published: int | None, modified: int
) -> None:
    article = read("", f'<p class="byline">{line}</p>')
    days = [d.day if d else None for d in (article.date_published, article.date_modified)]
    assert days == [published, modified]


@pytest.mark.parametrize(
    "bar",
    [
        "<div id=wm-ipp><p>19 May 2015 - 2 Jul 2019</p></div>",
        "<div class=ticker><p>Storm op zee, 19 mei 2015</p></div>",
        "<div><p>Abonnement geldig tot 19 mei 2015</p></div>",
        "<table><tr><td>19 mei 2015</td></tr></table>",
        "<p>Weer: 12 graden, 19-05-2015</p>",
    ],
)
def test_a_dated_line_over_the_headline_is_not_the_articles(bar: str) -> None:
    assert read("", f'<p class="byline">Door {NAME}</p>', above=bar).date_published is None
    dated = read("", f'<p class="byline">Door {NAME}, 3 mei 2014</p>', above=bar)
    assert dated.date_published is not None
    assert dated.date_published.day == 3


@pytest.mark.parametrize(
    "line",
    [
        '<time datetime="2014-05-03T15:34:00+02:00">3 mei 2014 15:34</time>',
        '<p class="byline">3 mei 2014, 15:34 uur</p>',
        '<span class="date">3 mei 2014 om 15.34 uur</span>',
        '<p class="meta">Door Jan Bos op 3 mei 2014 15:34</p>',
        "<time>03-05-2014 15:34</time>",
    ],
)
def test_the_pages_zone_wins_over_a_false_utc(line: str) -> None:
    meta = '<meta property="article:published_time" content="2014-05-03T15:34:00+00:00">'
    article = read(meta, line)
    assert article.date_published is not None
    assert article.date_published.astimezone(UTC).isoformat() == "2014-05-03T13:34:00+00:00"
    assert article.date_conflict is None


@pytest.mark.parametrize(
    ("line", "precision"),
    [
        ("10 maanden geleden", "month"),
        (f"Geplaatst door: {NAME} 3 jaar, 10 maanden geleden", "month"),
        ("2 jaar geleden", "year"),
        ("5 dagen geleden", "day"),
        ("3 uur geleden", "hour"),
    ],
)
def test_relative_dates_keep_their_text_and_their_precision(line: str, precision: str) -> None:
    article = read("", f'<p class="byline">{line}</p>')
    assert (article.date_published_raw, article.date_published_precision) == (line, precision)


@pytest.mark.parametrize(
    "line",
    [
        f"Tekst en foto's: {NAME}",
        f"Tekst en foto’s: {NAME}",
        f"Tekst en beeld: {NAME}",
        f"Tekst &amp; foto's: {NAME}",
        f"Foto's en tekst: {NAME}",
        f"Tekst: {NAME} Foto's: Jelle de Wit",
        f"Door onze correspondente in Parijs {NAME}",
        f"Door onze chef sport {NAME}",
        f"Door onze redacteur economie {NAME}",
        f"Recensent: {NAME}",
        f"{NAME}, Den Haag",
        f"{NAME}, De Vechtbode",
        f"{NAME}, De Vechtbode, Den Haag",
    ],
)
def test_what_stands_before_and_behind_a_name_is_nobody(line: str) -> None:
    assert names(read("", f'<p class="byline">{line}</p>')) == [NAME]


@pytest.mark.parametrize(
    "line",
    [
        "Geplaatst: za 3 feb 2024, 14:05",
        "Geplaatst: vr. 2 feb 2024",
        "Gepubliceerd: Nieuws | 3 februari 2024",
        "Gepubliceerd: Sport | 3 februari 2024",
        "Tekst en foto's",
    ],
)
@pytest.mark.parametrize("name", ["meta", "byline", "post-meta"])
def test_a_weekday_a_section_and_a_word_between_are_nobody(line: str, name: str) -> None:
    assert names(read("", f'<p class="{name}">{line}</p>')) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('<div class="x1">Door dr. Lisa Vermeer</div>', ["dr. Lisa Vermeer"]),
        ('<div class="x1">Door mr. J. de Wit</div>', ["mr. J. de Wit"]),
        ('<div class="x1">Door prof. dr. Els Bos</div>', ["prof. dr. Els Bos"]),
        ('<p class="byline">Jan Smit en Els Bos</p>', ["Jan Smit", "Els Bos"]),
        ('<p class="byline">Jan Smit &amp; Els Bos</p>', ["Jan Smit", "Els Bos"]),
        ('<p class="byline">Wonen en Werken</p>', []),
        ('<p class="byline">Jan Smit en Bouwen Wonen</p>', []),
        ('<p class="author">Jan Smit, Piet de Wit</p>', ["Jan Smit", "Piet de Wit"]),
        ('<p class="byline">Geplaatst: door Jan Smit</p>', ["Jan Smit"]),
        ("<p>Door redacteur Jan van Dijk</p>", ["Jan van Dijk"]),
        ('<p class="byline">Door verslaggever van Dijk</p>', ["van Dijk"]),
        ('<p class="author">Chef John</p>', ["Chef John"]),
        ("<ul><li>Auteur: Herman Koch</li><li>Uitgever: Ambo</li></ul>", []),
        ("<p>Titel: De oven</p><p>Auteur: Herman Koch</p><p>ISBN: 978</p>", []),
        (
            "<ul><li>Auteur: Herman Koch</li><li>Uitgever: A</li></ul><p>Recensent: Jan Smit</p>",
            ["Jan Smit"],
        ),
        ("<ul><li>Auteur: Jan Smit</li><li>Datum: 3 mei 2014</li></ul>", ["Jan Smit"]),
    ],
)
def test_degrees_couples_and_books(line: str, expected: list[str]) -> None:
    assert names(read("", line)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("AskPublicNewsArticle", [NAME]),
        ("AdvertiserContentArticle", [NAME]),
        ("SatiricalArticle", [NAME]),
        ("Thing", []),
    ],
)
def test_articles_of_rare_kinds_state_their_authors(kind: str, expected: list[str]) -> None:
    assert names(read(linked(OWN.replace("NewsArticle", kind)), "")) == expected
