"""The same article at two addresses or sites: linked in both directions, never merged and never
dropped.

Exact duplicates have the same words; near ones share at least four fifths of their runs of three
words, estimated by MinHash. Only articles that are new or changed are looked at; the bands of the
signatures are rows, so that memory does not grow with the archive.
"""

import hashlib
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rensa import RMinHash
from sqlalchemy import Connection, delete, insert, or_, select

from storage.database import Archive, articles, fingerprint_bands, fingerprints, same_as
from storage.text_hash import hash_text, plain_text

PERMUTATIONS, BANDS = 128, 16
SEED = 20131230
NEAR = 0.8
SHORTEST_EXACT, SHORTEST_NEAR = 10, 30
MOST_LINKS = 50
BATCH = 500

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Linked:
    """How many articles were looked at, and how many links were made: exact and near."""

    articles: int
    exact: int
    near: int


def link_duplicates(archive: Archive) -> Linked:
    """Look at every new or changed article and link it with those of the same words."""
    seen = exact = near = last = 0
    while True:
        with archive.begin() as connection:
            batch = _unseen(connection, last)
            if not batch:
                return Linked(seen, exact, near)
            for row in batch:
                links = _link(connection, row)
                exact += sum(how == "exact" for how, _similarity in links.values())
                near += sum(how == "near" for how, _similarity in links.values())
            seen += len(batch)
            last = batch[-1].id


def _unseen(connection: Connection, last: int) -> Sequence[Any]:
    """Return new or changed articles behind *last*: to begin anew each time would read all that are
    known by then.
    """
    known = fingerprints.c.article_id == articles.c.id
    columns = (articles.c.id, articles.c.article_body, articles.c.content_hash)
    changed = or_(
        fingerprints.c.article_id.is_(None), fingerprints.c.content_hash != articles.c.content_hash
    )
    query = (
        select(*columns)
        .outerjoin(fingerprints, known)
        .where(changed, articles.c.id > last)
        .order_by(articles.c.id)
        .limit(BATCH)
    )
    return connection.execute(query).all()


def _link(connection: Connection, row: Any) -> dict[int, tuple[str, float]]:
    for table, columns in (
        (fingerprints, (fingerprints.c.article_id,)),
        (fingerprint_bands, (fingerprint_bands.c.article_id,)),
        (same_as, (same_as.c.article_id, same_as.c.same_as_id)),
    ):
        connection.execute(delete(table).where(or_(*(column == row.id for column in columns))))
    words = _WORD.findall(plain_text(row.article_body))
    text_hash = hash_text(" ".join(words))
    signature = sign(words) if len(words) >= SHORTEST_NEAR else None
    links = _exact(connection, text_hash) if len(words) >= SHORTEST_EXACT else {}
    if signature:
        links = _near(connection, signature) | links
    packed = struct.pack(f"<{PERMUTATIONS}I", *signature) if signature else None
    mark = {
        "article_id": row.id,
        "content_hash": row.content_hash,
        "text_hash": text_hash,
        "signature": packed,
    }
    connection.execute(insert(fingerprints), mark)
    if signature:
        connection.execute(
            insert(fingerprint_bands),
            [{"band_hash": band, "article_id": row.id} for band in set(bands(signature))],
        )
    both = [(row.id, other, link) for other, link in links.items()] + [
        (other, row.id, link) for other, link in links.items()
    ]
    if both:
        rows = [
            {"article_id": one, "same_as_id": other, "how": how, "similarity": share}
            for one, other, (how, share) in both
        ]
        connection.execute(insert(same_as), rows)
    return links


def _exact(connection: Connection, text_hash: str) -> dict[int, tuple[str, float]]:
    query = select(fingerprints.c.article_id).where(fingerprints.c.text_hash == text_hash)
    found = connection.execute(
        query.order_by(fingerprints.c.article_id).limit(MOST_LINKS)
    ).scalars()
    return dict.fromkeys(found, ("exact", 1.0))


def _near(connection: Connection, signature: Sequence[int]) -> dict[int, tuple[str, float]]:
    sharing = (
        select(fingerprint_bands.c.article_id)
        .where(fingerprint_bands.c.band_hash.in_(bands(signature)))
        .distinct()
    )
    among = sharing.order_by(fingerprint_bands.c.article_id).limit(MOST_LINKS)
    query = select(fingerprints.c.article_id, fingerprints.c.signature).where(
        fingerprints.c.article_id.in_(among)
    )
    links = {}
    for key, packed in connection.execute(query):
        other = struct.unpack(f"<{PERMUTATIONS}I", packed)
        share = sum(one == two for one, two in zip(signature, other, strict=True)) / PERMUTATIONS
        if share >= NEAR:
            links[key] = ("near", share)
    return links


def sign(words: Sequence[str]) -> list[int]:
    """Return the MinHash signature of a text's runs of three words."""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update([" ".join(words[start : start + 3]) for start in range(len(words) - 2)])
    return list(minhash.digest())


def bands(signature: Sequence[int]) -> list[int]:
    """Return the hashes of a signature's bands: near-duplicates nearly always share one."""
    return list(_bands(signature))


def _bands(signature: Sequence[int]) -> Iterator[int]:
    width = PERMUTATIONS // BANDS
    for band in range(BANDS):
        packed = struct.pack(f"<{width + 1}I", band, *signature[band * width : (band + 1) * width])
        yield int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "little", signed=True)
