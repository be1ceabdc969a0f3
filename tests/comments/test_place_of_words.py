"""Where the words of a record are: in the place that accounts for those of most records."""

import pytest

from tests.comments.test_reader import EXPECTED, NAMES, WORDS, read, said

QUOTE = "<blockquote>Daar hoor je dus helemaal niemand over, en dat is jammer.</blockquote>"
REPLY = (
    "<div class='redactie'><b>Redactie:</b> Dank voor uw bericht, de wethouder laat weten dat "
    "het plan in september in de raad komt en dat u daar mag inspreken.</div>"
)
PREVIEW = (
    "<div class='kaart'><a href='/brug'>De brug</a><span>Na een jaar van werk gaat de brug "
    "eindelijk weer open voor alle verkeer.</span></div>"
)
CONTENT = "<div class='preview-content'>De brug gaat dan toch weer open.</div>"
SIGNATURE = (
    "<div class='onder'>Wie niet vaart die heeft ook geen mooie verhalen te vertellen.</div>"
)
BYLINES = {
    "cite": "<cite>{name}</cite> schreef:<br><small>{day} 10:2{n}</small>",
    "bold": "<b>{name}</b> <i>{day} 10:2{n}</i>",
    "hashed": "<span class='x1'>{name}</span> <span class='x2'>{day} om 10:2{n}</span>",
}
TEXTS = {"paragraph": "<p>{words}</p>", "named": "<div class='bericht'>{words}</div>"}


def thread(byline: str, text: str, rare: str, *, before: bool = False) -> str:
    """Return four records, of which the second has a *rare* box beside its text."""
    rows = []
    for n in range(4):
        extra = rare if n == 1 else ""
        box = f"{extra}{text}" if before else f"{text}{extra}"
        record = f"<li class='bijdrage'>{byline}{box}</li>"
        rows.append(record.format(n=n, name=NAMES[n], words=WORDS[n], day=f"{n + 3} mei 2014"))
    return f"<h2>4 reacties</h2><ol>{''.join(rows)}</ol>"


@pytest.mark.parametrize("byline", BYLINES.values(), ids=BYLINES)
@pytest.mark.parametrize("rare", [QUOTE, REPLY, PREVIEW, CONTENT, SIGNATURE])
@pytest.mark.parametrize("before", [True, False])
def test_a_box_of_few_records_takes_no_readers_words(
    byline: str, rare: str, *, before: bool
) -> None:
    found = said(read(thread(byline, TEXTS["paragraph"], rare, before=before)))
    assert [name for name, _text in found] == [name for name, _text in EXPECTED]
    assert all(words in text for words, (_name, text) in zip(WORDS, found, strict=False))


@pytest.mark.parametrize("rare", [REPLY, PREVIEW, SIGNATURE])
def test_a_box_beside_that_of_the_words_is_not_the_readers(rare: str) -> None:
    assert said(read(thread(BYLINES["bold"], TEXTS["named"], rare))) == EXPECTED


@pytest.mark.parametrize(
    "text", ["<p>{words}</p>", "<span>{words}</span>", "<p class='t'>{words}</p>"]
)
@pytest.mark.parametrize("mood", ["★★★☆☆", "👍", "😀"])
def test_stars_are_no_words_where_the_words_are_beside_them(mood: str, text: str) -> None:
    record = f"<div><div>{mood}</div><b>{{name}}</b> <i>{{day}} 10:2{{n}}</i>{text}</div>"
    rows = (
        record.format(n=n, name=NAMES[n], words=WORDS[n], day=f"{n + 3} mei 2014") for n in range(4)
    )
    assert said(read(f"<h2>4 reacties</h2><section>{''.join(rows)}</section>")) == EXPECTED


BYLINE = "<b>{name}</b> <i>{day} 10:2{n}</i>"
RANK = "<div class='s'>Lid van de vereniging sinds het eerste uur</div>"
TWINS = {
    "wrapped otherwise": f"<div>{BYLINE}<{{tag}}>{{words}}</{{tag}}></div>",
    "with a rank": f"<div class='r'>{BYLINE}<section>{{words}}</section>{RANK}</div>",
}


@pytest.mark.parametrize("record", TWINS.values(), ids=TWINS)
def test_the_words_are_read_from_boxes_of_two_kinds(record: str) -> None:
    tags = ("section", "section", "article", "section")
    rows = (
        record.format(n=n, name=NAMES[n], words=WORDS[n], day=f"{n + 3} mei 2014", tag=tags[n])
        for n in range(4)
    )
    assert said(read(f"<h2>4 reacties</h2><div>{''.join(rows)}</div>")) == EXPECTED


def test_a_heading_that_counts_is_no_words_of_the_one_comment() -> None:
    record = f"<li><b>{NAMES[0]}</b> <i>3 mei 2014 10:20</i><p>{WORDS[0]}</p></li>"
    page = f"<div id='comments'><h3 class='comments-count'>Eén reactie</h3><ul>{record}</ul></div>"
    assert said(read(page)) == EXPECTED[:1]
