from .article import (
    Article,
    Author,
    Comment,
    Link,
    RemovedBlock,
    ThreadSource,
    asked_of,
    posted_address,
)
from .crawl import Candidate, Exchange, Fetch, Lease, Look, Page, StoredCapture, Visit
from .field import DATE_PARTS, Field, Meaning, copied_fields, dates_of, fields_of

__all__ = [
    "DATE_PARTS",
    "Article",
    "Author",
    "Candidate",
    "Comment",
    "Exchange",
    "Fetch",
    "Field",
    "Lease",
    "Link",
    "Look",
    "Meaning",
    "Page",
    "RemovedBlock",
    "StoredCapture",
    "ThreadSource",
    "Visit",
    "asked_of",
    "copied_fields",
    "dates_of",
    "fields_of",
    "posted_address",
]
