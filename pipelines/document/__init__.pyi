from .css import around, compiled, select
from .decode import decode_body
from .document import Document, Unreadable, open_document, refresh_target
from .fingerprints import Block, fingerprint, leaf_blocks
from .index import Index, index_tree, without_numbers
from .json_ld import JsonObject
from .links import links_in
from .markup import MarkedText, clean_html, mark_up
from .media import media_text
from .requisites import STYLES, requisites_of
from .structured import (
    ARTICLE_TYPES,
    LISTING_TYPES,
    PageNames,
    article_object,
    by_id,
    is_of_other_page,
    listed,
    meta,
    metas,
    stated_text,
    types_of,
)
from .text import Segment, block_text, join_segments, text_segments
from .trace import FieldCandidate, ThreadProposal, Trace
from .tree import find_holder, has_more, is_form_heading, is_other_heading, is_within, siblings
from .visible import SKIPPED, is_invisible
from .xml import BadXml, base_of, local_name, parse_xml, xml_text

__all__ = [
    "ARTICLE_TYPES",
    "LISTING_TYPES",
    "SKIPPED",
    "STYLES",
    "BadXml",
    "Block",
    "Document",
    "FieldCandidate",
    "Index",
    "JsonObject",
    "MarkedText",
    "PageNames",
    "Segment",
    "ThreadProposal",
    "Trace",
    "Unreadable",
    "around",
    "article_object",
    "base_of",
    "block_text",
    "by_id",
    "clean_html",
    "compiled",
    "decode_body",
    "find_holder",
    "fingerprint",
    "has_more",
    "index_tree",
    "is_form_heading",
    "is_invisible",
    "is_of_other_page",
    "is_other_heading",
    "is_within",
    "join_segments",
    "leaf_blocks",
    "links_in",
    "listed",
    "local_name",
    "mark_up",
    "media_text",
    "meta",
    "metas",
    "open_document",
    "parse_xml",
    "refresh_target",
    "requisites_of",
    "select",
    "siblings",
    "stated_text",
    "text_segments",
    "types_of",
    "without_numbers",
    "xml_text",
]
