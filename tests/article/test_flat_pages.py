"""Pages whose comments stand in the same box as the article, under a headline that is no h1."""

from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from storage.records import Page

PARAGRAPHS = (
    "De brug over de vaart gaat volgende week dicht voor groot onderhoud aan het wegdek, en "
    "dat duurt volgens de gemeente tot ver in het najaar.",
    "Wie naar de overkant moet, rijdt om langs de sluis, waar een tijdelijk stoplicht komt te "
    "staan dat ook fietsers en wandelaars een eigen beurt geeft.",
    "De bakker aan de vaart vreest voor zijn omzet en vraagt de gemeente om een pontje, zoals "
    "dat er in de zomer van 1976 ook een paar maanden lag.",
)
COMMENTS = (
    "Dat pontje lag er in 1975, ik heb er zelf nog op gestaan als jongen.",
    "Omrijden langs de sluis kost een kwartier, dat gaan de mensen niet doen.",
    "Kan de gemeente niet gewoon in twee helften werken, zoals bij de Kerkbrug?",
)
RECORDS = {
    "boxes": '<div class="{c}" id="c{n}"><b>Lezer {n}</b> op {n} mei 2014 10:21<p>{text}</p></div>',
    "lines": "<p><b>Lezer {n}</b> schreef op {n} mei 2014 10:21:<br>{text}</p>",
    "rows": "<blockquote><cite>Lezer {n}</cite>, {n} mei 2014 10:21<p>{text}</p></blockquote>",
    "sections": "<section><h4>Lezer {n}</h4><time>{n} mei 2014 10:21</time><p>{text}</p></section>",
    "articles": "<article><em>Lezer {n}</em> <i>{n} mei 2014 10:21</i><p>{text}</p></article>",
}


@pytest.mark.parametrize("records", RECORDS)
@pytest.mark.parametrize("headline", ["h2", "h3"])
def test_an_article_beside_its_comments_keeps_its_text(headline: str, records: str) -> None:
    thread = "".join(
        RECORDS[records].format(n=n, text=text, c="comment") for n, text in enumerate(COMMENTS, 1)
    )
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = (
        '<html lang="nl"><head><title>Brug gaat dicht | Dorpsblad</title></head><body>'
        '<div id="kop"><h1><a href="/">Dorpsblad</a></h1></div><div id="midden">'
        f"<{headline}>Brug gaat dicht</{headline}>{body}"
        f"<h4>3 reacties</h4>{thread}</div></body></html>"
    )
    fetched = datetime(2026, 11, 29, tzinfo=UTC)
    article = extract(Page(url="https://x.nl/2014/brug", body=page.encode(), fetched_at=fetched))
    assert article.article_body == "\n\n".join(PARAGRAPHS)
    assert [comment.text for comment in article.comments] == list(COMMENTS)
