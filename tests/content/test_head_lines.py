"""Lines around a text that say by whom it is and when it was published are no part of it."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

FIRST = "De sluis bij het oude gemaal gaat na drie jaar weer open, meldt het waterschap."
LAST = "Aan de kade komen banken, en de sluiswachter krijgt een nieuw huisje."
TEXT = (FIRST, "Schippers voeren al die tijd om over het kanaal, en dat kostte een uur.", LAST)
META = "<meta property='article:published_time' content='2014-05-09T14:10:00+02:00'>"


def body(before: str = "", after: str = "", head: str = META) -> list[str]:
    """Return the paragraphs of an article whose text is between these."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    page = (
        f"<html lang='nl'><head><title>De sluis</title>{head}</head><body><article>"
        f"<h1>De sluis gaat open</h1><div>{before}{paragraphs}{after}</div></article></body></html>"
    )
    url = "https://dorp.example/sluis"
    fetched = datetime(2026, 11, 25, tzinfo=UTC)
    return extract(Page(url=url, body=page.encode(), fetched_at=fetched)).article_body.split("\n\n")


LINES = (
    "9 mei 2014",
    "vrijdag 9 mei 2014, 14:10 uur",
    "Zeist, 9 mei 2014",
    "Gepubliceerd op 09-05-2014",
    "Geplaatst: vr 9 mei 2014",
    "Ingezonden op: 09/05/2014",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("head", [META, ""])
def test_the_line_of_an_article_s_own_day_is_left_out(line: str, head: str) -> None:
    assert body(before=f"<p>{line}</p>", head=head) == list(TEXT)


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("Zeist")])
def test_so_it_is_at_the_end(line: str) -> None:
    assert body(after=f"<p>{line}</p>") == list(TEXT)


def test_name_and_date_in_two_lines_are_both_left_out() -> None:
    lines = "<p>Door Piet Bakker</p><p>Zeist, 9 mei 2014</p>"
    assert body(before=lines) == list(TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "Op 9 mei 2014 ging de sluis open.",
        "Lente 2014",
        "De sluis bij Zeist op 9 mei 2014",
        "Op vrijdag 9 mei 2014 waren er veel bezoekers aan de kade te zien",
        "Verslag van de opening: 9 mei 2014, met vele schippers en hun gasten",
    ],
)
def test_a_sentence_or_another_day_is_the_text_s_own(line: str) -> None:
    assert body(before=f"<p>{line}</p>") == [line, *TEXT]


@pytest.mark.parametrize(
    "lines",
    [
        ["Vrijdag 9 mei 2014", "Zaterdag 10 mei 2014"],
        ["9 mei 2014 11:30", "9 mei 2014 12:30"],
        ["Wanneer: vrijdag 9 mei 2014"],
        ["Opening: 9 mei 2014"],
        ["Els Bos - 9 mei 2014"],
        ["Oude Kerk, 9 mei 2014"],
        ["9 mei 2014: Bazaar"],
        ["Zeist, 9 mei 2014 20:00 uur"],
    ],
)
def test_a_programmes_or_a_diarys_dates_stay(lines: list[str]) -> None:
    diary = "".join(
        f"<p>{line}</p><p>{words}</p>" for line, words in zip(lines, TEXT, strict=False)
    )
    found = body(before=f"<p>Dit was de week, zo schrijft de schipper ons uit Zeist.</p>{diary}")
    assert [line for line in lines if line in found] == lines
