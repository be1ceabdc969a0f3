"""How long the reading room's pages take on an archive: the middle and the slowest of a few visits each.

python benchmarks/make_archive.py sqlite:////tmp/big/archive.db --articles 1000000
python benchmarks/reading_room.py /tmp/big
"""

import argparse
import http.client
import re
import subprocess
import sys
import time
from statistics import median
from urllib.parse import urlsplit

PAGES = (
    "/", "/search?q=marketing", "/search?q=%22nieuwe+markt%22", "/search?q=gemeente+fiets&year=2015",
    "/search?q=trein&section=Sport",
    "/search?q=molen&in=comments", "/article/500000", "/article/777", "/archive",
)  # fmt: skip
VISITS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    folder = parser.parse_args().folder
    command = [sys.executable, "-u", "-m", "scrapy", "browse", "--port", "0", "-s", f"KNIPSEL_ARCHIVE={folder}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own command
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert found
            began = time.perf_counter()
            visit(found[0], "/")
            print(f"ready after {time.perf_counter() - began:.1f} s\n\n| page | middle ms | slowest ms |\n| --- | --- | --- |")
            for path in PAGES:
                took = [visit(found[0], path) for _ in range(VISITS)]
                print(f"| `{path}` | {median(took):.0f} | {max(took):.0f} |", flush=True)
        finally:
            process.terminate()


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
