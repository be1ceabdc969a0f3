"""A profile for people: as a table, and as the module in which it is corrected."""

from dataclasses import fields

from rich.table import Table

from pipelines.comments import ThreadRules
from pipelines.profiles import Profile

# The facts of an article by the names of their selectors for corrections: their learned rules, and
# what lessons have.
_FACTS = {
    "headline": ("headline", "headline"), "authors": ("authors", "authors"),
    "role": ("about", "authors"),
    "date": ("dates", "date_published"), "section": ("section", "article_section"),
    "keywords": ("keywords", "keywords"),
}  # fmt: skip


def profile_table(profile: Profile, state: str) -> Table:
    """Return *profile* as a table; *state* is whether it is new, known, holds or held."""
    table = Table(title=f"{profile.site}: {state}", title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    rows = [
        ("body", profile.body),
        ("dropped in it", ", ".join(profile.drop)),
        ("around the article", profile.scope or ""),
    ]
    rows += [(name, getattr(profile, name) or _learned(profile, name)) for name in _FACTS]
    if profile.thread is not None:
        rows += [
            (f"comments: {one.name}", _shown(getattr(profile.thread, one.name)))
            for one in fields(ThreadRules)
        ]
    rows += [
        ("recurring", f"{one.begin} ({one.pages} pages, {one.share:.0%})")
        for one in profile.furniture
    ]
    rows += [
        ("shown on", ", ".join(f"{name} {share:.0%}" for name, share in profile.expected.items())),
        ("taught otherwise", ", ".join(profile.taught)),
        (
            "read alike",
            f"{profile.confidence:.1%} of the fields of {len(profile.learned_from)} "
            f"pages, such as {_example(profile)}",
        ),
    ]
    for name, words in rows:
        if words:
            table.add_row(name, words)
    return table


def _learned(profile: Profile, name: str) -> str:
    """Return where a fact was learned to be, or that pages do not show it; nothing where it is
    searched for.
    """
    rule, field = _FACTS[name]
    css: str | None = getattr(profile.facts, rule)
    if css is not None or rule not in profile.facts.stated:
        return css or ""
    return "only stated for machines" if profile.expected.get(field) else "on no page"


def _example(profile: Profile) -> str:
    return next(iter(profile.learned_from), "none")


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _remark(profile: Profile, name: str) -> str:
    learned = _learned(profile, name)
    return f"  # learned: {learned}" if learned else ""


def profile_module(profile: Profile) -> str:
    """Return *profile* as a Python module: what was learned, to be corrected; each field in it wins
    over what is learned.
    """
    lines = [
        f'"""The template of {profile.site}, corrected by hand; used where '
        'PROFILE_MODULES names this module."""',
        "",
        "from pipelines.comments import ThreadRules",
        "from pipelines.profiles import Profile",
        "",
        "PROFILE = Profile(",
        f"    site={profile.site!r},",
        f"    body={profile.body!r},",
        f"    scope={profile.scope!r},",
        f"    drop={profile.drop!r},",
    ]
    lines += [f"    {name}={getattr(profile, name)!r},{_remark(profile, name)}" for name in _FACTS]
    if profile.thread is None:
        lines.append("    thread=None,")
    else:
        lines.append("    thread=ThreadRules(")
        lines += [
            f"        {one.name}={getattr(profile.thread, one.name)!r},"
            for one in fields(ThreadRules)
        ]
        lines.append("    ),")
    return "\n".join([*lines, ")", ""])
