"""What watches the service in deploy/: dashboard, alerts and compose file, as far as a plain machine reads them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.http.access import Scope, make_access
from tests.conftest import ROOT
from tests.docs.deployment_fixtures import DEPLOYMENT, arguments_of
from tests.http_fixtures import Serving, ask
from tests.service_fixtures import make_index, settings_of

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROMETHEUS: dict[str, Any] = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
ALERTS = [
    rule for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboards" / "wherefrom.json").read_text("utf-8"))
NAME = re.compile(r"\b(?:wherefrom|process|python)_\w+")
GRAFANAS = {"$__rate_interval": "5m", "$instance": ".*"}  # variables, each with a value


def panel_queries() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            query = target["expr"]
            for variable, value in GRAFANAS.items():
                query = query.replace(variable, value)
            yield panel["title"], query


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of all that a service tells at /metrics, by name, after it was asked."""
    with Serving(settings_of(make_index(tmp_path_factory.mktemp("watched")))) as client:
        ask(client)
        client.get("/metrics")
        families = text_string_to_metric_families(client.get("/metrics").text)
    labels = dict[str, set[str]]()
    for sample in (sample for family in families for sample in family.samples):
        labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def test_every_figure_that_is_shown_or_alarms_is_told(exposed: dict[str, set[str]]) -> None:
    queries = [*(query for _, query in panel_queries()), *(rule["expr"] for rule in ALERTS)]
    for query in queries:
        names = set(NAME.findall(query))
        assert names or query.startswith("up{")
        assert names <= set(exposed), query
        grouped = {label.strip() for each in re.findall(r"by \(([^)]*)\)", query) for label in each.split(",")}
        selected = set(re.findall(r"(\w+)=~?\"", query))
        known = {label for name in names for label in exposed[name]} | {"job", "instance"}
        assert grouped | selected <= known, query


def test_every_figure_is_told_of_in_the_documentation(exposed: dict[str, set[str]]) -> None:
    watching = DEPLOYMENT[DEPLOYMENT.index("## Watching it") :]
    for name in exposed:
        family = re.sub(r"_(bucket|count|sum|created)$", "", name)
        assert f"`{family}" in watching or name.startswith(("process_", "python_")), name


def test_every_query_is_one(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; it reads queries and alerts as Prometheus does")
    rules = [{"record": f"panel:{number}", "expr": query} for number, (_, query) in enumerate(panel_queries())]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}), "utf-8")
    for file in (tmp_path / "panels.yml", DEPLOY / "alerts.yml"):
        done = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_panels_have_places_and_ask_the_source_that_is_provisioned() -> None:
    (source,) = provisioned("datasources")["datasources"]
    assert source["url"] == "http://prometheus:9090"
    taken = set[tuple[int, int]]()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (column, row)
            for column in range(place["x"], place["x"] + place["w"])
            for row in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24  # columns of a dashboard
        taken |= cells
        for each in (panel, *panel["targets"]):
            assert each["datasource"] == {"type": source["type"], "uid": source["uid"]}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def provisioned(kind: str) -> dict[str, Any]:
    (file,) = (DEPLOY / "grafana" / "provisioning" / kind).iterdir()
    told: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return told


def test_prometheus_asks_the_service_of_the_compose_file() -> None:
    (job,) = PROMETHEUS["scrape_configs"]
    (target,) = job["static_configs"][0]["targets"]
    name, _, port = target.partition(":")
    assert name in SERVICES
    assert port in arguments_of("EXPOSE")
    secret = Path(job["authorization"]["credentials_file"])
    assert secret.parent == Path("/run/secrets")
    assert secret.name in SERVICES["prometheus"]["secrets"]
    mounted = mounts("prometheus")
    assert {f"/etc/prometheus/{name}" for name in ("prometheus.yml", *PROMETHEUS["rule_files"])} <= set(mounted)
    assert provisioned("dashboards")["providers"][0]["options"]["path"] in mounts("grafana")


def mounts(service: str) -> dict[str, str]:
    """Return what of this folder or of volumes a service sees, by where."""
    return {target: source for source, target, *_ in (each.split(":") for each in SERVICES[service]["volumes"])}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_do_little_and_is_reached_from_here_alone(service: str) -> None:
    told = SERVICES[service]
    assert told["read_only"]
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in told
    assert "healthcheck" in told or (service == "wherefrom" and arguments_of("HEALTHCHECK"))
    assert all(port.startswith("127.0.0.1:") for port in told["ports"])
    assert not {"privileged", "network_mode", "cap_add", "devices"} & set(told)
    assert "build" in told or re.fullmatch(r"[\w/]+:v?\d+\.\d+\.\d+", told["image"])
    for source in mounts(service).values():
        assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
    for each in told["volumes"]:
        assert each.endswith(":ro") == each.startswith(".")  # what is not a volume of its own stays as it is


def test_keys_are_files_that_the_documentation_makes() -> None:
    used = {secret for told in SERVICES.values() for secret in told["secrets"]}
    assert used == set(COMPOSE["secrets"])
    (secrets,) = arguments_of("ENV")[0].split("WHEREFROM_READ_KEYS=")[1:]
    assert secrets.split()[0] == "/run/secrets/wherefrom-read-keys"
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    for each in COMPOSE["secrets"].values():
        folder, name = Path(each["file"]).parts
        assert f"deploy/{folder}/" in ignored
        assert f"deploy/{folder}/{name}" in DEPLOYMENT


def test_the_key_of_prometheus_opens_what_it_asks(tmp_path: Path) -> None:
    (steps,) = re.findall(r"```sh\n(install .*?)```", DEPLOYMENT, re.DOTALL)
    (tmp_path / "deploy").mkdir()
    subprocess.run(["bash", "-euo", "pipefail", "-c", steps], cwd=tmp_path, check=True)
    files = {name: tmp_path / "deploy" / each["file"] for name, each in COMPOSE["secrets"].items()}
    access = make_access(settings_of(tmp_path, read_keys=str(files["wherefrom-read-keys"])))
    assert access.opens(f"Bearer {files['wherefrom-key'].read_text()}", Scope.READ)
    assert not access.opens(None, Scope.READ)
    assert not access.opens(f"Bearer {files['wherefrom-key'].read_text()}", Scope.WRITE)
    assert len(files["grafana-password"].read_text().strip()) == 24
    assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o644}
    assert files["wherefrom-key"].parent.stat().st_mode & 0o777 == 0o700
