"""Moments as a dataset has them: ISO text in UTC."""

from collections.abc import Sequence
from typing import Any


def iso(values: Sequence[Any]) -> list[str | None]:
    """Return moments as either database writes them ("2024-05-01 06:00:00+00:00", or "+00" and a
    fraction of a second without its last zeros) as ISO text in UTC.
    """
    return [
        value and (_second(value) if value[19] == "+" else _fraction(value)) for value in values
    ]


def _second(moment: str) -> str:
    return f"{moment[:10]}T{moment[11:19]}Z"


def _fraction(moment: str) -> str:
    return f"{moment[:10]}T{moment[11:].partition('+')[0]:0<15}Z"
