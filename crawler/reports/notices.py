"""Who is told when a run goes wrong, and when the site's runs go well again: KNIPSEL_NOTIFY.

What the address opens (a password, a token in its path) is in no message, and a notice that cannot
be given is no fault of the run.
"""

import base64
import json
import logging
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import partial
from http.client import HTTPException
from importlib.metadata import version
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from crawler.crawl import DEGRADED, FAILED, OK

logger = logging.getLogger(__name__)

LONGEST_SECONDS = 8.0  # of one notice, and of all that are under way when the crawl has ended
WORSE = (DEGRADED, FAILED)
RECOVERED = "recovered"
_MAIL_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"-][^\s@<>()\[\],;:\"]*@[\w.-]+")
_SENDMAIL_FOLDERS = ("/usr/sbin", "/usr/lib")

Give = Callable[[Mapping[str, Any]], None]


class BadReceiver(ValueError):
    """Raised when KNIPSEL_NOTIFY names nobody that can be told; its text repeats no part of it."""


class _NotGiven(Exception):
    """Raised with the reason why a notice was not given."""


class Notices:
    """Tells *receiver*, a URL or a mail address, of runs; without one nobody.

    Each notice is given in a thread of its own, so that a receiver that hangs keeps no crawl.
    """

    def __init__(self, receiver: str, seconds: float = LONGEST_SECONDS) -> None:
        """Raises BadReceiver."""
        self.place, self._give = _way_to(receiver, seconds / 2)  # of each step that may hang
        self._seconds = seconds
        self._under_way: set[threading.Thread] = set()
        self._given = self._failed = 0

    def tell(self, verdict: str, before: str | None, run: Mapping[str, Any]) -> None:
        """Tell of *run*, which ended with *verdict*, where that is a fault, or "ok" after the fault
        that the site's run *before* was.
        """
        event = RECOVERED if verdict == OK and before in WORSE else verdict
        if self._give is None or event == OK:
            return
        notice = {"event": event, **run}
        thread = threading.Thread(target=self._try, args=(self._give, notice), daemon=True)
        self._under_way.add(thread)
        thread.start()

    def close(self) -> dict[str, int]:
        """Wait for what is under way, not for long; return how many notices were "given" and
        "failed".
        """
        end = time.monotonic() + self._seconds
        for thread in tuple(self._under_way):
            thread.join(max(end - time.monotonic(), 0))
            self._settle(thread, f"no answer in {self._seconds:g} seconds")
        return {"given": self._given, "failed": self._failed}

    def _try(self, give: Give, notice: Mapping[str, Any]) -> None:
        try:
            give(notice)
        except _NotGiven as error:
            reason = str(error)
        else:
            reason = ""
        self._settle(threading.current_thread(), reason)

    def _settle(self, thread: threading.Thread, reason: str) -> None:
        """Count what became of a notice, once, and tell *reason* why it was not given."""
        try:
            self._under_way.remove(thread)
        except KeyError:
            return
        if not reason:
            self._given += 1
            return
        self._failed += 1
        logger.warning(
            "The notice to %s was not given: %s. The run is not changed by that.",
            self.place, reason,
        )  # fmt: skip


def _way_to(receiver: str, seconds: float) -> tuple[str, Give | None]:
    """Return the receiver as it may be shown, and what gives him a notice."""
    if not receiver:
        return "", None
    if _MAIL_ADDRESS.fullmatch(receiver):
        return receiver, partial(_mail, receiver, seconds)
    try:
        parts = urlsplit(receiver)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in {"http", "https"} or re.search(r"[\s\x00-\x20]", receiver):
        raise BadReceiver("KNIPSEL_NOTIFY is neither an http or https address nor a mail address.")
    netloc = parts.netloc.rpartition("@")[2]
    headers = {"Content-Type": "application/json", "User-Agent": f"Knipsel/{version('knipsel')}"}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    request = partial(Request, parts._replace(netloc=netloc, fragment="").geturl(), headers=headers)
    place = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return place, partial(_post, request, seconds)


def _post(request: Callable[..., Request], seconds: float, notice: Mapping[str, Any]) -> None:
    body = json.dumps(notice, default=str).encode()
    try:
        build_opener(_NoRedirects).open(request(data=body), timeout=seconds).close()
    except HTTPError as error:
        error.close()
        raise _NotGiven(f"it answered with status {error.code}") from error
    except URLError as error:
        raise _NotGiven(str(error.reason)) from error
    except TimeoutError as error:
        raise _NotGiven(f"no answer in {seconds:g} seconds") from error
    except (HTTPException, OSError, ValueError) as error:  # its text may repeat the address
        raise _NotGiven(f"no answer of HTTP ({type(error).__name__})") from error


class _NoRedirects(HTTPRedirectHandler):
    """Follows none: what was posted would be asked for by GET, and nobody would be told."""

    def redirect_request(self, *_given: Any) -> None:
        """Make no new request."""


def _mail(address: str, seconds: float, notice: Mapping[str, Any]) -> None:
    folders = (os.environ.get("PATH", os.defpath), *_SENDMAIL_FOLDERS)
    program = shutil.which("sendmail", path=os.pathsep.join(folders))
    if program is None:
        raise _NotGiven("there is no sendmail on this machine")
    message = EmailMessage()
    message["To"] = address
    message["Subject"] = f"Knipsel: {notice['site'] or 'a crawl'}: {notice['event']}"
    sentences = "\n".join(map(str, notice["reasons"]))
    message.set_content(f"{sentences}\n\n{json.dumps(notice, indent=1, default=str)}\n")
    try:
        subprocess.run(  # noqa: S603  # the machine's sendmail, an address that was checked
            [program, "-i", address],
            input=bytes(message), timeout=seconds, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _NotGiven(f"sendmail did not end in {seconds:g} seconds") from error
    except subprocess.CalledProcessError as error:
        raise _NotGiven(f"sendmail ended with code {error.returncode}") from error
    except OSError as error:
        raise _NotGiven(f"sendmail cannot be started: {error.strerror}") from error
