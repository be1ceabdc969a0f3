from .article import Article, Author, Comment, RemovedBlock
from .crawl import Candidate, Exchange, Fetch, Lease, Look, Page, StoredCapture, Visit
from .field import Field, Meaning, fields_of

__all__ = [
    "Article",
    "Author",
    "Candidate",
    "Comment",
    "Exchange",
    "Fetch",
    "Field",
    "Lease",
    "Look",
    "Meaning",
    "Page",
    "RemovedBlock",
    "StoredCapture",
    "Visit",
    "fields_of",
]
