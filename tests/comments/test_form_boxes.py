"""What is right over the form to answer with, in a box of its own, is a thread, however small."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.comments import Thread, read_thread, view_of
from pipelines.comments.rules import fitting
from pipelines.document import Document, open_document
from storage.records import Page

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TEXT = "".join(
    f"<p>De brug over de vaart werd in week {week} weer een dag later geopend dan beloofd, en de"
    " schippers dronken op de kade hun koffie.</p>"
    for week in range(3, 9)
)
FORM = '<form method="post"><p>Naam <input name="n"></p><textarea name="mening"></textarea></form>'
CLOSED = "<p><em>Dit gesprek is gesloten; reageren kan niet meer.</em></p>"

RECORDS = {
    "article": '<article id="r{n}"><div><p>{text}</p></div><footer><b>{who}</b> '
    '<time datetime="2019-05-0{n}T11:10Z">vr. {n} mei 2019, 13u10</time></footer></article>',
    "terms": '<dt id="r{n}">{who} <small>schreef {n} mei \'19 om 13.10 uur</small></dt>'
    "<dd><p>{text}</p></dd>",
    "boxes": "<div><div><strong>{who}</strong> <span>{n} mei 2019 13:10</span></div>"
    "<div><p>{text}</p></div></div>",
    "rows": "<tr><td>{who}<br>0{n}.05.2019 13:10</td><td><p>{text}</p></td></tr>",
    "items": "<li><cite>{who}</cite> op {n} mei 2019 om 13:10<p>{text}</p></li>",
}
AROUND = {"terms": "<dl>{}</dl>", "rows": "<table>{}</table>", "items": "<ol>{}</ol>"}
SAID = (("Bram", "Dat duurt weer lang."), ("Vera de Wit", "De wachter is met pensioen."))


def opened(below: str, head: str = "<h1>De brug blijft dicht</h1>") -> Document:
    html = f"""<html lang="nl"><head><title>De brug blijft dicht</title></head><body>
    <div class="m">{head}{TEXT}</div>{below}</body></html>"""
    page = Page(
        url="https://vaartbode.example/brug/",
        body=html.encode(),
        fetched_at=NOW,
        content_type="text/html; charset=utf-8",
    )
    return open_document(page)


def read(below: str, head: str = "<h1>De brug blijft dicht</h1>") -> Thread:
    return read_thread(opened(below, head))


def written(kind: str, count: int) -> str:
    rows = (
        RECORDS[kind].format(n=n, who=who, text=text)
        for n, (who, text) in enumerate(SAID[:count], 3)
    )
    return AROUND.get(kind, "{}").format("".join(rows))


@pytest.mark.parametrize("end", [FORM, CLOSED], ids=["form", "closed"])
@pytest.mark.parametrize("heading", ["<h2>Gesprek</h2>", "<h3>Ingezonden</h3>"])
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("kind", RECORDS)
def test_few_comments_over_a_form_are_read_whatever_is_said_over_them(
    kind: str, count: int, heading: str, end: str
) -> None:
    thread = read(f'<div id="praat">{heading}{written(kind, count)}{end}</div>')
    assert [(one.author, one.text) for one in thread.comments] == list(SAID[:count])
    assert [f"{one.date_created:%d %H:%M}" for one in thread.comments if one.date_created] == [
        f"0{n} 13:10" for n in range(3, 3 + count)
    ]


@pytest.mark.parametrize("kind", RECORDS)
def test_of_many_forms_in_one_box_each_is_below_what_it_answers(kind: str) -> None:
    thread = read(f'<div id="praat"><h2>Gesprek</h2>{written(kind, 2)}{FORM * 400}</div>')
    assert [(one.author, one.text) for one in thread.comments] == list(SAID)


@pytest.mark.parametrize("around", ["{}", "<div>{}</div>", "<p>Antwoord:</p>{}", "<hr>{}<hr>"])
def test_the_form_under_each_comment_hides_none_of_them(around: str) -> None:
    rows = "".join(
        f"<div><div><strong>{who}</strong> <span>{n} mei 2019 13:10</span></div>"
        f"<div><p>{text}</p></div>{around.format(FORM)}</div>"
        for n, (who, text) in enumerate(SAID * 4, 3)
    )
    thread = read(f'<div id="praat"><h2>8 reacties</h2>{rows}{FORM}</div>')
    assert [one.author for one in thread.comments] == [who for who, _text in SAID * 4]


TIP = "<h2>Tip de redactie</h2><p>Zag u iets?</p><form><textarea name=bericht></textarea></form>"


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    "around",
    [
        "{thread}<div>" + TIP + "</div>",
        "<div>" + TIP + "</div>{thread}",
        "{thread}<footer><p>Stuur ons een bericht</p>" + FORM + "</footer>",
        "{thread}<div><p>Op het forum is de discussie gesloten.</p></div>",
        "<section>{thread}</section><section>" + TIP + "</section>",
        "{thread}<div><div>" + TIP + "</div></div>",
        "<div>{thread}<div class='tip'>" + TIP + "</div>" + FORM + "</div>",
        "<div>{thread}<div>" + TIP + "</div><p>Reageren is niet meer mogelijk</p></div>",
    ],
    ids=["below", "above", "footer", "elsewhere", "sections", "deeper", "three", "three, closed"],
)
def test_another_form_of_the_page_hides_no_thread(around: str, count: int) -> None:
    thread = f'<div id="praat"><h2>Gesprek</h2>{written("boxes", count)}{FORM}</div>'
    comments = read(around.replace("{thread}", thread)).comments
    assert [(one.author, one.text) for one in comments] == list(SAID[:count])


def test_the_last_of_a_thread_s_pages_has_its_pager_between_comment_and_form() -> None:
    pager = '<p><a href="?reacties=1#praat">Vorige reacties</a></p>'
    thread = read(f'<div id="praat"><h2>Gesprek</h2>{written("article", 1)}{pager}{FORM}</div>')
    assert [one.text for one in thread.comments] == [SAID[0][1]]
    assert thread.gap_reason == "pagination"


@pytest.mark.parametrize(
    "below",
    [
        f"<div><h3>Lees ook</h3>{written('boxes', 2)}{FORM}</div>",
        f"<div><p>Agenda 3 mei 2019 20:00</p>{FORM}</div>",
        f"<div><h2>Gesprek</h2><p>Nog niemand heeft iets gezegd.</p>{FORM}</div>",
        f"<div><ul><li><a href='/kade/'>De kade</a> 3 mei 2019 13:10</li></ul>{FORM}</div>",
        f"<div><p>Geplaatst op 3 mei 2019 om 13:10 door Vera</p>{FORM}</div>",
    ],
)
def test_what_else_is_over_a_form_is_no_thread(below: str) -> None:
    assert read(below).comments == ()


def test_an_article_right_over_its_form_is_no_comment_on_itself() -> None:
    signed = "<span>Geplaatst door Vera de Wit op 3 mei 2019 13:10</span>"
    post = f"<div><h3>De brug blijft dicht</h3><p>Kort bericht.</p>{signed}</div>"
    assert (
        read(f"<div>{post}<div>Mail dit aan een vriend</div>{FORM}</div>", head="").comments == ()
    )


@pytest.mark.parametrize("kind", RECORDS)
def test_a_group_that_several_signs_speak_for_is_read_once(kind: str) -> None:
    document = opened(f"<div><h2>2 reacties</h2>{written(kind, 2)}{FORM}</div>")
    document.hold()
    view = view_of(document)
    page = fitting.PageEvidence(view, fitting.read_runs(view.index))
    proposed = fitting.weighed(fitting.propose(view.index, page.runs), page)
    proposed = [one._replace(group=replace(one.group, by={"counted"})) for one in proposed]
    ranges = [tuple(group.ranges) for group, _features in fitting.likely(proposed, page)]
    assert len(ranges) == len(set(ranges)) > 0
