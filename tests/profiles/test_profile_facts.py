"""Facts by the rules of a profile: each is read where it was learned to stand, and searched for
only where it does not stand there.
"""

import re
from dataclasses import replace

import pytest

from pipelines.article import read_article, read_by
from pipelines.document import Document
from pipelines.learning import learn
from pipelines.profiles import FactRules, Frame, Profile
from pipelines.profiles import facts as profile_facts
from storage.records import Article
from tests.template_site import document, html


@pytest.fixture(scope="module")
def profile() -> Profile:
    """What five pages of the made-up site teach."""
    (learned,) = learn("dorpsblad.example", [document(number) for number in range(5)])
    return learned


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that had to be searched for a fact."""
    narrowed, asked = profile_facts.narrowed, []

    def noted(frame: Frame, profile: Profile) -> Document:
        asked.append(frame.document.url)
        return narrowed(frame, profile)

    monkeypatch.setattr(profile_facts, "narrowed", noted)
    return asked


def read(profile: Profile, page: str) -> Article:
    return read_by(document(7, page), (profile,))


def test_five_pages_teach_where_the_facts_stand(profile: Profile) -> None:
    assert profile.facts == FactRules(
        headline="h1", authors="a.naam", dates="time", keywords="a[rel='tag']", stated=("section",)
    )
    assert Profile.from_json(profile.to_json()) == profile


def test_a_page_as_learned_is_searched_for_nothing(profile: Profile, searches: list[str]) -> None:
    assert read(profile, html(7)).authors == read_article(document(7)).authors
    assert searches == []


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('<h1 class="kop">', '<h1 class="kop">Nieuws</h1><h1>', "headline"),
        ('<p class="auteursregel">Door <a rel="author" class="naam" '
'href="/auteur/hans/">Hans Terpstra</a>',
         '<p class="auteursregel">Door Hans Terpstra', "authors"),
        ('class="datum" datetime="2014-01-26T09:37:00+01:00">2014-01-26T09:37:00+01:00'
'</time>', 'class="datum"></time> 26 januari 2014',
         "date_published"),
        ('</a></p></article>',
            '</a> Rubriek: <a rel="category" href="/rubriek/dorp/">Dorp</a></p></article>',
            "article_section"),
        ('<p class="etiketten">Tags: <a rel="tag" href', '<p class="tags">Tags: <a href',
            "keywords"),
    ],
)  # fmt: skip
def test_what_stands_otherwise_is_searched_for(
    profile: Profile, searches: list[str], old: str, new: str, field: str
) -> None:
    page = html(7).replace(old, new)
    assert page != html(7)
    assert getattr(read(profile, page), field) == getattr(read_article(document(7, page)), field)
    assert searches


def test_a_change_of_the_article_is_seen_though_no_lesson_had_one(profile: Profile) -> None:
    page = html(7).replace(
        "</time></p>",
        '</time> <span class="updated">Bijgewerkt op 2 februari 2014 om 11:15</span></p>',
    )
    article = read(profile, page)
    assert article.date_modified == read_article(document(7, page)).date_modified
    assert (
        article.date_modified and article.date_modified.isoformat()
    ) == "2014-02-02T11:15:00+01:00"


def test_what_no_page_shows_is_not_searched_for_where_nothing_tells_of_it(
    profile: Profile, searches: list[str]
) -> None:
    untagged = re.sub(r'<p class="etiketten">.*?</p>', "", html(7))
    assert read(replace(profile, expected={}), untagged).keywords == ()
    assert searches == []


def test_a_headline_that_no_title_knows_is_not_taken(profile: Profile) -> None:
    page = html(7).replace('<h1 class="kop">', '<h1 class="kop">Meld u aan</h1><h1 class="kop">')
    assert read(profile, page).headline == read_article(document(7)).headline


def test_the_box_about_an_author_tells_the_role() -> None:
    about = (
        '<div class="author-box"><h4>Over de auteur</h4><p>Hans Terpstra is redacteur '
        "bij Dorpsblad.</p></div></article>"
    )
    pages = [
        html(number).replace("</article>", about.replace("Hans", _first_name(number)))
        for number in range(12)
    ]
    (learned,) = learn(
        "dorpsblad.example", [document(number, page) for number, page in enumerate(pages[:6])]
    )
    assert learned.facts.about == "div.author-box"
    (author,) = read_by(document(9, pages[9]), (learned,)).authors
    assert (author.name, author.role, author.organisation) == (
        "Jan Terpstra",
        "redacteur",
        "Dorpsblad",
    )


def _first_name(number: int) -> str:
    return "Ans Bas Cor Dirk Els Fien Gijs Hans Ina Jan".split()[number % 10]
