"""The packages import one way only, and nothing happens when they are imported."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What each package may import of the others; eval speaks to the service over HTTP, by the client.
ARROWS = {
    "corpus": set[str](),
    "index": {"corpus"},
    "service": {"corpus", "index"},
    "wherefrom": set[str](),
    "eval": {"corpus", "index", "wherefrom"},
}
# The rooms of each package, the lowest first; a room is a folder or a file of its own. Each may import what stands
# before it. Rooms in one line know nothing of each other.
ROOMS = {
    "corpus": [
        {"errors", "language", "noise", "numerals", "parts"},
        {"document"},
        {"passage"},
        {"splitting", "store"},
        {"files"},
    ],
    "index": [
        {"answer", "filters", "durable"},
        {"query", "models"},
        {"terms"},
        {"manifest"},
        {"ranking"},
        {"engine"},
        {"home"},
        {"local", "features", "oceanbase"},
        {"searcher", "cutting"},
        {"writer"},
        {"opening", "remembering", "verify", "syncing"},
        {"upgrading", "bulk"},
    ],
    "service": [
        {"settings", "errors", "views", "layout", "writing", "watching"},
        {"citations", "home", "workers"},
        {"renderings", "budget", "backend"},
        {"reading"},
        {"http"},
        {"platforms"},
        {"openapi"},
        {"app"},
        {"server", "reference"},
        {"cli"},
        {"client"},
        {"langchain_retriever"},
    ],
}
FOLDERS = {package: ROOT / package for package in ARROWS} | {"wherefrom": ROOT / "client" / "wherefrom"}
# Heavy or foreign things a package must not know of.
FOREIGN = {
    "corpus": {"numpy", "torch", "faiss", "fastapi", "sentence_transformers", "transformers"},
    "index": {"fastapi", "typer", "rich", "uvicorn"},
    "service": {"torch", "faiss", "numpy", "sqlite3"},
    "wherefrom": {"fastapi", "typer", "numpy", "httpx2"},
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
    # As the application whose calls are counted, in a process with what counts them.
    "eval/bench/trace.py": {"service"},
    # As the names that the client had before it was a package of its own.
    "service/client.py": {"wherefrom"},
    "service/langchain_retriever.py": {"wherefrom"},
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
    for file in FOLDERS[package].rglob("*.py"):
        if file in STANDALONE:
            continue
        name = file.relative_to(ROOT).as_posix()
        wrong = imported_packages(file) & (set(ARROWS) - ARROWS[package] - {package} | FOREIGN[package])
        assert not wrong - ALLOWED.get(name, set()), f"{name} imports {wrong}"


def room_of(module: str) -> tuple[str, str]:
    """Return the package and the room of a module, the package twice where it is the package itself."""
    package, *inner = module.split(".")
    return package, inner[0] if inner else package


def imported_modules(file: Path) -> set[str]:
    nodes = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
    return {name for name in names if name.split(".")[0] in ARROWS}


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_point_one_way(package: str) -> None:
    lower: set[str] = set()
    for rooms in ROOMS[package]:
        for room in rooms:
            place = ROOT / package / room
            for file in place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]:
                known = {name for other, name in map(room_of, imported_modules(file)) if other == package}
                assert known <= lower | {room}, f"{file.relative_to(ROOT)} imports {known - lower - {room}}"
        lower |= rooms


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_has_a_place(package: str) -> None:
    there = {path.stem for path in (ROOT / package).glob("[!_]*.py")}
    there |= {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    listed = [room for rooms in ROOMS[package] for room in rooms]
    assert sorted(listed) == sorted(there)
    assert len(list((ROOT / package).glob("*.py"))) <= 16, "a package that has more files wants rooms"


@pytest.mark.parametrize("package", ARROWS)
def test_no_module_imports_itself_by_way_of_others(package: str) -> None:
    arrows = {}
    for file in FOLDERS[package].rglob("*.py"):
        module = ".".join(file.relative_to(FOLDERS[package].parent).with_suffix("").parts)
        arrows[module] = {name.rpartition(".")[0] for name in imported_modules(file)} - {module}
    TopologicalSorter(arrows).prepare()  # raises where it finds a circle


def test_the_client_is_known_by_what_it_offers() -> None:
    offered = {"wherefrom", "wherefrom.langchain", "wherefrom.llamaindex", "wherefrom.haystack"}
    for file in (*FOLDERS["eval"].rglob("*.py"), *FOLDERS["service"].rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wherefrom"):
                assert node.module in offered, f"{file.relative_to(ROOT)} imports {node.module}"


@pytest.mark.parametrize("module", ["wherefrom", "wherefrom.langchain", "wherefrom.llamaindex"])
def test_a_client_needs_nothing_of_the_service_itself(module: str, tmp_path: Path) -> None:
    heavy = ("torch", "faiss", "sentence_transformers", "transformers", "fastapi", "uvicorn", "mcp")
    unwanted = (*heavy, *set(ARROWS) - {"wherefrom"})
    script = f"import sys, {module}; print([name for name in {unwanted} if name in sys.modules])"
    command, environment = [sys.executable, "-c", script], {"PYTHONPATH": str(ROOT / "client")}
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
    script = (
        f"import sys, {module}; print([name for name in ('torch', 'transformers', 'fastapi') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert not done.stderr
    assert not list(tmp_path.iterdir())
