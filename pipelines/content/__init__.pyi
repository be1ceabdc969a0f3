from .body import Body, find_container, without_head, without_last
from .boilerplate import find_furniture, removed_blocks
from .extract import ENOUGH, LEAST_BODY, read_body
from .layout import ArticlePlace, Ground, survey
from .multipage import find_body_pages, merge, page_number

__all__ = [
    "ENOUGH",
    "LEAST_BODY",
    "ArticlePlace",
    "Body",
    "Ground",
    "find_body_pages",
    "find_container",
    "find_furniture",
    "merge",
    "page_number",
    "read_body",
    "removed_blocks",
    "survey",
    "without_head",
    "without_last",
]
