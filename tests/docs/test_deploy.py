"""The examples in deploy/ fit the schemas of the tools that read them, and name commands and
settings that exist.
"""

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from crawler import settings
from tests.crawling import ROOT

DEPLOY = ROOT / "deploy"
MANIFESTS = [
    (path.name, document)
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
]


def test_the_compose_file_fits_the_compose_specification() -> None:
    schema = json.loads(
        (files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json").read_text()
    )
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    jsonschema.validate(composed, schema)
    assert {"postgres", "worker", "scheduler", "dask-worker"} <= composed["services"].keys()


@pytest.mark.parametrize(
    "document",
    [document for _name, document in MANIFESTS],
    ids=[f"{name}-{document['kind']}" for name, document in MANIFESTS],
)
def test_a_manifest_fits_the_schema_of_kubernetes(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, "1.34", strict=True)


def test_the_manifests_are_those_that_the_documentation_promises() -> None:
    assert {"CronJob", "StatefulSet", "Deployment", "Service", "NetworkPolicy"} <= {
        document["kind"] for _name, document in MANIFESTS
    }


def test_the_units_are_what_systemd_can_read(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text()
        # The programs are not on this machine; all else is judged as it stands.
        (tmp_path / unit.name).write_text(
            re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        )
    for unit in sorted(tmp_path.iterdir()):
        name = unit.with_name(unit.name.replace("@.", "@1."))
        verified = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                str(unit if name == unit else unit.rename(name))],
            capture_output=True, text=True, check=False, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        )  # fmt: skip
        assert verified.returncode == 0, verified.stderr
        assert unit.name not in verified.stderr, verified.stderr


def test_every_setting_and_command_in_the_examples_exists() -> None:
    text = "".join(
        path.read_text() for path in [ROOT / "Dockerfile", *DEPLOY.rglob("*.*")] if path.is_file()
    )
    assert {
        name for name in re.findall(r"KNIPSEL_[A-Z]+", text) if not hasattr(settings, name)
    } == set()
    commands = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")}
    assert set(re.findall(r"(?:scrapy|bin/knipsel|do knipsel) ([a-z]+)", text)) <= commands


def test_the_image_installs_with_pip_only_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert not any(word in line for line in lines for word in ("apt-get", "apk ", "curl ", "conda"))
    extras = re.search(r"pip install .*'\.\[([a-z,]+)\]'", "\n".join(lines))
    assert extras is not None
    assert "--constraint constraints.txt" in "\n".join(lines), "the image has the locked versions"
    project = (ROOT / "pyproject.toml").read_text()
    assert all(
        re.search(rf"^{extra} = \[", project, re.MULTILINE) for extra in extras[1].split(",")
    )
    assert "USER knipsel" in lines
