"""Who answers whom, by where a record stands; what is no part of a record's words."""

import pytest

from tests.comments.test_comments_unseen import read

ONE = """<div class="r"><b>Lezer {n}</b> <i>{n} mei 2014, 10.21 uur</i>
<p>Woorden van {n}.</p></div>"""


@pytest.mark.parametrize("box", ["reacties", "antwoorden", "x1f", "children", ""])
def test_a_list_right_behind_a_record_holds_its_answers_whatever_its_name(box: str) -> None:
    answers = f'<div class="{box}">{ONE.format(n=3)}{ONE.format(n=4)}</div>'
    thread = read(f"<h3>4 reacties</h3><div>{ONE.format(n=2)}{answers}{ONE.format(n=5)}</div>")
    assert [c.author for c in thread.comments] == [f"Lezer {n}" for n in range(2, 6)]
    assert [c.parent_position for c in thread.comments] == [None, 0, 0, None]


def test_a_list_of_all_answers_behind_a_first_post_answers_nobody() -> None:
    rest = "".join(ONE.format(n=n) for n in range(3, 6))
    thread = read(f"<h3>4 reacties</h3><div>{ONE.format(n=2)}<div>{rest}</div></div>")
    assert [c.parent_position for c in thread.comments] == [None] * 4


@pytest.mark.parametrize(
    "label",
    ["comment at", "- 2007-01-18 14:49:38", "Aantal punten: {n}", "Lid sinds 200{n}", "∞"],
)
def test_a_line_that_most_records_end_or_begin_with_is_no_words(label: str) -> None:
    one = """<div class="r"><b>Lezer {n}</b> <i>{n} mei 2014, 10.21 uur</i><div><div>%s</div>
<p>Woorden van lezer {n} over de brug.</p></div></div>"""
    records = "".join((one % label).format(n=n) for n in range(2, 7))
    thread = read(f"<h3>5 reacties</h3><div>{records}</div>")
    assert [c.text for c in thread.comments] == [
        f"Woorden van lezer {n} over de brug." for n in range(2, 7)
    ]


def test_thanks_that_all_end_with_are_words() -> None:
    one = """<div class="r"><b>Lezer {n}</b> <i>{n} mei 2014, 10.21 uur</i>
<p>Woorden van lezer {n}.</p><p>Bedankt voor de info!</p></div>"""
    thread = read(f"<h3>4 reacties</h3><div>{''.join(one.format(n=n) for n in range(2, 6))}</div>")
    assert {c.text.rpartition("\n")[2] for c in thread.comments} == {"Bedankt voor de info!"}


@pytest.mark.parametrize("share", [1, 4, 30])
def test_short_words_are_found_where_long_ones_are(share: int) -> None:
    one = """<div class="c"><div class="title"><cite>Lezer {n}</cite></div><div class="body">
<div class="meta"> - 2014-05-0{n} 14:49:38</div>
<div class="content"><p>{said}</p></div></div></div>"""
    said = [f"Zo is het, {n}. " * (share if n % 3 else 1) for n in range(1, 9)]
    records = "".join(one.format(n=n, said=words) for n, words in enumerate(said, 1))
    thread = read(f"<h3>8 reacties</h3><div>{records}</div>")
    assert [c.text for c in thread.comments] == [words.strip() for words in said]
    assert {c.date_created_precision for c in thread.comments} == {"second"}
