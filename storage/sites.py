"""The sites of the archive."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, select

from storage.crawl_schema import sites


def register_site(connection: Connection, url: str) -> int:
    """Return the key of the site that *url* is on; a new site gets a row. Its name is the host without "www."."""
    name = name_of(url)
    known = connection.execute(select(sites.c.id).where(sites.c.name == name)).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = insert(sites).values(name=name, url=url, first_seen=datetime.now(UTC)).returning(sites.c.id)
    return int(connection.execute(row).scalar_one())


def name_of(url: str) -> str:
    """Return the name of the site that *url* is on: its host without "www."."""
    return urlsplit(url).netloc.lower().removeprefix("www.")
