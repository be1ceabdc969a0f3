"""What other people's crawlers posted: a request's record lies beside its answer's, before it or
behind it.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

from storage.imports.warc_records import RawRecord
from storage.records import posted_address
from storage.warc import split_head

LONGEST = 16_000  # bytes that are posted to ask for something; what is longer stores something


def with_posted(records: Iterator[RawRecord]) -> Iterator[RawRecord]:
    """Yield the records that are no requests; what the request beside one posted is part of its
    address, as ThreadSource.address has it.
    """
    request: RawRecord | None = None
    answer: RawRecord | None = None
    for record in records:
        if record.kind != "request":
            if answer is not None:
                yield answer
            answer = record
        else:
            request = record
        if request is not None and answer is not None and _belong(request, answer):
            yield _with(answer, _posted(request))
            request = answer = None
        elif record.kind != "request":
            request = None
    if answer is not None:
        yield answer


def _with(answer: RawRecord, payload: str | None) -> RawRecord:
    if payload is None:
        return answer
    url = answer.headers.get("warc-target-uri", "").strip("<>")
    headers = {**answer.headers, "warc-target-uri": posted_address(url, payload)}
    return replace(answer, headers=headers)


def _belong(request: RawRecord, answer: RawRecord) -> bool:
    """Return whether two records side by side are of one exchange."""
    pair = (request.headers, answer.headers)
    if pair[0].get("warc-target-uri") != pair[1].get("warc-target-uri"):
        return False
    named = {one.get("warc-concurrent-to") for one in pair} - {None}
    return not named or bool(named & {one.get("warc-record-id") for one in pair})


def _posted(request: RawRecord) -> str | None:
    """Return the JSON that a request posted: fields of a form as an object, an empty one where it
    cannot be read; None where nothing was posted.
    """
    head, body = split_head(request.block)
    if not head.startswith(b"POST "):
        return None
    text = body.strip().decode("utf-8", "replace") if len(body) <= LONGEST else ""
    try:
        return json.dumps(json.loads(text))
    except (ValueError, RecursionError):
        return json.dumps(dict(parse_qsl(text)))
