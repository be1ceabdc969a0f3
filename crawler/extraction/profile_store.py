"""The profiles of a site: learned ones from the archive, hand-made ones from the modules that
PROFILE_MODULES names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from types import ModuleType

from sqlalchemy import Connection

from crawler.extraction.worker import said_by
from pipelines.article import check_type
from pipelines.comments import BadSource, read_source
from pipelines.document import Document, Unreadable, open_document
from pipelines.learning import WINDOW, SiteWatch, StatedEvidence, joined, learn, observation_of
from pipelines.page_kind import NotAnArticle
from pipelines.profiles import BadProfile, Profile
from pipelines.snapshots import Group, group_captures
from storage.articles import article_pages, find_page, page_addresses, teaching_pages
from storage.crawl import (
    BEGINNING,
    StoredProfile,
    add_profile,
    chosen_sites,
    close_profile,
    last_readings,
    stored_profiles,
    unprofiled_pages,
)
from storage.progress import Report, tell_nobody
from storage.records import Comment, Page, StoredCapture
from storage.urls import is_comment_page, variant_key
from storage.warc import CaptureReader, Unavailable, captures_of


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An article's own page, and the comments that its second source told of it; none where it was
    not asked.
    """

    page: Page
    comments: tuple[Comment, ...] = ()


def kept_pages(
    connection: Connection, folder: Path, page_ids: Sequence[int], report: Report = tell_nobody
) -> list[KeptPage]:
    """Return the newest look at each of the pages that has one which can be read."""
    reader = CaptureReader(folder / "warc", connection)
    addresses = page_addresses(connection, page_ids)
    found = []
    for done, page_id in enumerate(page_ids, 1):
        captures = captures_of(connection, page_id)
        looks = [
            group
            for group in group_captures(addresses[page_id], captures)
            if not group.main.is_gone
        ]
        with suppress(Unavailable):
            found += [
                KeptPage(reader.read(look.main), tuple(_told(reader, looks))) for look in looks[-1:]
            ]
        report("pages read", done, len(page_ids))
    return found


def newest_look(connection: Connection, folder: Path, url: str) -> Page | None:
    """Return the newest capture of the page that *url* leads to, None where none can be read.

    Raises NotThere where the archive never heard of that address.
    """
    kept = kept_pages(connection, folder, [find_page(connection, url)])
    return kept[0].page if kept else None


def profiles_for(connection: Connection, url: str, modules: Sequence[str]) -> tuple[Profile, ...]:
    """Return the profiles of the site of *url*, none where nothing is known of it. Raises
    BadProfile.
    """
    known = chosen_sites(connection, url)
    return load_profiles(connection, *known[0], modules) if known else ()


def _told(reader: CaptureReader, looks: Sequence[Group]) -> Iterator[Comment]:
    """Yield the comments in the newest answers of the page's own source: a later look without them
    takes nothing away.
    """
    parts = [
        capture
        for look in looks
        for capture in look.parts
        if not capture.is_gone and not is_comment_page(capture.url)
    ]
    for capture in {capture.url: capture for capture in parts}.values():
        with suppress(Unavailable, BadSource):
            page = reader.read(capture)
            yield from read_source(page.body, page.fetched_at)


def kept_evidence(
    connection: Connection, folder: Path, site_id: int, most: int | None = None
) -> dict[str, StatedEvidence]:
    """Return by address what the site's feeds and lists of posts, all or the first *most*, said
    when they were last fetched.
    """
    reader = CaptureReader(folder / "warc", connection)
    said: dict[str, StatedEvidence] = {}
    for page_id, kind in teaching_pages(connection, site_id)[:most]:
        captures: list[StoredCapture] = [
            capture for capture in captures_of(connection, page_id) if not capture.is_gone
        ]
        with suppress(IndexError, Unavailable):
            said = joined(said, said_by(kind, reader.read(captures[-1])))
    return said


def with_threads(
    said: Mapping[str, StatedEvidence], pages: Iterable[KeptPage]
) -> dict[str, StatedEvidence]:
    """Return what is *said* of articles with what their own pages' comment sources told."""
    return joined(
        said,
        {
            variant_key(kept.page.url): StatedEvidence(comments=kept.comments)
            for kept in pages
            if kept.comments
        },
    )


PAGES_TO_LEARN = 24


def load_profiles(
    connection: Connection, site_id: int, site: str, modules: Sequence[str]
) -> tuple[Profile, ...]:
    """Return the profiles of a site, each learned one with the corrections made by hand, and those
    made by hand alone first.

    Raises BadProfile.
    """
    learned = [
        replace(
            Profile.from_json(stored.data),
            valid_from=stored.valid_from,
            valid_until=stored.valid_until,
        )
        for stored in stored_profiles(connection, site_id)
    ]
    by_hand = [profile for profile in hand_made(modules) if profile.site == site]
    known = {profile.body for profile in learned}
    alone = [profile for profile in by_hand if profile.body not in known]
    return (*alone, *(_corrected(profile, by_hand) for profile in learned))


def _corrected(profile: Profile, by_hand: Sequence[Profile]) -> Profile:
    other = next(
        (one for one in by_hand if one.body == profile.body and one.scope in {None, profile.scope}),
        None,
    )
    return profile if other is None else profile.corrected_by(other)


def hand_made(modules: Sequence[str]) -> list[Profile]:
    """Return the PROFILE of every module that *modules* name, and of every module in them. Raises
    BadProfile.
    """
    found = []
    for name in modules:
        try:
            for module in _walk(name):
                profile = getattr(module, "PROFILE", None)
                if profile is not None and not isinstance(profile, Profile):
                    raise BadProfile(f"{module.__name__}.PROFILE is no Profile.")
                found += [profile] if profile is not None else []
        except ImportError as error:
            raise BadProfile(
                f"PROFILE_MODULES names {name}, which cannot be imported: {error}."
            ) from error
    return found


def _walk(name: str) -> list[ModuleType]:
    module = import_module(name)
    inner = [found for path in getattr(module, "__path__", ()) for found in iter_modules([path])]
    return [module, *(each for found in inner for each in _walk(f"{name}.{found.name}"))]


def learn_site(
    connection: Connection, folder: Path, site_id: int, site: str, report: Report = tell_nobody
) -> tuple[Profile, ...]:
    """Return what the newest captures of a site's articles teach, without keeping it."""
    page_ids = article_pages(connection, site_id)
    chosen = set(Random(len(page_ids)).sample(page_ids, min(PAGES_TO_LEARN, len(page_ids))))  # noqa: S311  # a fair choice, no secret
    chosen |= set(unprofiled_pages(connection, site_id, PAGES_TO_LEARN // 2))
    kept = kept_pages(connection, folder, sorted(chosen), report)
    said = with_threads(kept_evidence(connection, folder, site_id), kept)
    return learn(site, documents_of(one.page for one in kept), said)


def documents_of(pages: Iterable[Page]) -> list[Document]:
    """Return those of *pages* that can be opened as documents."""
    found = []
    for page in pages:
        with suppress(NotAnArticle, Unreadable):
            check_type(page)
            found.append(open_document(page))
    return found


def keep_profiles(
    connection: Connection, site_id: int, learned: Sequence[Profile]
) -> list[Profile]:
    """Keep the profiles of *learned* that are not known yet, and return them; an open one that such
    a one replaces is closed.

    Those of a site whose template never changed hold from the beginning; a later one from its
    oldest lesson on.
    """
    stored = stored_profiles(connection, site_id)
    is_open = {
        _rules(Profile.from_json(one.data)): one for one in stored if one.valid_until is None
    }
    new = [
        profile
        for profile in learned
        if _rules(profile) not in is_open and not _is_past(profile, stored)
    ]
    for profile in new:
        since = profile.valid_from or BEGINNING
        replaced = [
            one
            for one in is_open.values()
            if Profile.from_json(one.data).template == profile.template
        ]
        for one in replaced:
            close_profile(connection, one.profile_id, since)
        is_later = bool(replaced) or any(one.valid_until is not None for one in stored)
        add_profile(connection, site_id, profile.to_json(), since if is_later else BEGINNING)
    return new


def _is_past(profile: Profile, stored: Sequence[StoredProfile]) -> bool:
    """Return whether a profile is one that was closed, learned once more from captures of its
    time.
    """
    closed = [
        one
        for one in stored
        if one.valid_until is not None and _rules(Profile.from_json(one.data)) == _rules(profile)
    ]
    return any(
        profile.valid_from is not None and one.valid_until and profile.valid_from < one.valid_until
        for one in closed
    )


def watch_site(connection: Connection, site_id: int) -> SiteWatch:
    """Return the watch over the open profiles of a site, which knows how its last articles were
    read.
    """
    profiles = {
        stored.profile_id: replace(Profile.from_json(stored.data), valid_from=stored.valid_from)
        for stored in stored_profiles(connection, site_id)
        if stored.valid_until is None
    }
    recent = [
        observation_of(one.url, one.seen_at, one.methods)
        for one in last_readings(connection, site_id, WINDOW - 1)
    ]
    return SiteWatch(profiles, recent)


def _rules(profile: Profile) -> tuple[object, ...]:
    return profile.template, profile.facts_in_body, profile.thread
