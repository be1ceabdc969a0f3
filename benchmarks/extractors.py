"""One table of text quality and CPU: this product without and with profiles, and other extractors,
on the same pages in one run.

    python benchmarks/extractors.py SHARED_FOLDER

The pages are those of SHARED_FOLDER/gold/samples (a site's own database tells what is right) and of
the sites with four pages or more in SHARED_FOLDER/gold/pages. Profiles are learned on the first
five pages of a site (three where it has fewer than eight); they and everything else are scored on
the rest. Of the sentences of the gold that a text lacks, some are "kept aside" in
``removed_blocks``, the others are nowhere. CPU is of this process, parsing and decoding included.
Extractors that are not installed are left out.
"""

import argparse
import gc
import importlib
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.samples import Sample, samples
from pipelines.article import NotAnArticle, extract
from pipelines.document import open_document
from pipelines.learning import learn
from pipelines.profiles import Profile
from storage.records import Article

_WORD = re.compile(r"\w+")

Text = Callable[[str], str]


@dataclass
class Score:
    """What one extractor made of all pages."""

    body: list[float] = field(default_factory=list)
    furniture: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    aside: int = 0  # lost sentences that are kept as cut, with the reason
    nowhere: int = 0
    facts: dict[str, list[bool]] = field(default_factory=dict)
    comments: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def words(text: str) -> list[str]:
    """Return a text's words."""
    return _WORD.findall(text.lower())


def f1(found: str, wanted: str) -> float:
    """Return how much two texts have the same words."""
    one, other = Counter(words(found)), Counter(words(wanted))
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 1.0


def sentences(text: str) -> list[str]:
    """Return the words of each sentence of *text* that has three or more."""
    found = (" ".join(words(sentence)) for sentence in re.split(r"(?<=[.!?])\s+|\n+", text))
    return [sentence for sentence in found if sentence.count(" ") >= 2]


def missing(of: str, in_text: str) -> list[str]:
    """Return the sentences of one text that the other lacks."""
    there = " ".join(words(in_text))
    return [sentence for sentence in sentences(of) if sentence not in there]


def add(score: Score, body: str, sample: Sample, cut: str = "") -> None:
    """Count one page's text; *cut* is what was taken out of it and kept."""
    score.body.append(f1(body, sample.body))
    score.furniture.append(len(missing(body, sample.body)) / max(len(sentences(body)), 1))
    lost = missing(sample.body, body)
    score.lost.append(len(lost) / max(len(sentences(sample.body)), 1))
    kept = " ".join(words(cut))
    score.aside += sum(sentence in kept for sentence in lost)
    score.nowhere += sum(sentence not in kept for sentence in lost)


def add_facts(score: Score, article: Article, sample: Sample) -> None:
    """Count one page's facts and comments."""
    facts = score.facts
    facts.setdefault("title", []).append(words(article.headline) == words(sample.title or ""))
    named = {" ".join(words(author.name)) for author in article.authors}
    facts.setdefault("author", []).append(
        named == {" ".join(words(name)) for name in sample.authors or ()}
    )
    if sample.published is not None:
        found = article.date_published
        minute = found is not None and found.replace(
            second=0, microsecond=0
        ) == sample.published.replace(second=0, microsecond=0)
        facts.setdefault("minute", []).append(minute)
    if sample.comments is None:
        return
    one = Counter(" ".join(words(comment.text)) for comment in article.comments)
    other = Counter(" ".join(words(text)) for text in sample.comments)
    score.comments.update(
        right=sum((one & other).values()), found=sum(one.values()), wanted=sum(other.values())
    )


def run_product(score: Score, pages: Sequence[Sample], profiles: Sequence[Profile]) -> None:
    """Read *pages* with the product."""
    for sample in pages:
        start = time.process_time()
        try:
            article = extract(sample.page, profiles)
        except NotAnArticle as refusal:
            article = Article(
                url=sample.page.url, headline="", article_body="", description=str(refusal)
            )
        score.seconds += time.process_time() - start
        add(
            score,
            article.article_body,
            sample,
            "\n".join(block.text for block in article.removed_blocks),
        )
        add_facts(score, article, sample)


def run_other(score: Score, pages: Sequence[Sample], text_of: Text) -> None:
    """Read *pages* with another extractor."""
    for sample in pages:
        html = sample.page.body.decode("utf-8", "replace")
        start = time.process_time()
        try:
            body = text_of(html)
        except Exception as error:  # an extractor's failure is its score
            body = f"{type(error).__name__}"
        score.seconds += time.process_time() - start
        add(score, body, sample)


def warm_up(sample: Sample, profiles: Sequence[Profile]) -> None:
    """Read one page with everything, uncounted: what is compiled or loaded on first use is nobody's
    cost.
    """
    run_product(Score(), [sample], ())
    run_product(Score(), [sample], profiles)
    for text_of in others().values():
        run_other(Score(), [sample], text_of)
    gc.collect()
    gc.freeze()  # nobody's collections walk through the libraries of the others


def others() -> dict[str, Text]:
    """Return the other extractors that are installed."""
    found: dict[str, Text] = {}
    trafilatura = importlib.import_module("trafilatura")
    found["trafilatura"] = lambda html: getattr(trafilatura.bare_extraction(html), "text", "") or ""
    found["trafilatura, metadata"] = lambda html: (
        getattr(trafilatura.bare_extraction(html, with_metadata=True), "text", "") or ""
    )
    found["trafilatura fast"] = lambda html: (
        getattr(trafilatura.bare_extraction(html, fast=True), "text", "") or ""
    )
    for name, make in _OTHERS.items():
        with suppress(ImportError):
            found[name] = make()
    return found


def _readability() -> Text:
    readability, html = importlib.import_module("readability"), importlib.import_module("lxml.html")
    return lambda page: html.fromstring(readability.Document(page).summary()).text_content()


def _newspaper() -> Text:
    newspaper = importlib.import_module("newspaper")
    return lambda page: (
        newspaper.article(
            "https://example.org/a", input_html=page, language="nl", fetch_images=False
        ).text
    )


def _news_please() -> Text:
    from_html = importlib.import_module("newsplease").NewsPlease.from_html
    return lambda page: (
        from_html(page, url="https://example.org/a", fetch_images=False).maintext or ""
    )


def _resiliparse() -> Text:
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda page: plain(page, main_content=True)


_OTHERS: dict[str, Callable[[], Text]] = {
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "news-please": _news_please,
    "resiliparse": _resiliparse,
}


def table(scores: dict[str, Score]) -> Table:
    """Return the scores as a table; CPU also as a share of trafilatura's."""
    columns = (
        "",
        "pages",
        "text F1",
        "furniture left",
        "text lost",
        "kept aside, nowhere",
        "title",
        "author",
        "minute",
        "comments F1",
        "ms a page",
        "CPU",
    )
    answer = Table(
        *columns, title="Text quality and CPU, macro means over pages", title_justify="left"
    )
    base = scores["trafilatura"].seconds
    for name, score in scores.items():
        count = len(score.body)
        facts = [
            f"{sum(values) / len(values):.3f}" if (values := score.facts.get(key)) else ""
            for key in ("title", "author", "minute")
        ]
        total = score.comments["found"] + score.comments["wanted"]
        thread = f"{2 * score.comments['right'] / total:.3f}" if total else ""
        shares = [sum(values) / count for values in (score.body, score.furniture, score.lost)]
        cells = [
            f"{shares[0]:.3f}",
            f"{shares[1]:.1%}",
            f"{shares[2]:.1%}",
            f"{score.aside}, {score.nowhere}",
            *facts,
            thread,
        ]
        answer.add_row(
            name,
            str(count),
            *cells,
            f"{1000 * score.seconds / count:.1f}",
            f"{score.seconds / base:.2f}",
        )
    return answer


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    shared = arguments.parse_args().shared
    scores: dict[str, Score] = {}
    for site, pages in samples(shared):
        lessons = 5 if len(pages) >= 8 else 3
        profiles = learn(site, [open_document(sample.page) for sample in pages[:lessons]])
        rest = pages[lessons:]
        warm_up(pages[0], profiles)
        run_product(scores.setdefault("knipsel", Score()), rest, ())
        run_product(scores.setdefault("knipsel with profiles", Score()), rest, profiles)
        for name, text_of in others().items():
            run_other(scores.setdefault(name, Score()), rest, text_of)
    Console(width=170).print(table(scores))


if __name__ == "__main__":
    main()
