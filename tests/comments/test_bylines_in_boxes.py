"""What stands with a reader's name: a date in a box that is named as a member's, a number before
it.
"""

import pytest

from tests.comments.test_reader import EXPECTED, read, records, said

BOXES = ("message-user", "userinfo", "user-info", "profiel", "comment-profile", "user_details")
DATES = {
    "text": "<span>{day} 10:2{n}</span>",
    "day": "<i class='when'>{day}</i>",
    "attribute": "<time datetime='2014-05-0{n}T10:2{n}:00+02:00'>{n} dagen</time>",
    "bar": "<span class='dv'>|</span> <span>{day} 10:2{n}</span>",
    "said": "schreef op <span>{day} om 10:2{n}</span>",
}
PROFILES = (
    "<span>{day}</span> <span>Lid sinds</span>",
    "<dl><dt>Lid sinds</dt><dd>{day}</dd></dl>",
    "<span>Berichten: 12</span> <span>{day}</span>",
    "<em>Bewerkt op</em> <span>{day} 11:4{n}</span>",
    "<span>1.204</span> <span>{day}</span>",
)


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("date", DATES)
def test_a_box_of_a_name_and_a_date_is_a_byline_whatever_it_is_named(box: str, date: str) -> None:
    byline = f"<div class='{box}'><img src='a.png'> <b>{{name}}</b> {DATES[date]}</div>"
    thread = read(f"<h3>4 reacties</h3>{records(f'<div>{byline}<p>{{words}}</p></div>')}")
    assert said(thread) == EXPECTED
    assert all(comment.date_created for comment in thread.comments)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_date_that_a_members_profile_labels_or_counts_beside_is_no_comments(profile: str) -> None:
    box = f"<div class='userinfo'><b>{{name}}</b> {profile}</div>"
    thread = read(f"<h3>4 reacties</h3>{records(f'<div>{box}<p>{{words}}</p></div>')}")
    assert [comment.date_created for comment in thread.comments] == [None] * len(thread.comments)


@pytest.mark.parametrize(
    "number",
    ["#{n} | ", "{n}. ", "{n}) ", "({n}) ", "[{n}] ", "#{n} - ", "Nr. {n} ", "nr {n}: ",
     "Reactie {n} van ", "Bericht {n}: ", "Reactie #{n} door "],
)  # fmt: skip
def test_the_number_before_a_name_is_no_part_of_it(number: str) -> None:
    head = f"<div><span class='nm'>{number}{{name}}</span> <i>op {{day}} 10:2{{n}}</i></div>"
    form = "<form><textarea name='reactie'></textarea></form>"
    thread = read(f"<div>Reacties</div>{records(head + '<div>{words}</div>')}{form}")
    assert said(thread) == EXPECTED


@pytest.mark.parametrize("rank", ["", "<em>Beginner</em> ", "<em>Moderator</em> "])
def test_a_joining_date_beside_a_name_is_not_believed_where_another_is(rank: str) -> None:
    box = f"<div class='userinfo'><b>{{name}}</b> {rank}<span>3 mei 2010</span></div>"
    record = f"<div>{box}<p>{{words}}</p><small>{{day}} 10:2{{n}}</small></div>"
    thread = read(f"<h3>4 reacties</h3>{records(record)}")
    assert {one.date_created.year for one in thread.comments if one.date_created} == {2014}
