"""WARC files in a store with a URL: moved there whole, read back from there, and kept here when it
does not take them.
"""

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from storage.crawl import VisitContext, runs, save_fetches, sites
from storage.database import Archive, default_database
from storage.maintenance import verify_archive
from storage.records import Exchange, Fetch
from storage.warc import (
    StoreUnavailable,
    WarcWriter,
    check_store,
    read_original,
    ship,
    stored_files,
)
from tests.crawling import ask, crawl, knipsel
from tests.local_site import LocalSite
from tests.village import article, thread

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
BODIES = {
    f"/2014/stuk-{n}/": article(f"Stuk {n}", f"2014-04-0{n + 1}T09:30", thread(1, declared=1))
    for n in range(4)
}


@pytest.fixture
def site() -> Iterator[LocalSite]:
    links = "".join(f'<a href="{path}">{path}</a>' for path in BODIES)
    with LocalSite({"/": f"<html><body>{links}</body></html>", **BODIES}) as served:
        yield served


@dataclass(frozen=True)
class Bucket:
    """An S3 bucket on loopback, and the environment that leads to it."""

    url: str
    environment: dict[str, str]

    def files(self) -> dict[str, int]:
        listed = self.client().list_objects_v2(Bucket="krant").get("Contents", [])
        return {one["Key"]: one["Size"] for one in listed}

    def client(self) -> Any:
        return boto3.client("s3", endpoint_url=self.environment["AWS_ENDPOINT_URL"], **KEYS)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    keys = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    made = Bucket("s3://krant/warc", {**keys, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"})
    made.client().create_bucket(Bucket="krant")
    yield made
    server.stop()


def test_what_a_crawl_captured_lives_in_s3_and_is_read_packed_and_erased_there(
    site: LocalSite, bucket: Bucket, tmp_path: Path
) -> None:
    environment = {
        **bucket.environment,
        "KNIPSEL_ARCHIVE": str(tmp_path),
        "KNIPSEL_WARC": bucket.url,
    }
    ended = crawl(f"{site.url}/", tmp_path, environment=environment)
    assert ended.code == 0, ended.err
    assert list((tmp_path / "warc").iterdir()) == []
    ((name, size),) = bucket.files().items()
    (row,) = ask(tmp_path, "SELECT * FROM stored_warcs")
    assert (row["url"], row["bytes"]) == (f"s3://krant/{name}", size)
    assert knipsel("verify", environment=environment).code == 0
    read = knipsel("reextract", "--dry-run", environment=environment)
    assert "unchanged 4" in read.out, read.out + read.err
    packed = knipsel("export", "wacz", str(tmp_path / "out.wacz"), environment=environment)
    assert packed.code == 0, packed.err
    with zipfile.ZipFile(tmp_path / "out.wacz") as file:
        assert file.getinfo(f"archive/{Path(name).name}").file_size == size
    erased = knipsel(
        "forget", "--url", f"{site.url}/2014/stuk-2/", "--yes", environment=environment
    )
    assert erased.code == 0, erased.err
    assert bucket.files() == {}, "the file with the erased capture is gone from the store"
    assert len(list((tmp_path / "warc").glob("*.e1.warc.gz"))) == 1, (
        "what stays goes there with the next run"
    )
    again = crawl(f"{site.url}/", tmp_path, environment=environment)
    assert again.code == 0, again.err
    assert any(key.endswith(".e1.warc.gz") for key in bucket.files())
    assert knipsel("verify", environment=environment).code == 0


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    """An archive with one capture in a finished WARC file."""
    warc = WarcWriter(tmp_path / "warc", software="knipsel/test", operator="tests")
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>molen</p>"
    place = warc.write(
        Exchange(
            url="https://a.nl/",
            fetched_at=NOW,
            request=b"GET / HTTP/1.1\r\n\r\n",
            response=response,
        )
    )
    warc.close()
    archive = Archive.open(default_database(tmp_path))
    with archive.begin() as connection:
        site = sites.register_site(connection, "https://a.nl/")
        run = runs.begin_run(connection, site, {}, NOW)
        context = VisitContext(
            run_id=run,
            site_id=site,
            seen_at=NOW,
            extractor_version="1",
            cap=9,
            max_attempts=3,
            retry_after_seconds=1,
        )
        fetch = Fetch(url="https://a.nl/", fetched_at=NOW, outcome="ok", status=200)
        save_fetches(connection, None, (fetch,), context, (place,))
    yield archive
    archive.close()


def test_a_file_moves_whole_and_its_captures_are_read_from_where_it_is(
    kept: Archive, tmp_path: Path
) -> None:
    store = f"file://{tmp_path / 'store'}"
    shipped = ship(kept, tmp_path / "warc", store)
    assert (shipped.files, shipped.waiting) == (1, 0)
    assert list((tmp_path / "warc").iterdir()) == []
    with kept.read() as connection:
        (address,) = stored_files(connection).values()
        assert address.startswith(store)
        assert read_original(connection, tmp_path / "warc", 1).body == b"<p>molen</p>"
    assert [finding for finding in verify_archive(kept, tmp_path) if finding.grave] == []
    next((tmp_path / "store").iterdir()).unlink()
    assert any(
        "cannot be read" in finding.text
        for finding in verify_archive(kept, tmp_path)
        if finding.grave
    )


def test_a_file_that_the_store_does_not_take_stays_and_goes_the_next_time(
    kept: Archive, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        check_store(f"file://{tmp_path / 'store'}")
    shipped = ship(kept, tmp_path / "warc", f"file://{tmp_path / 'store'}")
    assert (shipped.files, shipped.waiting) == (0, 1)
    assert "took no file" in shipped.reason
    assert len(list((tmp_path / "warc").glob("*.warc.gz"))) == 1
    (tmp_path / "store").unlink()
    assert ship(kept, tmp_path / "warc", f"file://{tmp_path / 'store'}").files == 1


def test_a_file_that_a_killed_run_left_open_is_moved_too_and_one_that_is_written_is_not(
    kept: Archive, tmp_path: Path
) -> None:
    store = f"file://{tmp_path / 'store'}"
    (finished,) = (tmp_path / "warc").glob("*.warc.gz")
    left = finished.rename(f"{finished}.open")
    writer = WarcWriter(tmp_path / "warc", software="knipsel/test", operator="tests")
    writer.write(
        Exchange(
            url="https://a.nl/b/", fetched_at=NOW, request=b"", response=b"HTTP/1.1 200 OK\r\n\r\nb"
        )
    )
    for path in (tmp_path / "warc").iterdir():
        os.utime(path, (0, 0))
    assert ship(kept, tmp_path / "warc", store).files == 1
    assert not left.exists()
    assert [path.suffix for path in (tmp_path / "warc").iterdir()] == [".open"]
    writer.close()
    assert ship(kept, tmp_path / "warc", store).files == 1
