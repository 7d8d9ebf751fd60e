"""The modules of `index.models` point one way: each imports of the others only what stands in a layer below its own."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

# From the lowest to the highest. Modules of one layer know nothing of each other.
LAYERS = (
    {"encoder", "reranker"},
    {"hub", "prompts", "sealed", "token_means", "tokens", "vectors"},
    {"hashing", "onnx", "torch"},
    {"cross_encoder", "making.e5_file", "making.fusion"},
    {"making.channels", "making.e5_tokenizer"},
    {"making.e5_export", "making.export"},
    {"making.embedded", "making.graph"},
    {"registry"},
)
PACKAGE = "index.models."
FOLDER = ROOT / "index" / "models"


def imported_modules(file: Path) -> set[str]:
    """Return which modules of the package a file imports, in functions and for types, too."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
    return {name.removeprefix(PACKAGE) for name in found if name.startswith(PACKAGE)} & set[str]().union(*LAYERS)


def test_every_module_has_a_layer() -> None:
    files = {file for file in FOLDER.rglob("*.py") if file.name != "__init__.py"}
    names = [".".join(file.relative_to(FOLDER).with_suffix("").parts) for file in files]
    assert sorted(names) == sorted(name for layer in LAYERS for name in layer)


@pytest.mark.parametrize("height", range(len(LAYERS)))
def test_a_module_imports_only_what_stands_below_it(height: int) -> None:
    below = set[str]().union(*LAYERS[:height])
    for name in LAYERS[height]:
        wrong = imported_modules(FOLDER.joinpath(*name.split(".")).with_suffix(".py")) - below
        assert not wrong, f"{PACKAGE}{name} imports {wrong}"


def test_the_check_sees_a_wrong_import(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import index.models.hub\n"
        "from index.models import torch\n"
        "def late():\n    from index.models.making.graph import find_graph\n"
    )
    assert imported_modules(wrong) == {"hub", "torch", "making.graph"}
