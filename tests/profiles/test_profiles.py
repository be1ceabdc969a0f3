"""What a site teaches: learned profiles read as the generic way reads, what recurs is cut and kept,
corrections by hand win.
"""

import json
import re
from dataclasses import replace

import pytest

from pipelines.article import NotAnArticle, extract, read_article, read_by
from pipelines.comments import ThreadRules, Unfit, read_thread_by
from pipelines.learning import learn
from pipelines.profiles import BadProfile, Furniture, Profile, profile_for
from storage.records import Article
from tests.template_site import NEWSLETTER, NOW, document, html

FIELDS = ("headline", "authors", "date_published", "date_published_precision", "article_section",
    "keywords", "comments_declared",
          "comments_gap_reason", "access", "in_language", "description")  # fmt: skip


@pytest.fixture(scope="module")
def profile() -> Profile:
    """What five pages of the made-up site teach."""
    (learned,) = learn("dorpsblad.example", [document(number) for number in range(5)])
    return learned


def told(article: Article) -> list[object]:
    return [[getattr(article, name) for name in FIELDS],
        [(c.author, c.text, c.date_created, c.parent_position, c.source_id, c.url)
            for c in article.comments]]  # fmt: skip


def test_five_pages_teach_a_template(profile: Profile) -> None:
    assert (profile.body, profile.confidence) == ("div.tekst", 1.0)
    assert profile.thread is not None
    assert (profile.thread.record, profile.thread.author, profile.thread.text) == (
        "li.comment",
        "cite.fn",
        "div.comment-content",
    )
    assert profile.thread.count == "h2.aantal"


@pytest.mark.parametrize("number", range(5, 45))
def test_other_pages_read_by_it_as_the_generic_way_reads_them(
    number: int, profile: Profile
) -> None:
    found, generic = read_by(document(number), (profile,)), read_article(document(number))
    assert told(found) == told(generic)
    assert dict(found.field_methods)["comments"] == "profile"
    assert found.article_body == generic.article_body.replace(f"\n\n{NEWSLETTER}", "")


def test_what_recurs_is_cut_and_kept(profile: Profile) -> None:
    (block,) = profile.furniture
    assert (block.begin, block.pages, block.share, block.since) == (NEWSLETTER, 5, 1.0, NOW)
    article = read_by(document(9), (profile,))
    assert NEWSLETTER not in article.article_body
    assert NEWSLETTER in [
        removed.text for removed in article.removed_blocks if removed.reason == "recurring"
    ]
    assert (
        NEWSLETTER in read_by(document(9), (replace(profile, furniture=()),)).article_body
    )  # a wrong cut can be undone


def test_a_series_own_introduction_is_not_cut() -> None:
    intro = "<p>Dit is een deel van onze serie over molens langs de dijk.</p>"
    pages = [
        html(n).replace('<div class="tekst">', f'<div class="tekst">{intro}') if n % 2 else html(n)
        for n in range(10)
    ]
    (learned,) = learn("dorpsblad.example", [document(n, page) for n, page in enumerate(pages)])
    assert [one.begin for one in learned.furniture] == [NEWSLETTER]


def test_two_templates_of_one_site_are_told_apart() -> None:
    others = [
        html(n).replace('class="tekst"', 'class="verhaal"').replace('class="stuk"', 'class="lang"')
        for n in range(20, 25)
    ]
    pages = [document(n) for n in range(5)] + [
        document(20 + n, page) for n, page in enumerate(others)
    ]
    assert {one.body for one in learn("dorpsblad.example", pages)} == {"div.tekst", "div.verhaal"}


def test_two_pages_teach_nothing() -> None:
    assert learn("dorpsblad.example", [document(1), document(2)]) == ()


def test_a_page_of_another_template_is_read_the_generic_way(profile: Profile) -> None:
    page = html(7).replace('class="tekst"', 'class="entry-content"')
    found = read_by(document(7, page), (profile,))
    assert replace(found, field_methods=()) == read_article(document(7, page))
    assert found.field_methods == (
        ("article_body", "generic"),
        ("missed", "article.stuk div.tekst"),
    )


def test_a_page_of_another_kind_in_the_sites_frame_misses_nothing(profile: Profile) -> None:
    story = (
        html(7).replace('class="tekst"', 'class="verhaal"').replace('class="stuk"', 'class="lang"')
    )
    assert read_by(document(7, story), (profile,)).field_methods == ()
    assert "header.site" in profile.frame
    elsewhere = (
        story.replace('class="site"', 'class="top"')
        .replace('class="kolom"', "")
        .replace('class="zij"', "")
    )
    elsewhere = (
        elsewhere.replace("<nav>", "<div>").replace("</nav>", "</div>").replace("footer>", "div>")
    )
    assert (
        dict(read_by(document(7, elsewhere), (profile,)).field_methods)["missed"]
        == profile.template
    )


def test_a_field_that_the_profile_misses_is_read_the_generic_way(profile: Profile) -> None:
    page = re.sub(r'(?s)(<article.*?)(<p class="auteursregel">.*?</p>)', r"\2\1", html(7))
    found = read_by(document(7, page), (profile,))
    assert [author.name for author in found.authors] == ["Hans Terpstra"]
    assert dict(found.field_methods)["authors"] == "generic"


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (("3 reacties", "5 reacties"), "recounted"),
        (('class="comment-content"', 'class="woorden"'), "generic"),
        (('class="aantal"', 'class="hoeveel"'), "generic"),
    ],
)
def test_a_thread_that_is_not_as_learned_is_read_the_generic_way(
    profile: Profile, change: tuple[str, str], how: str
) -> None:
    page = html(7).replace(*change)
    found = read_by(document(7, page), (profile,))
    assert dict(found.field_methods)["comments"] == how
    assert told(found) == told(read_article(document(7, page)))


@pytest.mark.parametrize(
    ("counted", "pager", "how"),
    [
        ("8", '<a href="comment-page-2/#comments">Nieuwere reacties</a>', "profile"),
        ("8", '<a href="?cpage=2">2</a>', "profile"),
        ("8", '<a rel="next" href="?page=2#comments">volgende</a>', "profile"),
        ("12", '<a href="?page=2">2</a> <a href="?page=3">3</a>', "profile"),
        ("3", '<a href="?cpage=2">2</a>', "recounted"),  # as many are here: where are the others?
    ],
)
def test_a_thread_that_goes_on_on_other_pages_is_read_as_the_generic_way_reads_it(
    profile: Profile, counted: str, pager: str, how: str
) -> None:
    page = html(7).replace("3 reacties", f"{counted} reacties")
    page = page.replace("</ol>\n", f"</ol><nav>{pager}</nav>\n")
    found, generic = read_by(document(7, page), (profile,)), read_article(document(7, page))
    assert dict(found.field_methods)["comments"] == how
    assert found.comment_pages == generic.comment_pages != ()
    assert told(found) == told(generic)
    assert found.comments_gap_reason == "pagination"


def test_comments_under_a_template_that_had_none_are_found() -> None:
    (silent,) = learn("dorpsblad.example", [document(n) for n in (4, 8, 12, 16)])
    assert silent.thread is None
    assert dict(read_by(document(20), (silent,)).field_methods)["comments"] == "profile"
    found = read_by(document(7), (silent,))
    assert len(found.comments) == 3
    assert dict(found.field_methods)["comments"] == "recounted"


def test_a_thread_without_any_name_under_a_template_that_had_none_is_found() -> None:
    (silent,) = learn("dorpsblad.example", [document(n) for n in (4, 8, 12, 16)])
    said = "<p><b>Bram Koster</b> op 3 mei 2014 om 13:10</p><p>Dat duurt wel weer lang.</p>"
    form = "<form><p>Uw mening <textarea></textarea></p></form>"
    page = html(20).replace("</body>", f"<div><h2>Gesprek</h2><div>{said}</div>{form}</div></body>")
    assert [one.author for one in read_by(document(20, page), (silent,)).comments] == [
        "Bram Koster"
    ]


def test_a_declared_number_without_comments_is_never_passed_over() -> None:
    (silent,) = learn("dorpsblad.example", [document(n) for n in (4, 8, 12, 16)])
    page = html(20).replace('<div id="respond">', '<div id="respond"><h4>5 reacties</h4>')
    found = read_by(document(20, page), (silent,))
    assert (found.comments_declared, found.comments_gap_reason) == (5, "unknown")


def test_pingbacks_that_a_template_counts_among_its_comments_are_told(profile: Profile) -> None:
    assert profile.thread is not None
    thread = read_thread_by(
        document(7, html(7).replace("3 reacties", "4 reacties")),
        replace(profile.thread, gap="pingbacks"),
    )
    assert (len(thread.comments), thread.declared, thread.pingbacks, thread.gap_reason) == (
        3,
        4,
        1,
        "pingbacks",
    )


def test_no_comment_loses_its_date_to_a_rule(profile: Profile) -> None:
    assert profile.thread is not None
    loose = replace(
        profile.thread, date="div.vak > *"
    )  # the first of these is the author, who says no date
    dates = [comment.date_created for comment in read_article(document(7)).comments]
    assert [
        comment.date_created for comment in read_thread_by(document(7), loose).comments
    ] == dates
    undated = re.sub(
        r"(<cite class=.fn.>.*?)<time .*?</time>", r"\1", html(7), count=1, flags=re.DOTALL
    )
    with pytest.raises(Unfit, match="no date") as one:
        read_thread_by(document(7, undated), profile.thread)
    with pytest.raises(Unfit, match="no date") as every:
        read_thread_by(document(7), replace(profile.thread, date="cite.fn"))
    assert (one.value.is_miss, every.value.is_miss) == (False, True)


def test_two_comments_that_name_each_other_make_no_circle(profile: Profile) -> None:
    assert profile.thread is not None
    key = [comment.source_id for comment in read_article(document(7)).comments]
    page = html(7)
    for own, other in ((key[0], key[1]), (key[1], key[0])):
        page = re.sub(
            rf'(id="comment-{own}">.*?<cite class="fn">)',
            rf'\1<a class="op" href="#comment-{other}">op</a> ',
            page,
            flags=re.DOTALL,
        )
    thread = read_thread_by(
        document(7, page), replace(profile.thread, parent="a.op", author="cite.fn")
    )
    assert sorted(comment.parent_position is None for comment in thread.comments) == [
        False,
        True,
        True,
    ]


def test_a_comment_of_several_paragraphs_is_read_whole() -> None:
    def parted(page: str) -> str:
        return re.sub(r'(<div class="comment-content">)<p>(.*?)</p>', r"\1\n<p>\2</p>\n", page)

    pages = [parted(html(number)) for number in range(12)]
    (learned,) = learn(
        "dorpsblad.example", [document(number, page) for number, page in enumerate(pages[:6])]
    )
    longer = pages[7].replace("</p>\n</div>", "</p>\n<p>En nog iets.</p></div>")
    assert [
        comment.text.count("En nog iets.")
        for comment in read_by(document(7, longer), (learned,)).comments
    ] == [1, 1, 1]
    assert learned.thread is not None
    with pytest.raises(Unfit, match="more text"):
        read_thread_by(document(7, longer), replace(learned.thread, text="div.comment-content > p"))


def test_a_further_page_of_an_article_leads_to_its_first(profile: Profile) -> None:
    links = (
        '<p class="page-links">Pagina: <a href="/2014/01/molen-7/">1</a> '
        "<span>2</span></p></article>"
    )
    first = document(7, html(7).replace("</article>", links))
    second = replace(
        first, page=replace(first.page, url="https://dorpsblad.example/2014/01/molen-7/2/")
    )
    assert read_by(second, (profile,)).body_pages == ("https://dorpsblad.example/2014/01/molen-7/",)


def test_a_post_with_a_password_is_none_by_a_profile_either(profile: Profile) -> None:
    form = (
        '<form class="post-password-form"><p>Voer een wachtwoord in om dit bericht te '
        "lezen, zoals je het van de redactie kreeg:</p>"
    )
    form += (
        '<input type="password" name="post_password"></form><p>Deze inhoud is '
        "beveiligd met een wachtwoord. Vul het hierboven in.</p>"
    )
    page = re.sub(r'(?s)<div class="tekst">.*?</div>', f'<div class="tekst">{form}</div>', html(4))
    with pytest.raises(NotAnArticle) as generic:
        read_article(document(4, page))
    with pytest.raises(NotAnArticle) as known:
        read_by(document(4, page), (profile,))
    assert (generic.value.reason, known.value.reason) == ("login", "login")


def _with_title(page: str) -> str:
    """Return *page* with the moments of its comments in titles, as sites do that show "3 dagen
    geleden".
    """
    shown = '<span class="tijd" title="{}-{}-{} {}">lang geleden</span>'
    dated = re.compile(
        r'(<cite class="fn">.*?</cite>\s*)<time '
        r'datetime="(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)[^"]*">.*?</time>'
    )
    return dated.sub(
        lambda found: found[1] + shown.format(found[4], found[3], found[2], found[5]), page
    )


def test_comments_are_read_by_rules_to_the_letter_as_without() -> None:
    pages = [_with_title(html(number)) for number in range(12)]
    pages[9] = pages[9].replace("-2014 ", "-2094 ", 1)  # a date to come
    (learned,) = learn(
        "dorpsblad.example", [document(number, page) for number, page in enumerate(pages[:6])]
    )
    for number in (7, 9, 11):
        found, generic = (
            read(document(number, pages[number]))
            for read in (lambda d: read_by(d, (learned,)), read_article)
        )
        assert dict(found.field_methods)["comments"] == "profile"
        assert [replace(one, method=None) for one in found.comments] == [
            replace(one, method=None) for one in generic.comments
        ]
    assert found.comments[0].date_created_raw == "lang geleden"
    assert [
        one.date_created is None for one in read_by(document(9, pages[9]), (learned,)).comments
    ] == [True]


def test_a_template_that_never_shows_the_comments_it_declares_is_known_for_it() -> None:
    number = '<p class="reactie-aantal"><a href="#comments">{} reacties</a></p><div class="tekst">'
    pages = {
        n: html(n, comments=0).replace('<div class="tekst">', number.format(n))
        for n in range(2, 12)
    }
    (learned,) = learn(
        "dorpsblad.example", [document(n, page) for n, page in list(pages.items())[:6]]
    )
    assert learned.unshown == "unknown"
    found = read_by(document(9, pages[9]), (learned,))
    assert dict(found.field_methods)["comments"] == "profile"
    assert (found.comments, found.comments_declared, found.comments_gap_reason) == (
        (),
        9,
        "unknown",
    )


def test_what_is_given_by_hand_wins(profile: Profile) -> None:
    by_hand = Profile(
        site="dorpsblad.example",
        body="div.tekst",
        headline="footer",
        authors="cite.fn",
        date="li.comment time",
        keywords="nav a",
    )
    found = read_by(document(7), (profile.corrected_by(by_hand),))
    assert found.headline == "Dorpsblad, sinds 1951"
    assert [author.name for author in found.authors] == list(
        dict.fromkeys(comment.author for comment in found.comments)
    )
    assert (found.keywords, found.date_published_source) == (("Nieuws",), "selector")
    assert dict(found.field_methods)["headline"] == "selector"
    assert found.comments == read_by(document(7), (profile,)).comments


def test_a_selector_with_a_mistake_fails_when_the_profile_is_made() -> None:
    with pytest.raises(BadProfile, match=r"selector in record that cannot be read: 'li\[\['"):
        Profile(site="dorpsblad.example", body="div", thread=ThreadRules(record="li[["))
    with pytest.raises(BadProfile, match="no regular expression"):
        Profile(site="dorpsblad.example", body="div", path="(")


def test_a_profile_survives_the_way_into_the_archive_and_back(profile: Profile) -> None:
    full = replace(
        profile,
        valid_from=NOW,
        furniture=(Furniture(fingerprint="p", begin="p", pages=4, share=0.8, since=NOW),),
    )
    assert Profile.from_json(json.loads(json.dumps(full.to_json()))) == full


def test_each_moment_has_its_profile(profile: Profile) -> None:
    old, new = (
        replace(profile, valid_from=None, valid_until=NOW),
        replace(profile, valid_from=NOW, body="div.nieuw"),
    )
    assert profile_for((old, new), "/2014/01/x/", NOW) == [new]
    assert profile_for((old, new), "/2014/01/x/", NOW.replace(year=2020)) == [old]
    assert (
        profile_for((replace(old, path=r"^/blog/"),), "/2014/01/x/", NOW.replace(year=2020)) == []
    )


def test_extract_takes_one_profile_or_several(profile: Profile) -> None:
    page = document(7).page
    assert extract(page, profile) == extract(page, (replace(profile, body="div.geen"), profile))
    assert extract(page, profile).method == "profile"


def test_a_box_about_the_author_stays_one_when_a_profile_narrows_the_page() -> None:
    box = (
        "<div class='author-bio'><h2>Door Anouk 't Hart</h2><p>Anouk schrijft over "
        "molens en woont aan de dijk, met een hond die "
        "Molen heet.</p><a href='/auteur/anouk/' rel=author>Alle stukken van Anouk 't "
        "Hart</a></div>"
    )
    text = (
        "<p>De molen aan de dijk draait weer, na elf maanden stilstand en een nieuw "
        "stel wieken.</p>" * 12
    )
    page = (
        "<html><body><article><h1>De molen</h1><div "
        f"class=tekst>{text}</div>{box}</article></body></html>"
    )
    generic = read_article(document(1, page))
    assert [author.name for author in generic.authors] == ["Anouk 't Hart"]
    assert (
        read_by(document(1, page), (Profile(site="dorpsblad.example", body="div.tekst"),)).authors
        == generic.authors
    )


NOTICE = "Wie iets weet over de vermiste kat kan bellen met de redactie van deze krant. "
LITTLE = {
    "a film": '<iframe src="https://film.example/4"></iframe>',
    "a picture with a line": '<img src="a.jpg"><p>De markt in 1954.</p>',
    "nothing": "",
    "titles of other articles beside it": "</div><div><h3>Ook gelezen</h3>"
    + "".join(f'<p><a href="/{n}/">De brug, deel {n} van de lange reeks</a></p>' for n in range(9)),
    "a line beside it": f"</div><div><p>{NOTICE}</p>",
}


@pytest.mark.parametrize("name", LITTLE)
def test_a_page_with_next_to_no_text_has_what_stands_in_its_place(
    name: str, profile: Profile
) -> None:
    page = re.sub(
        '(?s)<div class="tekst">.*?</div>', f'<div class="tekst">{LITTLE[name]}</div>', html(61)
    )
    found = read_by(document(61, page), (profile,))
    assert found.article_body == ("De markt in 1954." if "picture" in name else "")
    assert dict(found.field_methods)["article_body"] == "profile"
    assert (found.headline, len(found.comments)) == (
        read_article(document(61)).headline,
        len(read_article(document(61)).comments),
    )


def test_a_text_that_moved_out_of_its_place_is_read_where_it_is(profile: Profile) -> None:
    moved = re.sub(
        '(?s)<div class="tekst">(.*?)</div>', r'<div class="tekst"></div><div>\1</div>', html(61)
    )
    found = read_by(document(61, moved), (profile,))
    assert found.article_body.split()[:8] == read_article(document(61)).article_body.split()[:8]
    assert dict(found.field_methods)["article_body"] != "profile"


def test_a_fact_that_is_not_in_its_place_is_found_where_the_page_has_it(profile: Profile) -> None:
    whole = read_article(document(62))
    line = '(?s)<p class="auteursregel">.*?</p>'
    gone = re.sub(line, "", html(62))
    elsewhere = re.sub(f"(<article.*?)({line[4:]})", r"\2\1", html(62), flags=re.DOTALL)
    for page, authors, how in ((gone, (), "absent"), (elsewhere, whole.authors, "generic")):
        found = read_by(document(62, page), (profile,))
        assert found.authors == authors
        assert dict(found.field_methods)["authors"] == how
        assert found.comments == whole.comments
