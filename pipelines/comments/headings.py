"""What stands over and under a group of records: the heading of a thread, or of another list; the form to comment with."""

import re

from pipelines.comments.bounds import is_form_heading, is_other_heading
from pipelines.comments.counts import read_count
from pipelines.comments.view import View

REACH = 80  # elements before the first record among which its heading stands
NEAR, FAR = 40, 150  # elements between a group and the form
CLOSE = 300  # letters between a heading and what it stands over
LONGEST = 120

_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:(?:lezers-?)?reacties?|reageren|comments?|kommentare?|commentaires?|comentarios?|commenti|commentaar|discussie|discussion|opmerkingen|gastenboek|guestbook|responses?|replies|reader comments|wat vind(?:t u| jij| je)|wat is uw mening|(?:praat|discussieer|denk) mee|meepraten|meningen|lezersbrieven|join the (?:discussion|conversation)|koment\w+|комментари\w+|reageer(?:\s.{0,40})?|antworten|réponses?|respuestas)\b.{0,60}$",
    re.IGNORECASE,
)
_TITLES = frozenset({"h2", "h3", "h4", "h5", "h6", "strong", "b", "legend", "summary", "caption", "dt"})
_SECTIONS = frozenset({"h2", "h3", "h4"})


def is_thread_heading(line: str) -> bool:
    """Tell whether *line* can be the heading of a thread: "Reacties", "Praat mee"."""
    return bool(_HEADING.match(line))


def heading_over(view: View, first: int, number: int) -> float | None:
    """Return what stands over the *number* records from place *first* on: 3 for their very number, 2 for another or for "Reacties".

    One less where other words stand between; 0 for no heading. None when the nearest one names another list, or says that there is no comment.
    """
    between = 0
    for place in range(first - 1, max(first - REACH, -1), -1):
        element = view.index.elements[place]
        if len(element) > 4 or element.tag in {"script", "style", "option", "a"}:
            continue
        text = element.text_content()
        between += 0 if len(element) else len(text)
        if not 4 < len(text) < LONGEST:
            continue
        line = " ".join(text.split())
        count = read_count(line)
        if (element.tag in _TITLES and is_other_heading(line)) or count == 0:
            return None
        far = 1.0 if between - len(text) > CLOSE else 0.0
        if count:
            return (3.0 if count == number else 2.0) - far
        if element.tag not in {"label", "button", "input"} and is_thread_heading(line):
            return 2.0 - far
    return 0.0


def form_beside(view: View, first: int, last: int) -> float:
    """Return what a form for comments is worth beside the records at *first* to *last*: 1.5 close by, 0.8 further off, 0 for none.

    It is worth nothing to a list under a heading of its own: below every article there is a form, and many lists.
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
            line = " ".join(element.text_content()[: 2 * LONGEST].split())
            return bool(line) and not is_thread_heading(line) and not is_form_heading(line) and read_count(line) is None
    return False
