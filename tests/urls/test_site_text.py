"""Addresses and numbers as sites write them: nothing but the documented error comes of any of them.

The kind: a href, a base, a canonical, a port, a count is a stranger's text. One that makes no sense
costs itself only.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import candidates_from_page
from pipelines.article import NotAnArticle, extract
from pipelines.document import open_document
from pipelines.tdm import from_rules
from storage.numbers import whole_number
from storage.records import Page
from storage.urls import (
    BadAddress,
    at_host_of,
    canonical,
    first_comment_page,
    is_comment_page,
    is_way_to,
    parts_of,
    resolve,
    same_site,
    site_named,
    site_of,
    variant_key,
    why_unfollowed,
)
from tests.village import article

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SITE = "https://dorpsblad.example/"
BAD = (
    "http://[", "http://[::1", "http://]", "//[", "http://a:99999999/", "http://a:b/",
    "http://a:-1/", "http://a:²/",
    "http://[1:2:3:4:5:6:7:8:9]/", "http://" + "a" * 300 + ".nl/", "http://xn--éé.nl/",
    "http://a\u2100b.nl/", "http:///pad",
    "http://u:p@a.nl/", "javascript:alert(1)", "mailto:[a", "http://a b/", "https:/", "http://%5B/",
    "\x00", "http://\ud800.nl/",
)  # fmt: skip
MANY = "/z/?" + "&".join(f"a{number}=1" for number in range(201))
texts = st.one_of(st.text(max_size=80), st.sampled_from(BAD),
    st.from_regex(r"https?://[\[\]:@a-z0-9./?&=%²é-]{0,40}", fullmatch=True))  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_address_raises_what_is_documented(text: str) -> None:
    for base in (None, SITE, "http://["):
        try:
            found = canonical(text, base)
        except BadAddress:
            continue
        assert canonical(found) == found


def test_many_parameters_make_an_address_that_is_not_followed() -> None:
    found = canonical(MANY, SITE)
    assert found.count("=1") == 201
    assert why_unfollowed(found) == "trap"
    with pytest.raises(BadAddress):
        canonical("/?" + "&".join("a=1" for _ in range(2000)), SITE)


@settings(deadline=None, max_examples=60)
@given(texts, texts)
def test_any_text_is_borne_by_every_reader_of_addresses(text: str, other: str) -> None:
    for base in (None, SITE, other):
        try:
            found = canonical(text, base)
        except BadAddress:
            continue
        assert found.startswith(("http://", "https://"))
    resolved = resolve(text, SITE)
    assert resolved is None or isinstance(parts_of(resolved).path, str)
    for function in (
        site_of,
        site_named,
        variant_key,
        is_comment_page,
        first_comment_page,
        why_unfollowed,
    ):
        function(text)  # type: ignore[operator]  # raises nothing
    for pair in (same_site, is_way_to, at_host_of):
        pair(text, other)
    from_rules([{"location": other, "tdm-reservation": 1}], text)


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7), ("7", 7), (" 12 ", 12), ("٣", 3), (0, 0), ("²", None), ("½", None), ("", None),
        (None, None), (True, None),
     ("9" * 5000, None), (10**30, None), (10**17, 10**17), ("1e3", None), ("-3", None), (1.5, None),
     ([7], None)],
)  # fmt: skip
def test_a_number_is_one_that_can_be_counted_and_kept(value: object, number: int | None) -> None:
    assert whole_number(value) == number


PLACES = (
    '<base href="{bad}">', '<link rel="canonical" href="{bad}">', '<link rel="next" href="{bad}">',
    '<link rel="https://api.w.org/" href="{bad}">',
    '<link rel="alternate" type="application/rss+xml" href="{bad}">',
    '<meta property="og:url" content="{bad}">',
    '<script type="application/ld+json">'
'{{"@type":"NewsArticle","url":"{bad}","author":{{"@type":"Person","name":"Wil '
'Terpstra","url":"{bad}"}}}}</script>',
    '<script type="application/ld+json">{{"@type":"NewsArticle","commentCount":"²"}}</script>',
)  # fmt: skip
COMMENTS = (
    '<ol class="comments"><li id="comment-1"><a class="url" href="{bad}">Jan</a> '
    '<time datetime="2014-05-02">2 mei 2014</time><p>Mooi stuk, dank '
    "je.</p></li></ol>"
)


@pytest.mark.parametrize("bad", [*BAD[:9], *BAD[11:13], MANY.replace("&", "&amp;")])
def test_a_bad_address_on_a_page_costs_itself_only(bad: str) -> None:
    good = '<p><a href="/2014/brug/">Brug</a></p>'
    links = (
        f'{good}<p><a href="{bad}">x</a> <a rel="author" href="{bad}">y</a> <a '
        f'rel="next" href="{bad}">volgende</a></p>'
    )
    for place in PLACES:
        text = article("Molen draait weer", "2014-05-01", COMMENTS.format(bad=bad), links)
        text = text.replace("</title>", f"</title>{place.format(bad=bad)}", 1)
        page = Page(url=f"{SITE}2014/molen/", body=text.encode("utf-8", "replace"), fetched_at=NOW)
        read = extract(page)
        assert read.headline == "Molen draait weer"
        found = candidates_from_page(open_document(page), 0)
        assert f"{SITE}2014/brug/" in {candidate.url for candidate in found}


@settings(deadline=None, max_examples=60)
@given(texts)
def test_a_page_with_any_address_everywhere_is_read_or_refused(bad: str) -> None:
    links = "".join(f'<a href="{bad}">x</a>' for _ in range(3))
    text = (
        f"<html><head>{''.join(PLACES[:6]).format(bad=bad)}</head><body>"
        f"{links}{COMMENTS.format(bad=bad)}</body></html>"
    )
    page = Page(url=f"{SITE}a/", body=text.encode("utf-8", "replace"), fetched_at=NOW)
    candidates_from_page(open_document(page), 0)
    try:
        extract(page)
    except NotAnArticle:
        return
