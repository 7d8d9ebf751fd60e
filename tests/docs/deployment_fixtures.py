"""What the tests of the deployment share: the Dockerfile's instructions, the package installed, a file of keys."""

import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
SOURCE, PREFIX = "/src", "/opt/wherefrom"


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions, each with its arguments in one line."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (word, " ".join(rest.split())) for word, _, rest in (line.partition(" ") for line in text.splitlines()) if word
    ]


def arguments_of(wanted: str) -> list[str]:
    return [rest for word, rest in instructions() if word == wanted]


@dataclass(frozen=True)
class Installed:
    """The package and its client as they are deployed: wheels in an environment of their own.

    Attributes:
        source: what the Dockerfile copies.
        prefix: the environment.
    """

    source: Path
    prefix: Path

    def here(self, text: str) -> str:
        """Return a line of the deployment with the paths that it has here."""
        return text.replace(SOURCE, str(self.source)).replace(PREFIX, str(self.prefix))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Copy what the Dockerfile copies, build the wheels and install them; the dependencies are those of the tests."""
    base = tmp_path_factory.mktemp("deployed")
    source, prefix = base / "src", base / "opt"
    source.mkdir()
    copies = [each.split() for each in arguments_of("COPY") if "--from" not in each]
    for *names, target in copies:
        for name in names:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, source / Path(target).relative_to(SOURCE), ignore=ignored)
            else:
                shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = [
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(base),
        str(source),
        str(source / "client"),
    ]
    subprocess.run([*pip, *wheel], check=True)
    built = [str(each) for each in base.glob("*.whl")]
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(prefix)], check=True)
    python = prefix / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", *built], check=True)
    (site,) = prefix.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return Installed(source, prefix)


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A key and the file with its hash, made as the documentation says."""
    (steps,) = re.findall(r"```sh\n(key=.*?)```", DEPLOYMENT, re.DOTALL)
    folder = tmp_path_factory.mktemp("keys")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip(), folder / "read-keys"
