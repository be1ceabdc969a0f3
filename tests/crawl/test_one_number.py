"""An article counts once, whatever addresses lead to it, is known by each of them, and is never
stored without the answer that it was read from.
"""

import json
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from storage.articles import NotThere, article_named, find_article, newest_capture, read_article
from storage.database import Archive, default_database
from storage.maintenance import verify_archive
from storage.warc import read_original
from tests.browsing import browsing
from tests.crawling import ask, crawl, knipsel
from tests.local_site import LocalSite, Route

BODY = "".join(
    f"<p>De sluis van week {week} ging later open dan beloofd, en de schippers dronken op de kade"
    " koffie tot de wachter kwam met zijn fiets en zijn sleutels.</p>"
    for week in range(3, 8)
)
WAYS = ("/2/", "/2", "/kort/2", "/stap/2")  # to the second article of the village


def page(number: int) -> str:
    return f"""<html lang="nl"><head><title>Sluis {number}</title></head><body><main><article>
    <h1>Sluis {number}</h1><p class="byline">Door <span class="author">Anna de Wit</span> op
    <time datetime="2019-05-0{number}T10:00:00+02:00">{number} mei 2019</time></p>{BODY}</article>
    <h2>1 reactie</h2><ol class="comment-list"><li class="comment" id="comment-{number}">
    <cite class="fn">Bram</cite> <time datetime="2019-05-09T10:00:00+02:00">9 mei 2019</time>
    <div class="comment-content"><p>Weer te laat, sluis {number}.</p></div></li></ol></main>
    </body></html>"""


def village() -> dict[str, Route]:
    """Return a site whose three articles are linked by seven addresses."""
    leads = ["/1/", "/1", "/oud/1", "/2/", "/kort/2", "/3/", "/3"]
    links = "".join(f'<li><a href="{url}">Sluis</a></li>' for url in leads)
    home = f"<html><head><title>Sluisbode</title></head><body><ul>{links}</ul></body></html>"
    return {
        "/": home, "/1/": page(1), "/1": page(1), "/2/": page(2), "/3/": page(3),
        "/3": (301, {"Location": "/3/"}, b""), "/oud/1": (301, {"Location": "/1/"}, b""),
        "/kort/2": (302, {"Location": "/stap/2"}, b""), "/stap/2": (302, {"Location": "/2/"}, b""),
    }  # fmt: skip


def test_table_progress_runs_report_and_export_say_one_number(tmp_path: Path) -> None:
    archive = ("-s", f"KNIPSEL_ARCHIVE={tmp_path / 'a'}")
    slow = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nCrawl-delay: 1")  # has progress
    with LocalSite(village() | {"/robots.txt": slow}) as site:
        for number, new in ((1, 3), (2, 0)):
            ended = crawl(site.url, tmp_path / "a", "-a", "refresh=all")
            assert ended.code == 0, ended.err
            assert f"3 ({new} new)" in ended.out
            assert "3 articles, 3 comments" in ended.err
            told = json.loads(knipsel("runs", "--json", *archive).out)["runs"][0]
            counters = told["counters"]
            assert (told["run"], counters["articles"], counters["comments"]) == (number, 3, 3)
            assert (counters["articles_new"], counters["articles_changed"]) == (new, 0)
            assert (counters["declared"], counters["captured"]) == (3, 3)
    report = json.loads(knipsel("report", "--json", *archive).out)
    assert '"articles": 3' in json.dumps(report)
    out = tmp_path / "articles.jsonl"
    assert knipsel("export", "articles", str(out), *archive).code == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    assert ask(tmp_path / "a", "SELECT COUNT(*) AS n FROM article_versions") == [{"n": 0}]

    opened = Archive.open(default_database(tmp_path / "a"))
    with opened.read() as connection:
        for way in WAYS:
            key = find_article(connection, f"{site.url}{way}")
            assert read_article(connection, key).article["url"] == f"{site.url}/2/"
            fetch = newest_capture(connection, key)
            original = read_original(connection, tmp_path / "a" / "warc", fetch)
            assert b"Sluis 2" in original.body
        with pytest.raises(NotThere):
            find_article(connection, f"{site.url}/4/")
        for words in ("Sluis 2", "/2/", f"{site.url}/4/", "https://", "https:// [::"):
            assert article_named(connection, words) is None
    opened.close()
    article = f"{site.url}/2/"
    with browsing(tmp_path / "a") as room:
        for way in WAYS:
            url = f"{site.url}{way}"
            (hit,) = json.loads(knipsel("search", url, "--json", *archive).out)["hits"]
            assert (hit["url"], hit["headline"]) == (article, "Sluis 2")
            assert article in knipsel("diff", url, *archive).out
            inspected = json.loads(knipsel("inspect", url, "--json", *archive).out)
            assert (inspected["from"], inspected["url"]) == ("from the archive", article)
            for asked in (f"/search?q={quote(url)}", f"/article?url={quote(url)}"):
                found = urlopen(f"{room}{asked}")  # noqa: S310  # our own server
                assert article in found.read().decode()
                original = urlopen(f"{found.url}/original")  # noqa: S310  # as above
                assert original.status == 200
    (hit,) = json.loads(knipsel("search", article.partition("://")[2], "--json", *archive).out)[
        "hits"
    ]
    assert hit["url"] == article
    assert "answers" in knipsel("search", f"{site.url}/4/", *archive).out


def test_an_answer_whose_bytes_nobody_kept_is_captured_all_the_same(tmp_path: Path) -> None:
    other = '{"http": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"}'
    with LocalSite(village()) as site:
        ended = crawl(site.url, tmp_path, "-s", f"DOWNLOAD_HANDLERS={other}")
        assert ended.code == 0, ended.err
    kept = ask(tmp_path, "SELECT detail, warc_file FROM fetches WHERE status = 200")
    assert all(row["warc_file"] for row in kept)
    assert {row["detail"] for row in kept} == {
        "The capture was made of the answer: what fetched it kept no bytes."
    }
    opened = Archive.open(default_database(tmp_path))
    assert list(verify_archive(opened, tmp_path)) == []
    with opened.begin() as connection:
        connection.exec_driver_sql("UPDATE fetches SET warc_file = NULL WHERE url LIKE '%/2/'")
    told = [finding.text for finding in verify_archive(opened, tmp_path)]
    assert any(text.startswith("1 articles have no capture, such as ") for text in told)
    opened.close()
