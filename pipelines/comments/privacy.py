"""Personal data that no archive of comments needs: mail and IP addresses in what is read from a page."""

import re

IP = "[ip-adres]"

_MAIL = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@((?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}\b)")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP = re.compile(rf"(?<![\d.v])(?<!versie )(?<!version )(?:{_BYTE}\.){{3}}{_BYTE}(?![\d.]*\d)")
_DOTTED = re.compile(r"\d\.\d{1,3}\.\d")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE)


def without_addresses(text: str) -> str:
    """Return *text* with a mark in place of every IP address and of whose mailbox a mail address is: "[…]@voorbeeld.nl"."""
    if "@" in text:
        text = _MAIL.sub(r"[…]@\1", text)
    if text.count(".") > 2 and _DOTTED.search(text):
        text = _IP.sub(IP, text)
    return _IP6.sub(IP, text) if text.count(":") > 6 else text
