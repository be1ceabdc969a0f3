"""Log lines as JSON, one object a line, for what collects logs: KNIPSEL_LOG_FORMAT=json."""

import json
import logging
import sys
from datetime import UTC, datetime

from storage.shown import shown

TEXT, JSON = FORMATS = ("text", "json")


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object in one line: time (UTC), level, logger and message, of a
    logged error its traceback, of a warning where it was given.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        more = {}
        if record.exc_info:
            more["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            more["stack"] = self.formatStack(record.stack_info)
        moment = datetime.fromtimestamp(record.created, UTC)
        return json_line(record.levelname, record.name, record.getMessage(), moment, **more)


def json_line(
    level: str, logger: str, message: str, moment: datetime | None = None, **more: str
) -> str:
    """Return one line of the log, without what opens anything; *moment* is by default the
    present.
    """
    moment = moment or datetime.now(UTC)
    line = {"time": moment.isoformat(timespec="milliseconds"), "level": level, "logger": logger}
    texts = {"message": message, **more}
    return json.dumps(line | {name: shown(text) for name, text in texts.items()})


def log_in_json(level: str, file: str | None = None) -> None:
    """Have every logger of this process, and every warning, write JSON lines from *level* on: to
    standard error, or behind what is in *file*.
    """
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.setLevel(level)
    for other in tuple(logging.root.handlers):
        if isinstance(other.formatter, JsonLines):
            logging.root.removeHandler(other)
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.NOTSET)
    logging.captureWarnings(capture=True)


def print_json_line(level: str, logger: str, message: str) -> None:
    """Print one line of the log to standard error, whatever level is wanted."""
    print(json_line(level, logger, message), file=sys.stderr, flush=True)  # noqa: T201  # a command speaks to what collects logs
