"""The profiles of a site: learned ones from the archive, hand-made ones from the modules that PROFILE_MODULES names."""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from types import ModuleType

from sqlalchemy import Connection

from pipelines.article import check_type
from pipelines.document import Document, Unreadable, open_document
from pipelines.drift import Observation, Verdict, Watch
from pipelines.learning.templates import learn
from pipelines.profile import BadProfile, Profile
from pipelines.refusal import NotAnArticle
from storage.counting import Report, tell_nobody
from storage.profiles import BEGINNING, StoredProfile, add_profile, close_profile, stored_profiles
from storage.rereading import article_pages
from storage.stored_captures import CaptureReader, Unavailable, captures_of

PAGES_TO_LEARN = 24


def load_profiles(connection: Connection, site_id: int, site: str, modules: Sequence[str]) -> tuple[Profile, ...]:
    """Return the profiles of a site, each learned one with the corrections made by hand, and those made by hand alone first.

    Raises BadProfile.
    """
    learned = [
        replace(Profile.from_json(stored.data), valid_from=stored.valid_from, valid_until=stored.valid_until)
        for stored in stored_profiles(connection, site_id)
    ]
    by_hand = [profile for profile in hand_made(modules) if profile.site == site]
    known = {profile.body for profile in learned}
    alone = [profile for profile in by_hand if profile.body not in known]
    return (*alone, *(_corrected(profile, by_hand) for profile in learned))


def _corrected(profile: Profile, by_hand: Sequence[Profile]) -> Profile:
    other = next((one for one in by_hand if one.body == profile.body), None)
    return profile if other is None else profile.corrected_by(other)


def hand_made(modules: Sequence[str]) -> list[Profile]:
    """Return the PROFILE of every module that *modules* name, and of every module in them. Raises BadProfile."""
    found = []
    for name in modules:
        try:
            for module in _walk(name):
                profile = getattr(module, "PROFILE", None)
                if profile is not None and not isinstance(profile, Profile):
                    raise BadProfile(f"{module.__name__}.PROFILE is no Profile.")
                found += [profile] if profile is not None else []
        except ImportError as error:
            raise BadProfile(f"PROFILE_MODULES names {name}, which cannot be imported: {error}.") from error
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
    chosen = sorted(Random(len(page_ids)).sample(page_ids, min(PAGES_TO_LEARN, len(page_ids))))  # noqa: S311  # a fair choice, no secret
    reader = CaptureReader(folder / "warc", connection)
    documents: list[Document] = []
    for done, key in enumerate(chosen, 1):
        document = _newest(connection, reader, key)
        documents += [document] if document is not None else []
        report("pages read", done, len(chosen))
    return learn(site, documents)


def _newest(connection: Connection, reader: CaptureReader, page_id: int) -> Document | None:
    """Return the newest capture of a page, None where it has none that can be read."""
    captures = [capture for capture in captures_of(connection, page_id) if not capture.is_gone]
    try:
        page = reader.read(captures[-1])
        check_type(page)
        return open_document(page)
    except (IndexError, Unavailable, NotAnArticle, Unreadable):
        return None


def keep_profiles(connection: Connection, site_id: int, learned: Sequence[Profile]) -> list[Profile]:
    """Keep the profiles of *learned* that are not known yet, and return them; an open one that such a one replaces is closed.

    The first of a site holds from the beginning; a later one from its oldest lesson on.
    """
    stored = stored_profiles(connection, site_id)
    is_open = {_template(Profile.from_json(one.data)): one for one in stored if one.valid_until is None}
    new = [profile for profile in learned if _template(profile) not in is_open and not _is_past(profile, stored)]
    for profile in new:
        since = profile.valid_from or BEGINNING
        replaced = [one for one in is_open.values() if one.data["body"] == profile.body and one.valid_until is None]
        for one in replaced:
            close_profile(connection, one.profile_id, since)
        add_profile(connection, site_id, profile.to_json(), since if stored else BEGINNING)
    return new


def _is_past(profile: Profile, stored: Sequence[StoredProfile]) -> bool:
    """Tell whether a profile is one that was closed, learned once more from captures of its time."""
    closed = [
        one for one in stored if one.valid_until is not None and _template(Profile.from_json(one.data)) == _template(profile)
    ]
    return any(profile.valid_from is not None and one.valid_until and profile.valid_from < one.valid_until for one in closed)


class DriftWatch:
    """Watches the open profiles of one site while its pages are read."""

    def __init__(self, connection: Connection, site_id: int) -> None:
        self.verdicts: list[Verdict] = []
        self._open = {
            str(one.data["body"]): (one.profile_id, Watch(Profile.from_json(one.data)))
            for one in stored_profiles(connection, site_id)
            if one.valid_until is None
        }

    def add(self, seen: Observation) -> int | None:
        """Take in one page; return the key of the profile that no longer holds, None when all hold.

        A page that no profile fits counts against the profile of a site that has but one template.
        """
        template = seen.template or (next(iter(self._open)) if len(self._open) == 1 else None)
        if template not in self._open:
            return None
        profile_id, watch = self._open[template]
        verdict = watch.add(seen)
        if verdict is None:
            return None
        self.verdicts.append(verdict)
        del self._open[template]
        return profile_id


def _template(profile: Profile) -> tuple[object, ...]:
    return profile.body, profile.scope, profile.facts_in_body, profile.thread
