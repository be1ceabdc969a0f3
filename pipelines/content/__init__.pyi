from .body import ENOUGH, Body, choose_places, furniture_of, read_body, removed_blocks
from .boilerplate import Suspect, find_furniture, furniture_among, suspects
from .container import find_container, other_articles
from .edges import Signed, without_byline, without_head, without_thread_heading
from .evidence import gather, holder_of, setting_of
from .layout import LEAST_PROSE, ArticlePlace, Ground, survey
from .multipage import find_body_pages, is_part, merge
from .neighbours import Evidence
from .page_numbers import first_page, own_address, page_number
from .proposals import load_trafilatura, propose

__all__ = [
    "ENOUGH",
    "LEAST_PROSE",
    "ArticlePlace",
    "Body",
    "Evidence",
    "Ground",
    "Signed",
    "Suspect",
    "choose_places",
    "find_body_pages",
    "find_container",
    "find_furniture",
    "first_page",
    "furniture_among",
    "furniture_of",
    "gather",
    "holder_of",
    "is_part",
    "load_trafilatura",
    "merge",
    "other_articles",
    "own_address",
    "page_number",
    "propose",
    "read_body",
    "removed_blocks",
    "setting_of",
    "survey",
    "suspects",
    "without_byline",
    "without_head",
    "without_thread_heading",
]
