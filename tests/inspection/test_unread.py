"""What a page shows and was not read: a witness that does not share the readers' blind spots."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.article import read_article
from pipelines.document import Document, open_document
from pipelines.inspection import unread_fields
from storage.records import Article, Page

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
TEXT = "".join(
    f"<p>De brug over de vaart werd in week {week} weer een dag later geopend dan de gemeente had"
    " beloofd, en de schippers wachtten met hun koffie op de kade.</p>"
    for week in range(3, 9)
)


def page(head: str = "", tail: str = "", below: str = "", root: str = "") -> Document:
    html = f"""<html lang="nl"><head><title>De brug</title>{root}</head><body>
    <div class="top"><a href="/">De Vaartbode</a></div><div class="m"><h1>De brug blijft dicht</h1>
    {head}<div class="t">{TEXT}</div>{tail}</div>{below}</body></html>"""
    return open_document(
        Page(url="https://vaartbode.example/brug/", body=html.encode(), fetched_at=NOW)
    )


def without(document: Document) -> Article:
    """Return what would have been read had the readers of these fields found nothing."""
    read = read_article(document)
    dates = {"date_published": None, "date_published_raw": None, "date_published_precision": None}
    return replace(read, authors=(), comments=(), **dates)  # type: ignore[arg-type]  # None is a value of each


@pytest.mark.parametrize(
    "shown",
    [
        "<h6>Geplaatst door: <a href='/wie/7/'>Anna de Wit</a> 5 jaar, 11 maanden geleden</h6>",
        "<p class='x'>By Anna de Wit</p>",
        "<div><span>Von Anna de Wit</span></div>",
        "<p>Par Anna de Wit</p>",
        "<p class='artikel-auteur'>Anna de Wit</p>",
        "<table><tr><td>Auteur: Anna de Wit</td></tr></table>",
        "<dl><dt>Tekst</dt><dd itemprop='author'>Anna de Wit</dd></dl>",
    ],
)
def test_an_author_who_is_shown_is_seen(shown: str) -> None:
    for document in (page(head=shown), page(tail=shown)):
        assert "authors" in unread_fields(without(document), document)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "<p>Foto: door Anna de Wit</p>",
        "<p>Door de regen kwam niemand.</p>",
        "<p class='byline'>admin</p>",
        "<aside><h2>Over ons</h2><p>Door Anna de Wit</p></aside>",
    ],
)
def test_a_page_that_names_no_author_is_no_witness(shown: str) -> None:
    document = page(head=shown)
    assert "authors" not in unread_fields(without(document), document)


@pytest.mark.parametrize(
    "said",
    [
        "De gitaar werd bespeeld door Anna de Wit",
        "Zang en gitaar: door Anna de Wit",
        "18. De brug ft. Bram (prod. by Anna)",
        "De extra borden zijn door Anna de Wit gemaakt",
        "Mixed and mastered by Anna de Wit",
        "De nieuwste single door Anna de Wit",
        "Opgenomen en gemixt door Anna de Wit",
    ],
)
def test_who_made_what_a_text_is_about_is_not_its_author(said: str) -> None:
    assert "authors" not in _unread_with_last_line(said)


@pytest.mark.parametrize(
    "said",
    [
        "Review written by Anna de Wit (c) De Vaartbode",
        "3 mei 2019 door Anna de Wit",
        "Een bijdrage aan het feest door Anna de Wit",
        "AMSTERDAM / door Anna de Wit",
        "Vaarwater, by Anna de Wit",
        "Naam van de auteur: Anna de Wit",
        "Gisteren door Anna de Wit",
        "Onderzoek en tekst: Anna de Wit",
        "Dit stuk is gemaakt door Anna de Wit",
    ],
)
def test_who_signs_in_the_last_line_of_the_text_is_seen(said: str) -> None:
    assert "authors" in _unread_with_last_line(said)


def _unread_with_last_line(said: str) -> dict[str, str]:
    """Return what is seen on a page whose text was read with a line below it."""
    document = page(tail=f"<p>{said}</p>")
    read = without(document)
    own = (
        read.article_body if read.article_body.endswith(said) else f"{read.article_body}\n\n{said}"
    )
    return unread_fields(replace(read, article_body=own), document)


@pytest.mark.parametrize(
    "shown",
    [
        "<p>vrijdag 12 juni 2009, 11.02 uur | Vera | Bijgewerkt op 05-02-'10</p>",
        "<li>10 maanden geleden</li>",
        "<p class='d'>May 3, 2019</p>",
        "<div>03-05-2019</div>",
        "<table><tr><td>Geplaatst op 3 mei 2019 in de rubriek Vaarwater en "
        "bruggen</td></tr></table>",
    ],
)
def test_a_date_that_is_shown_is_seen(shown: str) -> None:
    for document in (page(head=shown), page(tail=shown)):
        assert "date_published" in unread_fields(without(document), document)


def test_a_date_that_is_stated_but_not_understood_is_seen() -> None:
    stated = '{"@type": "NewsArticle", "headline": "De brug", "datePublished": "31 brumaire IX"}'
    document = page(root=f'<script type="application/ld+json">{stated}</script>')
    read = read_article(document)
    assert read.date_published is None
    assert unread_fields(read, document) == {"date_published": "31 brumaire IX"}


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "<p>Bijgewerkt op 5 februari 2010</p>",
        "<p>© 2009-2024 De Vaartbode</p>",
        "<p>Aanvang: 20.00 uur</p><p>3 mei 2019</p>",
        "<p>29-11-2026</p>",
        "<div class='sidebar'><p>3 mei 2019</p></div>",
    ],
)
def test_a_page_that_shows_no_date_of_its_own_is_no_witness(shown: str) -> None:
    document = page(head=shown)
    assert "date_published" not in unread_fields(without(document), document)


THREADS = {
    "a definition list": "<h3>Reacties</h3><dl>{}</dl>",
    "a counted heading": "<h4>3 reacties</h4>{}",
    "in English": "<h2>Comments</h2>{}",
    "a line": "<p>Reageer mee</p><div>{}</div>",
    "a table": "<h3>2 gedachten over 'De brug'</h3><table>{}</table>",
}
RECORDS = "".join(
    f"<dt>Bram schreef op {day} mei 2019 om 11:0{day}</dt><dd>Dat duurt weer lang.</dd>"
    for day in (4, 5, 6)
)


@pytest.mark.parametrize("thread", THREADS.values(), ids=THREADS)
def test_a_thread_that_is_shown_is_seen(thread: str) -> None:
    document = page(below=f"<div class='onder'>{thread.format(RECORDS)}</div>")
    empty = without(document)
    document.trace.note_area(())  # as where no thread was found
    assert "comments" in unread_fields(empty, document)


@pytest.mark.parametrize(
    "heading",
    ["<h3>Ingezonden</h3>", "<h4>Aan boord</h4>", "", "<p>***</p>", "<h2>Leserstimmen</h2>"],
)
@pytest.mark.parametrize(
    "form",
    [
        "<form method='post'>Uw mening <textarea></textarea></form>",
        "<form><table><tr><td>Naam <input></td><td><textarea></textarea></td></tr></table></form>",
        "<div><label>Schrijf mee</label><textarea></textarea></div>",
    ],
)
def test_dated_lines_over_a_form_are_a_thread_whatever_is_said_over_them(
    heading: str, form: str
) -> None:
    document = page(below=f"<div class='onder'>{heading}<dl>{RECORDS}</dl>{form}</div>")
    empty = without(document)
    document.trace.note_area(())
    assert "comments" in unread_fields(empty, document)


@pytest.mark.parametrize(
    "below",
    [
        "<div><p>Agenda 3 mei 2019</p><form><textarea></textarea></form></div>",
        "<form><textarea></textarea></form><p>3 mei 2019 De sluis</p><p>4 mei 2019 Kade</p>",
        "<div class='sidebar'><p>3 mei 2019</p><p>4 mei 2019</p><textarea></textarea></div>",
        "<h3>Reacties</h3><p>Er zijn nog geen reacties.</p>",
        "<h3>Geef een reactie</h3><form><textarea></textarea></form>",
        "<h3>Lees ook</h3><ul><li>3 mei 2019 De sluis</li><li>4 mei 2019 De kade</li></ul>",
        "<div class='sidebar'><h3>Reacties</h3><p>3 mei 2019</p><p>4 mei 2019</p></div>",
    ],
)
def test_a_page_without_comments_is_no_witness(below: str) -> None:
    document = page(below=below)
    assert "comments" not in unread_fields(without(document), document)


def test_what_was_read_is_not_unread() -> None:
    document = page(head="<p class='byline'>Door Anna de Wit op 3 mei 2019</p>")
    read = read_article(document)
    assert read.authors
    assert read.date_published is not None
    assert unread_fields(read, document) == {}
