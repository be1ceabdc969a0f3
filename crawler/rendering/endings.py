"""Why a page was not drawn to its end, in the words that runs count, and what each means."""

from collections.abc import Mapping

ENDINGS: Mapping[str, str] = {
    "time": "it did not come to rest in RENDER_SECONDS",
    "presses": "its buttons brought more after RENDER_PRESSES presses",
    "full": "it asked for more than RENDER_REQUESTS or RENDER_MAXSIZE",
    "memory": "it used more memory than a page may",
    "crashed": "its process died",
    "busy": "its script let nobody else run",
    "failed": "the browser could not draw it",
}
