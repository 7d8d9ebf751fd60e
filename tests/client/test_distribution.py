"""The client as a distribution of its own: what is in its wheel, and that nothing of the service is needed."""

import re
import shutil
import subprocess
import sys
import tomllib
from email import message_from_bytes
from email.message import Message
from importlib import import_module, reload
from pathlib import Path
from zipfile import ZipFile

import pytest

import wherefrom
from tests.conftest import ROOT

CLIENT = ROOT / "client"
BUILT = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install ./client` installs."""
    base = tmp_path_factory.mktemp("client")
    shutil.copytree(CLIENT, base / "source", ignore=BUILT)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(base)]
    subprocess.run([*pip, *options, str(base / "source")], check=True)
    (built,) = base.glob("wherefrom_client-*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages where the client is installed, in a project that has a `service` of its own."""
    folder = tmp_path_factory.mktemp("site")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    (folder / "service").mkdir()
    (folder / "service" / "__init__.py").write_text("whose = 'theirs'\n")
    return folder


def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_bytes(archive.read(name))


def test_only_the_client_is_in_the_wheel(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        (licence,) = [archive.read(name) for name in names if name.endswith("/LICENSE")]
    assert {name.partition("/")[0] for name in names} == {"wherefrom", "wherefrom_client-0.1.0.dist-info"}
    modules = {name for name in names if name.startswith("wherefrom/")}
    files = [path for path in (CLIENT / "wherefrom").rglob("*") if path.suffix == ".py" or path.name == "py.typed"]
    assert modules == {path.relative_to(CLIENT).as_posix() for path in files}
    assert "wherefrom/py.typed" in modules
    assert licence == (ROOT / "LICENSE").read_bytes()


def test_it_needs_httpx_and_pydantic_alone(wheel: Path) -> None:
    told = metadata(wheel).get_all("Requires-Dist", [])
    needed = {re.split(r"[<>=]", each)[0] for each in told if "extra ==" not in each}
    assert needed == {"httpx", "pydantic"}
    assert all("<" in each for each in told)
    assert metadata(wheel).get_all("Provides-Extra") == sorted(FRAMEWORKS)


def test_the_service_is_installed_with_the_client_that_stands_beside_it(wheel: Path) -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert f"wherefrom-client=={metadata(wheel)['Version']}" in needed


OURS = ("corpus", "index", "eval", "tests")
FRAMEWORKS = ("langchain", "llamaindex", "haystack")
SCRIPT = f"""
import sys
import service
import {{module}} as ours
print(ours.__file__, service.whose, [name for name in {OURS} if name in sys.modules])
"""


@pytest.mark.parametrize("module", ["wherefrom", *(f"wherefrom.{name}" for name in FRAMEWORKS)])
def test_it_works_beside_a_service_of_somebody_else(site: Path, module: str) -> None:
    run = [sys.executable, "-W", "error", "-c", SCRIPT.format(module=module)]
    environment = {"PYTHONPATH": str(site), "HAYSTACK_TELEMETRY_ENABLED": "False"}
    done = subprocess.run(run, cwd="/", env=environment, capture_output=True, text=True, check=True)
    file = module.replace(".", "/") + ("/__init__.py" if module == "wherefrom" else ".py")
    assert done.stdout == f"{site / file} theirs []\n"


def test_all_that_is_named_is_there() -> None:
    assert set(wherefrom.__all__) <= set(vars(wherefrom))
    assert sorted(wherefrom.__all__) == wherefrom.__all__


@pytest.mark.parametrize(
    ("old", "new"), [("service.client", "wherefrom"), ("service.langchain_retriever", "wherefrom.langchain")]
)
def test_the_old_name_still_works_and_warns(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"{old} goes with the next release: import from {new} instead"):
        module = import_module(old)
        reload(module)  # in case another test has imported it before
    for name in module.__all__:
        assert getattr(module, name) is getattr(import_module(new), name)
