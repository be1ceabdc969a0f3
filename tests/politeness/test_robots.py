"""robots.txt as RFC 9309 has it, case by case.

The kind: a site's no is a no, however its file is written, and a file that cannot be read to the
letter never opens or closes more than its readable lines say.
"""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness import Robots, robots_text
from crawler.politeness.robots import LONGEST

AGENT = "Knipsel/0.1 (+mailto:mail@example.org)"
SITE = "https://voorbeeld.nl"
URL = f"{SITE}/robots.txt"
CLOSED = b"User-agent: *\nDisallow: /dicht/\n"


@dataclass(frozen=True)
class Case:
    """A file, and which paths it leaves free and which it closes."""

    name: str
    body: bytes
    free: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def group(*lines: str, agent: str = "*") -> bytes:
    return "\n".join((f"User-agent: {agent}", *lines, "")).encode()


CASES = (
    # how the file is written
    Case("plain", CLOSED, ("/open/",), ("/dicht/",)),
    Case("byte order mark", b"\xef\xbb\xbf" + CLOSED, ("/",), ("/dicht/a",)),
    Case("two byte order marks", b"\xef\xbb\xbf" * 2 + CLOSED, ("/",), ("/dicht/a",)),
    Case("unseen signs", "\u200bUser-agent\u00a0: *\n\u2060Disallow\u200e: /dicht/\n".encode(),
        ("/",), ("/dicht/a",)),
    Case("UTF-16 little", "\ufeff".encode("utf-16-le") + CLOSED.decode().encode("utf-16-le"),
        ("/",), ("/dicht/a",)),
    Case("UTF-16 big", "\ufeff".encode("utf-16-be") + CLOSED.decode().encode("utf-16-be"), ("/",),
        ("/dicht/a",)),
    Case("UTF-16 without a mark", CLOSED.decode().encode("utf-16-le"), ("/",), ("/dicht/a",)),
    Case("CR", CLOSED.replace(b"\n", b"\r"), ("/",), ("/dicht/a",)),
    Case("CRLF", CLOSED.replace(b"\n", b"\r\n"), ("/",), ("/dicht/a",)),
    Case("no end of line", CLOSED.rstrip(), ("/",), ("/dicht/a",)),
    Case("NUL on a line of its own", b"User-agent: *\n\x00\nDisallow: /dicht/\n", ("/",),
        ("/dicht/a",)),
    Case("NUL in a word", b"User-\x00agent: *\nDis\x00allow: /dicht/\n", ("/",), ("/dicht/a",)),
    Case("latin-1 in a comment", b"# caf\xe9\n" + CLOSED, ("/",), ("/dicht/a",)),
    Case("a line separator is no end of line",
        "User-agent: *\nDisallow: /a\u2028Allow: /\n".encode(), ("/",)),
    Case("tabs and spaces", b"\tUser-agent\t:\t*\t\n  Disallow : /dicht/  \n", ("/",),
        ("/dicht/a",)),
    Case("upper case", b"USER-AGENT: KNIPSEL\nDISALLOW: /dicht/\n", ("/",), ("/dicht/a",)),
    Case("mixed case", b"uSeR-aGeNt: kNiPsEl\ndIsAlLoW: /dicht/\n", ("/",), ("/dicht/a",)),
    Case("comments", b"User-agent: * # allen\n# niets\nDisallow: /dicht/ # nee\n", ("/",),
        ("/dicht/a",)),
    Case("no colon is no record", b"User-agent *\nDisallow /dicht/\n", ("/dicht/",)),
    Case("a page instead", b"<html><body>Disallow: /</body></html>", ("/",)),
    Case("binary rubbish", bytes(range(256)) * 20, ("/",)),
    Case("empty", b"", ("/",)),
    Case("misspelled", group("Dissallow: /dicht/"), ("/",), ("/dicht/a",)),
    # whose group it is
    Case("own group before everyone's", group("Disallow: /") + group("Disallow: /prive/",
        agent="knipsel"), ("/stuk",), ("/prive/",)),
    Case("own group first", group("Disallow: /prive/", agent="Knipsel") + group("Disallow: /"),
        ("/stuk",), ("/prive/",)),
    Case("groups of one name are one", group("Disallow: /a",
        agent="Knipsel") + group("Disallow: /x") + group("Disallow: /b", agent="knipsel"), ("/x",),
        ("/a", "/b")),
    Case("groups of everyone are one", group("Disallow: /a") + group("Disallow: /b"), ("/c",),
        ("/a", "/b")),
    Case("version behind the name", group("Disallow: /dicht/", agent="Knipsel/0.1.0"), ("/",),
        ("/dicht/a",)),
    Case("words behind the name", group("Disallow: /dicht/", agent="Knipsel (archief)"), ("/",),
        ("/dicht/a",)),
    Case("contact's host is no name", group("Allow: /",
        agent="example.org") + group("Disallow: /dicht/"), ("/",), ("/dicht/a",)),
    Case("contact's host closes nothing", group("Disallow: /", agent="example") + group("Allow: /"),
        ("/",)),
    Case("contact's scheme is no name", group("Disallow: /", agent="mailto"), ("/",)),
    Case("a letter of the contact", group("Disallow: /", agent="a"), ("/",)),
    Case("beginning of the name", group("Disallow: /", agent="knip"), ("/",)),
    Case("longer name", group("Disallow: /", agent="knipsel-news"), ("/",)),
    Case("name with a digit", group("Disallow: /", agent="knipsel2"), ("/",)),
    Case("name within another's", group("Disallow: /",
        agent="Mozilla/5.0 (compatible; Knipsel/0.1)"), ("/",)),
    Case("no name", group("Disallow: /", agent=""), ("/",)),
    Case("several names", b"User-agent: Ander\nUser-agent: Knipsel\nDisallow: /dicht/\n", ("/",),
        ("/dicht/a",)),
    Case("unknown line between names",
        b"User-agent: Knipsel\nNoodle: x\nUser-agent: Ander\nDisallow: /dicht/\n", ("/",),
        ("/dicht/a",)),
    Case("sitemap between names",
        b"User-agent: Knipsel\nSitemap: /s.xml\nUser-agent: Ander\nDisallow: /dicht/\n", ("/",),
        ("/dicht/a",)),
    Case("host between names",
        b"User-agent: Knipsel\nHost: voorbeeld.nl\nUser-agent: Ander\nDisallow: "
b"/dicht/\n", ("/",), ("/dicht/a",)),
    Case("empty line between names",
        b"User-agent: Knipsel\n\n\nUser-agent: Ander\nDisallow: /dicht/\n", ("/",), ("/dicht/a",)),
    Case("empty line before rules", b"User-agent: Knipsel\n\nDisallow: /dicht/\n", ("/",),
        ("/dicht/a",)),
    Case("a delay is a rule and ends the names",
        b"User-agent: Knipsel\nCrawl-delay: 1\nUser-agent: Ander\nDisallow: /\n", ("/",)),
    Case("an empty rule ends the names",
        b"User-agent: Knipsel\nDisallow:\nUser-agent: Ander\nDisallow: /\n", ("/",)),
    Case("rules before any name", b"Disallow: /\nUser-agent: *\nAllow: /\n", ("/",)),
    Case("an own group without rules", group("Disallow: /") + group("Disallow:", agent="Knipsel"),
        ("/",)),
    # which rule it is
    Case("empty disallow", group("Disallow:"), ("/a",)),
    Case("empty allow opens nothing", group("Disallow: /", "Allow:"), (), ("/a",)),
    Case("longest wins", group("Disallow: /", "Allow: /open/"), ("/open/a",), ("/a", "/open")),
    Case("longest wins in any order", group("Allow: /open/", "Disallow: /"), ("/open/a",), ("/a",)),
    Case("longer disallow", group("Allow: /map", "Disallow: /map/geheim"), ("/map/a",),
        ("/map/geheim",)),
    Case("a tie allows", group("Disallow: /p", "Allow: /p"), ("/p",)),
    Case("wildcards count", group("Allow: /page", "Disallow: /*.htm"), ("/page",), ("/page.htm",)),
    Case("case of paths", group("Disallow: /A"), ("/a",), ("/A",)),
    Case("end", group("Disallow: /*.php$"), ("/x.php?a", "/x.phpa"), ("/x.php", "/a/b.php")),
    Case("end of the front page", group("Disallow: /", "Allow: /$"), ("/",), ("/a",)),
    Case("dollar within", group("Disallow: /a$b"), ("/a",), ("/a$b", "/a%24b")),
    Case("wildcard first", group("Disallow: *.pdf"), ("/a",), ("/a.pdf",)),
    Case("many wildcards", group("Disallow: /***a**b"), ("/ba",), ("/xaxb", "/ab")),
    Case("wildcard before the end", group("Disallow: /a*$"), ("/b",), ("/a", "/ab")),
    Case("end does not overlap", group("Disallow: /aba*ba$"), ("/aba",), ("/ababa",)),
    Case("query", group("Disallow: /*?id="), ("/a?x=id",), ("/a?id=1",)),
    Case("whole query", group("Disallow: /zoek?"), ("/zoek",), ("/zoek?q=a",)),
    Case("no slash never fits", group("Disallow: dicht"), ("/dicht",)),
    Case("a whole address never fits", group(f"Disallow: {SITE}/dicht"), ("/dicht",)),
    Case("robots.txt itself", group("Disallow: /"), ("/robots.txt",), ("/robots.txt2",)),
    # how addresses are written
    Case("escaped letter", group("Disallow: /d%69cht/"), ("/",), ("/dicht/a", "/d%69cht/a")),
    Case("escape in another case", group("Disallow: /a%3cd"), (), ("/a%3Cd", "/a<d")),
    Case("bare sign", group("Disallow: /a<d"), (), ("/a%3Cd", "/a%3cd")),
    Case("escaped slash is none", group("Disallow: /a%2fb"), ("/a/b",), ("/a%2Fb",)),
    Case("UTF-8", group("Disallow: /café"), ("/cafe",), ("/caf%C3%A9", "/café")),
    Case("escaped UTF-8", group("Disallow: /caf%c3%a9"), (), ("/café", "/caf%C3%A9")),
    Case("latin-1 octet", b"User-agent: *\nDisallow: /caf\xe9\n", ("/caf%C3%A9",), ("/caf%E9",)),
    Case("escaped star", group("Disallow: /a-%2A.html"), ("/a-b.html",),
        ("/a-*.html", "/a-%2a.html")),
    Case("escaped dollar", group("Disallow: /foo-%24"), ("/foo-",), ("/foo-$", "/foo-$a")),
    Case("broken escape", group("Disallow: /100%"), ("/10",), ("/100%", "/100%/a")),
    Case("space", group("Disallow: /a b"), ("/ab",), ("/a%20b",)),
    Case("tilde", group("Disallow: /%7Ejan"), (), ("/~jan", "/%7ejan")),
    # what does not fit in
    Case("bad sitemap", CLOSED + b"Sitemap: http://[::1\n", ("/",), ("/dicht/a",)),
    Case("bad sitemap in a group", b"User-agent: *\nSitemap: http://[\nDisallow: /dicht/\n", ("/",),
        ("/dicht/a",)),
    Case("too large", CLOSED + b"# x\n" * 200_000, ("/",), ("/dicht/a",)),
    Case("cut within a rule", group("Disallow: /a/") + b"#" * (
        LONGEST - 40) + b"\nDisallow: /dicht/stuk-een\n", ("/dicht/", "/d"), ("/a/",)),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_file_allows(case: Case) -> None:
    kept = robots_text(case.body).encode()  # as the archive keeps it: it says the same
    for body in (case.body, kept):
        robots = Robots.from_answer(200, body, URL)
        assert [path for path in case.free if not robots.allows(SITE + path, AGENT)] == []
        assert [path for path in case.closed if robots.allows(SITE + path, AGENT)] == []


def test_there_are_sixty_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    ("status", "is_open"),
    [(400, True), (401, True), (403, True), (404, True), (410, True), (451, True), (301, True)]
    + [(status, False) for status in (429, 500, 502, 503, 504, 599, None)],
)
def test_no_rules_means_open_and_no_answer_means_closed(
    status: int | None, *, is_open: bool
) -> None:
    robots = Robots.from_answer(status, b"User-agent: *\nDisallow: /", URL)
    assert robots.allows(f"{SITE}/", AGENT) is is_open
    assert robots.closed is not is_open


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        (("Crawl-delay: 3",), 3.0),
        (("Crawl-delay: 0.5",), 0.5),
        (("Crawl-delay: 2", "Crawl-delay: 5", "Crawl-delay: 1"), 5.0),
        (("Crawl-delay: 4", "Crawl-delay: veel"), 4.0),
        (("Crawl-delay: nan",), None),
        (("Crawl-delay: inf",), None),
        (("Crawl-delay: -1",), None),
        (("Crawl-delay: ²",), None),
        (("Crawl-delay:",), None),
        ((f"Crawl-delay: {'9' * 5000}",), None),
    ],
)
def test_the_longest_delay_that_is_a_number_counts(
    lines: tuple[str, ...], delay: float | None
) -> None:
    assert Robots.from_answer(200, group(*lines), URL).crawl_delay(AGENT) == delay


def test_sitemaps_are_named_once_and_one_that_is_no_address_costs_itself() -> None:
    body = (
        b"Sitemap: /kaart.xml\nSitemap: http://[::1\nsite-map: "
        b"https://voorbeeld.nl/kaart.xml\nSitemap:\nSITEMAP: nieuws.xml\n"
    )
    robots = Robots.from_answer(200, body, URL)
    assert robots.sitemaps == (f"{SITE}/kaart.xml", f"{SITE}/nieuws.xml")


@given(
    st.one_of(
        st.binary(max_size=500),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    ),
    st.text(max_size=60),
)
def test_any_file_is_read_and_kept_as_what_it_says(body: bytes, path: str) -> None:
    for begin in (b"", b"User-agent: *\nDisallow: ", b"User-agent: *\nSitemap: http://["):
        robots = Robots.from_answer(200, begin + body, URL)
        kept = robots_text(begin + body)
        assert "\x00" not in kept
        again = Robots.from_answer(200, kept.encode(), URL)
        assert robots.allows(f"{SITE}/{path}", AGENT) == again.allows(f"{SITE}/{path}", AGENT)


def test_a_pattern_of_many_wildcards_takes_no_time() -> None:
    robots = Robots.from_answer(200, group("Disallow: /" + "*a" * 2000 + "$"), URL)
    assert robots.allows(f"{SITE}/" + "a" * 1900 + "b", AGENT)
