"""Text, addresses, JSON and pages as no site should write them, for hypothesis."""

import json
from typing import Any

from hypothesis import strategies as st

# Halves and extremes of all that readers look for; text is made of these and of any characters.
PIECES = (
    "²", "٣", "9" * 5000, "-1", "1e999", "NaN", "3000 jaar geleden",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "31-02-2013", "5/13/2014",
    "gisteren", "vor 3 Tagen", "vrijdag 1 januari", "http://", "https://[", "http://[::1", "//",
    ":99999999", "@", "?a=1&a=1", "&" * 250, "%", "%zz", "%00", "#", "\x00", "\ud83d", "\udfff",
    "\u202e", "\ufeff", "İ", "é", "xn--é", "\\", "..", "/2014/", "/page/2", "<", ">", "<!--",
    "]]>", "<![CDATA[", "&#xd800;", "&amp;", "{", "}", "[", "]", '"', "'", "null", "reacties",
    "Reageer", "(", ")", "1.234", "\n", "\t", " ",
)  # fmt: skip
TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(st.characters(), max_size=60),
    st.text(st.sampled_from(" 0123456789-/.:,²abcdemnruvjg'’()€%+"), max_size=40),
)
ADDRESS = st.tuples(
    st.sampled_from(["", "http://", "https://sluisbode.nl/", "//", "javascript:", "/", "?"]), TEXT
).map("".join)


def encoded(text: str) -> bytes:
    """Return *text* as bytes, halves of characters included."""
    return text.encode("utf-8", "surrogatepass")


BYTES = st.one_of(st.binary(max_size=200), TEXT.map(encoded))


def between(
    before: str, after: str, text: st.SearchStrategy[str] = TEXT
) -> st.SearchStrategy[bytes]:
    """Return bytes that say any text between two that are fixed."""
    return text.map(lambda said: encoded(f"{before}{said}{after}"))


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        TEXT.map(lambda said: said.replace("\x00", "")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                "@type @id @graph @value @list author name text comment comments datePublished id "
                "dateCreated headline commentCount articleBody url mainEntity mainEntityOfPage "
                "link keywords articleSection rendered post parent content modified_gmt entry "
                "date_gmt feed title location tdm-reservation suggestedAnswer parentItem".split()
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)
JSON = VALUES.map(lambda data: json.dumps(data).encode())
OBJECTS = st.tuples(
    st.sampled_from(
        ["NewsArticle", "DiscussionForumPosting", "QAPage", "Comment", "WebPage", "BlogPosting"]
    ),
    VALUES,
).map(lambda pair: {**(pair[1] if isinstance(pair[1], dict) else {}), "@type": pair[0]})


def _page(parts: tuple[dict[str, Any], list[str], str]) -> bytes:
    stated, said, cut = parts
    text = "".join(
        f"<div class='comment' id='comment-{place}'><b class='author'>{one}</b> "
        f"<time datetime='{one}'>{one}</time>"
        f"<a href='{one}'>{one}</a><p>{one} De brug gaat morgen open voor verkeer.</p></div>"
        for place, one in enumerate(said)
    )
    return encoded(
        f"<html lang='{cut}'><head><title>{cut}</title><base href='{cut}'>"
        f"<meta property='article:published_time' content='{cut}'>"
        f"<link rel='canonical' href='{cut}'>"
        f"<script type='application/ld+json'>{json.dumps(stated)}</script></head><body>"
        f"<h1>Een brug {cut}</h1><p class='byline'>Door {cut} op {cut}</p>"
        f"<article><p>De brug gaat open. {cut} En weer dicht.</p></article>"
        f"<h3>{cut} reacties</h3>{text}<a rel='next' href='{cut}'>2</a>"
    )


PAGES = st.one_of(
    BYTES,
    st.tuples(OBJECTS, st.lists(TEXT, max_size=4), TEXT).map(_page),
    between("<html><body><p>", ""),
)
