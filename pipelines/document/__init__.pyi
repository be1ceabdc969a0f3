from .css import around, compiled, select
from .decode import decode_body
from .document import Document, JsonObject, Unreadable, open_document, refresh_target
from .fingerprints import Block, leaf_blocks
from .index import Index, index_tree
from .structured import (
    ARTICLE_TYPES,
    LISTING_TYPES,
    article_object,
    by_id,
    listed,
    meta,
    metas,
    stated_text,
    types_of,
)
from .text import SKIPPED, block_text, is_invisible
from .trace import FieldCandidate, ThreadProposal, Trace
from .tree import find_holder, is_form_heading, is_other_heading, siblings

__all__ = [
    "ARTICLE_TYPES",
    "LISTING_TYPES",
    "SKIPPED",
    "Block",
    "Document",
    "FieldCandidate",
    "Index",
    "JsonObject",
    "ThreadProposal",
    "Trace",
    "Unreadable",
    "around",
    "article_object",
    "block_text",
    "by_id",
    "compiled",
    "decode_body",
    "find_holder",
    "index_tree",
    "is_form_heading",
    "is_invisible",
    "is_other_heading",
    "leaf_blocks",
    "listed",
    "meta",
    "metas",
    "open_document",
    "refresh_target",
    "select",
    "siblings",
    "stated_text",
    "types_of",
]
