"""Two groups of records are one thread's levels where one holds the answers of the other, not where
one is but a box around parts of records; and plain signs do not outrank what the score denies.
"""

from datetime import UTC, datetime

import pytest

from pipelines.comments import view_of
from pipelines.comments.rules.miner import RecordGroup, join_levels
from pipelines.comments.rules.runs import Runs, read_runs
from pipelines.comments.rules.score import GroupVerdict
from pipelines.document import Index, open_document
from storage.records import Page

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
# A head with the name and the date, and the words after it, which are not in it.
PARTED = {
    "boxes": '<div class="k">{who} <span>{day} mei 2014 10:21</span></div>'
    '<div class="w">{text}</div>',
    "terms": '<dt class="k">{who}, {day} mei 2014 10:21</dt><dd class="w">{text}</dd>',
    "rows": '<tr class="k"><td>{who}</td><td>{day} mei 2014 10:21</td></tr>'
    '<tr class="w"><td>{text}</td></tr>',
    "headings": '<h4 class="k">{who} <small>{day} mei 2014 10:21</small></h4>'
    '<p class="w">{text}</p>',
    "sections": '<header class="k">{who} {day} mei 2014, 10:21</header>'
    '<section class="w">{text}</section>',
}
AROUND = {"terms": "dl", "rows": "table"}
SAID = (
    ("Anna Wiersma", "Wie weet wanneer de brug opengaat?"),
    ("bram_62", "Volgens de gemeente op zaterdag."),
    ("Vera", "Dan ga ik weer op de fiets."),
    ("Dirk-Jan", "De wachter is met pensioen."),
)


def _index(body: str) -> tuple[Index, Runs]:
    html = f"<html lang='nl'><body><h1>De brug blijft dicht</h1>{body}</body></html>"
    page = Page(url="https://vaartbode.example/brug/", body=html.encode(), fetched_at=NOW)
    index = view_of(open_document(page)).index
    return index, read_runs(index)


def _group(index: Index, runs: Runs, name: str) -> RecordGroup:
    places = [n for n, one in enumerate(index.elements) if one.get("class") == name]
    ranges = [(runs.first[place], runs.last[place]) for place in places]
    group = RecordGroup([(place,) for place in places], ranges, {"class"})
    group.settle()
    return group


@pytest.mark.parametrize("kind", PARTED)
def test_a_box_around_parted_records_is_no_level_of_them(kind: str) -> None:
    posts = "".join(
        PARTED[kind].format(who=who, day=day, text=text) for day, (who, text) in enumerate(SAID, 3)
    )
    tag = AROUND.get(kind, "div")
    index, runs = _index(f'<{tag} class="all">{posts}</{tag}>')
    assert join_levels(_group(index, runs, "all"), _group(index, runs, "w"), runs) is None


@pytest.mark.parametrize(
    ("comment", "answers"),
    [
        ("<div class='c'>{said}{answers}</div>", "<div class='a'>{said}</div>"),
        ("<li class='c'>{said}<ul>{answers}</ul></li>", "<li class='a'>{said}</li>"),
        ("<aside class='c'>{said}<div>{answers}</div></aside>", "<dl class='a'>{said}</dl>"),
        ("<section class='c'>{said}{answers}<p>Ja</p></section>", "<div class='a'>{said}</div>"),
        ("<div class='c'><div>{said}</div><ol>{answers}</ol></div>", "<li class='a'>{said}</li>"),
    ],
)
def test_answers_in_their_comment_are_its_second_level(comment: str, answers: str) -> None:
    said = [
        f"<b>{who}</b> <i>{day} mei 2014 10:21</i><p>{text}</p>"
        for day, (who, text) in enumerate(SAID, 3)
    ]
    inner = "".join(answers.format(said=one) for one in said[1:])
    index, runs = _index(comment.format(said=said[0], answers=inner))
    joined = join_levels(_group(index, runs, "c"), _group(index, runs, "a"), runs)
    assert joined is not None
    assert len(joined.records) == len(SAID)
    assert joined.up == [None, 0, 0, 0]


def test_plain_signs_make_a_thread_but_do_not_outrank_what_the_score_denies() -> None:
    denied, agreed = (GroupVerdict(-1.9, score, is_plain=True) for score in (-1.6, 0.2))
    assert denied.is_thread
    assert not denied.is_clear
    assert agreed.is_clear
    assert not GroupVerdict(3.8, 2.5, is_plain=False).is_clear
