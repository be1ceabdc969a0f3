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
    services = {"postgres", "worker", "backup", "reading-room", "scheduler", "dask-worker"}
    assert services <= composed["services"].keys()
    used = {str(volume).partition(":")[0] for service in composed["services"].values()
            for volume in service.get("volumes", ())}  # fmt: skip
    assert used == composed["volumes"].keys()


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


def pod_of(document: dict[str, Any]) -> dict[str, Any] | None:
    """Return the pod that a manifest makes, None where it makes none."""
    spec = document["spec"]
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    pod: dict[str, Any] | None = spec.get("template", {}).get("spec")
    return pod


PODS = [
    pytest.param(pod, id=f"{name}-{document['kind']}-{document['metadata']['name']}")
    for name, document in MANIFESTS
    if (pod := pod_of(document)) is not None
]
# https://kubernetes.io/docs/concepts/security/pod-security-standards/, "restricted"
VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
    "projected", "secret",
}  # fmt: skip

SECCOMP = {"RuntimeDefault", "Localhost"}


def unrestricted(pod: dict[str, Any]) -> list[str]:
    """Return what of *pod* the Pod Security standard "restricted" forbids, baseline included."""
    faults = [name for name in ("hostNetwork", "hostPID", "hostIPC") if pod.get(name)]
    faults += [f"volume {kind}" for one in pod.get("volumes", ())
               for kind in one.keys() - {"name"} - VOLUMES]  # fmt: skip
    containers = [one for kind in ("containers", "initContainers", "ephemeralContainers")
                  for one in pod.get(kind, ())]  # fmt: skip
    for one in containers:
        own = one.get("securityContext", {})
        both = {**pod.get("securityContext", {}), **own}
        capabilities = own.get("capabilities", {})
        held = {
            "privilege escalation": own.get("allowPrivilegeEscalation") is False,
            "privileged": not own.get("privileged"),
            "capabilities": "ALL" in capabilities.get("drop", ())
            and set(capabilities.get("add", ())) <= {"NET_BIND_SERVICE"},
            "may be root": both.get("runAsNonRoot") is True and both.get("runAsUser") != 0,
            "seccomp": both.get("seccompProfile", {}).get("type") in SECCOMP,
            "host port": not any(port.get("hostPort") for port in one.get("ports", ())),
            "proc mount": own.get("procMount", "Default") == "Default",
        }
        faults += [f"{one['name']}: {what}" for what, is_held in held.items() if not is_held]
    return faults


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_passes_the_restricted_standard(pod: dict[str, Any]) -> None:
    assert unrestricted(pod) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"hostNetwork": True}, "hostNetwork"),
        ({"volumes": [{"name": "x", "hostPath": {"path": "/"}}]}, "volume hostPath"),
        ({"securityContext": {"runAsUser": 10001}}, "worker: may be root"),
        ({"initContainers": [{"name": "eerst"}]}, "eerst: privilege escalation"),
    ],
)
def test_a_pod_that_does_not_pass_is_seen(change: dict[str, Any], fault: str) -> None:
    (pod,) = (one.values[0] for one in PODS if "StatefulSet" in str(one.id))
    assert isinstance(pod, dict)
    assert fault in unrestricted({**pod, **change})


def test_each_service_that_is_named_is_there_and_finds_its_pods() -> None:
    documents = [document for _name, document in MANIFESTS]
    services = {one["metadata"]["name"]: one["spec"] for one in documents
                if one["kind"] == "Service"}  # fmt: skip
    named = {one["spec"]["serviceName"] for one in documents if "serviceName" in one["spec"]}
    assert named <= services.keys()
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in documents
              if one["kind"] in {"Deployment", "StatefulSet"}]  # fmt: skip
    for name, service in services.items():
        assert any(service["selector"].items() <= label.items() for label in labels), name


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


SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", SERVICES, ids=[unit.name for unit in SERVICES])
def test_a_service_is_exposed_below_two(unit: Path) -> None:
    """Of ten, as systemd reckons; docs/server.md states it."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    reckoned = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert reckoned.returncode == 0, reckoned.stdout


def test_what_fails_is_told_by_a_unit_that_is_there() -> None:
    told = re.compile(r"^OnFailure=(\S+)@%n\.service$", re.MULTILINE)
    named = {name for unit in SERVICES for name in told.findall(unit.read_text())}
    assert named == {"knipsel-failed"}
    assert (DEPLOY / "systemd" / "knipsel-failed@.service").exists()
    timers = {path.stem for path in (DEPLOY / "systemd").glob("*.timer")}
    started = {unit.stem for unit in SERVICES if "Type=oneshot" in unit.read_text()}
    assert started - {"knipsel-failed@"} == timers


def test_every_setting_and_command_in_the_examples_exists() -> None:
    text = "".join(
        path.read_text() for path in [ROOT / "Dockerfile", *DEPLOY.rglob("*.*")] if path.is_file()
    )
    assert {
        name for name in re.findall(r"KNIPSEL_[A-Z]+", text) if not hasattr(settings, name)
    } == set()
    commands = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")}
    named = re.findall(r"(?:scrapy|bin/knipsel|do knipsel) ([a-z]+)", text)
    assert {*named, *re.findall(r'command: \["([a-z]+)"', text)} <= commands


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
