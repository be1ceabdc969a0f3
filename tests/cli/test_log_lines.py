"""The log as JSON: every line that a command writes to standard error is one object."""

import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import JsonLines, log_in_json
from crawler.demo import DemoServer
from tests.crawling import Ended, crawl, knipsel

JSON = {"KNIPSEL_LOG_FORMAT": "json"}


def lines(ended: Ended) -> list[dict[str, Any]]:
    """Return the lines of standard error, each of which must be an object."""
    found = [json.loads(line) for line in ended.err.splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in found)
    return found


@pytest.fixture
def root() -> Iterator[None]:
    """The root logger, put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in {*root.handlers} - {*handlers}:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.usefixtures("root")
def test_every_logger_and_warning_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    log_in_json("INFO")
    log_in_json("INFO")  # again is as once
    logging.getLogger("een.vreemde").info("twee\nregels van %s", "é")
    logging.getLogger("stil").debug("niet gevraagd")
    try:
        raise ValueError("postgresql://piet:geheim@host/x")
    except ValueError:
        logging.getLogger("fout").exception("mislukt")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("oud", DeprecationWarning, stacklevel=1)
    first, second, third = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["logger"], first["message"]) == ("een.vreemde", "twee\nregels van é")
    assert first["time"].endswith("+00:00")
    assert second["level"] == "ERROR"
    assert second["exception"].splitlines()[-1] == "ValueError: postgresql://***@host/x"
    assert third["logger"] == "py.warnings"


def test_a_stack_is_part_of_the_object() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "kijk", (), None, sinfo="Stack: hier")
    assert json.loads(JsonLines().format(record))["stack"] == "Stack: hier"


def test_a_crawl_logs_objects_only(tmp_path: Path) -> None:
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", tmp_path, "-a", "limit=1", environment=JSON)
    assert ended.code == 0
    assert {"INFO"} == {line["level"] for line in lines(ended)}
    failed = crawl("http://127.0.0.1:1/", tmp_path, environment=JSON)
    assert failed.code == 2
    assert lines(failed)[-1]["logger"] == "knipsel.crawl"
    assert "Nothing could be fetched" in lines(failed)[-1]["message"]


def test_what_another_command_cannot_do_is_an_object_too(tmp_path: Path) -> None:
    ended = knipsel("search", "x", "-s", f"KNIPSEL_ARCHIVE={tmp_path}", environment=JSON)
    assert ended.code == 2
    assert ["There is no archive" in line["message"] for line in lines(ended)] == [True]


def test_a_log_of_no_known_form_is_refused() -> None:
    ended = knipsel("runs", environment={"KNIPSEL_LOG_FORMAT": "xml"})
    assert ended.code == 2
    assert "KNIPSEL_LOG_FORMAT=xml is not known: say text or json" in ended.err


@pytest.mark.usefixtures("root")
def test_the_log_goes_to_the_file_that_the_settings_name(tmp_path: Path) -> None:
    file = tmp_path / "log"
    log_in_json("INFO", str(file))
    logging.getLogger("x").warning("daar")
    assert json.loads(file.read_text())["message"] == "daar"
