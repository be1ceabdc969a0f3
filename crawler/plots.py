"""Bars as inline SVG: they need no script, print, follow the page's colours, and every figure can be read aloud. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

HEIGHT, WIDTH = 120, 640
GAP = 0.2  # of a bar's room
ROOM_FOR_LABELS = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label under the axis and its value."""

    label: str
    value: int


def draw_bars(title: str, bars: Sequence[Bar]) -> Markup:
    """Return a bar plot; its first and last label and its highest value are written, each bar says its own when pointed at."""
    highest = max((bar.value for bar in bars), default=0)
    step = WIDTH / max(len(bars), 1)
    parts = [
        Markup(
            '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="currentColor"><title>{}: {}</title></rect>'
        ).format(
            number * step,
            HEIGHT - _height(bar.value, highest),
            step * (1 - GAP),
            _height(bar.value, highest),
            bar.label,
            bar.value,
        )
        for number, bar in enumerate(bars)
    ]
    ends = [(0, "start", bars[0].label), (WIDTH, "end", bars[-1].label)] if bars else []
    labels = [
        Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, HEIGHT + ROOM_FOR_LABELS - 2, anchor, label)
        for x, anchor, label in (ends if len(bars) > 1 else ends[:1])
    ]
    return Markup(
        '<figure class="plot"><figcaption>{} <span>(≤ {})</span></figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg></figure>'
    ).format(title, highest, WIDTH, HEIGHT + ROOM_FOR_LABELS, title, Markup("").join(parts + labels))


def _height(value: int, highest: int) -> float:
    return HEIGHT * value / highest if highest else 0
