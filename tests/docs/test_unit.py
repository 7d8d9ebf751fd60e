"""The unit of systemd, the backup and the monitoring as documented, as far as they can be tried without systemd."""

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
import yaml

from corpus.store.sqlite import DATABASE_FILE
from service.http.middleware.bodies import BODY_SECONDS
from service.http.middleware.headers import REQUEST_ID
from service.settings import read_settings
from tests.conftest import ROOT
from tests.docs.deployment_fixtures import DEPLOYMENT, Installed, installed, key_file
from tests.server_fixtures import PATIENCE, WHEREFROM, environment, serving_command, wherefrom
from tests.service_fixtures import make_index

__all__ = ["installed", "key_file"]

UNIT = ROOT / "deploy" / "wherefrom.service"


def unit_values(key: str) -> list[str]:
    lines = UNIT.read_text("utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


def test_the_unit_starts_a_service_that_keys_guard(
    installed: Installed, key_file: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("unit")
    key, file = key_file
    make_index(base).rename(base / "wherefrom")  # the state folder; its model is the one of the tests
    specifiers = {"%S": base, "%C": base / "cache", "%d": file.parent}
    variables = {}
    for each in unit_values("Environment"):
        name, _, value = each.partition("=")
        for specifier, path in specifiers.items():
            value = value.replace(specifier, str(path))
        variables[name] = value
    (credential,) = unit_values("LoadCredential")
    assert credential.partition(":")[0] == file.name
    (command,) = unit_values("ExecStart")
    variables |= {"WHEREFROM_PORT": "0", "WHEREFROM_ACCESS_LOG": "off"}
    with serving_command([*installed.here(command).split(), "--json"], variables) as server:
        address = f"{server.url}/v1/documents"
        assert httpx2.get(address).status_code == 401
        found = httpx2.get(address, headers={"Authorization": f"Bearer {key}"}).json()
        assert len(found["documents"]) == 3
        code, told = server.stop(15)
        assert (code, told.split()[1:]) == (0, ["info", "stopped"])


@pytest.fixture
def systemd_analyze() -> str:
    path = shutil.which("systemd-analyze")
    if path is None:
        pytest.skip("systemd-analyze is not installed; it reads units as systemd does")
    return path


def test_systemd_understands_the_unit(systemd_analyze: str, tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    (command,) = unit_values("ExecStart")
    # It asks for a program that is there.
    unit.write_text(UNIT.read_text("utf-8").replace(command.split()[0], "/bin/true"), "utf-8")
    done = subprocess.run([systemd_analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_unit_is_exposed_no_more_than_is_told(systemd_analyze: str) -> None:
    command = [systemd_analyze, "security", "--offline=yes", "--no-pager", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "offline" in done.stderr:
        pytest.skip("this systemd-analyze judges installed units only")
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", done.stdout)
    (told,) = re.findall(r"exposure ([\d.]+) of 10", DEPLOYMENT)
    assert float(exposure) <= float(told)


def test_the_scrape_example_is_what_prometheus_reads() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", DEPLOYMENT, re.DOTALL)
    (job,) = yaml.safe_load(example)["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["127.0.0.1:8000"]}]
    assert job["authorization"].keys() == {"credentials_file"}


def test_an_older_index_is_upgraded_as_documented(tmp_path: Path) -> None:
    (command,) = re.findall(r"^ +/opt/wherefrom/bin/wherefrom (index --upgrade)$", DEPLOYMENT, re.MULTILINE)
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as connection:
        connection.executescript((ROOT / "tests" / "index" / "format-4.sql").read_text("utf-8"))
    variables = {"WHEREFROM_DATA_DIR": str(tmp_path)}
    assert "4 updated" in wherefrom(*command.split(), **variables)
    assert wherefrom("verify", "--json", **variables).startswith('{\n  "ok": true')


def test_a_backup_made_as_documented_can_be_served(tmp_path: Path) -> None:
    commands = re.findall(r"^\$ wherefrom ((?:backup|restore) .*)$", DEPLOYMENT, re.MULTILINE)
    assert [each.split()[0] for each in commands] == ["backup", "restore"]
    make_index(tmp_path)
    for command in commands:
        subprocess.run([*WHEREFROM, *command.split()], cwd=tmp_path, env=environment(), check=True, timeout=PATIENCE)
    restored = tmp_path / "again"
    with serving_command([*WHEREFROM, "serve", "--json", "--data-dir", str(restored)], environment()) as server:
        found = httpx2.get(f"{server.url}/v1/search", params={"q": "泊位有多少个"}).json()
        assert found["results"][0]["citation"]["source"] == "harbour.md"
    subprocess.run([*WHEREFROM, "verify", "--data-dir", str(restored)], env=environment(), check=True, timeout=PATIENCE)


def test_the_proxy_lets_through_what_the_service_takes() -> None:
    (example,) = re.findall(r"```nginx\n(.*?)```", DEPLOYMENT, re.DOTALL)
    directives = dict(re.findall(r"^ *(client_\w+) (\w+);", example, re.MULTILINE))
    largest = f"{read_settings().upload_bytes // 1_000_000}m"
    assert directives == {"client_max_body_size": largest, "client_body_timeout": f"{BODY_SECONDS:g}s"}
    sent = set(re.findall(r"proxy_set_header (\S+) ", example))
    assert sent == {"Host", "X-Forwarded-Proto", "X-Request-ID"}
    assert REQUEST_ID.fullmatch("0123456789abcdef" * 2)  # as nginx writes $request_id
