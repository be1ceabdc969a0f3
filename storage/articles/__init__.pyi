from .addresses import NotThere, article_named, find_article, find_page
from .comments import CUT_OFF, CommentChanges
from .dates import date_values
from .diff import Differences, Stored, differences, stored_articles
from .duplicates import link_duplicates
from .queries import (
    commenter_names,
    newest_capture,
    read_article,
    read_commenter,
)
from .reextracted import (
    article_pages,
    last_seen,
    mark_gone,
    page_addresses,
    pages_to_reread,
    replay,
    save_again,
    sites_of_pages,
    teaching_pages,
)
from .store import CARRIED_OVER, Saved, Sighting, carry_over, digest, is_silent, save_article
from .versions import ArticleVersion, CommentStory, Story, changes, read_story

__all__ = [
    "CARRIED_OVER",
    "CUT_OFF",
    "ArticleVersion",
    "CommentChanges",
    "CommentStory",
    "Differences",
    "NotThere",
    "Saved",
    "Sighting",
    "Stored",
    "Story",
    "article_named",
    "article_pages",
    "carry_over",
    "changes",
    "commenter_names",
    "date_values",
    "differences",
    "digest",
    "find_article",
    "find_page",
    "is_silent",
    "last_seen",
    "link_duplicates",
    "mark_gone",
    "newest_capture",
    "page_addresses",
    "pages_to_reread",
    "read_article",
    "read_commenter",
    "read_story",
    "replay",
    "save_again",
    "save_article",
    "sites_of_pages",
    "stored_articles",
    "teaching_pages",
]
