from .authors import authors_in
from .bylines import speaks_of_author
from .dated_elements import ShownDates, dates_in
from .dated_lines import speaks_of_change
from .extract import (
    Facts,
    Surroundings,
    search_authors,
    search_dates,
    search_facts,
    search_keywords,
    search_section,
)
from .headline import read_description, read_headline, stated_titles
from .language import find_language, load_identifier, read_languages
from .page_date import PageDate
from .publication_date import ArticleDates, Chosen, choose_dates
from .topics import keywords_among, section_among, speaks_of_keywords, speaks_of_section

__all__ = [
    "ArticleDates",
    "Chosen",
    "Facts",
    "PageDate",
    "ShownDates",
    "Surroundings",
    "authors_in",
    "choose_dates",
    "dates_in",
    "find_language",
    "keywords_among",
    "load_identifier",
    "read_description",
    "read_headline",
    "read_languages",
    "search_authors",
    "search_dates",
    "search_facts",
    "search_keywords",
    "search_section",
    "section_among",
    "speaks_of_author",
    "speaks_of_change",
    "speaks_of_keywords",
    "speaks_of_section",
    "stated_titles",
]
