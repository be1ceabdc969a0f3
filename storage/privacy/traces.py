"""Erased addresses and words in what was noted of others: profiles, runs, details of fetches and
pages.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database import fetches, pages, profiles, runs
from storage.privacy.erasure_request import Plan
from storage.privacy.spellings import finder_of

ERASED = "an erased page"


def clear_traces(connection: Connection, plan: Plan) -> None:
    """Take the addresses of erased pages out of profiles and runs, and erased words out of what
    profiles quote of boilerplate.
    """
    _clear_profiles(connection, plan)
    if plan.urls:
        _clear_runs(connection, plan)
        _clear_details(connection, plan)


def _clear_profiles(connection: Connection, plan: Plan) -> None:
    finds = finder_of(plan.words)
    for row in connection.execute(
        select(profiles.c.id, profiles.c.profile, profiles.c.learned_from)
    ).all():
        kept = [url for url in row.learned_from or () if url not in plan.urls]
        profile = {**row.profile, "learned_from": kept}
        if "furniture" in profile:
            profile["furniture"] = [
                _unquoted(block) if finds(block["begin"]) else block
                for block in profile["furniture"]
            ]
        if profile != {"learned_from": [], **row.profile}:
            connection.execute(
                update(profiles)
                .where(profiles.c.id == row.id)
                .values(profile=profile, learned_from=kept)
            )


def _unquoted(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block of boilerplate without its words; its fingerprint recognises it all
    the same.
    """
    return {**block, "begin": ""}


def _clear_runs(connection: Connection, plan: Plan) -> None:
    """A run's verdict names the first page on which a template had changed."""
    for row in connection.execute(select(runs.c.id, runs.c.counters, runs.c.reasons)).all():
        reasons = [_unnamed(reason, plan) for reason in row.reasons or ()]
        drift = [_unnamed(change, plan) for change in (row.counters or {}).get("drift", ())]
        if reasons != (row.reasons or []):
            connection.execute(update(runs).where(runs.c.id == row.id).values(reasons=reasons))
        if drift != (row.counters or {}).get("drift", []):
            connection.execute(
                update(runs)
                .where(runs.c.id == row.id)
                .values(counters={**row.counters, "drift": drift})
            )


def _unnamed(sentence: str, plan: Plan) -> str:
    for url in plan.urls:
        sentence = sentence.replace(url, ERASED)
    return sentence


def _clear_details(connection: Connection, plan: Plan) -> None:
    """A detail may name where a redirect led, or what an answer referred to."""
    for table in (pages, fetches):
        for url in sorted(plan.urls):
            quoting = update(table).where(table.c.detail.contains(url, autoescape=True))
            connection.execute(quoting.values(detail=None))
