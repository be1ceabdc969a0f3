"""What other people's crawlers posted: a request's record lies beside its answer's, before it or
behind it.
"""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

from storage.imports.warc_records import RawRecord
from storage.warc import split_head

LONGEST = 16_000  # bytes that are posted to ask for something; what is longer stores something


def with_posted(records: Iterator[RawRecord]) -> Iterator[tuple[RawRecord, str | None]]:
    """Yield the records that are no requests, each with the JSON that the request beside it posted;
    None where it posted nothing, an empty object where that cannot be read.
    """
    request: RawRecord | None = None
    answer: RawRecord | None = None
    for record in records:
        if record.kind != "request":
            if answer is not None:
                yield answer, None
            answer = record
        else:
            request = record
        if request is not None and answer is not None and _belong(request, answer):
            yield answer, _posted(request)
            request = answer = None
        elif record.kind != "request":
            request = None
    if answer is not None:
        yield answer, None


def _belong(request: RawRecord, answer: RawRecord) -> bool:
    """Return whether two records side by side are of one exchange."""
    pair = (request.headers, answer.headers)
    if pair[0].get("warc-target-uri") != pair[1].get("warc-target-uri"):
        return False
    named = {one.get("warc-concurrent-to") for one in pair} - {None}
    return not named or bool(named & {one.get("warc-record-id") for one in pair})


def _posted(request: RawRecord) -> str | None:
    head, body = split_head(request.block)
    if not head.startswith(b"POST "):
        return None
    text = body.strip().decode("utf-8", "replace") if len(body) <= LONGEST else ""
    try:
        return json.dumps(json.loads(text))
    except (ValueError, RecursionError):
        return json.dumps(dict(parse_qsl(text)))
