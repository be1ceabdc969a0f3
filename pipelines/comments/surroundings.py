"""What stands over the records of a thread, and beside them: headings and forms."""

from lxml.html import HtmlElement

from pipelines.comments.declared import is_thread_heading, read_count
from pipelines.comments.page import View, heading_words
from pipelines.document import is_form_heading, is_other_heading

REACH = 80  # elements before the first record among which its heading is
NEAR, FAR = 40, 150  # elements between a group and the form
CLOSE = 300  # letters between a heading and what it is over
LONGEST_HEADING = 120

_TITLES = frozenset(
    {"h2", "h3", "h4", "h5", "h6", "strong", "b", "legend", "summary", "caption", "dt"}
)
_SECTIONS = frozenset({"h2", "h3", "h4"})


def heading_over(view: View, first: int, number: int) -> float | None:
    """Return what is over the *number* records from place *first* on: 3 for their very number,
    2 for another or for "Reacties".

    One less where other words are between; 0 for no heading. None when the nearest one names
    another list, or states that there is no comment.
    """
    between = 0
    for place in range(first - 1, max(first - REACH, -1), -1):
        element = view.index.elements[place]
        if len(element) > 4 or element.tag in {"script", "style", "option", "a"}:
            continue
        text = heading_words(element)
        between += 0 if len(element) else len(text)
        if not 4 < len(text) < LONGEST_HEADING:
            continue
        worth = _worth_of_heading(element, " ".join(text.split()), number)
        if worth is None:
            return None
        if worth:
            return worth - (1.0 if between - len(text) > CLOSE else 0.0)
    return 0.0


def _worth_of_heading(element: HtmlElement, line: str, number: int) -> float | None:
    """Return what *line*, the text of *element*, is worth as the heading of *number* records; None
    when it is that of another list, or states that there is no comment.
    """
    count = read_count(line)
    if (element.tag in _TITLES and is_other_heading(line)) or count == 0:
        return None
    if count:
        return 3.0 if count == number else 2.0
    is_heading = element.tag not in {"label", "button", "input"} and is_thread_heading(line)
    return 2.0 if is_heading else 0.0


def form_beside(view: View, first: int, last: int) -> float:
    """Return what a form for comments is worth beside the records at *first* to *last*: 1.5 close
    by, 0.8 further off, 0 for none.

    It is worth nothing to a list under a heading of its own: below every article there is a form,
    and many lists.
    """
    gaps = [max(first - place, place - last) for place in view.forms]
    nearest = min((gap for gap in gaps if gap >= 0), default=FAR)
    if nearest >= FAR or _has_other_title(view, first):
        return 0.0
    return 1.5 if nearest < NEAR else 0.8


def _has_other_title(view: View, first: int) -> bool:
    for place in range(first - 1, max(first - NEAR, -1), -1):
        element = view.index.elements[place]
        if element.tag in _SECTIONS:
            line = " ".join(heading_words(element)[: 2 * LONGEST_HEADING].split())
            return (
                bool(line)
                and not is_thread_heading(line)
                and not is_form_heading(line)
                and read_count(line) is None
            )
    return False
