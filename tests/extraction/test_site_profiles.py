"""Profiles in the archive: learned from kept pages, used when these are read again, closed when the
template changes.
"""

from pathlib import Path

import pytest

from crawler.cli import profile_module
from crawler.extraction import hand_made, keep_profiles, learn_site, load_profiles
from crawler.offline import Order, reextract_pages
from pipelines.profiles import BadProfile, Profile
from storage.database import Archive, default_database
from storage.progress import no_report
from tests.crawling import ask, crawl, knipsel
from tests.foreign_captures import SITE, InlinePool, captured, take
from tests.local_site import LocalSite, Route
from tests.template_site import NOUNS, html


def learned(folder: Path) -> list[Profile]:
    archive = Archive.open(default_database(folder))
    with archive.begin() as connection:
        new = keep_profiles(connection, 1, learn_site(connection, folder, 1, SITE))
    archive.close()
    return new


def again(folder: Path, **order: bool) -> tuple[list[str], dict[str, int]]:
    archive = Archive.open(default_database(folder))
    changes = reextract_pages(archive, InlinePool(folder), Order(**order), no_report)  # type: ignore[arg-type]  # stands in
    archive.close()
    return changes.drift, dict(changes.articles)


def test_what_is_learned_is_used_and_known_the_second_time(tmp_path: Path) -> None:
    take(tmp_path, captured(tmp_path / "a", range(12)))
    (profile,) = learned(tmp_path)
    assert (profile.body, learned(tmp_path)) == ("div.tekst", [])
    assert again(tmp_path) == (
        [],
        {"changed": 12},
    )  # the recurring line goes out of the text, into removed_blocks
    assert again(tmp_path) == ([], {"unchanged": 12})
    (row,) = ask(tmp_path, "SELECT field_methods FROM articles LIMIT 1")
    assert '"headline": "profile"' in row["field_methods"]
    assert len(ask(tmp_path, "SELECT id FROM article_versions")) == 12
    assert len(ask(tmp_path, "SELECT id FROM removed_blocks WHERE reason = 'recurring'")) == 12


def test_a_changed_template_closes_its_profile_and_the_next_is_learned(tmp_path: Path) -> None:
    take(tmp_path, captured(tmp_path / "a", range(12)))
    learned(tmp_path)
    change = ('class="tekst"', 'class="artikelinhoud"')
    take(tmp_path, captured(tmp_path / "b", range(12, 24), change))
    dry, _articles = again(tmp_path, is_dry=True)
    assert ask(tmp_path, "SELECT valid_until FROM profiles")[0]["valid_until"] is None
    drift, _articles = again(tmp_path)
    assert drift == dry
    assert drift == [f"{SITE}: The site's template changed: article_body is no longer where it "
"stood, first seen on "
                     f"https://{SITE}/2014/01/{NOUNS[12]}-12/"]  # fmt: skip
    assert ask(tmp_path, "SELECT valid_until FROM profiles")[0]["valid_until"].startswith(
        "2026-01-13"
    )
    assert [profile.body for profile in learned(tmp_path)] == ["div.artikelinhoud"]
    spans = ask(tmp_path, "SELECT valid_from, valid_until FROM profiles ORDER BY id")
    assert [(row["valid_from"][:10], row["valid_until"] and row["valid_until"][:10])
        for row in spans] == [
        ("1990-01-01", "2026-01-13"), ("2026-01-13", None),
    ]  # fmt: skip


def test_corrections_by_hand_are_found_through_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(tmp_path, captured(tmp_path / "x", range(6)))
    learned(tmp_path)
    package = tmp_path / "met_de_hand"
    package.mkdir()
    (package / "dorpsblad.py").write_text(
        "from pipelines.profiles import Profile\n"
        f"PROFILE = Profile(site={SITE!r}, body='div.tekst', section='header.site > "
"a')\n", encoding="utf-8"
    )  # fmt: skip
    monkeypatch.syspath_prepend(tmp_path)
    archive = Archive.open(default_database(tmp_path))
    with archive.read() as connection:
        (profile,) = load_profiles(connection, 1, SITE, ["met_de_hand"])
    archive.close()
    assert (profile.section, profile.confidence) == ("header.site > a", 1.0)
    with pytest.raises(BadProfile, match="PROFILE_MODULES names geen_module"):
        hand_made(["geen_module"])


def test_a_written_module_holds_what_was_learned(tmp_path: Path) -> None:
    take(tmp_path, captured(tmp_path / "x", range(6)))
    (profile,) = learned(tmp_path)
    names: dict[str, Profile] = {}
    exec(profile_module(profile), names)  # noqa: S102  # our own module
    written = names["PROFILE"]
    assert (written.body, written.scope, written.thread) == (
        profile.body,
        profile.scope,
        profile.thread,
    )
    assert profile.corrected_by(written) == profile


def test_the_commands_learn_show_and_write_a_module(tmp_path: Path) -> None:
    take(tmp_path / "a", captured(tmp_path / "x", range(6)))
    settings = ("-s", f"KNIPSEL_ARCHIVE={tmp_path / 'a'}")
    assert knipsel("profile", SITE, *settings).code == 2
    first = knipsel("learn", SITE, *settings)
    assert (first.code, f"{SITE}: new" in first.out, "div.tekst" in first.out) == (0, True, True), (
        first.err
    )
    shown = knipsel("profile", SITE, *settings)
    assert (shown.code, "comments: record" in shown.out, "li.comment" in shown.out) == (
        0,
        True,
        True,
    ), shown.err
    nobody = knipsel("learn", "elders.example", *settings)
    assert (nobody.code, "takes three kept articles" in nobody.err) == (2, True)


def test_a_crawl_reads_by_what_was_learned(tmp_path: Path) -> None:
    links = "".join(f'<a href="/2014/01/{NOUNS[n % 18]}-{n}/">{n}</a> ' for n in range(6))
    routes: dict[str, Route] = {"/": f"<html><body>{links}</body></html>"}
    routes |= {f"/2014/01/{NOUNS[n % 18]}-{n}/": html(n) for n in range(6)}
    with LocalSite(routes) as site:
        assert crawl(f"{site.url}/", tmp_path).code == 0
        host = site.url.removeprefix("http://")
        assert knipsel("learn", host, "-s", f"KNIPSEL_ARCHIVE={tmp_path}").code == 0
        assert crawl(f"{site.url}/", tmp_path, "-a", "refresh=all").code == 0
    assert [row["method"] for row in ask(tmp_path, "SELECT DISTINCT method FROM articles")] == [
        "profile"
    ]
    assert ask(tmp_path, "SELECT id FROM comments WHERE gone_at IS NOT NULL") == []
