"""How long the reading room's pages take on an archive: of a few visits the middle, the slowest,
the least processor time.

On a machine that has other work the processor's time is the figure to go by.

python benchmarks/make_archive.py sqlite:////tmp/big/archive.db --articles 1000000
python benchmarks/reading_room.py /tmp/big
"""

import argparse
import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

PHRASE = "/search?q=%22nieuwe+markt%22"
PAGES = (
    "/", "/search?q=marketing", PHRASE,
    "/search?q=gemeente+fiets&year=2015",
    "/search?q=trein&section=Sport",
    "/search?q=molen&in=comments", "/site/site0.example", "/article/500000", "/article/777",
    "/archive",
)  # fmt: skip
VISITS = 5


def visits(folder: Path) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield each page of the reading room on *folder* with the milliseconds of its visits, by the
    clock and of CPU.
    """
    place = ("-s", f"KNIPSEL_ARCHIVE={folder}")
    command = [sys.executable, "-u", "-m", "scrapy", "browse", "--port", "0", *place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # our own command
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert found
            visit(found[0], "/")
            for path in PAGES:
                took, busy = [], []
                for _ in range(VISITS):
                    before = processor_ms(process.pid)
                    took.append(visit(found[0], path))
                    busy.append(processor_ms(process.pid) - before)
                yield path, took, busy
        finally:
            process.terminate()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    print("| page | middle ms | slowest ms | CPU ms |\n| --- | --- | --- | --- |")
    for path, took, busy in visits(parser.parse_args().folder):
        row = f"| `{path}` | {median(took):.0f} | {max(took):.0f} | {min(busy):.0f} |"
        print(row, flush=True)


def processor_ms(process: int) -> float:
    """Return the milliseconds that a process has computed, all its threads together."""
    return (
        sum(
            int(path.read_text().split()[0])
            for path in Path(f"/proc/{process}/task").glob("*/schedstat")
        )
        / 1e6
    )


def visit(url: str, path: str) -> float:
    """Return the milliseconds that a page takes."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=600)
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in {200, 404}, (path, answer.status)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
