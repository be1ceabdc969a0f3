"""Articles and comments as a corpus, and commenters as a network: what they hold, and which
programs read them.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from lxml import etree

from storage.database import Archive
from storage.exports import ExportRequest, export
from storage.exports.fields import COMMENT
from storage.exports.network import Network
from storage.exports.tokens import sentences
from storage.exports.xml_text import attribute, content
from storage.privacy import ErasureRequest, Pseudonyms, erase, make_plan
from tests.crawling import ROOT, knipsel
from tests.sample_archive import ARTICLES, fill

KEY = bytes(range(32))

Make = Callable[..., tuple[Path, dict[str, Any]]]


@pytest.fixture
def make(sample: Archive, tmp_path: Path) -> Make:
    def made(dataset: str, name: str, **more: Any) -> tuple[Path, dict[str, Any]]:
        form = {"corpus": "vrt", "network": "gexf"}[dataset]
        request = ExportRequest(dataset=dataset, form=form, **more)
        return tmp_path / name, export(sample, request, Pseudonyms(KEY), tmp_path / name)

    return made


def cut(text: str) -> list[str]:
    """Return the sentences of *text*, tokens divided by spaces, "_" before one that is glued."""
    return [
        " ".join(f"{'_' * token.is_glued}{token.text}" for token in sentence)
        for sentence in sentences(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De molen draait.", ["De molen draait _."]),
        ("Mooi! Wanneer weer? Morgen.", ["Mooi _!", "Wanneer weer _?", "Morgen _."]),
        ("Dat kost € 1.250,50 (ca. 20%).", ["Dat kost € 1.250,50 ( _ca _. 20 _% _) _."]),
        ("Om 10:21 op 3.5.2014", ["Om 10:21 op 3.5.2014"]),
        ("'s Avonds zo'n e-mail, 't foto’s", ["'s Avonds zo'n e-mail _, 't foto’s"]),
        ("‘s Avonds zo´n foto`s van ‘t huis", ["‘s Avonds zo´n foto`s van ‘t huis"]),
        ("´Ja´ zei `s", ["´ _Ja _´ zei `s"]),
        ("Hij zei: “Nee.” Toen ging hij.", ["Hij zei _: “ _Nee _. _”", "Toen ging hij _."]),
        ("D.w.z. J.P. Coen en dhr. A. Wit.", ["D.w.z. J.P. Coen en dhr _. A _. Wit _."]),
        ("Kijk op https://molen.example/a_(b)?x=1. Of mail an@molen.example!",
         ["Kijk op https://molen.example/a_(b)?x=1 _.", "Of mail an@molen.example _!"]),
        ("Echt?!! Ja...", ["Echt _? _!!", "Ja _..."]),
        ("één cafe\u0301 👍🏽👍🏽 👩‍👧", ["één cafe\u0301 👍🏽 _👍🏽 👩‍👧"]),
        ("regel een\nregel twee", ["regel een", "regel twee"]),
        ("min. 3 stuks. nee", ["min _. 3 stuks _. nee"]),
        (" \n ", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_sentences_and_tokens(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "part", ["a", "a.", "a-", "'", "@", "1,", "👍", "(", "www.", "a@a.", "A. "]
)
def test_a_long_text_loses_nothing_and_takes_a_time_that_its_length_says(part: str) -> None:
    text = part * 30_000
    (tokens,) = ["".join(token.text for sentence in sentences(text) for token in sentence)]
    assert tokens == text.replace(" ", "")


def test_what_xml_forbids_or_means_is_no_harm() -> None:
    value = 'a "b" <c> & \x0b\x1b\ud800\n\td'
    for shown in (f"<t a={attribute(value)}/>", f"<t>{content(value)}</t>"):
        read = etree.fromstring(shown)
        assert " ".join((read.get("a") or read.text or "").split()) == 'a "b" <c> & d'
    assert attribute(None) == '""'


def test_a_corpus_has_a_text_for_each_article_and_comment(make: Make) -> None:
    path, told = make("corpus", "korpus.vrt")
    lines = path.read_text(encoding="utf-8").splitlines()
    # A vertical file of texts without unclosed elements is XML below one root.
    root = etree.fromstring("\n".join(("<corpus>", *lines, "</corpus>")))
    texts = {text.get("id"): text for text in root}
    assert len(texts) == told["contents"]["texts"] == len(ARTICLES) + 19
    tokens = [line for line in lines if not line.startswith("<")]
    assert len(tokens) == told["contents"]["tokens"]
    assert not any(re.search(r"\s", token) for token in tokens)
    article, comment = texts["a1"], texts["c3"]
    assert article.attrib == {
        "id": "a1", "kind": "article", "article": "a1", "parent": "", "depth": "",
        "site": "vakblad.example", "url": "https://vakblad.example/passie/",
        "headline": "Marketing met passie", "author": "|Karel Post|", "section": "Columns",
        "keywords": "|marketing|storytelling|", "language": "nl", "date": "2013-12-30",
        "year": "2013", "access": "full", "gone": "",
    }  # fmt: skip
    assert [len(paragraph.findall("s")) for paragraph in article.iter("p")] == [1, 1, 1]
    shown = {name: comment.get(name) for name in ("kind", "article", "parent", "depth", "date")}
    assert shown == {
        "kind": "comment", "article": "a1", "parent": "c1", "depth": "1", "date": "2013-12-31"
    }  # fmt: skip
    assert str(comment.get("author")).startswith("|lezer-")
    assert "".join(comment.itertext()).split() == "Onzin . Cijfers verkopen .".split()
    assert "Hanneke" not in "\n".join(lines)


def test_a_corpus_obeys_selection_names_masking_and_compression(make: Make) -> None:
    path, told = make(
        "corpus", "k.vrt.gz", compression="gzip", site="molenblog.example", names=True, mask=True,
        since=date(2023, 1, 1), until=date(2023, 8, 1),
    )  # fmt: skip
    text = gzip.decompress(path.read_bytes()).decode()
    assert told["rows"] == 1
    assert set(re.findall(r'site="([^"]*)"', text)) == {"molenblog.example"}
    assert 'author="|Molenaar Piet|"' in text
    assert "06-12345678" not in text
    _path, told = make("corpus", "t.vrt", training=True)
    assert told["left_out"] == {"tdm_reservation": 3}


def test_both_databases_give_the_same_corpus_and_network(make: Make) -> None:
    # Read with one's own eyes once.
    digests = [
        made["files"][0]["sha256"][:16]
        for made in (make("corpus", "k.vrt")[1], make("network", "n.gexf")[1])
    ]
    assert digests == ["fe1619e34bd05ff0", "241189c81787b05d"]


def test_networkx_reads_who_replies_to_whom(make: Make) -> None:
    path, told = make("network", "n.gexf")
    graph = nx.read_gexf(path)
    pseudonym = Pseudonyms(KEY).of
    assert graph.is_directed()
    assert told["contents"] == {"commenters": len(graph), "pairs": graph.number_of_edges()}
    assert set(graph) == {
        pseudonym(comment.author)
        for article in ARTICLES
        for comment in article.comments
        if comment.author
    } | {pseudonym("Lies")}
    hanneke, joost = pseudonym("Hanneke de Wit"), pseudonym("Joost")
    assert graph.edges[joost, hanneke]["weight"] == 1
    assert graph.edges[hanneke, joost]["weight"] == 1
    assert (graph.nodes[hanneke]["comments"], graph.nodes[hanneke]["is_staff"]) == (3, False)


def test_a_network_obeys_selection_and_names(make: Make) -> None:
    path, _told = make("network", "n.gexf", site="molenblog.example", names=True)
    graph = nx.read_gexf(path)
    assert set(graph.edges) == {("Molenaar Piet", "Wil"), ("Wil", "Molenaar Piet")}
    path, _told = make("network", "n.gexf", until=date(2013, 12, 31), names=True)
    graph = nx.read_gexf(path)
    assert set(graph) == {"Hanneke de Wit", "Bert", "Joost"}


def test_whoever_is_forgotten_is_in_neither(tmp_path: Path) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path}/archive.db")
    fill(archive)
    erase(archive, make_plan(archive, ErasureRequest(author="Wil"), tmp_path), tmp_path)
    for dataset, form in (("corpus", "vrt"), ("network", "gexf")):
        request = ExportRequest(dataset=dataset, form=form, names=True)
        export(archive, request, Pseudonyms(KEY), tmp_path / f"x.{form}")
    archive.close()
    assert "|Wil|" not in (tmp_path / "x.vrt").read_text(encoding="utf-8")
    assert "Wil" not in nx.read_gexf(tmp_path / "x.gexf")


def test_a_network_holds_counts_only(tmp_path: Path) -> None:
    """A hundred thousand comments more cost no memory where the pairs are the same."""
    request = ExportRequest(dataset="network", form="gexf")
    network = Network(COMMENT, request)
    file = network.open(tmp_path / "n.gexf")
    names = [f"lezer-{number}" for number in range(100)]
    replies = network.encode(
        {
            "author": names * 10,
            "parent_author": (names[1:] + names[:1]) * 10,
            "author_is_staff": [False] * 1_000,
        }
    )
    file.write(replies)
    tracemalloc.start()
    for _again in range(100):
        file.write(replies)
    held, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    file.close()
    assert held < 100_000
    assert nx.read_gexf(tmp_path / "n.gexf").edges["lezer-0", "lezer-1"]["weight"] == 1_010


def test_the_commands_of_the_document(tmp_path: Path) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path}/archive.db")
    fill(archive)
    archive.close()
    for dataset, name, said in (
        ("corpus", "korpus.vrt", f"{len(ARTICLES) + 19} texts, "),
        ("network", "antwoorden.gexf", "9 commenters, 5 pairs"),
        ("comments", "verzameling/", "19 comments"),
    ):
        more = ("--format", "csv") if name.endswith("/") else ()
        place = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
        ended = knipsel("export", dataset, f"{tmp_path}/{name}", *more, *place)
        assert ended.code == 0, ended.err
        assert said in ended.out
    assert (tmp_path / "verzameling" / "data" / "comments.csv").is_file()


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is missing")
def test_r_reads_every_text_as_it_is(sample: Archive, tmp_path: Path) -> None:
    """The document's own lines, on the sample."""
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```r\n(.*?)```", text, re.DOTALL)
    for name, form in (("reacties.csv", "csv"), ("reacties.jsonl", "jsonl")):
        request = ExportRequest(dataset="comments", form=form)
        export(sample, request, Pseudonyms(KEY), tmp_path / name)
    script = f"{lines}\nwriteLines(toJSON(list(csv$text, json$text, csv$date_created)))"
    script = script.replace(re.search(r"^arrow::.*$", script, re.MULTILINE)[0], "")  # type: ignore[index]
    done = subprocess.run(
        ["Rscript", "-e", script], cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    if "there is no package called" in done.stderr:
        pytest.skip("R lacks readr or jsonlite")
    assert done.returncode == 0, done.stderr
    from_csv, from_json, dates = json.loads(done.stdout)
    rows = [json.loads(line) for line in (tmp_path / "reacties.jsonl").read_text().splitlines()]
    assert from_json == [row["text"] for row in rows]
    assert [re.sub(r"^'(?=[=+@-])", "", one) for one in from_csv] == from_json
    assert dates == [row["date_created"] for row in rows]
