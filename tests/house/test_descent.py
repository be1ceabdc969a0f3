"""A page on its way through the folders: no folder is entered from one below it."""

import json
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pipelines.article import extract
from storage.records import Page
from tests.house.test_doors import INNER, ROOT, rank

GOLDEN = ROOT / "tests" / "pages" / "sluisbode" / "discussie"

# Functions of an upper folder that a lower one is handed to ask about a line of the text.
HANDED_IN = {"_is_over_thread"}


def golden_page(folder: Path) -> Page:
    meta = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["page"]
    fetched_at = datetime.fromisoformat(meta.pop("fetched_at"))
    return Page(body=(folder / "page.html").read_bytes(), fetched_at=fetched_at, **meta)


class Steps:
    """Notes every step of the program from one of our folders into another."""

    def __init__(self) -> None:
        self.found: set[tuple[str, str]] = set()

    def note(self, frame: FrameType, event: str, _value: object) -> None:
        """Take a call in; what a folder is handed to call (a function without a name, a generator
        that goes on) is no entry.
        """
        caller = frame.f_back
        if event != "call" or caller is None or frame.f_lasti > 0:
            return
        if frame.f_code.co_name.startswith("<"):
            return
        source, target = (one.f_globals.get("__name__", "") for one in (caller, frame))
        if frame.f_code.co_name in HANDED_IN:
            return
        if source != target and rank(source) is not None and rank(target) is not None:
            self.found.add((source, target))


@pytest.fixture(scope="module")
def steps() -> set[tuple[str, str]]:
    page, steps = golden_page(GOLDEN), Steps()
    extract(page)  # what is loaded on first use is no step
    before = sys.getprofile()
    sys.setprofile(steps.note)
    try:
        extract(page)
    finally:
        sys.setprofile(before)
    return steps.found


def test_the_page_passes_through_the_folders_of_reading(steps: set[tuple[str, str]]) -> None:
    entered = {target.split(".")[1] for _source, target in steps}
    assert {"document", "dates", "page_kind", "comments", "content", "metadata"} <= entered


def climbing(steps: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the steps into a folder that is above the one they come from."""
    return {
        (source, target)
        for source, target in steps
        if (rank(target) or 0) > (rank(source) or 0)
        and not (source.startswith(INNER) and target.startswith(INNER))
    }


def test_no_folder_is_entered_from_below(steps: set[tuple[str, str]]) -> None:
    assert climbing(steps) == set()


def test_a_step_up_is_seen() -> None:
    """A function of a lower folder that calls one of an upper folder is found."""
    lower: dict[str, Any] = {"__name__": "pipelines.document.text"}
    upper: dict[str, Any] = {"__name__": "pipelines.metadata.extract"}
    exec("def ask(other):\n    return other()", lower)  # noqa: S102  # a room of our own writing
    exec("def answer():\n    return 1", upper)  # noqa: S102  # a room of our own writing
    steps, before = Steps(), sys.getprofile()
    sys.setprofile(steps.note)
    try:
        lower["ask"](upper["answer"])
    finally:
        sys.setprofile(before)
    assert climbing(steps.found) == {("pipelines.document.text", "pipelines.metadata.extract")}
