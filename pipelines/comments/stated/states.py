"""The state that a page carries for its own scripts, where it can hold a list of comments."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from pipelines.document import Document

SHORTEST_STATE = 60  # letters
DEEPEST = 40

_LISTS = re.compile(
    r"""\\?"(?:comments|reacties|reactions|replies|responses|posts|comment_list|commentList|items|edges|nodes)\\?"\s*:\s*(?:\[\s*\{|\[\d|\{|\d)"""
)
_SPOKEN = (
    "omment",
    "eactie",
    "eageer",
    "eply",
    "eplies",
    "esponse",
    "ost_stream",
    "ntwoord",
)  # the keys that speak of comments, whatever their first letter
_ASSIGNED = re.compile(
    r"^\s*(?:window\.|var |self\.)?\w*(?:STATE|NUXT|DATA|PRELOADED|APOLLO|props)\w*\s*=\s*(?=[{\[])",
    re.IGNORECASE,
)


def states_of(document: Document) -> Iterator[tuple[Any, str]]:
    """Yield what the page's scripts are given to start with, where it can hold a list of comments,
    and the method's name.
    """
    for script in document.tree.iter("script"):
        begun = _begun(script)
        if begun is not None:
            yield from ((data, "state") for data in parsed((script.text or "")[begun:]))
    if b"data-preloaded" not in document.page.body:
        return
    for element in document.tree.iter("div", "discourse-assets-json"):
        preloaded = element.get("data-preloaded")
        if preloaded and "post_stream" in preloaded:
            yield from ((data, "discourse") for data in parsed(preloaded))


def _begun(script: HtmlElement) -> int | None:
    """Return where the state begins that a script holds or assigns, None where it has none that
    can hold a list of comments.
    """
    text = script.text or ""
    if len(text) < SHORTEST_STATE:
        return None
    is_json = script.get("type") == "application/json"
    assigned = None if is_json else _ASSIGNED.match(text)
    if not is_json and assigned is None:
        return None
    if not any(map(text.__contains__, _SPOKEN)) or not _LISTS.search(text):
        return None
    return assigned.end() if assigned else 0


def parsed(text: str) -> Iterator[Any]:
    """Yield the value that *text* begins with, none where it is no JSON; what Nuxt's flat form of it
    means comes first.
    """
    try:
        data, _end = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return
    if isinstance(data, list) and len(data) > 2 and isinstance(data[0], list | dict):
        yield _resolved(data)
    yield data


def _resolved(data: list[Any]) -> Any:
    """Return what Nuxt's flat form means: a list whose objects name their values by place."""
    made: dict[int, Any] = {}

    def value(place: Any, depth: int) -> Any:
        if (
            not isinstance(place, int)
            or isinstance(place, bool)
            or not 0 <= place < len(data)
            or depth > DEEPEST
        ):
            return None
        if place not in made:
            raw = data[place]
            made[place] = raw if not isinstance(raw, dict | list) else None
            if isinstance(raw, dict):
                made[place] = {key: value(inner, depth + 1) for key, inner in raw.items()}
            elif isinstance(raw, list):
                inners = raw[1:] if raw and isinstance(raw[0], str) else raw
                made[place] = [value(inner, depth + 1) for inner in inners]
        return made[place]

    return value(0, 0)
