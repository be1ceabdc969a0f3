"""The readings of a thread that won and those that lost, as `inspect` shows them."""

import pytest

from pipelines.inspection import Inspection, inspect_page
from storage.records import Page
from tests.inspection.test_inspect import NOW, PAGE

ROW = "<li><a href='/stuk-{n}/'>Een ander stuk van {n} mei</a> <span>{n} mei 2019</span></li>"
RECENT = f"<h3>Recente stukken</h3><ul>{''.join(ROW.format(n=n) for n in range(2, 9))}</ul>"
LINES = "".join(
    f"<p>Bram {n} schreef op {n} mei 2019 om 10:0{n}:</p><p>Dat duurt weer lang, week {n}.</p>"
    for n in range(2, 7)
)


def inspected(body: str) -> Inspection:
    page = Page(url="https://vaartbode.example/brug/", body=body.encode(), fetched_at=NOW)
    return inspect_page(page)


@pytest.mark.parametrize("beside", ["", RECENT, f"<aside>{RECENT}</aside>"])
def test_the_reading_that_won_stands_first_and_is_the_thread(beside: str) -> None:
    found = inspected(PAGE.replace("</body>", f"{beside}</body>"))
    won, *lost = found.proposals
    assert won.is_chosen
    assert not any(one.is_chosen for one in lost)
    assert won.records == len(found.article.comments) == 2
    assert "comment" in won.place
    assert all(one.score <= won.score for one in lost if one.records == won.records)


def test_what_was_looked_at_and_not_taken_is_shown_with_its_features() -> None:
    bare = PAGE.split("<h3>3 reacties")[0] + f"{RECENT}</div></body></html>"
    found = inspected(bare)
    assert found.article.comments == ()
    assert found.proposals
    assert not any(one.is_chosen for one in found.proposals)
    assert all(one.features and one.place for one in found.proposals)


def test_plain_lines_are_named_where_they_are_the_thread() -> None:
    bare = PAGE.split("<h3>3 reacties")[0] + f"<h3>Reacties</h3>{LINES}</div></body></html>"
    found = inspected(bare)
    assert len(found.article.comments) == 5
    assert sum(one.is_chosen for one in found.proposals) == 1
