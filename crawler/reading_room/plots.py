"""Plots in Vega-Lite, drawn here and shown as inline SVG: no script runs for them, they print, and
follow the page's colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import vl_convert
from lxml import etree
from markupsafe import Markup

WIDTH, HEIGHT = 500, 130
VEGA_LITE = "6.4"
INK = "currentColor"  # the page's, in light and in dark
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class PlotBar:
    """One bar: its month as "YYYY-MM", its value, and how many are missing on top of it."""

    label: str
    value: int
    missing: int = 0


def draw_bars(title: str, bars: Sequence[PlotBar]) -> Markup:
    """Return a plot of months; what is missing is pale on top, and each bar shows its figures
    when pointed at.
    """
    return Markup('<figure class="plot"><figcaption>{}</figcaption>{}</figure>').format(
        title, _with_title(title, tuple(bars))
    )


def _with_title(title: str, bars: tuple[PlotBar, ...]) -> Markup:
    return Markup('<svg role="img" aria-label="{}"{}').format(
        title,
        Markup(draw(bars).removeprefix("<svg")),  # noqa: S704  # our own drawing
    )  # our own figures


@lru_cache(maxsize=64)
def draw(bars: tuple[PlotBar, ...]) -> str:
    """Return the plot as an SVG element that takes the width it is given; the first of a process
    takes half a second.
    """
    tree = etree.fromstring(
        vl_convert.vegalite_to_svg(_specification(bars), vl_version=VEGA_LITE).encode()
    )
    for name in ("width", "height", "class", "version"):
        del tree.attrib[name]
    for path in tree.iter(f"{_SVG}path"):
        label = path.attrib.pop("aria-label", None)
        if label is not None:
            etree.SubElement(path, f"{_SVG}title").text = label
        for name in ("role", "aria-roledescription"):
            path.attrib.pop(name, None)
    for group in tree.iter(f"{_SVG}g"):
        group.attrib.pop("aria-roledescription", None)
        group.attrib.pop("role", None)
    return etree.tostring(tree, encoding="unicode")


def _specification(bars: tuple[PlotBar, ...]) -> dict[str, Any]:
    ends = (
        bars[:1] + bars[-1:]
    )  # they are there also when nothing is in them: the axis reaches from one to the other
    highest = max((bar.value + bar.missing for bar in bars), default=0)
    rows = [
        {"month": bar.label, "count": count, "missing": missing, "told": _described(bar)}
        for bar in bars
        for count, missing in ((bar.value, False), (bar.missing, True))
        if count or (bar in ends and not missing)
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": None,
        "data": {"values": rows},
        "mark": {"type": "bar", "color": INK},
        "encoding": {
            "x": {
                "field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": None,
                "axis": {"format": "%Y-%m" if len(bars) < 30 else "%Y", "grid": False,
                    "labelFlush": True, "tickCount": 8,
                         "labelSeparation": 10},
            },
            "y": {
                "field": "count", "type": "quantitative", "aggregate": "sum", "stack": "zero",
                "title": None,
                "axis": {"tickCount": max(1, min(4, highest)), "format": "~s", "domain": False,
                    "ticks": False},
            },
            "opacity": {
                "field": "missing", "type": "nominal", "legend": None,
                "scale": {"domain": [False, True], "range": [1, 0.3]},
            },
            "order": {"field": "missing"},
            "description": {"field": "told"},
        },
        "config": {
            "view": {"stroke": None},
            "axis": {
                "labelColor": INK, "labelFontSize": 13, "labelFont": "system-ui, sans-serif",
                "gridColor": INK, "gridOpacity": 0.15,
                "domainColor": INK, "domainOpacity": 0.5, "tickColor": INK, "tickOpacity": 0.5,
            },
        },
    }  # fmt: skip


def _described(bar: PlotBar) -> str:
    return (
        f"{bar.label}: {bar.value} + {bar.missing}" if bar.missing else f"{bar.label}: {bar.value}"
    )
