from .browser import BrowserMissing, find_browser
from .endings import ENDINGS
from .renderer import Rendered, Renderer, open_renderer

__all__ = [
    "ENDINGS",
    "BrowserMissing",
    "Rendered",
    "Renderer",
    "find_browser",
    "open_renderer",
]
