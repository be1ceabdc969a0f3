"""Sealing what an older Knipsel stored."""

from itertools import chain, islice

import pytest

from storage.database import Archive, comments, seals
from tests.sample_archive import fill


def test_each_record_without_a_seal_is_named_once_whatever_became_of_those_before_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a million records would be read anew for each lot of them."""
    fill(archive)
    monkeypatch.setattr(seals, "BATCH", 2)
    with archive.begin() as connection:
        connection.execute(comments.update().values(record_hash=""))
        lots = seals._unsealed(connection, comments, comments.c.record_hash == "")
        named = list(chain.from_iterable(islice(lots, 1_000)))
        assert named == sorted(set(named))
        assert len(named) == 19
        seals.seal_unsealed(connection)
        assert list(seals._unsealed(connection, comments, comments.c.record_hash == "")) == []
