"""Addresses as they are shown: whatever a URL holds that opens something stays out of messages,
reports and rows.
"""

import re

HIDDEN = "***"

# Before an "@": all up to the first of "/?#", or a password that holds such signs unescaped; what
# begins with the number of a port is none.
_USER = re.compile(
    r"(?P<slashes>(?<=[a-z0-9]):/{1,4}|(?<![\w:/])//)"
    r"(?:[^/?#\s\"'<>]*|[^/?#\s\"'<>@:]*:(?!\d{1,5}[/?#])[^\s\"'<>]*)@",
    re.IGNORECASE,
)
_ESCAPED_USER = re.compile(
    r"(?P<slashes>%3a%2f%2f)(?:(?!%2f|%3f|%23)[^&\s\"'<>/])*%40", re.IGNORECASE
)
_BARE_USER = re.compile(
    r"(?<![\w/@.:+-])[\w.+-]+:[^\s/@:\"']+@(?=[\w.-]+(?::\d+)?(?:[/\s\"'.,;)]|$))"
)
# A parameter, or an entry as Python and JSON write it, whose name ends so: password=,
# ?sslpassword=, &X-Amz-Signature=, api_key=, "secret": "...".
_SECRET = re.compile(
    r"(?P<name>(?:passw(?:or)?d|passwd|passphrase|passcode|pwd|pass|pw|secret|token|jwt|api_?-?key|"
    r"access_?-?key|account_?-?key|key(?:_?id)?|credentials?|signature|sig|auth|sas|"
    r"session(?:_?id)?))"
    r"(?P<sign>\s?=\s?|%3d|[\"']\s?:\s?)"
    r"(?P<value>\*\*\*|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[\"']?[^&;\s\"'<>#]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?P<name>\b(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key)[\"']?)(?P<sign>\s?:\s?)"
    r"(?P<value>[^\r\n]+)",
    re.IGNORECASE,
)


def shown(text: str) -> str:
    """Return a text, or a URL alone, with every user name, password, key and token in its URLs
    hidden; a text without any comes back as it is.
    """
    text = _USER.sub(lambda found: f"{found['slashes']}{HIDDEN}@", text)
    text = _ESCAPED_USER.sub(lambda found: f"{found['slashes']}{HIDDEN}%40", text)
    text = _BARE_USER.sub(f"{HIDDEN}@", text)
    for named in (_HEADER, _SECRET):
        text = named.sub(lambda found: f"{found['name']}{found['sign']}{HIDDEN}", text)
    return text
