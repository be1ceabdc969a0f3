"""What tests of exports share: small lots, and an archive of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Archive
from storage.exports import dataset as datasets
from storage.exports import parquet
from storage.exports import rows as export_rows
from tests.conftest import new_database
from tests.sample_archive import fill


@pytest.fixture
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have exports of this process read in lots of two rows, by several processes if it may be."""
    monkeypatch.setattr(datasets, "SHARED_FROM", 1)
    monkeypatch.setattr(export_rows, "BATCH", 2)
    monkeypatch.setattr(parquet, "BYTES_IN_A_GROUP", 2_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """A sample archive that a test may write to."""
    with new_database(request.param, tmp_path) as url:
        archive = Archive.open(url)
        fill(archive)
        yield archive
        archive.close()
