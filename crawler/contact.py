"""Whom a site can reach about a crawl; without a contact nothing is fetched."""

import re
from importlib.metadata import version

from scrapy.settings import BaseSettings

from crawler.command import Refused

_CONTACT = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+|https?://[^\s<>()]+")


def set_contact(settings: BaseSettings) -> None:
    """Set the user agent that tells sites whom to ask; raise Refused with one sentence when there is nobody."""
    contact = settings["KNIPSEL_CONTACT"]
    if not _CONTACT.fullmatch(contact or ""):
        raise Refused(
            "No contact. Sites must be able to reach who crawls them: "
            "set KNIPSEL_CONTACT to a mail address or a web address of yours."
        )
    settings.set("USER_AGENT", f"Knipsel/{version('knipsel')} (+{contact})", priority="command")
