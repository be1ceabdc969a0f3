"""A page about a ferry, and what its readers say under it."""

from datetime import UTC, datetime

from pipelines.comments import Thread, read_thread
from pipelines.document import open_document
from storage.records import Page

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT = "<p>Over de pont is jaren gepraat, en nu vaart zij weer, elke dag van zes tot tien.</p>" * 8
SAID = [
    ("Geesje", "De pont was vol, en de kapitein in een best humeur."),
    ("Harm Mulder", "Wie had dat gedacht na al die jaren?"),
    ("Trijn de Boer", "Mijn fiets stond binnen een kwartier aan de overkant."),
    ("Foppe", "Volgend jaar ook op zondag, hoop ik."),
]


def thread_of(html: str, url: str) -> Thread:
    """Return the thread that is read on a page."""
    page = Page(url=url, body=html.encode(), fetched_at=NOW, content_type="text/html")
    return read_thread(open_document(page))


def thread_below(markup: str) -> Thread:
    """Return the thread that is read where *markup* stands below the article."""
    article = f"<h1>De pont vaart weer</h1><div>{TEXT}</div>"
    html = f"<html lang='nl'><body>{article}{markup}</body></html>"
    return thread_of(html, "https://voorbeeld.nl/pont/")
