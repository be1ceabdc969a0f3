"""Comments in no element of their own, as old guest books have them: a name, a date, bare text."""

import pytest

from tests.comments.test_reader import read, said

READERS = (
    ("Henk Jansen", "Wij wonen aan de overkant, en het was elke dag weer omrijden."),
    ("annemiek", "Gewoon een pontje inzetten, dat deden ze vroeger ook."),
    ("Kees de V.", "De veerman is ziek geweest, dus reken maar op de zomer."),
    ("Fatima", "Bij ons op school komt de helft van de kinderen nu weer op tijd."),
)
RECORDS = {
    "headings": "<h3>{name}</h3>{day}<br>{words}<hr>",
    "small dates": "<h4>{name}</h4><small>{day}</small><br>{words}<hr>",
    "bold names": "<b>{name}</b> {day}<br>{words}<hr>",
    "breaks": "<b>{name}</b> {day}<br>{words}<br><br>",
    "no element": "{name}, {day}<br>{words}<br><br>",
    "below": "{words}<br><i>{name}</i> op {day}<br><br>",
}
COUNT = "<h2>4 reacties</h2>"


def records(record: str) -> str:
    return "".join(
        record.format(name=name, words=words, day=f"1{n} mei 2014 10:2{n}")
        for n, (name, words) in enumerate(READERS)
    )


@pytest.mark.parametrize("thread", ["{count}{records}", "{count}<div>{records}</div>"])
@pytest.mark.parametrize("record", RECORDS)
def test_each_comment_is_what_its_signature_parts(record: str, thread: str) -> None:
    found = read(thread.format(count=COUNT, records=records(RECORDS[record])))
    assert said(found) == list(READERS)
    assert [f"{one.date_created:%d %H:%M}" for one in found.comments if one.date_created] == [
        "10 10:20", "11 10:21", "12 10:22", "13 10:23"
    ]  # fmt: skip


def test_a_box_that_holds_heading_and_thread_is_read_so_too() -> None:
    found = read(f"<td>{COUNT}{records(RECORDS['bold names'])}</td>").comments
    assert [one.author for one in found] == [name for name, _words in READERS]


@pytest.mark.parametrize("record", ["headings", "bold names", "breaks"])
def test_what_the_heading_counts_otherwise_is_left_and_marked(record: str) -> None:
    thread = read(f"<h2>9 reacties</h2>{records(RECORDS[record])}")
    assert thread.comments == ()
    assert (thread.declared, thread.gap_reason) == (9, "unknown")


@pytest.mark.parametrize("sorting", ["Sorteer op: nieuwste<br>", "<a href='#form'>Reageer</a><br>"])
@pytest.mark.parametrize("record", ["headings", "bold names", "breaks", "no element"])
def test_words_before_the_first_signature_shift_no_comment(record: str, sorting: str) -> None:
    found = said(read(COUNT + sorting + records(RECORDS[record])))
    assert found in ([], list(READERS))


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("at", ["start", "end"])
def test_a_note_at_one_end_is_nobodys_words(record: str, at: str) -> None:
    note, rows = "<p>De redactie leest mee.</p>", records(RECORDS[record])
    thread = f"{note}{rows}" if at == "start" else f"{rows}{note}"
    found = said(read(f"{COUNT}<div>{thread}</div>"))
    assert [name for name, _words in found] in ([], [name for name, _words in READERS])
    assert all(words in text for (_, words), (_, text) in zip(READERS, found, strict=False))


def test_signed_lines_over_a_form_are_believed_whatever_the_heading_counts() -> None:
    form = "<form><textarea name='comment'></textarea></form>"
    rows = records(RECORDS["no element"])
    assert said(read(f"<h2>9 reacties</h2><div>{rows}</div>{form}")) == list(READERS)


OTHERS = {
    "towns": "<b>{name}</b><br>Amsterdam {n}<br>{day}<br>{words}<hr>",
    "greetings": "<b>{name}</b><br>{words}<br>Groetjes uit {n}<br>{day}<hr>",
    "titles": "<h3>Mooie brug {n}</h3>{day}<br>{words}<br>{name}<hr>",
    "labels": "<b>Bericht</b><br>{day}<br>{words}<hr>",
}


@pytest.mark.parametrize("record", OTHERS)
def test_what_else_stands_over_a_date_is_no_name(record: str) -> None:
    rows = "".join(
        OTHERS[record].format(name=name, words=words, n="een twee drie vier".split()[n],
                              day=f"1{n} mei 2014 10:2{n}")
        for n, (name, words) in enumerate(READERS)
    )  # fmt: skip
    wrong = {"Amsterdam een", "Groetjes uit een", "Mooie brug een", "Bericht"}
    assert not wrong & {one.author for one in read(COUNT + rows).comments}


@pytest.mark.parametrize("day", ["1{n} mei 2014", "1{n} mei 2014 20:00"])
def test_titles_over_their_dates_are_no_signatures(day: str) -> None:
    titles = ("Vergadering van de raad", "Rommelmarkt op het plein", "Kerkconcert", "Markt")
    listed = "".join(
        f"<h3>{title}</h3>{day.format(n=n)}<br>In het gemeentehuis, iedereen is welkom.<hr>"
        for n, title in enumerate(titles)
    )
    assert read(f"<h2>4 berichten</h2>{listed}").comments == ()


@pytest.mark.parametrize("control", ["\x01", "\x0b", "\ufffe", "&#2;"])
def test_control_characters_in_bare_text_cost_nothing(control: str) -> None:
    rows = records(RECORDS["no element"]).replace("Henk Jansen", f"Henk{control} Jansen", 1)
    found = read(f"{COUNT}{rows}").comments
    assert [one.text for one in found] == [words for _name, words in READERS]
