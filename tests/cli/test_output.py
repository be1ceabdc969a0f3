"""How commands speak: a bar on a terminal, lines elsewhere, one JSON object for machines, one
sentence when it goes wrong, help.
"""

import fcntl
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
import time
from argparse import ArgumentParser
from importlib import import_module
from io import StringIO
from math import log2
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from scrapy.cmdline import execute
from scrapy.utils.project import get_project_settings

import crawler.commands
from crawler.cli import Lines, OurCommand, show_progress
from crawler.demo import DemoServer
from tests.crawling import CONTACT, ROOT, Ended, crawl, knipsel

NAMES = sorted(module.name for module in iter_modules(crawler.commands.__path__))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("output")
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", made)
    assert ended.code == 0, ended.err
    return made


def command(name: str) -> OurCommand:
    found: OurCommand = import_module(f"crawler.commands.{name}").Command()
    found.settings = get_project_settings()
    return found


def parser_of(name: str) -> ArgumentParser:
    parser = ArgumentParser(conflict_handler="resolve")
    command(name).add_options(parser)
    return parser


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """Run a command in this process: quicker than in one of its own."""
    with pytest.raises(SystemExit) as ending:
        execute(["scrapy", *arguments], get_project_settings())
    shown = capsys.readouterr()
    return Ended(int(ending.value.code or 0), shown.out, shown.err)


def on_terminal(*arguments: str) -> str:
    """Return everything that a command writes to a terminal of 100 columns."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", KNIPSEL_CONTACT=CONTACT)
        os.environ.pop("COLUMNS", None)  # of the terminal of the tests
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "scrapy", *arguments])  # noqa: S606  # our own command
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    written = b""
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        try:
            while part := stream.read(65_536):
                written += part
        except OSError:  # how a terminal ends
            pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, written.decode()
    return written.decode()


class Terminal(StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("columns", "has_bar"), [(60, False), (99, False), (100, True)])
def test_on_a_narrow_terminal_the_bar_gives_way_to_the_figures(
    columns: int, has_bar: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    with show_progress() as meter:
        meter.show("pages", 163, 456, "94 articles, 812 comments (article 94, listing 44)")
        time.sleep(0.06)  # a bar is drawn a few times a second
        meter.show("pages", 200, 456, "94 articles, 812 comments (article 94, listing 44)")
    drawn = without_colours(sys.stderr.getvalue())  # type: ignore[attr-defined]  # it is ours
    assert "200 of 456" in drawn
    assert "94 art" in drawn
    assert ("━" in drawn) is has_bar


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)


def test_lines_come_ever_more_rarely_and_tell_rate_and_remaining_time() -> None:
    now, written = 0.0, []
    lines = Lines(written.append, lambda: now)
    for second in range(301):
        now = float(second)
        lines.show("pages", 10 * second, 6000)
    lines.close()
    assert written[0] == "pages: 20 of 6,000, 10.0/s, 0:09:58 left"
    assert [re.match(r"pages: ([\d,]+)", line)[1] for line in written[:-1]] == [  # type: ignore[index]  # each matches
        "20", "40", "80", "160", "320", "640", "1,240", "1,840", "2,440",
    ]  # fmt: skip
    assert written[-1] == "3,000 pages in 0:05:00"


def test_short_work_says_nothing_and_each_kind_of_work_has_its_own_count() -> None:
    now, written = 0.0, []
    lines = Lines(written.append, lambda: now)
    lines.show("captures", 1, None)
    now = 1.0
    lines.show("pages", 1, 5)
    now = 4.0
    lines.show("pages", 5, 5)
    lines.close()
    assert written == ["pages: 5 of 5, 1.7/s, 0.0 s left", "5 pages in 3.0 s"]


def test_a_crawl_on_a_terminal_shows_a_bar_that_is_gone_at_the_end(tmp_path: Path) -> None:
    with DemoServer() as server:
        written = on_terminal(
            "crawl", "articles", "-a", f"site={server.url}/", "-s", f"KNIPSEL_ARCHIVE={tmp_path}"
        )
    shown = without_colours(written)
    assert re.search(
        r"pages ━+ \d+ of \d+, [\d.]+/s, [\d.]+ s left \d+ articles, \d+ comments", shown
    )
    assert "INFO" not in shown
    assert shown.index("━") < shown.index("Run 1:")
    assert "━" not in shown[shown.index("Run 1:") :]


def test_in_a_pipe_a_crawl_writes_a_line_now_and_then_and_when_quiet_none(tmp_path: Path) -> None:
    with DemoServer() as server:
        began = time.monotonic()
        told = crawl(f"{server.url}/", tmp_path / "told")
        seconds = time.monotonic() - began
        quiet = crawl(f"{server.url}/", tmp_path / "quiet", "--quiet")
    assert "pages" not in told.out.split("Run 1")[0]
    lines = [line for line in told.err.splitlines() if " pages" in line]
    assert len(lines) <= 3 + log2(seconds), lines  # each comes after twice as long a silence
    assert all("━" not in line for line in lines)
    assert (quiet.code, quiet.err) == (0, "")
    assert "Run 1: " in quiet.out


def test_a_crawl_s_result_is_one_json_object(tmp_path: Path) -> None:
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", tmp_path, "--json")
    told = json.loads(ended.out)
    assert (told["exit_code"], [run["verdict"] for run in told["runs"]]) == (0, ["ok"])
    assert told["runs"][0]["articles_new"] == 12


ANSWERS: list[tuple[tuple[str, ...], str]] = [
    (("runs",), "runs"), (("sites",), "sites"), (("verify",), "errors"), (("migrate",), "to"),
    (("duplicates",), "articles"),
    (("search", "balkon"), "hits"), (("export", "articles", "{out}/a.csv"), "rows"),
    (("report", "{out}/r.html"), "runs"),
    (("learn", "127.0.0.1"), "profiles"), (("backup", "{out}/backup"), "warc_files"),
    (("doctor",), "findings"),
    (("copy", "sqlite:///{folder}/archive.db", "sqlite:///{out}/copy.db"), "digest"),
    (("forget", "--author", "Bram"), "rows"),
    (("completion", "fish"), "script"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "key"), ANSWERS, ids=lambda value: value if isinstance(value, str) else value[0]
)
def test_every_result_is_one_json_object_for_machines(
    arguments: tuple[str, ...],
    key: str,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if arguments[0] == "learn":
        site = json.loads(run(capsys, "sites", "--json", "-s", f"KNIPSEL_ARCHIVE={folder}").out)[
            "sites"
        ][0]["site"]
        arguments = ("learn", site)
    filled = [one.format(out=tmp_path, folder=folder) for one in arguments]
    ended = run(capsys, *filled, "--json", "--quiet", "-s", f"KNIPSEL_ARCHIVE={folder}")
    assert ended.code in {0, 1}, ended.err
    assert ended.err == ""
    assert key in json.loads(ended.out)


def test_kept_pages_read_again_tell_machines_what_changed(folder: Path) -> None:
    ended = knipsel("reextract", "--dry-run", "--json", "-s", f"KNIPSEL_ARCHIVE={folder}")
    told: dict[str, Any] = json.loads(ended.out)
    assert told["dry_run"]
    assert told["changes"]["pages"] > 12
    assert sum(told["changes"]["articles"].values()) == told["changes"]["pages"]


def test_what_nobody_foresaw_is_one_sentence_and_a_traceback_only_when_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("storage.maintenance.verify_archive", None)
    setting = ("-s", f"KNIPSEL_ARCHIVE={folder}")
    ended = run(capsys, "verify", *setting)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert "Something unexpected went wrong (TypeError" in ended.err
    assert "say --verbose" in ended.err
    verbose = run(capsys, "verify", "--verbose", *setting)
    assert verbose.err.startswith("Traceback")
    assert verbose.code == 2


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_examples_that_it_understands(name: str) -> None:
    made = command(name)
    assert len(made.promise) < 100
    assert made.examples
    assert made.short_desc().endswith(made.examples[0])
    for example in made.examples:
        words = shlex.split(re.sub(r" > \S+$", "", example))
        words = shlex.split(words[1].strip("$()")) if words[0] == "eval" else words
        typed = words[words.index("knipsel") + 1 :]
        _opts, rest = parser_of(typed[0]).parse_known_args(typed[1:])
        assert not [word for word in rest if word.startswith("-")], example
    assert {"--quiet", "--json", "--verbose"} <= set(parser_of(name)._option_string_actions)


def test_help_shows_the_examples_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(capsys, "export", "--help")
    assert ended.code == 0
    assert "\n  $ knipsel export wacz pagina.wacz --site www.example.nl\n" in ended.out
    assert "--quiet" in ended.out
    assert "\n                $ knipsel export comments reacties.csv" in run(capsys, "--help").out


def test_an_option_that_is_unknown_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(capsys, "verify", "--fast", "-s", f"KNIPSEL_ARCHIVE={folder}")
    assert (ended.code, ended.err) == (
        2,
        "knipsel verify: There is no option --fast: knipsel verify --help lists them.\n",
    )


COMPLETED = (
    ("knipsel re", "reextract report"),
    ("knipsel export ''", "articles comments threads links corpus network wacz"),
    ("knipsel export --form", "--format"),
    ("knipsel export --format p", "parquet"), ("knipsel sites pa", "pause"),
    ("knipsel import READ", "README.md"),
    ("knipsel crawl ''", "articles"),
)  # fmt: skip
PROGRAM = """
source "$1"
while read -r line; do
  eval "COMP_WORDS=($line)"; COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMP_LINE=$line; \
COMP_POINT=${#line}; COMPREPLY=()
  _shtab_knipsel knipsel "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  echo "${COMPREPLY[*]}"
done
"""


def test_bash_completes_commands_options_and_their_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "scrapy.bash"
    script.write_text(run(capsys, "completion", "bash").out)
    asked = "".join(f"{line}\n" for line, _answer in COMPLETED)
    done = subprocess.run(
        ["bash", "--norc", "-c", PROGRAM, "bash", str(script)],
        input=asked,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [answer for _line, answer in COMPLETED]
