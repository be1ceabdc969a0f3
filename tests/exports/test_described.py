"""What goes with a dataset: a card for the Hub, a Data Package and Croissant metadata, each judged
by the library of its standard.
"""

import csv
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml

from storage.database import Archive
from storage.exports import ExportRequest, export
from storage.exports.hub import front_matter, size_category
from storage.exports.made import CardCounts, Made, Seen
from storage.privacy import Pseudonyms
from tests.sample_archive import ARTICLES

KEY = bytes(range(32))
READERS = os.environ.get("KNIPSEL_TEST_DATASETS")
needs_readers = pytest.mark.skipif(
    READERS is None,
    reason="datasets and mlcroissant are heavy; set KNIPSEL_TEST_DATASETS to their bin folder",
)
LOAD = """
import datasets, json, sys
loaded = datasets.load_dataset(sys.argv[1])["train"]
(name,) = datasets.get_dataset_config_names(sys.argv[1])
print(json.dumps([name, loaded.num_rows, loaded.column_names]))
"""
CROISSANT = """
import json, mlcroissant, sys
dataset = mlcroissant.Dataset(jsonld=sys.argv[1])
sets = [one.uuid for one in dataset.metadata.record_sets]
records = [dict(one) for name in sets for one in dataset.records(record_set=name)]
print(json.dumps([list(dataset.metadata.ctx.issues.errors), sets, records], default=str))
"""
FORMS = [
    ("articles", "csv", {}),
    ("comments", "csv", {}),
    ("comments", "jsonl", {}),
    ("threads", "jsonl", {}),
    ("articles", "jsonl", {"schema_org": True}),
    ("articles", "csv", {"compression": "gzip"}),
]
WHOLE = [*FORMS, ("threads", "parquet", {}), ("threads", "parquet", {"partitioned": True})]

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def longest_field() -> Iterator[None]:
    """frictionless raises it for the whole process."""
    longest = csv.field_size_limit()
    yield
    csv.field_size_limit(longest)


@pytest.fixture
def make(sample: Archive, tmp_path: Path) -> Make:
    """Make an export in a folder of its own."""

    def made(dataset: str, form: str, **more: Any) -> Path:
        request = ExportRequest(dataset=dataset, form=form, folder=True, **more)
        export(sample, request, Pseudonyms(KEY), tmp_path / "verzameling")
        return tmp_path / "verzameling"

    return made


def header(card: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(card.read_text(encoding="utf-8").split("---\n")[1]))


def told(script: str, path: str, folder: Path) -> Any:
    """Return what *script* prints about *path* in the environment of the readers, offline."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hub"), "HOME": str(folder)}
    done = subprocess.run(
        [f"{READERS}/python", "-W", "ignore", "-c", script, path],
        cwd=folder, env=os.environ | offline, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# frictionless itself leaves a compressed file open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("dataset", "form", "more"), FORMS)
def test_frictionless_finds_every_row_as_its_data_package_declares(
    make: Make, dataset: str, form: str, more: dict[str, Any]
) -> None:
    folder = make(dataset, form, **more)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    (table,) = frictionless.Package(str(folder / "datapackage.json")).resources
    rows = table.read_rows()
    assert len(rows) == (len(ARTICLES) if dataset != "comments" else 19)
    assert rows[0].to_dict()[table.schema.primary_key[0]] == 1
    described = [one.description for one in table.schema.fields]
    assert all(described), "each field states its meaning"
    assert (table.bytes, table.hash) == digest(folder)


def digest(folder: Path) -> tuple[int, str]:
    (file,) = json.loads((folder / "manifest.json").read_text())["files"]
    return file["bytes"], f"sha256:{file['sha256']}"


def test_a_data_package_of_many_files_names_them_all(make: Make) -> None:
    folder = make("threads", "parquet", partitioned=True)
    (table,) = frictionless.Package(str(folder / "datapackage.json")).resources
    files = json.loads((folder / "manifest.json").read_text())["files"]
    assert table.paths == [file["name"] for file in files]
    assert len(files) > 1
    assert table.schema.get_field("comments").type == "array"


@pytest.mark.parametrize(("dataset", "form"), [("corpus", "vrt"), ("network", "gexf")])
def test_a_data_package_of_what_is_no_table_names_its_file(
    make: Make, dataset: str, form: str
) -> None:
    folder = make(dataset, form)
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    (file,) = frictionless.Package(str(folder / "datapackage.json")).resources
    assert (file.path, file.format) == (f"data/{dataset}.{form}", form)
    assert (file.bytes, file.hash) == digest(folder)


def test_a_changed_file_is_not_what_its_data_package_declares(make: Make) -> None:
    folder = make("articles", "csv")
    file = folder / "data" / "articles.csv"
    file.write_bytes(file.read_bytes().replace(b"Marketing met passie", b"Marketing met pensie"))
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


@pytest.mark.parametrize(("dataset", "form", "more"), WHOLE)
def test_the_card_lies_in_the_folder_and_names_its_data_for_the_hub(
    make: Make, dataset: str, form: str, more: dict[str, Any]
) -> None:
    folder = make(dataset, form, **more)
    told = header(folder / "README.md")
    (config,) = told["configs"]
    (split,) = config["data_files"]
    assert (config["config_name"], split["split"]) == (dataset, "train")
    found = {path.relative_to(folder) for path in folder.glob(split["path"])}
    files = json.loads((folder / "manifest.json").read_text())["files"]
    assert {str(path) for path in found} == {file["name"] for file in files}
    assert config.get("sep") == ("," if form == "csv" else None)
    assert (told["language"], told["size_categories"]) == (["nl"], ["n<1K"])
    assert set(told["tags"]) & {"articles", "comments"}
    assert {path.name for path in folder.iterdir()} == {
        "README.md", "croissant.json", "data", "datapackage.json", "manifest.json"
    }  # fmt: skip


def test_what_the_hub_cannot_show_says_so(make: Make) -> None:
    told = header(make("corpus", "vrt") / "README.md")
    assert told["viewer"] is False
    assert "configs" not in told


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        (0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (250_000, "100K<n<1M"),
        (1_000_000, "1M<n<10M"), (2_000_000_000, "n>1B"),
    ],
)  # fmt: skip
def test_sizes_are_the_hub_s_words(rows: int, category: str) -> None:
    assert size_category(rows) == category


def test_an_empty_export_describes_itself(make: Make) -> None:
    folder = make("threads", "parquet", partitioned=True, where="1 = 0")
    assert {path.name for path in folder.iterdir()} == {"README.md", "data", "manifest.json"} - (
        set() if (folder / "data").exists() else {"data"}
    )
    assert header(folder / "README.md")["viewer"] is False


@needs_readers
@pytest.mark.parametrize(("dataset", "form", "more"), WHOLE)
def test_datasets_loads_the_folder(
    make: Make, tmp_path: Path, dataset: str, form: str, more: dict[str, Any]
) -> None:
    make(dataset, form, **more)
    name, rows, columns = told(LOAD, "./verzameling", tmp_path)
    assert (name, rows) == (dataset, 19 if dataset == "comments" else len(ARTICLES))
    manifest = json.loads((tmp_path / "verzameling" / "manifest.json").read_text())
    assert set(columns) >= {one["name"] for one in manifest["schema"]}


@needs_readers
@pytest.mark.parametrize(("dataset", "form", "more"), WHOLE)
def test_mlcroissant_reads_every_record(
    make: Make, tmp_path: Path, dataset: str, form: str, more: dict[str, Any]
) -> None:
    make(dataset, form, **more)
    errors, sets, records = told(CROISSANT, "verzameling/croissant.json", tmp_path)
    assert (errors, sets) == ([], [dataset])
    assert len(records) == (19 if dataset == "comments" else len(ARTICLES))
    if dataset == "threads":
        threads = [len(one["threads/comments"] or ()) for one in records]
        assert sum(threads) == 19


@needs_readers
@pytest.mark.parametrize(("dataset", "form"), [("corpus", "vrt"), ("network", "gexf")])
def test_mlcroissant_knows_a_file_that_is_no_table(
    make: Make, tmp_path: Path, dataset: str, form: str
) -> None:
    make(dataset, form)
    assert told(CROISSANT, "verzameling/croissant.json", tmp_path) == [[], [], []]


def test_the_languages_of_a_card_do_not_hang_on_who_read_first() -> None:
    seen = [CardCounts(rows=2, languages=Counter({name: 2})) for name in ("nl", "fr", "en")]
    told = []
    for order in (seen, seen[::-1]):
        counts = CardCounts()
        for one in order:
            counts.merge(one)
        asked = ExportRequest(dataset="articles", form="jsonl")
        facts = Seen().facts()
        made = Made(request=asked, fields=(), files=(), counts=counts, left_out=0, facts=facts)
        told.append(list(front_matter(made)))
    assert told[0] == told[1]
