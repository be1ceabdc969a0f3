"""Optional libraries: how one that is missing is installed where this Knipsel runs."""

import re
import shlex
import sys
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

_OF_EXTRA = re.compile(r"""^(?P<library>[^;]+);.*\bextra == ['"](?P<extra>[\w-]+)['"]""")


def how_to_install(extra: str) -> str:
    """Return the command line that installs what *extra* needs into this very environment: with
    pipx where pipx made it, with uv where it has no pip.
    """
    words = " ".join(shlex.quote(library) for library in libraries(extra))
    if (Path(sys.prefix) / "pipx_metadata.json").exists():
        return f"pipx inject knipsel {words}"
    python = shlex.quote(sys.executable)
    if find_spec("pip") is None:
        return f"uv pip install --python {python} {words}"
    return f"{python} -m pip install {words}"


def libraries(extra: str) -> tuple[str, ...]:
    """Return the requirements that the installed Knipsel declares for *extra*."""
    found = (_OF_EXTRA.match(line) for line in requires("knipsel") or ())
    return tuple(match["library"].strip() for match in found if match and match["extra"] == extra)
