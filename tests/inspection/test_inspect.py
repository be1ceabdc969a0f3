"""How a page was read, and why: from Python, as data, in colours, and by the command."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.inspection import coloured_page, inspect_page
from storage.records import Page
from tests.crawling import ROOT, Ended, crawl, knipsel
from tests.local_site import LocalSite

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
PAGE = """<html lang="nl"><head><title>De brug blijft dicht</title></head><body>
<div class="top"><a href="/">De Vaartbode</a></div><div class="m"><h1>De brug blijft dicht</h1>
<p class="byline">Door <span class="author">Anna de Wit</span> op 31 brumaire IX</p>
<div class="t"><p>De brug over de vaart werd weer een dag later geopend dan de gemeente had
beloofd, en de schippers wachtten met hun koffie op de kade tot de wachter kwam.</p>
<p>De wachter zelf zegt dat het hek van de sluis klemt &amp; dat er <b>niets</b> aan te doen is
voor de winter voorbij is.</p></div>
<h3>3 reacties</h3><ol class="commentlist">
<li class="comment" id="comment-1"><cite class="fn">Bram</cite>
<a href="#comment-1">4 mei 2019 om 11:04</a>
<div class="comment-content"><p>Dat duurt weer lang.</p></div><ol class="children">
<li class="comment" id="comment-2"><cite class="fn">Fenna</cite>
<a href="#comment-2">4 mei 2019 om 12:10</a>
<div class="comment-content"><p>Zeg dat wel, &lt;script&gt; of niet.</p></div></li></ol></li></ol>
</div></body></html>"""


def page(body: str = PAGE) -> Page:
    return Page(url="https://vaartbode.example/brug/", body=body.encode(), fetched_at=NOW)


def test_every_field_is_there_with_its_value_or_the_reason_why_it_is_empty() -> None:
    found = inspect_page(page())
    fields = {field.name: field for field in found.fields}
    assert fields["headline"].value == "De brug blijft dicht"
    assert fields["authors"].value == "Anna de Wit"
    assert all(field.value or field.lacks for field in found.fields)
    assert found.profile is None
    assert "comments: 3 declared, 2 read (unknown)" in found.missing


def test_what_the_page_shows_and_was_not_read_is_told_with_its_words() -> None:
    shown = "<p class='wie'>Opgetekend: Par Anna de Wit</p>"
    found = inspect_page(page(PAGE.replace('<p class="byline">', shown + "<p hidden>")))
    (authors,) = [field for field in found.fields if field.name == "authors"]
    if authors.value is None:
        assert authors.lacks is not None
        assert "Par Anna de Wit" in authors.lacks


def test_a_page_that_is_no_article_has_its_reason() -> None:
    found = inspect_page(page("<html><body><h1>Leeg</h1></body></html>"))
    assert (found.article, found.refusal is not None) == (None, True)
    assert inspect_page(page("")).refusal is not None
    binary = Page(
        url="https://vaartbode.example/a",
        body=b"%PDF",
        fetched_at=NOW,
        content_type="application/pdf",
    )
    assert inspect_page(binary).refusal == (
        "not_html",
        "The answer is application/pdf, not a page.",
    )


def test_the_page_is_coloured_by_role_and_nothing_in_it_is_alive() -> None:
    shown = coloured_page(inspect_page(page()))
    for role, words in (
        ("headline", "De brug blijft dicht"),
        (
            "text",
            "De wachter zelf zegt dat het hek van de sluis klemt &amp; dat er niets aan te doen is",
        ),
        ("comment", "Zeg dat wel, &lt;script&gt; of niet."),
        ("none", "De Vaartbode"),
    ):
        assert any(f'class="l {role}"' in line and words in line for line in shown.splitlines()), (
            role
        )
    assert "<script" not in shown
    assert "<a " not in shown


def test_what_was_cut_from_the_text_is_coloured_with_its_reason() -> None:
    box = '<div class="newsletter-signup"><p>Meld je aan voor onze nieuwsbrief.</p></div>'
    shown = coloured_page(
        inspect_page(page(PAGE.replace("<h3>3 reacties", f"{box}<h3>3 reacties")))
    )
    (line,) = [line for line in shown.splitlines() if "Meld je aan" in line]
    assert 'class="l cut" title="newsletter"' in line
    assert 'class="l text"' in shown


@pytest.mark.parametrize("page_file", sorted((ROOT / "tests" / "pages").glob("*/*/page.html")))
def test_any_golden_page_is_inspected_at_once(page_file: Path) -> None:
    expected = json.loads((page_file.parent / "expected.json").read_text(encoding="utf-8"))["page"]
    golden = Page(
        url=expected["url"],
        body=page_file.read_bytes(),
        fetched_at=datetime.fromisoformat(expected["fetched_at"]),
        content_type=expected.get("content_type"),
    )
    began = time.process_time()
    found = inspect_page(golden)
    coloured_page(found)
    assert time.process_time() - began < 1.0
    assert (found.article is None) == (found.refusal is not None)


def inspect(folder: Path, *arguments: str) -> Ended:
    return knipsel("inspect", *arguments, "-s", f"KNIPSEL_ARCHIVE={folder}")


def test_the_command_reads_a_file_a_live_page_and_the_archive_and_stores_nothing(
    tmp_path: Path,
) -> None:
    saved, colours, folder = tmp_path / "brug.html", tmp_path / "how.html", tmp_path / "archive"
    saved.write_text(PAGE, encoding="utf-8")
    ended = inspect(folder, str(saved), "--html", str(colours))
    assert ended.code == 0, ended.err
    assert "Missing:\n  comments: 3 declared, 2 read (unknown)" in ended.out.replace("   ", "")
    assert "    #2 Fenna, 2019-05-04 12:10" in ended.out
    assert "De brug blijft dicht" in colours.read_text(encoding="utf-8")
    with LocalSite({"/brug/": PAGE, "/oud/": (301, {"Location": "/brug/"}, b"")}) as site:
        live = inspect(folder, f"{site.url}/oud/", "--json")
        assert json.loads(live.out)["from"] == "fetched now, not stored"
        assert json.loads(live.out)["url"] == f"{site.url}/brug/"
        assert not folder.exists()
        site.routes["/"] = '<html><body><a href="/oud/">De brug</a></body></html>'
        crawl(f"{site.url}/", folder)
        asked = len(site.asked)
        kept = inspect(folder, f"{site.url}/oud/", "--json")
        assert json.loads(kept.out)["from"] == "from the archive"
        assert json.loads(kept.out)["article"]["headline"] == "De brug blijft dicht"
        assert len(site.asked) == asked


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ({"/robots.txt": "User-agent: *\nDisallow: /brug/"}, "robots.txt forbids"),
        ({"/robots.txt": (503, {}, b"")}, "robots.txt forbids"),
        ({"/brug/": (404, {}, b"")}, "status 404"),
        ({"/brug/": (302, {"Location": "https://elders.example/"}, b"")}, "another site"),
        ({"/brug/": (301, {"Location": "/brug/"}, b"")}, "do not end"),
    ],
)
def test_what_a_crawl_may_not_fetch_is_not_fetched_here(
    route: dict[str, str | tuple[int, dict[str, str], bytes]], words: str, tmp_path: Path
) -> None:
    with LocalSite({"/brug/": PAGE, **route}) as site:
        ended = inspect(tmp_path / "archive", f"{site.url}/brug/")
    assert ended.code == 2
    assert words in ended.err
