"""Comments with a title over them, or a line that states whom they answer."""

import pytest

from tests.comments.test_reader import EXPECTED, NAMES, WORDS, read, said

BYLINE = "<b>{name}</b> <i>{day} 10:2{n}</i>"
HEADED = "<div class='r'>{heading}<small>{{day}} 10:2{{n}}</small><p>{{words}}</p></div>"
TITLES = ("Fietsstraat prima", "Parkeren", "Eindelijk", "Onzin")
SIGNED = {
    "below": "<h3>{title}</h3><p>Door {name} op {day} 10:2{n}</p><p>{words}</p>",
    "named": "<h4>{title}</h4><p class='auteur'>Door {name} op {day}</p><div>{words}</div>",
    "posted": "<h4>{title}</h4><small>Geplaatst door {name} op {day} 10:2{n}</small><p>{words}</p>",
    "wrote": "<h4>{title}</h4><small>{name} schreef op {day} 10:2{n}</small><p>{words}</p>",
}  # fmt: skip


def titled(record: str) -> str:
    """Return a thread of four records, each with another title."""
    rows = (
        record.format(n=n, name=NAMES[n], words=WORDS[n], day=f"{n + 3} mei 2014", title=title)
        for n, title in enumerate(TITLES)
    )
    return f"<h2>4 reacties</h2><section>{''.join(rows)}</section>"


def last_begins(record: str, first: str) -> str:
    """Return a thread whose last record alone has the paragraph *first*."""
    return titled(record.replace("{first}", f"<p>{first}</p>")).replace(f"<p>{first}</p>", "", 3)


@pytest.mark.parametrize("record", SIGNED.values(), ids=SIGNED)
def test_a_stated_signature_comes_before_a_comments_title(record: str) -> None:
    found = said(read(titled(f"<div class='r'>{record}</div>")))
    assert [name for name, _words in found] == list(NAMES[:4])


@pytest.mark.parametrize(
    "heading",
    ["<h4>{name}</h4>", "<h4 class='naam'>{name}</h4>", "<h4><a href='/lid/{n}'>{name}</a></h4>"],
)
def test_a_name_in_a_heading_is_the_authors(heading: str) -> None:
    assert said(read(titled(HEADED.format(heading=heading)))) == EXPECTED


@pytest.mark.parametrize(
    "first",
    [
        "Reactie op het artikel over de brug",
        "Antwoord op de vraag of de brug dicht blijft",
        "In reactie op Anna wil ik toch iets zeggen.",
        "Reactie op mijn buurman",
    ],
)
@pytest.mark.parametrize("box", ["{first}<p>{words}</p>", "<div>{first}<p>{words}</p></div>"])
def test_a_readers_first_paragraph_is_no_label(first: str, box: str) -> None:
    found = said(read(last_begins(f"<div class='r'>{BYLINE}{box}</div>", first)))
    assert found[-1] == (NAMES[3], f"{first}\n\n{WORDS[3]}")


def test_a_day_that_is_no_date_stays_in_the_words() -> None:
    found = said(read(last_begins(f"<div>{BYLINE}{{first}}<p>{{words}}</p></div>", "Datum: ooit")))
    assert found[-1] == (NAMES[3], f"Datum: ooit\n\n{WORDS[3]}")


@pytest.mark.parametrize(
    "label",
    [
        "In reactie op Anna",
        "Reactie op de Boer",
        "Antwoord op Jan K.",
        "In reactie op de reactie van Anna",
        "Reactie op De Buurman:",
        "In reactie op piet_k.",
    ],
)
def test_whom_a_comment_answers_is_none_of_its_words(label: str) -> None:
    box = "<div class='bericht'>{first}<p>{words}</p></div>"
    found = said(read(last_begins(f"<div class='r'>{BYLINE}{box}</div>", label)))
    assert found[-1] == (NAMES[3], WORDS[3])


@pytest.mark.parametrize("name", ["Piet K.", "Jan (Utrecht)", "Jan!", "piet_k.", "Jan"])
@pytest.mark.parametrize("answers", ["In reactie op {}", "Als antwoord op {}", "Reactie op {}:"])
def test_whom_a_line_answers_is_found_whatever_sign_ends_the_name(name: str, answers: str) -> None:
    label = f"<small class='op'>{answers.format(name)}</small>"
    record = "<div class='r'><b class='naam'>{name}</b> <i>{day} 10:2{n}</i>"
    thread = titled(f"{record}{label}<div class='bericht'>{{words}}</div></div>")
    thread = thread.replace(label, "", 3).replace(">Bram<", f">{name}<")
    assert [one.parent_position for one in read(thread).comments] == [None, None, None, 1]


@pytest.mark.parametrize("other", ["Jan de Boer", "Jan.", "Ja"])
def test_a_name_that_is_but_like_the_one_answered_is_not_its_parent(other: str) -> None:
    label = "<small class='op'>In reactie op Jan</small>"
    record = f"<div class='r'><b class='naam'>{{name}}</b> <i>{{day}} 10:2{{n}}</i>{label}"
    thread = titled(f"{record}<div class='bericht'>{{words}}</div></div>")
    thread = thread.replace(label, "", 3).replace(">Bram<", f">{other}<")
    assert {one.parent_position for one in read(thread).comments} == {None}
