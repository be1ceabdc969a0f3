"""A page reads the same in every process, however its sets are ordered: what is read again is
compared with what is stored.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from pipelines.article import NotAnArticle, extract
from tests.article.test_pages import FOLDER, page_of
from tests.crawling import ROOT


def print_readings() -> None:
    """Print a sum of what is read of each golden page."""
    for folder in sorted(path.parent for path in FOLDER.glob("*/*/expected.json")):
        try:
            read = repr(extract(page_of(folder)))
        except NotAnArticle as refusal:
            read = str(refusal)
        print(folder.name, hashlib.sha256(read.encode()).hexdigest()[:16])


def _readings(seed: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.article.test_same_always"],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(ROOT))},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_golden_pages_read_the_same_whatever_the_order_of_sets() -> None:
    first, second = _readings("1"), _readings("2")
    assert len(first) > 50
    assert first == second


if __name__ == "__main__":
    print_readings()
