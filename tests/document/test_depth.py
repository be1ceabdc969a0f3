"""What is deeper or more crowded than any page needs is read as far as it costs nothing: elements
nested too deep become siblings, of a tag's attributes the first count, no word is lost or moved.
"""

import re
from datetime import UTC, datetime

import pytest

from pipelines.document import open_document
from storage.records import Page

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DEEPEST = 150
OPENED = ["<div>", "<ol><li>", "<blockquote>", "<b><i>", "<table><tr><td>", "<section><p>"]


def closed(opened: str) -> str:
    return "".join(f"</{name}>" for name in reversed(re.findall(r"<(\w+)>", opened)))


@pytest.mark.parametrize("opened", OPENED)
@pytest.mark.parametrize("levels", [10, 160, 600])
def test_a_deep_page_keeps_its_words_in_their_order(opened: str, levels: int) -> None:
    before = "".join(f"voor{n}{opened}in{n}" for n in range(levels))
    after = "".join(f"uit{n}{closed(opened)}na{n}" for n in range(levels))
    body = f"<html><body>{before}{after}</body></html>".encode()
    tree = open_document(Page(url="http://a.nl/", body=body, fetched_at=NOW)).tree
    depths = [sum(1 for _ in element.iterancestors()) for element in tree.iter()]
    assert max(depths) <= DEEPEST
    if opened == "<div>":  # of the others the parser itself moves or closes some
        assert tree.text_content() == re.sub("<[^>]*>", "", f"{before}{after}")
    words = tree.text_content()
    assert all(f"in{n}" in words for n in range(levels))
    assert len([one for one in tree.iter() if one.tag not in {"html", "body"}]) >= levels


@pytest.mark.parametrize("value", ["", "=1", "='een <b> twee'", '= "drie"', "='\"<a'"])
def test_of_a_crowded_tag_the_first_attributes_count(value: str) -> None:
    crowd = " ".join(f"a{n}{value}" for n in range(30_000))
    body = f"<html><body><p class=eerst {crowd}>ja</p><p id=na>nee</p></body></html>".encode()
    tree = open_document(Page(url="http://a.nl/", body=body, fetched_at=NOW)).tree
    first, last = tree.iter("p")
    assert (first.get("class"), first.text, last.get("id"), last.text) == (
        "eerst",
        "ja",
        "na",
        "nee",
    )
    assert 500 < len(first.attrib) <= 2000


@pytest.mark.parametrize(
    "script",
    [
        "for(i=0;i<a.length;i++){x='it\\'s';y=\"a>b\";if(b<c && d>'e'){f(\"g\",'h')}} ",
        "var s='<a href=\"'+u+'\" title=\\'x\\'>'+t+'</a>'; ",
        '{"a":"b","c":1<d,"e":\'f\'} ',
        'i<n don\'t stop "here" ',
        "a<b==c 'd' = \"e\" ",
    ],
)
def test_no_script_is_taken_for_a_crowded_tag(script: str) -> None:
    body = f"<html><body><p>een</p><script>{script * 3000}</script><p>twee</p></body></html>"
    tree = open_document(Page(url="http://a.nl/", body=body.encode(), fetched_at=NOW)).tree
    assert [p.text for p in tree.iter("p")] == ["een", "twee"]
    assert "".join(tree.xpath("//script/text()")) == script * 3000
