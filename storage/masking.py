"""Contact details inside comments: mail addresses, phone numbers and postal addresses give way to a word for what they were."""

import re

_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# Dutch and Belgian numbers, with or without country code, in the groupings that people type; nine digits after the zero at most.
_PHONE = re.compile(r"(?<![\w.,-])(?:(?:\+|00)(?:31|32)[ .-]?(?:\(0\))?|\(?0)(?:[ .()/-]{0,2}\d){8,9}(?![\w-]|[.,]\d)")
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?(?!SA|SD|SS)[A-Z]{2}\b(?!\s*\d)(?:\s+[A-Z][\w'-]+)?")
_STREET = re.compile(
    r"\b[A-Z][\w'.-]*(?:\s+(?:[A-Z][\w'.-]*|van|de|den|der|het|'t)){0,3}?"
    r"\s?(?i:straat|laan|weg|plein|kade|gracht|singel|dijk|steeg|pad|hof|dreef|plantsoen|markt|baan)\s+\d{1,5}\s?[a-zA-Z]?\b"
)
_MASKS = ((_MAIL, "[mail]"), (_PHONE, "[telefoon]"), (_STREET, "[adres]"), (_POSTCODE, "[postcode]"))


def mask_contacts(text: str) -> str:
    """Return *text* with every mail address, phone number, street with number and postcode masked."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text
