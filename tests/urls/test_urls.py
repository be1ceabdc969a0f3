"""Addresses: one form for one page, and what is never followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.urls import (
    BadAddress,
    at_host_of,
    canonical,
    is_way_to,
    same_site,
    site_named,
    variant_key,
    why_unfollowed,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "HTTP://WWW.Voorbeeld.NL:80/Stuk/?utm_source=x&id=3#reacties",
            "http://www.voorbeeld.nl/Stuk/?id=3",
        ),
        ("https://voorbeeld.nl/stuk/?fbclid=1&replytocom=12", "https://voorbeeld.nl/stuk/"),
        ("https://voorbeeld.nl/stuk/?share=twitter&nb=1", "https://voorbeeld.nl/stuk/"),
        ("https://voorbeeld.nl/stuk/amp/", "https://voorbeeld.nl/stuk/"),
        ("https://voorbeeld.nl/stuk.amp.html", "https://voorbeeld.nl/stuk.html"),
        ("https://voorbeeld.nl/stuk/print", "https://voorbeeld.nl/stuk"),
        ("https://voorbeeld.nl//a///b/;jsessionid=9F?b=2&a=1", "https://voorbeeld.nl/a/b/?a=1&b=2"),
        ("https://voorbeeld.nl/?p=12&page=2", "https://voorbeeld.nl/?p=12&page=2"),
        ("https://voorbeeld.nl/caf%c3%a9/é", "https://voorbeeld.nl/caf%C3%A9/%C3%A9"),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@b.nl",
        "javascript:void(0)",
        "http://",
        "http://naam:wachtwoord@voorbeeld.nl/",
        "http://a.nl/" + "x" * 3000,
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        canonical(url)


@given(st.text(max_size=80))
def test_canonical_never_raises_anything_else_and_is_stable(text: str) -> None:
    try:
        address = canonical(text, "https://voorbeeld.nl/map/stuk/")
    except BadAddress:
        return
    assert canonical(address) == address


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/foto.jpg", "media"),
        ("/wp-json/wp/v2/posts", "machinery"),
        ("/stuk/feed/", "feed"),
        ("/inloggen/", "login"),
        ("/?s=molen", "search"),
        ("/stuk/comment-page-2/", "comment_page"),
        ("/stuk/?cpage=2", "comment_page"),
        ("/a/b/a/b/a/b/", "trap"),
        ("/agenda/2190/01/", "trap"),
        ("/" + "x/" * 13, "trap"),
        ("/2014/01/stuk/", None),
        ("/?p=123", None),
    ],
)
def test_what_is_never_followed(path: str, reason: str | None) -> None:
    assert why_unfollowed(f"https://voorbeeld.nl{path}") == reason


def test_variants_of_one_page_share_a_key() -> None:
    keys = {
        variant_key(f"{start}voorbeeld.nl/stuk{end}")
        for start in ("http://", "https://www.")
        for end in ("", "/", "/index.html")
    }
    assert keys == {"voorbeeld.nl/stuk"}


def test_a_link_with_another_scheme_or_www_is_put_on_the_page_s_own_host() -> None:
    assert same_site("http://www.voorbeeld.nl/a", "https://voorbeeld.nl/")
    assert (
        at_host_of("https://voorbeeld.nl/x/", "http://www.voorbeeld.nl/a/?p=1")
        == "https://voorbeeld.nl/a/?p=1"
    )
    assert not same_site("https://andere.nl/", "https://voorbeeld.nl/")


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("http://www.dorp.nl/2011/slak/comment-page-2/", True),
        ("https://dorp.nl/2011/slak/feed/", True),
        ("https://dorp.nl/delen?url=%2F2011%2Fslak%2F", True),
        ("https://deel.example/?u=https%3A%2F%2Fdorp.nl%2F2011%2Fslak%2F", True),
        ("https://elders.nl/delen?url=%2F2011%2Fslak%2F", False),
        ("https://dorp.nl/2011/slak/vervolg/", False),
        ("https://dorp.nl/2011/", False),
    ],
)
def test_ways_to_a_page(address: str, is_one: bool) -> None:
    assert is_way_to(address, "https://dorp.nl/2011/slak/") is is_one


@pytest.mark.parametrize("said", ["dorp.nl", "www.Dorp.nl", "https://www.dorp.nl/2011/"])
def test_a_site_is_named_by_host_or_address(said: str) -> None:
    assert site_named(said) == "dorp.nl"


@pytest.mark.parametrize(
    "address",
    [
        "/(S(x))/nieuws/brug",
        "/(S(lit3py55t21z5v55vlm25s55))/nieuws/brug",
        "/(A(abc)F(def)S(ghi))/nieuws/brug",
        "/nieuws/(S(abc))/brug",
        "/(S(a))/(S(b))/nieuws/brug",
        "/nieuws/brug;jsessionid=9F3A",
        "/nieuws/brug;PHPSESSID=9f3a",
        "/nieuws/brug?PHPSESSID=1",
        "/nieuws/brug?JSESSIONID=9F&sessionid=2",
        "/nieuws/brug?sid=7f3a9c",
        "/nieuws/brug?s=0123456789abcdef0123456789abcdef",
        "/nieuws/brug?osCsid=k2&zenid=9",
        "/nieuws/brug?CFID=12&CFTOKEN=34",
        "/nieuws/brug?ASP.NET_SessionId=a",
        "/nieuws/brug?session=7f3a9c7f3a9c7f3a9c",
    ],
)
def test_a_session_is_no_part_of_an_address(address: str) -> None:
    assert canonical(address, "https://voorbeeld.nl/") == "https://voorbeeld.nl/nieuws/brug"


@pytest.mark.parametrize(
    "address",
    [
        "/modules.php?name=News&sid=12",
        "/nieuws?id=7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f",
        "/programma?session=5",
        "/nieuws_(politiek)/brug",
        "/nieuws/(S)/brug",
        "/a?oid=7&pid=8",
    ],
)
def test_what_only_looks_like_a_session_stays(address: str) -> None:
    assert canonical(address, "https://voorbeeld.nl/") == f"https://voorbeeld.nl{address}"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nieuws/leren-werken-met-node.js", None),
        ("/2014/05/vue.js", None),
        ("/blog/wat-is-er-mis-met-style.css", None),
        ("/artikelen/zo-lees-je-een-bestand.json", None),
        ("/nieuws/next.js/", None),
        ("/main.js", "media"),
        ("/assets/app.js", "media"),
        ("/wp-content/themes/krant/stijl.css", "media"),
        ("/a/jquery-3.7.1.js", "media"),
        ("/a/app.min.js", "media"),
        ("/nieuws/foto-van-de-molen.jpg", "media"),
        ("/nieuws/verslag-van-de-raad.pdf", "media"),
    ],
)
def test_a_title_that_ends_in_a_script_s_name_is_no_script(path: str, reason: str | None) -> None:
    assert why_unfollowed(f"https://voorbeeld.nl{path}") == reason
