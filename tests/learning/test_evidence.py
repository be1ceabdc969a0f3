"""Independent evidence: what a site's feeds, its posts and its JSON-LD say of its articles teaches
where reading goes wrong each time.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape

import pytest

from pipelines.article import read_article, read_by
from pipelines.document import Document
from pipelines.learning import (
    SiteWatch,
    StatedEvidence,
    joined,
    learn,
    observe,
    read_evidence,
    read_posts,
)
from pipelines.profiles import Profile
from storage.urls import variant_key
from tests.misleading_site import PROMO, author_of, misleading, post, text_of
from tests.template_site import NOW, document, html, words

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" \
xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Dorpsblad</title><link>\
https://dorpsblad.example/</link>{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>{url}</link><dc:creator>{author}</dc:creator><pubDate>\
onzin</pubDate><description>Kort.</description>
<content:encoded><![CDATA[{body}]]></content:encoded></item>"""


def feed(numbers: range) -> bytes:
    entries = ((misleading(number), text_of(number), author_of(number)) for number in numbers)
    items = "".join(
        ITEM.format(title="Nieuws", url=escape(page.url), body=body, author=name)
        for page, body, name in entries
    )
    return RSS.format(items=items).encode()


@pytest.fixture(scope="module")
def profile() -> Profile:
    said = read_evidence(feed(range(6)))
    (learned,) = learn("dorpsblad.example", [misleading(number) for number in range(6)], said)
    return learned


def test_a_feed_teaches_where_reading_goes_wrong(profile: Profile) -> None:
    page = misleading(20)
    wrong = read_article(page)
    assert (PROMO.strip() in wrong.article_body, [author.name for author in wrong.authors]) == (
        True,
        ["Desk Dorpsblad"],
    )
    assert (profile.body, profile.authors, profile.taught) == (
        "div.tekst",
        "span.van-dienst",
        ("article_body", "authors"),
    )
    found = read_by(page, (profile,))
    assert words(20 * 31, 4) in found.article_body
    assert "Word vriend" not in found.article_body
    assert [author.name for author in found.authors] == [author_of(20)]


def test_what_was_taught_otherwise_is_no_drift(profile: Profile) -> None:
    watch = SiteWatch({1: profile})
    for number in range(20, 30):
        page = misleading(number)
        seen = observe(read_by(page, (profile,)), NOW, partial(read_article, page))
        assert seen.apart is not None
        assert "authors" in seen.apart
        assert watch.add(seen) == {}


def test_json_ld_teaches_too() -> None:
    def stated(number: int) -> Document:
        thing = {
            "@type": "NewsArticle",
            "articleBody": " ".join(
                words(number * 31 + block, 4) for block in range(3 + number % 3)
            ),
        }
        return misleading(
            number, f'<script type="application/ld+json">{json.dumps(thing)}</script>'
        )

    (learned,) = learn("dorpsblad.example", [stated(number) for number in range(5)])
    assert (learned.body, learned.taught) == ("div.tekst", ("article_body",))


def test_an_excerpt_is_no_evidence_of_a_text() -> None:
    short = {key: StatedEvidence(body="De molen draait.") for key in read_evidence(feed(range(6)))}
    (learned,) = learn("dorpsblad.example", [misleading(number) for number in range(6)], short)
    assert (learned.body, learned.taught) == ("article", ())


def test_atom_is_read_and_what_is_no_feed_says_nothing() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>De molen</title><link '
        b'rel="self" href="https://a.example/x"/>'
        b'<link href="https://www.dorpsblad.example/molen/"/><author><name>Ina '
        b"Terpstra</name></author>"
        b'<content type="html">&lt;p&gt;Hij '
        b"draait.&lt;/p&gt;</content></entry><entry><title>Zonder "
        b"adres</title></entry></feed>"
    )
    assert read_evidence(atom) == {
        "dorpsblad.example/molen": StatedEvidence("De molen", "Ina Terpstra", "Hij draait.")
    }
    one_name = read_evidence(feed(range(2)).replace(author_of(1).encode(), author_of(0).encode()))
    assert {(said.title, said.author) for said in one_name.values()} == {(None, None)}
    assert read_evidence(b"<html><body>geen feed") == {}
    assert read_evidence(b"") == {}


def test_the_posts_of_wordpress_teach_as_a_feed_does() -> None:
    said = read_posts(json.dumps([post(number) for number in range(6)]).encode())
    (learned,) = learn("dorpsblad.example", [misleading(number) for number in range(6)], said)
    assert (learned.body, learned.authors, learned.taught) == (
        "div.tekst",
        "span.van-dienst",
        ("article_body", "authors"),
    )


def test_posts_say_only_what_is_a_post_and_open() -> None:
    rows = [
        post(1, date_gmt="2014-05-03T08:21:05", title={"rendered": "De &#8216;molen&#8217;"},
            content={"rendered": "<form>Wachtwoord</form>", "protected": True}),
        post(2, _embedded={"author": [{"code": "rest_user_invalid_id"}]}, content={"rendered": ""}),
        {"link": 5}, "onzin", {"title": {"rendered": "Zonder adres"}},
    ]  # fmt: skip
    one, two = read_posts(json.dumps(rows).encode()).values()
    assert one == StatedEvidence(
        "De ‘molen’", author_of(1), published=datetime(2014, 5, 3, 8, 21, 5, tzinfo=UTC)
    )
    assert two == StatedEvidence("Nieuws & meer")
    for body in (b"", b"<html>", b"{}", b'{"code": "rest_no_route"}', b"[" * 100_000):
        assert read_posts(body) == {}


def test_pages_of_which_nothing_is_said_follow_those_of_the_same_template() -> None:
    said = read_evidence(feed(range(3)))
    (learned,) = learn("dorpsblad.example", [misleading(number) for number in range(9)], said)
    assert (learned.body, len(learned.learned_from)) == ("div.tekst", 3)


def dated(number: int) -> tuple[Document, datetime]:
    """Return a page whose byline has the day of a feast where the date stands, and when it was
    published, which another line says.
    """
    page = html(number, comments=0)
    iso = re.findall(r'datetime="([^"]+)"', page)[0]
    published = datetime.fromisoformat(iso)
    feast = (published + timedelta(days=8)).isoformat()
    line = f'<div class="editie">{published.day}-{published.month}-{published.year}</div>'
    return document(
        number,
        page.replace(iso, feast).replace('<p class="etiketten"', f'{line}<p class="etiketten"'),
    ), published


def test_a_date_of_something_else_gives_way_to_the_one_that_the_site_tells() -> None:
    pages = [dated(number) for number in range(6)]
    said = {
        variant_key(page.url): StatedEvidence(published=moment.astimezone(UTC))
        for page, moment in pages
    }
    (learned,) = learn("dorpsblad.example", [page for page, _moment in pages], said)
    assert (learned.date, learned.taught) == ("div.editie", ("date_published",))
    page, published = dated(6)
    wrong, right = read_article(page).date_published, read_by(page, (learned,)).date_published
    assert (
        wrong and wrong.date() == published.date(),
        right and right.date() == published.date(),
    ) == (False, True)


@pytest.mark.parametrize(
    "shift", [timedelta(minutes=20), timedelta(days=400)], ids=["another clock", "not on the page"]
)
def test_a_date_that_is_right_or_not_shown_is_not_taught(shift: timedelta) -> None:
    """The page shows the right day without a clock as well, which is less than what was read."""
    pages = []
    for number in range(6):
        day = read_article(document(number)).date_published
        assert day is not None
        line = f'<div class="editie">{day.day}-{day.month}-{day.year}</div><p class="etiketten"'
        pages.append(document(number, html(number).replace('<p class="etiketten"', line)))
    moments = [read_article(page).date_published for page in pages]
    said = {
        variant_key(page.url): StatedEvidence(published=moment + shift)
        for page, moment in zip(pages, moments, strict=True)
        if moment
    }
    assert len(said) == 6
    (learned,) = learn("dorpsblad.example", pages, said)
    assert (learned.date, learned.taught) == (None, ())


def test_of_two_texts_the_longer_one_teaches() -> None:
    feeds = {"a": StatedEvidence("Kop", "Ina", "De molen draait […]"), "b": StatedEvidence("Ander")}
    both = joined(
        feeds,
        {
            "a": StatedEvidence("Kop!", None, "De molen draait weer na elf jaar."),
            "c": StatedEvidence("Derde"),
        },
    )
    assert both == {
        "a": StatedEvidence("Kop", "Ina", "De molen draait weer na elf jaar."),
        "b": StatedEvidence("Ander"), "c": StatedEvidence("Derde"),
    }  # fmt: skip
    assert joined(both, feeds) == both
