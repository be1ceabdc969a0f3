from .feeds import BadFeed
from .links import (
    candidates_from_feed,
    candidates_from_page,
    candidates_from_sitemap,
    start_candidates,
)
from .sitemaps import BadSitemap, is_in_part, unpack
from .traps import TrapWatch, trapped
from .wordpress import (
    BadListing,
    candidates_from_changes,
    candidates_from_comments,
    candidates_from_posts,
    lists_of,
)

__all__ = [
    "BadFeed",
    "BadListing",
    "BadSitemap",
    "TrapWatch",
    "candidates_from_changes",
    "candidates_from_comments",
    "candidates_from_feed",
    "candidates_from_page",
    "candidates_from_posts",
    "candidates_from_sitemap",
    "is_in_part",
    "lists_of",
    "start_candidates",
    "trapped",
    "unpack",
]
