"""The packages import one way only, and nothing happens when they are imported."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What each package may import of the others.
ARROWS = {
    "corpus": set[str](),
    "index": {"corpus"},
    "service": {"corpus", "index"},
    "eval": {"corpus", "index", "service"},
}
# All that eval may know of the service, to which it speaks over HTTP.
CLIENT = {"service.client", "service.http.schemas"}
# What counts the calls of our functions must have the application in its own process.
APPLICATION = {"eval/bench/trace.py": {"service.app", "service.settings"}}
# Heavy or foreign things a package must not know of.
FOREIGN = {
    "corpus": {"numpy", "torch", "faiss", "fastapi", "sentence_transformers", "transformers"},
    "index": {"fastapi", "typer", "rich", "uvicorn"},
    "service": {"torch", "faiss", "numpy", "sqlite3"},
    "eval": {"torch", "faiss", "sqlite3", "fastapi"},
}
# Run in environments of their own, where nothing of ours is.
STACKS = ROOT / "eval" / "peers" / "stacks"
# Run in processes of their own, some of them in environments where nothing of ours is.
STANDALONE = [*STACKS.glob("*.py"), STACKS.with_name("driver.py"), ROOT / "eval" / "bench" / "clients.py"]
# What one file may know of all the same.
ALLOWED = {
    # As what ours is compared with.
    "eval/bench/vectors.py": {"faiss"},
    "eval/bench/encoder.py": {"torch"},
}


def imported_packages(file: Path) -> set[str]:
    packages = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            packages |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            packages.add((node.module or "").split(".")[0])
    return packages


@pytest.mark.parametrize("package", ARROWS)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        if file in STANDALONE:
            continue
        name = file.relative_to(ROOT).as_posix()
        wrong = imported_packages(file) & (set(ARROWS) - ARROWS[package] - {package} | FOREIGN[package])
        assert not wrong - ALLOWED.get(name, set()), f"{name} imports {wrong}"


def test_eval_knows_the_client_of_the_service_alone() -> None:
    for file in (ROOT / "eval").rglob("*.py"):
        name = file.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service"):
                assert node.module in CLIENT | APPLICATION.get(name, set()), f"{name} imports {node.module}"


@pytest.mark.parametrize("module", ["service.client", "service.langchain_retriever"])
def test_a_client_needs_nothing_of_the_service_itself(module: str, tmp_path: Path) -> None:
    heavy = ("torch", "faiss", "sentence_transformers", "transformers", "fastapi", "uvicorn", "mcp")
    script = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    command, environment = [sys.executable, "-c", script], {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_runs_in_other_environments_imports_nothing_of_ours() -> None:
    for file in STANDALONE:
        assert not imported_packages(file) & {*ARROWS, "tests"}, file.name


def test_the_check_sees_a_wrong_arrow(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from service.app import create_app\nimport eval.measures\n")
    assert imported_packages(wrong) == {"service", "eval"}


@pytest.mark.parametrize(
    "module", ["corpus.store.sqlite", "index.models.registry", "service.cli.main", "eval.__main__"]
)
def test_importing_loads_no_model_library_and_writes_nothing(module: str, tmp_path: Path) -> None:
    script = f"import sys, {module}; print('torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    command = [sys.executable, "-c", script]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
    assert not done.stderr
    assert not list(tmp_path.iterdir())
