"""A page's thread by its profile: read by the rules, or known to be empty where the template speaks
of no comments.
"""

from dataclasses import replace
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments import (
    Thread,
    Unfit,
    has_words_over_form,
    heading_words,
    read_count,
    read_thread,
    read_thread_by,
    with_system,
)
from pipelines.document import Document, is_of_other_page, select
from pipelines.profiles.profile import Profile
from storage.numbers import whole_number

_NAMES = (etree.XPath("//@class", smart_strings=False), etree.XPath("//@id", smart_strings=False))
_ABOUT_COMMENTS = ("comment", "reactie", "reaction", "respon", "disqus")


def thread_by(document: Document, profile: Profile) -> tuple[Thread, str]:
    """Return the thread by the rules of *profile*, else by the generic way, and how it was read.

    "generic" states that the rules missed, "recounted" that the page is merely a case for a closer
    look.
    """
    try:
        return with_system(_known_thread(document, profile), document), "profile"
    except Unfit as reason:
        document.hold()
        thread = read_thread(document, profile.fingerprints)
        rules = profile.thread
        has_no_record = rules is not None and not select(document.tree, rules.record)
        is_miss = reason.is_miss or (has_no_record and bool(thread.comments))
        return thread, "generic" if is_miss else "recounted"


def _known_thread(document: Document, profile: Profile) -> Thread:
    """Return the thread by the profile's rules. Raises Unfit."""
    if profile.thread is None and not profile.silent:
        raise Unfit("Nothing is known of the threads of this template.")
    thread = read_thread_by(document, profile.thread) if profile.thread is not None else Thread()
    if thread.comments:
        return thread
    talkative = _talkative(document.tree)
    declared = _declared_in_silence(document, talkative)
    if (declared and profile.unshown is None) or not _single_names(talkative) <= set(
        profile.silent
    ):
        raise Unfit("The page speaks of comments where none are found.")
    if has_words_over_form(document):
        raise Unfit("Something is written over the form for comments.")
    return replace(thread, declared=declared, gap_reason=profile.unshown if declared else None)


def _declared_in_silence(document: Document, talkative: set[str]) -> int | None:
    """Return the number of comments that a page without records declares: what is not there must
    not go unnoticed.
    """
    talkers = (
        [
            e
            for e in document.tree.iter("*")
            if e.get("class") in talkative or e.get("id") in talkative
        ]
        if talkative
        else []
    )
    for element in dict.fromkeys(
        e
        for talker in talkers
        for e in (talker, *talker.iter("h2", "h3", "h4", "h5", "p", "span", "a"))
    ):
        count = read_count(heading_words(element)) if len(element) < 8 else None
        if count is not None:
            return count
    counts = ((whole_number(thing.get("commentCount")), thing) for thing in document.json_ld)
    own = (n for n, thing in counts if n is not None and not is_of_other_page(document, thing))
    return next(own, None)


def talking(tree: HtmlElement) -> set[str]:
    """Return the class names and ids on the page that are about comments."""
    return _single_names(_talkative(tree))


def _single_names(talkative: set[str]) -> set[str]:
    found = {name.lower() for names in talkative for name in names.split() if _talks(name)}
    return {"".join("#" if letter.isdigit() else letter for letter in name) for name in found}


def _talkative(tree: HtmlElement) -> set[str]:
    """Return the classes and ids of elements, as the page writes them, in which a name is about
    comments.
    """
    written: set[str] = set().union(*(set(names(tree)) for names in _NAMES))
    return {names for names in written if _talks(names)}


@lru_cache(maxsize=1024)  # a site's pages share their names
def _talks(names: str) -> bool:
    low = names.lower()
    return any(word in low for word in _ABOUT_COMMENTS)
