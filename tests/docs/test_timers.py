"""The crontab in docs/running.md and the timers in deploy/ are what cron and systemd read, and
start commands that exist; docs/server.md sets up what is there.
"""

import configparser
import re
import shlex
import tomllib
from datetime import time

import pytest

from crawler.configuration import KEYS
from tests.crawling import ROOT

TEXT = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
UNITS = ROOT / "deploy" / "systemd"
COMMANDS = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser


def test_the_crontab_has_five_fields_and_commands_that_exist() -> None:
    (crontab,) = blocks("cron")
    entries = [line for line in crontab.splitlines() if not re.match(r"[A-Z_]+=", line)]
    assert len(entries) == 2
    for entry in entries:
        *fields, command = entry.split(None, 5)
        bounds = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
        assert all(
            field == "*" or least <= int(field) <= most
            for field, (least, most) in zip(fields, bounds, strict=True)
        )
        words = shlex.split(command.partition("&&")[2])
        assert words[0].endswith("/knipsel")
        assert words[1] in COMMANDS
    assert "KNIPSEL_CONTACT=" in crontab


def test_the_service_starts_a_command_that_exists_and_gives_it_time_to_stop() -> None:
    service = unit("knipsel.service")["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[0].startswith("/")
    assert words[1:] == ["crawl"]
    assert service["Type"] == "oneshot"
    assert int(service["TimeoutStopSec"]) > 30


@pytest.mark.parametrize(("name", "latest"), [("knipsel", 6), ("knipsel-backup", 8)])
def test_a_timer_names_a_moment_and_catches_up(name: str, latest: int) -> None:
    timer = unit(f"{name}.timer")
    moment = re.fullmatch(r"\*-\*-\* (\d\d:\d\d:\d\d)", timer["Timer"]["OnCalendar"])
    assert moment is not None
    assert time.fromisoformat(moment[1]) < time(latest, 0)
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_server_is_set_up_with_what_is_there() -> None:
    text = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    (copied,) = re.findall(r"^cp (.+) /etc/systemd/system/$", text, re.MULTILINE)
    assert all(list(ROOT.glob(pattern)) for pattern in copied.split())
    enabled = re.findall(r"knipsel[\w-]*\.(?:timer|service)", text)
    assert all((UNITS / name).exists() for name in enabled)
    assert set(re.findall(r"bin/knipsel ([a-z]+)", text)) <= COMMANDS
    stated = tomllib.loads(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0])
    assert stated.keys() <= KEYS.keys()
    folders = {"/srv/knipsel/archive", "/srv/knipsel/backup"}
    assert folders <= set(text.replace("\n", " ").split())
    for path in UNITS.glob("*.service"):
        service = unit(path.name)["Service"]
        assert service["User"] == "knipsel"
        writes = set(service.get("ReadWritePaths", "").split())
        assert "dask-worker" in path.name or writes <= folders


def test_the_exit_codes_of_the_document_are_those_of_the_command() -> None:
    from crawler.commands.crawl import EXIT_CODES  # noqa: PLC0415  # the command loads Scrapy

    table = dict(re.findall(r"^\| (\d) \| `(\w+)` \|", TEXT, re.MULTILINE))
    assert {verdict: int(code) for code, verdict in table.items()} == EXIT_CODES
