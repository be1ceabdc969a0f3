"""What WordPress' own answers (``wp-json/wp/v2/posts``) say of a site's articles: whole texts, also where its feeds have excerpts only."""

import json
from collections.abc import Iterator
from typing import Any

from pipelines.comments.jsons import plain_text
from pipelines.learning.evidence import Evidence, a_moment, a_name, without_site_names
from storage.addresses import variant_key


def read_posts(body: bytes) -> dict[str, Evidence]:
    """Return by address (storage.addresses.variant_key) what a list of posts says; nothing for what is no such list.

    A title or an author that all posts share names the site, and is left out.
    """
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    rows = rows if isinstance(rows, list) else ()
    return without_site_names({variant_key(address): said for row in rows for address, said in _of_post(row)})


def _of_post(row: Any) -> Iterator[tuple[str, Evidence]]:
    link = row.get("link") if isinstance(row, dict) else None
    if isinstance(link, str) and link.startswith(("http://", "https://")):
        body = None if _is_protected(row) else _rendered(row, "content")
        moment = a_moment(f"{row['date_gmt']}Z") if isinstance(row.get("date_gmt"), str) else None
        yield link, Evidence(_rendered(row, "title"), a_name(_author(row.get("_embedded"))), body, moment)


def _rendered(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return plain_text(value.get("rendered")) or None if isinstance(value, dict) else None


def _is_protected(row: dict[str, Any]) -> bool:
    """Tell whether a post is behind a password: its text is then the form that asks for one."""
    content = row.get("content")
    return isinstance(content, dict) and bool(content.get("protected"))


def _author(embedded: Any) -> str | None:
    people = embedded.get("author") if isinstance(embedded, dict) else None
    person = people[0] if isinstance(people, list) and people else None
    name = person.get("name") if isinstance(person, dict) else None
    return plain_text(name) or None
