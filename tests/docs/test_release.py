"""What a release states: one version everywhere, locked versions that fit, and no address that does
not exist.
"""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_one_version_is_stated_everywhere() -> None:
    newest = PROJECT["version"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", changes, re.MULTILINE)[1] == newest  # type: ignore[index]  # it begins so
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == newest
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"knipsel-([\d.]+)-py3", readme)) == {newest}


def test_the_citation_says_what_a_citation_needs() -> None:
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors", "license"} <= told.keys()
    assert told["title"].lower() == PROJECT["name"]
    assert told["authors"][0]["name"] in (ROOT / "LICENSE").read_text()


def test_no_address_is_invented() -> None:
    assert "urls" not in PROJECT
    for path in (ROOT / ".github").rglob("*.yml"):
        assert "http" not in path.read_text(encoding="utf-8"), path.name


def test_each_issue_template_is_a_form() -> None:
    forms = [
        path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"
    ]
    assert len(forms) == 3
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert {"name", "description", "body"} <= form.keys(), path.name
        fields = [one for one in form["body"] if one["type"] != "markdown"]
        assert len({one["id"] for one in fields}) == len(fields), path.name
        assert all(one["attributes"]["label"] for one in fields), path.name


def test_every_dependency_is_locked_at_a_version_that_fits() -> None:
    pinned: dict[str, set[str]] = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if not line.startswith("#"):
            one = Requirement(line)
            pinned.setdefault(canonicalize_name(one.name), set()).add(str(one.specifier)[2:])
    locked = PROJECT["optional-dependencies"].keys() - {"bench", "fit"}
    wanted = [*PROJECT["dependencies"]]
    wanted += [line for extra in locked for line in PROJECT["optional-dependencies"][extra]]
    for line in wanted:
        need = Requirement(line)
        versions = pinned[canonicalize_name(need.name)]
        assert all(need.specifier.contains(one) for one in versions), line


def test_the_lock_names_no_index() -> None:
    assert not re.search(r"://|--index|--hash", (ROOT / "constraints.txt").read_text())


def test_what_is_installed_calls_itself_by_a_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version("knipsel"))
