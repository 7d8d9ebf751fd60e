"""The image as documented: its steps are run, but for those that need Docker or a package index."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.conftest import ROOT
from tests.docs.deployment_fixtures import (
    DEPLOYMENT,
    DOCKERFILE,
    Installed,
    arguments_of,
    installed,
    instructions,
    key_file,
)
from tests.server_fixtures import serving_command

__all__ = ["installed", "key_file"]


@dataclass(frozen=True)
class Image:
    """A container's inside: its environment, with a folder of data that the build has indexed."""

    installed: Installed
    variables: dict[str, str]
    key: str


@pytest.fixture(scope="module")
def image(
    installed: Installed, key_file: tuple[str, Path], model_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Image:
    """Run the steps of the build that need neither root nor a package index."""
    data = tmp_path_factory.mktemp("image") / "data"
    key, file = key_file
    (variables,) = arguments_of("ENV")
    places = {
        "/opt/wherefrom/cache": str(model_cache),
        "/data": str(data),
        "/run/secrets/wherefrom-read-keys": str(file),
        "$PATH": "/usr/bin:/bin",
        "0.0.0.0": "127.0.0.1",  # the tests listen on no other address
    }

    def here(text: str) -> str:
        for there, place in places.items():
            text = text.replace(there, place)
        return installed.here(text)

    (indexing,) = [each for each in arguments_of("RUN") if " index " in each]
    subprocess.run(["sh", "-c", here(indexing.replace("/tmp/data", "/data"))], cwd="/", env={}, check=True)
    named = dict(each.split("=", 1) for each in here(variables).split())
    return Image(installed, {**named, "WHEREFROM_PORT": "0"}, key)


@pytest.mark.model
def test_the_image_serves_what_its_build_prepared(image: Image) -> None:
    words: list[str] = [each for name in ("ENTRYPOINT", "CMD") for each in json.loads(arguments_of(name)[0])]
    program, *arguments = words
    path = shutil.which(program, path=image.variables["PATH"])
    assert path == str(image.installed.prefix / "bin" / "wherefrom")
    with serving_command([path, *arguments, "--json"], image.variables) as server:
        headers = {"Authorization": f"Bearer {image.key}"}
        asked = {"q": "how many Yunnan workers came to Shanghai in 2022"}
        assert httpx2.get(f"{server.url}/v1/search", params=asked).status_code == 401
        answer = httpx2.get(f"{server.url}/v1/search", params=asked, headers=headers).json()
        assert "14,809" in answer["results"][0]["text"]
        assert answer["index"]["model"] == "multilingual-e5-small"
        # What is no Python is in the wheel, too.
        for part in ("/", "/source", "/assets/ask.js", "/docs"):
            assert httpx2.get(f"{server.url}{part}").status_code == 200
        assert health(image, server.address[1]) == 0
    assert health(image, server.address[1]) != 0


def health(image: Image, port: int) -> int:
    """Return the exit code of the image's health check."""
    (check,) = arguments_of("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    assert "127.0.0.1:8000/readyz" in command[-1]
    command[-1] = command[-1].replace(":8000", f":{port}")
    path = shutil.which(command[0], path=image.variables["PATH"])
    assert path is not None
    return subprocess.run([path, *command[1:]], env=image.variables, capture_output=True, check=False).returncode


def test_evaluation_comes_with_the_wheel(installed: Installed) -> None:
    python = installed.prefix / "bin" / "python"
    where = "import eval, pathlib; print(*sorted(p.name for p in pathlib.Path(eval.__file__).parent.glob('**/*.j*')))"
    done = subprocess.run([python, "-c", where], cwd="/", env={}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["capacity.json", "page.html.jinja", "starter.jsonl"]


def test_it_is_built_by_the_command_it_tells() -> None:
    (told,) = re.findall(r"^#.*(docker build .*)$", DOCKERFILE, re.MULTILINE)
    assert f"$ {told}\n" in DEPLOYMENT


def test_the_image_is_left_to_a_user_without_rights() -> None:
    last_stage = instructions()[max(i for i, (word, _) in enumerate(instructions()) if word == "FROM") :]
    words = [word for word, _ in last_stage]
    assert dict(last_stage)["USER"] == "wherefrom"
    assert "RUN" not in words[words.index("USER") :]
    assert not [rest for word, rest in instructions() if word == "ADD"]


def test_nothing_is_installed_but_at_the_versions_tested() -> None:
    """But for the tool that installs, all versions come from constraints.txt, and torch without CUDA."""
    (first, dependencies, package) = [each for each in arguments_of("RUN") if "pip install" in each]
    assert re.fullmatch(r"pip install --no-cache-dir uv==[\d.]+", first)
    assert "--torch-backend cpu --constraint /src/constraints.txt" in dependencies
    assert "--no-deps" in package
    assert "--torch-backend cpu --constraint constraints.txt" in DEPLOYMENT


def test_what_the_builder_is_sent_holds_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert lines[1] == "*"
    copied = {name for each in arguments_of("COPY") if "--from" not in each for name in each.split()[:-1]}
    assert copied == sent
