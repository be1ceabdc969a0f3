"""Comments that a page states for machines are its own, not those of the pages that it leads to."""

import json
from typing import Any

import pytest

from pipelines.comments import Thread
from tests.ferry import TEXT, thread_of

URL = "https://voorbeeld.nl/nieuws/pont-over-de-vaart-vaart-weer-4711"
TITLE = "Pont over de vaart vaart weer"
SAID = ("De pont was vol, en de kapitein in een best humeur.", "Wie had dat gedacht?")
OWN: dict[str, Any] = {"id": 4711, "title": TITLE, "slug": "pont-over-de-vaart-vaart-weer"}
OTHER: dict[str, Any] = {"id": 9, "title": "Zwembad blijft open", "slug": "zwembad-blijft-open"}
TALK = [
    {"id": f"c{n}", "author": {"name": who}, "createdAt": f"2026-10-0{n}T10:21", "text": text}
    for n, (who, text) in enumerate(zip(("Geesje", "Harm"), SAID, strict=True), 1)
]
MORE = [
    one | {"id": f"d{n}", "text": f"Wat is het water koud, nummer {n}."}
    for n in (1, 2, 3)
    for one in TALK[:1]
]


def read(script: str, title: str = TITLE) -> Thread:
    head = f"<head><title>{title} - De Vaartbode</title>{script}</head>"
    body = f"<html lang='nl'>{head}<body><h1>{title}</h1><div>{TEXT}</div></body></html>"
    return thread_of(body, URL)


def of_state(state: Any) -> list[str]:
    script = f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(state)}</script>"
    return [one.text for one in read(script).comments]


def of_json_ld(things: Any) -> Thread:
    return read(f"<script type='application/ld+json'>{json.dumps(things)}</script>")


@pytest.mark.parametrize(
    "state",
    [
        {"article": OWN, "related": [OTHER | {"comments": TALK}]},
        {"article": OWN | {"comments": []}, "next": OTHER | {"comments": TALK}},
        {"article": OWN, "mostRead": {"items": [OTHER | {"comments": TALK}]}},
        {"article": OWN, "related": [{"comments": TALK}]},
        {"article": OWN, "comments": [one | {"articleId": 9} for one in TALK]},
        {"article": OWN, "comments": [one | {"article": OTHER} for one in TALK]},
        {"article": OWN, "sidebar": {"comments": TALK}},
        {"article": OWN | {"related": [OTHER | {"comments": TALK}]}},
    ],
    ids=["list", "next", "most read", "bare", "number", "object", "sidebar", "inside"],
)
def test_comments_of_another_page_in_the_state_are_none(state: Any) -> None:
    assert of_state({"props": {"pageProps": state}}) == []


@pytest.mark.parametrize(
    "state",
    [
        {"article": OWN | {"comments": TALK}, "related": [OTHER | {"comments": MORE}]},
        {"article": OWN, "comments": TALK, "latest": {"comments": MORE}},
        {"article": OWN, "comments": [one | {"articleId": 4711} for one in TALK]},
        {"article": OWN, "comments": [one | {"articleId": "a-93f"} for one in TALK]},
        {"article": OWN, "comments": [one | {"postId": n} for n, one in enumerate(TALK)]},
        {"article": OWN, "talk": {"title": "Praat mee", "comments": TALK}},
        {"title": "De Vaartbode", "url": "https://voorbeeld.nl/", "comments": TALK},
        {"title": "Ponten", "url": "/nieuws/ponten", "page": OWN | {"comments": TALK}},
        {"article": {"title": "Zij vaart!", "id": 4711, "slug": "zij-vaart", "comments": TALK}},
        {"article": {"title": TITLE, "url": "/api/stukken/81", "comments": TALK}},
        {"article": OWN | {"latestComments": [], "comments": TALK}},
        {"comments": {"items": [{"node": one} for one in TALK]}},
    ],
    ids=[
        "beside", "latest", "number", "other number", "own numbers", "part", "site", "section",
        "retitled", "interface", "inside", "alone",
    ],
)  # fmt: skip
def test_the_page_s_own_comments_in_the_state_are_read(state: Any) -> None:
    assert of_state({"props": {"pageProps": state}}) == [*SAID]


LD = [
    {"@type": "Comment", "author": {"@type": "Person", "name": who}, "text": text}
    for who, text in zip(("Geesje", "Harm"), SAID, strict=True)
]
ARTICLE = {"@type": "NewsArticle", "headline": TITLE}
SWIM = {"headline": "Zwembad blijft open", "comment": LD, "commentCount": 2}


@pytest.mark.parametrize(
    "things",
    [
        [ARTICLE, {"@type": "NewsArticle", "url": "/nieuws/zwembad", **SWIM}],
        [{"@type": "NewsArticle", "url": "/nieuws/zwembad", **SWIM}, ARTICLE],
        [{"@type": "NewsArticle", "url": "/nieuws/zwembad", **SWIM}],
        [ARTICLE, {"@type": "BlogPosting", **SWIM}],
        [{"@graph": [ARTICLE, {"@type": "DiscussionForumPosting", "@id": "/zwembad/", **SWIM}]}],
    ],
    ids=["behind", "before", "alone", "untold address", "graph"],
)
def test_comments_on_another_article_in_json_ld_are_none(things: Any) -> None:
    thread = of_json_ld(things)
    assert (thread.comments, thread.declared) == ((), None)


@pytest.mark.parametrize(
    "things",
    [
        [{**ARTICLE, "url": "https://m.voorbeeld.nl/ander-adres", "comment": LD}],
        [ARTICLE, {"@type": "DiscussionForumPosting", "url": f"{URL}#reacties", "comment": LD}],
        [ARTICLE, {"@type": "Conversation", "name": "Praat mee", "comment": LD}],
        [ARTICLE, {"@type": "WebPage", "comment": LD}],
        [{"@type": "NewsArticle", "headline": "Zij vaart!", "comment": LD}],
    ],
    ids=["another address", "thread", "its own title", "page", "retitled"],
)
def test_the_page_s_own_comments_in_json_ld_are_read(things: Any) -> None:
    assert [one.text for one in of_json_ld(things).comments] == [*SAID]
