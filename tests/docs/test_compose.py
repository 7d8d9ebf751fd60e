"""The compose files and the manifests of Kubernetes, as far as a machine without either can read them."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from index.oceanbase.address import read_address
from service.http.access import Scope, make_access
from service.settings import Settings
from tests.conftest import ROOT
from tests.docs.deployment_fixtures import arguments_of
from tests.service_fixtures import settings_of

DEPLOY = ROOT / "deploy"
FILES = [DEPLOY / "compose.yaml", DEPLOY / "cluster" / "compose.yaml"]
CLUSTER: dict[str, Any] = yaml.safe_load(FILES[1].read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = CLUSTER["services"]
SERVERS = [name for name in SERVICES if name.startswith("wherefrom")]
MANIFESTS: list[dict[str, Any]] = [
    manifest
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(file.read_text("utf-8"))
]
PAGE = (ROOT / "docs" / "cluster.md").read_text("utf-8")
OURS = {f"WHEREFROM_{name.upper()}" for name in Settings.model_fields}


def manifest_of(kind: str) -> dict[str, Any]:
    (found,) = [each for each in MANIFESTS if each["kind"] == kind]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_compose_file_is_one(file: Path, tmp_path: Path) -> None:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed; without Docker it reads compose files all the same")
    # Older ones know no name in the file.
    text = re.sub(r"^name: \S+\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
    (tmp_path / "compose.yaml").write_text(text, "utf-8")
    command = [program, "--file", str(tmp_path / "compose.yaml"), "config"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)
    assert set(read["services"]) == set(yaml.safe_load(text)["services"])


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: str(manifest["kind"]))
def test_a_manifest_is_one(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_a_manifest_with_a_slip_is_none() -> None:
    deployment = manifest_of("Deployment")
    wrong = {**deployment, "spec": {**deployment["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_limits_and_is_watched(service: str) -> None:
    told = SERVICES[service]
    assert {"mem_limit", "cpus", "restart", "logging"} <= set(told)
    assert "healthcheck" in told or (service in SERVERS and arguments_of("HEALTHCHECK"))
    assert "build" in told or re.fullmatch(r"[\w/-]+:\d+\.\d+\.\d+[\d.-]*", told["image"])
    assert all(port.startswith("127.0.0.1:") for port in told.get("ports", ()))
    assert not {"privileged", "network_mode", "cap_add", "devices"} & set(told)
    if service != "oceanbase":  # whose image starts as root, and takes what that takes
        assert told["read_only"]
        assert told["cap_drop"] == ["ALL"]
        assert told["security_opt"] == ["no-new-privileges:true"]


def test_the_database_is_reached_by_the_servers_alone() -> None:
    assert {name for name, told in SERVICES.items() if "back" in told["networks"]} == {*SERVERS, "oceanbase"}
    assert CLUSTER["networks"]["back"]["internal"]
    assert "ports" not in SERVICES["oceanbase"]
    assert len(SERVERS) == 2
    assert SERVICES[SERVERS[0]] == SERVICES[SERVERS[1]]


def test_servers_are_told_where_the_database_is_and_where_its_password() -> None:
    (server, *_) = (SERVICES[name] for name in SERVERS)
    variables = server["environment"]
    assert set(variables) <= OURS
    address = read_address(variables["WHEREFROM_STORE"])
    assert address.host in SERVICES
    _, tenant = address.user.split("@")
    assert SERVICES["oceanbase"]["environment"]["OB_TENANT_NAME"] == tenant
    for name, value in variables.items():
        if name.endswith(("_FILE", "_KEYS")):
            assert Path(value).parent == Path("/run/secrets")
            assert Path(value).name in server["secrets"]


def test_the_password_stands_in_no_environment() -> None:
    for told in SERVICES.values():
        assert not [name for name in told.get("environment", ()) if name.endswith("PASSWORD")]
    (command,) = [each for each in SERVICES["oceanbase"]["entrypoint"] if "OB_TENANT_PASSWORD" in each]
    assert "/run/secrets/store-password" in command


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of the compose file, by name, made as the page says."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; it makes the keys and the certificate")
    (steps,) = re.findall(r"```sh\n(install .*?)```", PAGE, re.DOTALL)
    folder = tmp_path_factory.mktemp("copy")
    subprocess.run(["bash", "-euo", "pipefail", "-c", steps], cwd=folder, capture_output=True, check=True)
    secrets = folder / "deploy" / "secrets"
    beside = {name: each["file"].removeprefix("../secrets/") for name, each in CLUSTER["secrets"].items()}
    return {name: secrets / file for name, file in beside.items()}


def test_secrets_are_files_that_the_page_makes(secrets: dict[str, Path]) -> None:
    assert {secret for told in SERVICES.values() for secret in told["secrets"]} == set(secrets)
    (folder,) = {file.parent for file in secrets.values()}
    assert set(secrets.values()) == set(folder.iterdir())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not secrets["store-password"].read_text().endswith("\n")
    keys = {scope: str(secrets[f"wherefrom-{scope}-keys"]) for scope in ("read", "write")}
    access = make_access(settings_of(folder, read_keys=keys["read"], write_keys=keys["write"]))
    assert not access.opens(None, Scope.READ)


def test_manifests_name_each_other_and_settings_that_are_there() -> None:
    pods = manifest_of("Deployment")["spec"]["template"]
    (container,) = pods["spec"]["containers"]
    settings = manifest_of("ConfigMap")
    assert set(settings["data"]) <= OURS
    read_address(settings["data"]["WHEREFROM_STORE"])
    assert container["envFrom"] == [{"configMapRef": {"name": settings["metadata"]["name"]}}]
    (port,) = container["ports"]
    assert str(port["containerPort"]) in arguments_of("EXPOSE")
    service = manifest_of("Service")
    assert service["spec"]["selector"].items() <= pods["metadata"]["labels"].items()
    assert [each["targetPort"] for each in service["spec"]["ports"]] == [port["name"]]
    (rule,) = manifest_of("Ingress")["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == service["metadata"]["name"]
    assert settings["data"]["WHEREFROM_PUBLIC_URL"] == f"https://{rule['host']}"
    for kind, value in (("PodDisruptionBudget", "selector"), ("Deployment", "selector")):
        assert manifest_of(kind)["spec"][value]["matchLabels"].items() <= pods["metadata"]["labels"].items()
    assert manifest_of("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == pods["metadata"]["labels"][
        "app.kubernetes.io/name"
    ]  # fmt: skip


def test_secrets_of_kubernetes_are_made_by_the_page() -> None:
    pods = manifest_of("Deployment")["spec"]["template"]["spec"]
    (projected,) = [each["projected"] for each in pods["volumes"] if "projected" in each]
    made = dict(re.findall(r"kubectl create secret generic (\S+) ((?:--from-file[^\n]*\\?\n? *)+)", PAGE))
    assert {each["secret"]["name"] for each in projected["sources"]} == set(made)
    (mount,) = [each for each in pods["containers"][0]["volumeMounts"] if each["name"] == "secrets"]
    named = {Path(value).name for value in manifest_of("ConfigMap")["data"].values() if value.startswith("/run/")}
    assert {key for files in made.values() for key in re.findall(r"--from-file=([\w-]+)=", files)} == named
    assert all(
        value.startswith(mount["mountPath"])
        for value in manifest_of("ConfigMap")["data"].values()
        if value.startswith("/run/")
    )


def test_a_pod_may_do_little() -> None:
    pods = manifest_of("Deployment")["spec"]["template"]["spec"]
    (container,) = pods["containers"]
    assert pods["securityContext"]["runAsUser"] == 10001
    assert "--uid 10001" in " ".join(arguments_of("RUN"))
    assert not pods["automountServiceAccountToken"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}
    }  # fmt: skip
    assert {"requests", "limits"} <= set(container["resources"])
    probes = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    assert probes == {"startup": "/readyz", "readiness": "/readyz", "liveness": "/healthz"}
