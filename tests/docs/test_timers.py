"""The timer files in docs/running.md are what cron and systemd read, and start commands
that exist.
"""

import configparser
import re
import shlex
from datetime import time

from tests.crawling import ROOT

TEXT = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
COMMANDS = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def unit(section: str) -> configparser.RawConfigParser:
    for block in blocks("ini"):
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(block)
        if parser.has_section(section):
            return parser
    raise AssertionError(section)


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
        assert words[0].endswith("/scrapy")
        assert words[1] in COMMANDS
    assert "KNIPSEL_CONTACT=" in crontab


def test_the_service_starts_a_command_that_exists_and_gives_it_time_to_stop() -> None:
    service = unit("Service")["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[0].startswith("/")
    assert words[1:] == ["crawl", "articles"]
    assert words[1] in COMMANDS
    assert service["Type"] == "oneshot"
    assert int(service["TimeoutStopSec"]) > 30
    assert service["WorkingDirectory"] in service["ReadWritePaths"]


def test_the_timer_names_a_moment_and_catches_up() -> None:
    timer = unit("Timer")
    moment = re.fullmatch(r"\*-\*-\* (\d\d:\d\d:\d\d)", timer["Timer"]["OnCalendar"])
    assert moment is not None
    assert time.fromisoformat(moment[1]) < time(6, 0)
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_exit_codes_of_the_document_are_those_of_the_command() -> None:
    from crawler.commands.crawl import EXIT_CODES  # noqa: PLC0415  # the command loads Scrapy

    table = dict(re.findall(r"^\| (\d) \| `(\w+)` \|", TEXT, re.MULTILINE))
    assert {verdict: int(code) for code, verdict in table.items()} == EXIT_CODES
