"""Addresses as they are shown: whatever a URL holds that opens something stays out of messages,
reports and rows.
"""

import re

HIDDEN = "***"

_USER = re.compile(r"(?<=[a-z0-9])(?P<slashes>:/{2,4})[^/?#\s\"'<>]*@", re.IGNORECASE)
_BARE_USER = re.compile(
    r"(?<![\w/@.:+-])[\w.+-]+:[^\s/@:\"']+@(?=[\w.-]+(?::\d+)?(?:[/\s\"'.,;)]|$))"
)
# A parameter whose name ends so: password=, ?sslpassword=, &X-Amz-Signature=, api_key=.
_SECRET = re.compile(
    r"(?P<name>(?:passw(?:or)?d|passwd|passphrase|pwd|pass|secret|token|api_?-?key|"
    r"access_?-?key|account_?-?key|key(?:_?id)?|credentials?|signature|sig|auth|sas|session))"
    r"(?P<sign>=|%3d)(?P<value>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[\"']?[^&;\s\"'<>#]+)",
    re.IGNORECASE,
)


def shown(text: str) -> str:
    """Return a text, or a URL alone, with every user name, password, key and token in its URLs
    hidden; a text without any comes back as it is.
    """
    text = _USER.sub(lambda found: f"{found['slashes']}{HIDDEN}@", text)
    text = _BARE_USER.sub(f"{HIDDEN}@", text)
    return _SECRET.sub(lambda found: f"{found['name']}{found['sign']}{HIDDEN}", text)
