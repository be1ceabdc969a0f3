"""Lines that sign what was said, dates as other pages write them, and lists that only look as
threads do.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.article import extract
from pipelines.comments import Thread, read_thread
from pipelines.comments.record.signature import read_signature
from pipelines.comments.record.vocabulary import is_staff_mark, name_in
from pipelines.dates import Reference, read_date
from pipelines.document import is_form_heading, is_other_heading, leaf_blocks, open_document
from storage.records import Page

NOW = datetime(2014, 6, 18, 10, 0, tzinfo=UTC)
URL = "https://voorbeeld.nl/nieuws/stuk/"
REFERENCE = Reference(NOW)
PROSE = (
    "<p>De brug gaat in september open, zo heeft het college van burgemeester en "
    "wethouders maandag besloten, na jaren van bouwen.</p>"
)


def page(body: str, url: str = URL) -> Page:
    text = f"<html lang='nl'><body><h1>Stuk</h1><div>{PROSE}</div>{body}</body></html>"
    return Page(
        url=url, body=text.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8"
    )


def read(body: str) -> Thread:
    return read_thread(open_document(page(body)))


@pytest.mark.parametrize(
    "told",
    [
        "Herkenbaar! Wij zijn 6 jaar geleden al begonnen en hebben er geen spijt van.",
        "Gisteren stond ik nog met mijn fiets voor de slagboom te wachten…",
        "We started this two years ago and have never looked back since!",
        "Drie maanden geleden heeft de wethouder ons dit al beloofd, toch? 😀",
        "Wij hebben vandaag de hele dag op de kade zitten wachten.",
    ],
)
def test_a_time_in_what_is_told_is_not_when_it_was_written(told: str) -> None:
    records = "".join(
        f"<li><p>{told} {n}!</p><p><b>Lezer {n}</b> <i>0{n}.05.14 12:1{n}</i></p></li>"
        for n in (3, 4, 5)
    )
    thread = read(f"<h3>3 reacties</h3><ul>{records}</ul>")
    dates = [f"{one.date_created:%d %H:%M}" for one in thread.comments if one.date_created]
    assert dates == ["03 12:13", "04 12:14", "05 12:15"]


@pytest.mark.parametrize(
    ("line", "author", "moment"),
    [
        ("Jan Vos, 3 mei 2014 12:10", "Jan Vos", "2014-05-03 12:10"),
        ("Geplaatst door Ria op 3 mei 2014 om 14.02 uur", "Ria", "2014-05-03 14:02"),
        ("3-5-2014 12:10 | Jan Vos", "Jan Vos", "2014-05-03 12:10"),
        ("Ria schreef op 3 mei 2014 om 14:02:", "Ria", "2014-05-03 14:02"),
        ("Jan Vos (3 mei 2014 12:10)", "Jan Vos", "2014-05-03 12:10"),
        ("Reactie van Jan Vos op 3 mei 2014", "Jan Vos", "2014-05-03 00:00"),
        ("maandag 5 mei 2014 om 12:10 door Jan", "Jan", "2014-05-05 12:10"),
        ("#3 Jan Vos · 3 mei 2014, 12:10 · Reageer", "Jan Vos", "2014-05-03 12:10"),
        ("May 3, 2014 at 12:10 pm by John", "John", "2014-05-03 12:10"),
        ("gisteren om 14:02", None, "2014-06-17 14:02"),
        ("P. de Wit 04-05-2014 09:15", "P. de Wit", "2014-05-04 09:15"),
        ("Geplaatst door: MJ CA(SA), 1 mei 2014 | 18:12", "MJ CA(SA)", "2014-05-01 18:12"),
        ("Le 3 mai 2014 à 12h10", None, "2014-05-03 12:10"),
        ("— Jan Vos (redactie), 3 mei 2014 12:10", "Jan Vos", "2014-05-03 12:10"),
        ("Jan Vos, redactie | 3 mei 2014 12:10", "Jan Vos", "2014-05-03 12:10"),
    ],
)  # fmt: skip
def test_a_line_that_signs_tells_name_and_date(line: str, author: str | None, moment: str) -> None:
    signed = read_signature(line, REFERENCE)
    assert signed is not None
    assert (signed.author, f"{signed.date.moment:%Y-%m-%d %H:%M}") == (author, moment)


@pytest.mark.parametrize(
    "line",
    [
        "Op 3 mei 2014 was ik er ook bij.", "Lid sinds 3 mei 2010",
        "De brug gaat op 3 september open", "Laatst bewerkt op 3 mei 2014 15:00",
        "Wethouder De Boer zei op 3 mei 2014: ja",
        "Naam: Jan", "", "x" * 200,
        "0001-01-01T00:00:00Z", "Anna 0001-01-01", "0014-05-03 10:00",
        "12014-05-14 Anna", "114-05-2014",
    ],
)  # fmt: skip
def test_a_line_that_says_more_signs_nothing(line: str) -> None:
    assert read_signature(line, REFERENCE) is None


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("3 maja 2014 12:10", "pl", "2014-05-03 12:10"), ("Hace 2 días", "es", "2014-06-16 00:00"),
        ("il y a 3 heures", "fr", "2014-06-18 09:00"),
        ("vor einer Woche", "de", "2014-06-11 00:00"),
    ],
)  # fmt: skip
def test_dates_of_other_languages(text: str, language: str, moment: str) -> None:
    found = read_date(text, Reference(NOW, language))
    assert found is not None
    assert f"{found.moment.astimezone(ZoneInfo('Europe/Amsterdam')):%Y-%m-%d %H:%M}" == moment


def test_a_date_before_the_web_is_none() -> None:
    assert read_date("1970-01-01T00:00:00+00:00", REFERENCE) is None


def test_a_date_that_lies_ahead_keeps_its_text_only() -> None:
    record = (
        "<div class='reactie' id='reactie-{n}'><span class='naam'>Lezer {n}</span> "
        "<span class='datum'>{date}</span><div class='tekst'>Woorden van "
        "{n}.</div></div>"
    )
    thread = read(
        f"<div id='reacties'>{record.format(n=1, date='3 mei 2014')}"
        f"{record.format(n=2, date='3 mei 2031')}</div>"
    )
    assert [
        (comment.date_created is None, comment.date_created_raw) for comment in thread.comments
    ] == [
        (False, "3 mei 2014"),
        (True, "3 mei 2031"),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Ria - Gast", "Ria"), ("Ria [moderator]", "Ria"), ("Bezoeker Kees", "Bezoeker Kees")],
)
def test_marks_are_kept_apart_from_names(text: str, name: str) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    "text",
    ["3 reacties", "1 reacties", "Reacties (12)", "12 Kommentare", "2 commentaires", "Replies"],
)
def test_what_counts_comments_names_nobody(text: str) -> None:
    assert name_in(text) is None


def test_marks_of_staff() -> None:
    assert [
        is_staff_mark(text) for text in ("Moderator", "[auteur]", "De redactie", "Gast", "Jan")
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_headings_of_forms_and_other_lists() -> None:
    assert is_form_heading("Laat een reactie achter")
    assert not is_form_heading("Reacties")
    assert is_other_heading("Laatste reacties")
    assert not is_other_heading("Reacties op dit artikel")


HIDDEN = "<a class='auteur' href='/lid/2'>Els</a> <span class='datum'>4 mei 2014, 9.15 uur</span>"
RECORD = "<div class='reactie' id='reactie-{n}'><div class='inhoud{more}'>{head}{words}</div></div>"


def test_a_record_whose_page_hides_all_of_it_counts_as_withheld() -> None:
    shown = RECORD.format(
        n=1, more="", head=HIDDEN.replace("Els", "Bram"), words="<p>Woorden van Bram.</p>"
    )
    gone = RECORD.format(n=2, more=" hidden", head=HIDDEN, words="")
    thread = read(f"<div id='reacties'><h2>2 reacties</h2>{shown}{gone}</div>")
    assert [(comment.author, comment.status) for comment in thread.comments] == [
        ("Bram", "visible"),
        ("Els", "withheld"),
    ]
    assert (thread.declared, thread.gap_reason) == (2, "withheld")


LATEST = "<div><b>{name}</b> <i>{date}</i><p>{words}</p><a href='#f'>Reageer</a></div>"


def test_records_that_stand_on_other_pages_of_the_site_are_no_comments() -> None:
    said = [
        ("Anna", "3 mei 2014 12:10", "De brug is veel te smal, dat wordt dringen."),
        ("Bram", "4 mei 2014 9:15", "Het zwembad mag van mij wel dicht."),
    ]
    block = "".join(LATEST.format(name=name, date=date, words=words) for name, date, words in said)
    document = open_document(page(f"<div class='lijst'>{block}</div>"))
    recurring = frozenset(found.fingerprint for found in leaf_blocks(document.tree))
    assert [comment.author for comment in read_thread(document).comments] == ["Anna", "Bram"]
    assert read_thread(document, recurring).comments == ()


TEASERS = [("Zwembad open", "De gemeenteraad besloot gisteren dat er geld komt voor een zwembad."),
    ("Markt verhuist", "De markt staat voortaan op het plein voor de kerk."),
    ("Haven dicht", "De haven gaat voor een jaar dicht, er komt een steiger.")]  # fmt: skip
LISTINGS = {
    "wordpress": "<article id='post-{n}' class='post-{n} post type-post hentry'><header><h2 "
"class='entry-title'><a href='/{n}/'>{title}</a></h2></header><div "
"class='entry-content'><p>{words}</p></div><footer><span "
"class='posted-on'>Gepubliceerd <time datetime='2014-05-0{n}'>{n} mei "
"2014</time></span> <span class='byline'>Door <a "
"href='/author/anna/'>Anna</a></span></footer></article>",
    "blogger": "<div class='post hentry' id='post-{n}'><h3 class='post-title'><a "
"href='/2014/05/{n}.html'>{title}</a></h3><div "
"class='post-body'>{words}</div><span class='post-author'>Anna</span> <abbr "
"class='published' title='2014-05-0{n}T10:00:00+02:00'>10:00</abbr></div>",
    "joomla": "<div class='item' id='item-{n}'><h2><a "
"href='/nieuws/{n}-stuk'>{title}</a></h2><dl><dd "
"class='createdby'>Anna</dd><dd class='published'>{n} mei "
"2014</dd></dl><p>{words}</p></div>",
    "phpbb": "<li class='row bg{n}'><dl><dt><a href='/viewtopic.php?t={n}' "
"class='topictitle'>{title}</a><br>door <a "
"href='/memberlist.php?u={n}'>Anna</a> » {n} mei 2014 10:00</dt><dd "
"class='posts'>{n}</dd><dd class='lastpost'>{n} mei 2014</dd></dl></li>",
}  # fmt: skip


@pytest.mark.parametrize("system", LISTINGS)
def test_the_articles_of_a_listing_are_no_posts_of_a_topic(system: str) -> None:
    body = "".join(
        LISTINGS[system].format(n=n, title=title, words=words)
        for n, (title, words) in enumerate(TEASERS, start=1)
    )
    listing = f"<html><body><h1>Nieuws</h1><div>{body}</div></body></html>"
    url = (
        "https://voorbeeld.nl/viewforum.php?f=2"
        if system == "phpbb"
        else "https://voorbeeld.nl/tag/nieuws/"
    )
    found = Page(
        url=url, body=listing.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8"
    )
    thread = read_thread(open_document(found))
    assert (thread.comments, thread.is_topic) == ((), False)


def test_comments_that_are_numbered_as_posts_are_leave_the_article_its_body() -> None:
    prose = "".join(
        f"<p>Alinea {n} van het stuk, lang genoeg om voor een alinea van een artikel "
        "door te gaan, met nog een paar woorden meer.</p>"
        for n in range(8)
    )
    posts = "".join(
        f"<li id='comment_{n}'><b class='author'>Lezer {n}</b> <i class='date'>{n} mei "
        f"2014</i><div class='message'>Woorden van {n}.</div></li>"
        for n in range(1, 4)
    )
    article = extract(
        page(f"<div class='entry-content'>{prose}</div><ul id='comments'>{posts}</ul>")
    )
    assert len(article.comments) == 3
    assert "Alinea 7 van het stuk" in article.article_body


def test_an_article_whose_byline_looks_as_those_of_its_comments_is_none_of_them() -> None:
    prose = "".join(
        f"<p>Alinea {n} van het stuk, lang genoeg om voor een alinea van een artikel "
        "door te gaan, met nog een paar woorden meer.</p>"
        for n in range(8)
    )
    said = "".join(
        f"<div><p><b>Lezer {n}</b> <i>{n} mei 2014 10:0{n}</i></p><p>Wat lezer {n} "
        "ervan vindt.</p><a href='#f'>Reageer</a></div>"
        for n in range(1, 5)
    )
    body = (
        "<html><body><div><h1>Stuk</h1><div><p><b>Anna</b> <i>2 mei 2014 "
        f"9:00</i></p>{prose}</div></div><div><h3>4 "
        f"reacties</h3>{said}</div></body></html>"
    )
    article = extract(
        Page(url=URL, body=body.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8")
    )
    assert [comment.author for comment in article.comments] == [
        "Lezer 1",
        "Lezer 2",
        "Lezer 3",
        "Lezer 4",
    ]
    assert "Alinea 7 van het stuk" in article.article_body
