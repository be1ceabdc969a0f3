"""What most records of a thread begin or end with is the template's, not the readers' words."""

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.comments.record import Fields

LEAST, SHARE = 3, 0.5  # records that begin or end with a refrain
MOST = 8  # lines at either end
LONGEST = 80

_DIGITS = re.compile(r"\d+")


def without_refrains(fields: Sequence[Fields]) -> list[Fields]:
    """Return *fields* with the lines taken from the ends of their texts that most of them have there:
    labels, buttons, dates in a form that is not known. Numbers may differ; a text is never emptied.
    """
    texts = [field.text for field in fields]
    for end in (0, -1):
        for _time in range(MOST):
            refrains = _refrains(texts, end)
            if not refrains:
                break
            texts = [_without(text, end, refrains) for text in texts]
    return [
        field if text == field.text else field._replace(text=text)
        for field, text in zip(fields, texts, strict=True)
    ]


def _refrains(texts: Sequence[str], end: int) -> set[str]:
    """Return the lines, numbers masked, that most of *texts* have at their *end*, 0 or -1."""
    lines = [text.strip().split("\n") for text in texts if text]
    counted = Counter(_masked(one[end]) for one in lines if len(one) > 1)
    least = max(LEAST, SHARE * len(lines))
    return {line for line, times in counted.items() if line and times >= least}


def _without(text: str, end: int, refrains: set[str]) -> str:
    lines = text.strip().split("\n")
    if len(lines) < 2 or _masked(lines[end]) not in refrains:
        return text
    return "\n".join(lines[1:] if end == 0 else lines[:-1]).strip()


def _masked(line: str) -> str:
    return _DIGITS.sub("#", line.strip().casefold()) if len(line) <= LONGEST else ""
