"""Contact details inside comments: mail addresses, phone numbers and postal addresses give way to a
word for what they were.
"""

import re

_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
# Dutch and Belgian numbers, with or without country code, in the groupings that people type; nine
# digits after the zero at most.
_PHONE = re.compile(
    r"(?<![\w.,-])(?:(?:\+|00)(?:31|32)[ .-]?(?:\(0\))?|\(?0)(?:[ "
    r".()/-]{0,2}\d){8,9}(?![\w-]|[.,]\d)"
)
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?(?!SA|SD|SS)[A-Z]{2}\b(?!\s*\d)(?:\s+[A-Z][\w'-]+)?")
_STREET = re.compile(
    r"\b[A-Z][\w'.-]{0,40}(?:\s{1,3}(?:[A-Z][\w'.-]{0,40}|van|de|den|der|het|'t)){0,3}?"
    r"\s?(?i:straat|laan|weg|plein|kade|gracht|singel|dijk|steeg|pad|hof|dreef|"
    r"plantsoen|markt|baan)\s+\d{1,5}\s?[a-zA-Z]?\b"
)
_MASKS = (
    (_MAIL, "[mail]"),
    (_PHONE, "[telefoon]"),
    (_STREET, "[adres]"),
    (_POSTCODE, "[postcode]"),
)


def mask_contacts(text: str) -> str:
    """Return *text* with every mail address, phone number, street with number and postcode
    masked.
    """
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


IP = "[ip-adres]"

_MAILBOX = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@((?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}\b)")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP = re.compile(rf"(?<![\d.v])(?<!versie )(?<!version )(?:{_BYTE}\.){{3}}{_BYTE}(?![\d.]*\d)")
_DOTTED = re.compile(r"\d\.\d{1,3}\.\d")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE)


def without_addresses(text: str) -> str:
    """Return *text* with a mark in place of every IP address and of whose mailbox a mail address
    is: "[…]@voorbeeld.nl".
    """
    if "@" in text:
        text = _MAILBOX.sub(r"[…]@\1", text)
    if text.count(".") > 2 and _DOTTED.search(text):
        text = _IP.sub(IP, text)
    return _IP6.sub(IP, text) if text.count(":") > 6 else text
