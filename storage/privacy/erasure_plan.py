"""What falls under an erasure: rows, captures in WARC files, older copies, and the tombstones that
it will set.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, or_, select

from storage.database import (
    Archive,
    articles,
    authors,
    chunks,
    comments,
    fetches,
    origins,
    pages,
    sites,
)
from storage.privacy.erasure_request import ErasureRequest, NothingFound, NothingToErase, Plan
from storage.privacy.spellings import address_finder, distinctive_words, finder_of
from storage.privacy.tombstones import comment_names
from storage.text_hash import plain_text
from storage.urls import is_way_to, site_named, site_of
from storage.warc import (
    DamagedFile,
    ErasableCapture,
    find_captures,
    open_warc,
    refusing_damage,
    stored_files,
    warc_files,
)

REPORTS = frozenset({".html", ".json", ".prom"})


def make_plan(archive: Archive, request: ErasureRequest, folder: Path) -> Plan:
    """Find all that falls under *request*, in the archive and in the WARC files and copies of
    *folder*; nothing is changed.

    Raises NothingToErase when the archive holds nothing of the kind, a crawl is using it, or a WARC
    file cannot be read.
    """
    plan = Plan(request)
    with archive.read() as connection:
        _refuse_during_crawl(connection)
        if request.author is not None:
            _plan_author(connection, request.author, plan)
        elif request.comment is not None:
            _plan_comments(connection, [request.comment], plan)
        elif request.url is not None:
            _plan_pages(connection, request.url, plan)
        else:
            _plan_site(connection, request.site or "", plan)
        if not (plan.comments or plan.author_names or plan.pages or plan.sites):
            raise NothingFound("The archive holds nothing of the kind; nothing was erased.")
        try:
            _find_captures(connection, plan, folder / "warc")
        except DamagedFile as error:
            raise NothingToErase(
                f"{error} What is in it cannot be known, so nothing was erased."
            ) from error
        plan.copies = sorted(folder.glob("archive.db.before-upgrade-*"))
        plan.copies += _reports(plan, request.reports)
        plan.mentions = _count_mentions(connection, request, plan)
    return plan


def _refuse_during_crawl(connection: Connection) -> None:
    leased = (
        select(func.count())
        .select_from(pages)
        .where(pages.c.state == "leased", pages.c.lease_until > datetime.now(UTC))
    )
    if connection.execute(leased).scalar_one():
        raise NothingToErase("A crawl is at work in this archive: wait until it has ended.")


def _plan_author(connection: Connection, name: str, plan: Plan) -> None:
    wanted = plain_text(name)
    written = {
        row
        for row in connection.execute(select(comments.c.author).distinct()).scalars()
        if row and plain_text(row) == wanted
    }
    bylines = {
        row
        for row in connection.execute(select(authors.c.name).distinct()).scalars()
        if plain_text(row) == wanted
    }
    plan.author_names = written | bylines
    if not plan.author_names:
        return
    keys = connection.execute(
        select(comments.c.id).where(comments.c.author.in_(plan.author_names))
    ).scalars()
    _plan_comments(connection, list(keys), plan)
    signed = select(articles.c.page_id).join(authors).where(authors.c.name.in_(plan.author_names))
    plan.emptied_pages |= set(connection.execute(signed).scalars())
    rows = distinctive_words((), [name])
    plan.words |= rows
    plan.tombstones |= {("author", name)}
    plan.tombstones |= {(f"words:{len(words)}", " ".join(words)) for words in rows}
    _plan_addresses(connection, plan)


def _plan_addresses(connection: Connection, plan: Plan) -> None:
    """What the site has of the person: the address beside the name, and every page that is
    no article and whose address has the name.
    """
    known = set()
    for column, name in (
        (comments.c.author_url, comments.c.author),
        (authors.c.url, authors.c.name),
    ):
        stated = select(column).where(name.in_(plan.author_names), column.is_not(None))
        known |= set(connection.execute(stated.distinct()).scalars())
    names_it = address_finder(plan.author_names)
    written = select(articles.c.page_id)
    query = select(pages.c.id, pages.c.url, pages.c.id.in_(written).label("is_article"))
    for row in connection.execute(query):
        if row.url in known or (not row.is_article and names_it(row.url)):
            plan.pages.add(row.id)
            plan.urls.add(row.url)
    fetched = select(fetches.c.url).where(fetches.c.page_id.is_(None)).distinct()
    strays = {url for url in connection.execute(fetched).scalars() if names_it(url)}
    plan.urls |= known | strays
    plan.tombstones |= {("page", url) for url in plan.urls}


def _reports(plan: Plan, folder: Path | None) -> list[Path]:
    """Return the reports that name what is erased; they are made anew by knipsel report."""
    if folder is None or not folder.is_dir():
        return []
    finds, urls = finder_of(plan.words), [url.encode() for url in plan.urls]
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix in REPORTS and path.is_file() and not path.is_symlink():
            body = path.read_bytes()
            if finds(body) or any(url in body for url in urls):
                found.append(path)
    return found


def _plan_comments(connection: Connection, keys: list[int], plan: Plan) -> None:
    columns = (
        comments.c.id,
        comments.c.source_id,
        comments.c.text,
        articles.c.url,
        articles.c.page_id,
    )
    for chunk in chunks(keys):
        query = select(*columns).join(articles).where(comments.c.id.in_(chunk))
        for row in connection.execute(query):
            plan.comments.add(row.id)
            plan.emptied_pages.add(row.page_id)
            words = distinctive_words([row.text], ())
            plan.words |= words
            plan.tombstones |= {
                ("comment", name) for name in comment_names(row.url, row.source_id, row.text)
            }
            plan.tombstones |= {
                (f"words:{len(sequence)}", " ".join(sequence)) for sequence in words
            }


def _plan_pages(connection: Connection, url: str, plan: Plan) -> None:
    """A page is erased under every address that leads to it."""
    found: dict[int, str] = {}
    for row in connection.execute(
        select(pages.c.id, pages.c.url).where(or_(pages.c.url == url, pages.c.redirects_to == url))
    ):
        found[row.id] = row.url
    canonical = select(pages.c.id, pages.c.url).join(articles, articles.c.page_id == pages.c.id)
    for row in connection.execute(
        canonical.where(or_(articles.c.canonical_url == url, articles.c.url == url))
    ):
        found[row.id] = row.url
    if found:
        ways = select(pages.c.id, pages.c.url).where(
            or_(pages.c.url.contains("?"), pages.c.url.startswith(url, autoescape=True))
        )
        found |= {row.id: row.url for row in connection.execute(ways) if is_way_to(row.url, url)}
    plan.pages = set(found)
    plan.urls = set(found.values()) | ({url} if found else set())
    plan.tombstones = {("page", one) for one in plan.urls}
    heads = connection.execute(
        select(articles.c.headline, articles.c.article_body).where(
            articles.c.page_id.in_(plan.pages)
        )
    )
    plan.words = distinctive_words([text for row in heads for text in row], ())
    threads = select(comments.c.text).join(articles).where(articles.c.page_id.in_(plan.pages))
    plan.words |= distinctive_words(connection.execute(threads).scalars(), ())
    plan.tombstones |= {(f"words:{len(sequence)}", " ".join(sequence)) for sequence in plan.words}


def _plan_site(connection: Connection, site: str, plan: Plan) -> None:
    name = site_named(site)
    plan.sites = set(connection.execute(select(sites.c.id).where(sites.c.name == name)).scalars())
    if plan.sites:
        plan.tombstones = {("site", name)}
        plan.pages = set(
            connection.execute(select(pages.c.id).where(pages.c.site_id.in_(plan.sites))).scalars()
        )
        plan.origins = {
            one
            for one in connection.execute(select(origins.c.origin)).scalars()
            if site_of(one) == name
        }


def _find_captures(connection: Connection, plan: Plan, folder: Path) -> None:
    among = plan.pages | plan.emptied_pages
    of_pages = select(fetches.c.warc_record_id).where(fetches.c.warc_record_id.is_not(None))
    records: set[str] = set()
    for chunk in chunks(among):
        records |= set(connection.execute(of_pages.where(fetches.c.page_id.in_(chunk))).scalars())
    names = set(
        connection.execute(select(sites.c.name).where(sites.c.id.in_(plan.sites))).scalars()
    )
    wanted = _wanted(plan, records, names)
    files = {path.name.removesuffix(".open"): path for path in warc_files(folder)}
    for name in (*files, *(name for name in stored_files(connection) if name not in files)):
        try:
            with open_warc(connection, folder, name) as stream, refusing_damage(name):
                found = list(find_captures(stream, wanted))
        except OSError as error:
            raise NothingToErase(
                f"{name} cannot be searched, so nothing was erased: {error}."
            ) from error
        if found:
            plan.captures[files.get(name, folder / name)] = found


def _wanted(
    plan: Plan, records: Collection[str], names: Collection[str]
) -> Callable[[ErasableCapture], bool]:
    finds = finder_of(plan.words)
    addresses = [url.encode() for url in plan.urls]

    def wanted(capture: ErasableCapture) -> bool:
        if (
            capture.record_id in records
            or capture.url in plan.urls
            or site_of(capture.url) in names
        ):
            return True
        if any(address in capture.body for address in addresses):
            return True
        return finds(capture.url) or finds(capture.body)

    return wanted


def _count_mentions(connection: Connection, request: ErasureRequest, plan: Plan) -> int:
    """Return how many texts of others name the author; they stay, and the user learns how many."""
    if request.author is None:
        return 0
    pattern = f"%{request.author}%"
    others = comments.c.author.not_in(plan.author_names) | comments.c.author.is_(None)
    in_comments = connection.execute(
        select(func.count()).select_from(comments).where(comments.c.text.like(pattern), others)
    ).scalar_one()
    stated = select(func.count()).select_from(articles).where(articles.c.article_body.like(pattern))
    return int(in_comments + connection.execute(stated).scalar_one())
