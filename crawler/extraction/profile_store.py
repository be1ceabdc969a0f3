"""The profiles of a site: learned ones from the archive, hand-made ones from the modules that
PROFILE_MODULES names.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from sqlalchemy import Connection

from pipelines.learning import WINDOW, SiteWatch, observation_of
from pipelines.profiles import BadProfile, Profile
from storage.crawl import (
    BEGINNING,
    StoredProfile,
    add_profile,
    chosen_sites,
    close_profile,
    last_readings,
    stored_profiles,
)


def profiles_for(connection: Connection, url: str, modules: Sequence[str]) -> tuple[Profile, ...]:
    """Return the profiles of the site of *url*, none where nothing is known of it. Raises
    BadProfile.
    """
    known = chosen_sites(connection, url)
    return load_profiles(connection, *known[0], modules) if known else ()


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
