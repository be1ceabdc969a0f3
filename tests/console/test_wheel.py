"""The wheel in an empty environment, as somebody has it who never saw these files.

KNIPSEL_TEST_WHEEL names the ``bin`` folders of environments into which the wheel was installed,
with a ":" between them; .ci/run makes one with pip and one with uv.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo import DemoServer
from tests.patience import at_most

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("crawler", "pipelines", "storage")
GIVEN = [Path(one) for one in os.environ.get("KNIPSEL_TEST_WHEEL", "").split(":") if one]
LISTING = """
from importlib.metadata import files
print(*(file for file in files("knipsel") if not str(file).endswith(".pyc")), sep="\\n")
"""


@pytest.fixture(params=GIVEN[:1] or [None])
def first(request: pytest.FixtureRequest) -> Path:
    """The first of them, where everything is tried; of the others what installing can spoil."""
    return ready(request.param)


@pytest.fixture(params=GIVEN or [None], ids=lambda one: one.parent.name if one else "none")
def place(request: pytest.FixtureRequest) -> Path:
    """The folder of the commands of an environment that holds the wheel."""
    return ready(request.param)


def ready(place: Path | None) -> Path:
    """Return *place*, or skip where nobody made one."""
    if place is None:
        pytest.skip("KNIPSEL_TEST_WHEEL names no environment with the wheel")
    return place


def knipsel(place: Path, folder: Path, *words: str, code: int = 0) -> str:
    """Run a command as its user does and return what it prints."""
    done = subprocess.run(
        [place / "knipsel", *words],
        cwd=folder, env=bare(place), capture_output=True, text=True, check=False,
        timeout=at_most(120),
    )  # fmt: skip
    assert done.returncode == code, f"knipsel {' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout


def bare(place: Path) -> dict[str, str]:
    """Return the variables of a new user: no setting, and no way to these files."""
    path = f"{place}:/usr/bin:/bin"
    return {"PATH": path, "HOME": "/nonexistent", "LANG": "C.UTF-8"}


def test_the_wheel_holds_every_file_of_the_packages(place: Path, tmp_path: Path) -> None:
    listed = subprocess.run(
        [place / "python", "-c", LISTING],
        cwd=tmp_path, env=bare(place), capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    here = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {one for one in listed if one.split("/")[0] in PACKAGES} == here
    assert {Path(one).suffix for one in here} >= {".py", ".pyi", ".json", ".toml", ".html", ".mako"}
    top = {one.split("/")[0] for one in listed if not one.startswith("..")}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert top == {*PACKAGES, f"knipsel-{version}.dist-info"}, "no other package gets in its way"


def test_every_command_has_help_without_these_files(first: Path, tmp_path: Path) -> None:
    overview = knipsel(first, tmp_path, "--help")
    commands = re.findall(r"^  (\w+) {2,}\w", overview, re.MULTILINE)
    assert {"crawl", "demo", "init", "sites", "browse"} <= set(commands)
    for command in commands:
        assert "knipsel" in knipsel(first, tmp_path, command, "--help")


def test_the_demo_runs_in_any_folder(place: Path, tmp_path: Path) -> None:
    shown = knipsel(place, tmp_path, "demo")
    assert "De slak heeft gewonnen" in shown
    assert "2011-06-19 10:01" in shown
    after = shown.rpartition("Next:")[2].strip().splitlines()
    assert [line.split()[0] for line in after] == ["knipsel"] * 3
    for line in after:
        knipsel(place, tmp_path, *line.split()[1:])


@pytest.fixture
def own_folder(first: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder that ``knipsel init`` made, and the address of a site."""
    knipsel(first, tmp_path, "init", "mijn", "--contact", "iemand@voorbeeld.example")
    for name in PACKAGES:  # the user's own packages of these names are not in the way
        (tmp_path / "mijn" / name).mkdir()
        (tmp_path / "mijn" / name / "__init__.py").touch()
    with DemoServer() as server:
        yield tmp_path / "mijn", f"{server.url}/"


def test_a_new_user_s_first_hour(first: Path, own_folder: tuple[Path, str]) -> None:
    folder, site = own_folder
    assert "12 (12 new)" in knipsel(first, folder, "crawl", site)
    (folder / "sites.txt").write_text("https://www.dorpsblad.example/\n# later\n")
    knipsel(first, folder, "sites", "add", "-f", "sites.txt", "--unchecked")
    assert len(json.loads(knipsel(first, folder, "sites", "--json"))["sites"]) == 2
    assert "balkon" in knipsel(first, folder, "search", "balkon").lower()
    assert json.loads(knipsel(first, folder, "runs", "--json"))["runs"][0]["verdict"] == "ok"
    knipsel(first, folder, "export", "comments", "reacties.csv")
    with (folder / "reacties.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 26
    knipsel(first, folder, "report", "verslag.html")
    knipsel(first, folder, "verify")
    knipsel(first, folder, "reextract", "--dry-run")
    knipsel(first, folder, "backup", "kopie")
    assert not shutil.which("scrapy", path=str(folder))
    assert knipsel(first, folder, "list").split() == ["articles"]


def test_a_spider_of_one_s_own_crawls(first: Path, own_folder: tuple[Path, str]) -> None:
    folder, site = own_folder
    knipsel(first, folder, "genspider", "-t", "knipsel", "eigen", site)
    assert knipsel(first, folder, "list").split() == ["articles", "eigen"]
    assert "12 (12 new)" in knipsel(first, folder, "crawl", "eigen", "-o", "eigen.jsonl")
    assert len((folder / "eigen.jsonl").read_text().splitlines()) >= 12


def test_the_reading_room_opens(first: Path, own_folder: tuple[Path, str]) -> None:
    folder, site = own_folder
    knipsel(first, folder, "crawl", site, "-a", "limit=3")
    if not list(first.parent.rglob("datasette/__init__.py")):
        assert knipsel(first, folder, "browse", "--port", "0", code=2) == ""
        return
    with subprocess.Popen(
        [first / "knipsel", "browse", "--port", "0"],
        cwd=folder, env=bare(first), stdout=subprocess.PIPE, text=True,
    ) as room:  # fmt: skip
        try:
            assert room.stdout is not None
            url = re.search(r"http://\S+", room.stdout.readline())
            assert url is not None
            with urllib.request.urlopen(url[0], timeout=at_most(30)) as answer:  # noqa: S310  # our own server
                assert answer.status == 200
        finally:
            room.send_signal(signal.SIGINT)
            room.wait(timeout=at_most(20))
