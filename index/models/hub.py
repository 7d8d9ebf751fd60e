"""Finding the folder of a model: on this machine, in the cache of the hub, or on the hub itself.

Folders that could run code of their own, or hold weights in another format than safetensors, are refused.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from corpus.errors import ModelUnavailable

HUB_NAME = re.compile(r"(?:\w[\w.-]*/)?\w[\w.-]*", re.ASCII)
HUB_OWNER = "sentence-transformers"  # whose models the library finds by their bare name
HUB_FILES = ["*.json", "*.jinja", "*.model", "*.safetensors", "*.txt"]
HUB_PATIENCE = 6.0  # seconds in which the hub must answer; the user waits
WITHOUT_DOWNLOAD = "or use multilingual-e5-small, which needs no download"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder with a complete model, and which version of the model it holds."""

    path: Path
    revision: str


def find_model_folder(name: str, *, offline: bool = False, way_out: str = WITHOUT_DOWNLOAD) -> ModelFolder:
    """Return the checked folder of the model that a user names.

    Args:
        name: a folder, or a model of the Hugging Face hub: `owner/model`.
        offline: never ask the hub; what its cache holds is used in any case.
        way_out: what else to do where the model cannot be fetched.

    Raises:
        ModelUnavailable: if no model of this name can be had, or what is there is not safe to load.
    """
    if name and Path(name).is_dir():
        path = Path(name)
        check_model_folder(path, name)
        return ModelFolder(path, digest_of(path))
    if not HUB_NAME.fullmatch(name):
        raise ModelUnavailable(f"the model {name!r} is neither a folder nor a name like owner/model")
    path = hub_folder(name if "/" in name else f"{HUB_OWNER}/{name}", way_out, offline=offline)
    check_model_folder(path, name)
    return ModelFolder(path, path.name)  # the hub's cache names folders by commit


def hub_folder(repository: str, way_out: str, *, offline: bool) -> Path:
    """Return where the hub's cache keeps a model, after fetching it if it is not there, unless `offline`.

    Raises:
        ModelUnavailable: if the model is not in the cache and cannot be fetched.
    """
    if cached := cached_folder(repository):
        return cached
    if offline:
        raise ModelUnavailable(
            f"the model {repository} is not in the cache of the hub and fetching it is switched off; "
            f"name a folder that holds it, {way_out}"
        )
    expect_on_hub(repository, way_out)
    return fetched_folder(repository)


def cached_folder(repository: str) -> Path | None:
    """Return where the hub's cache keeps a model, or `None` if the weights are not there.

    Raises:
        ModelUnavailable: if the hub allows no such name.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(repository, allow_patterns=HUB_FILES, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    except HFValidationError:
        raise ModelUnavailable(f"{repository!r} is neither a folder nor a name like owner/model") from None
    return folder if weights_of(folder) else None  # other programs fetch the settings alone


def fetched_folder(repository: str) -> Path:
    """Fetch a model into the hub's cache, with a progress bar if someone sits there, and return its folder."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    if not sys.stderr.isatty():
        disable_progress_bars()
    try:
        return Path(snapshot_download(repository, allow_patterns=HUB_FILES))
    except Exception as error:  # the connection, the disk or the hub gave up, each with errors of its own
        raise ModelUnavailable(f"fetching {repository} failed ({first_line(error)}); try again") from error


def expect_on_hub(repository: str, way_out: str) -> None:
    """Make sure, quickly and quietly, that the hub can be reached and has the model.

    Raises:
        ModelUnavailable: if not, because a download would retry for minutes and print what it thinks.
    """
    from huggingface_hub.errors import RepositoryNotFoundError

    answers: SimpleQueue[Exception | None] = SimpleQueue()
    # a thread, for no timeout ends the look-up of a host name where the network swallows it
    Thread(target=ask_hub, args=(repository, answers), daemon=True).start()
    try:
        error = answers.get(timeout=HUB_PATIENCE)
    except Empty:
        error = TimeoutError("no answer")
    if isinstance(error, RepositoryNotFoundError):
        raise ModelUnavailable(
            f"the hub has no model {repository}, or keeps it private: check the name, or log in with `hf auth login`"
        ) from error
    if error is not None:
        raise ModelUnavailable(
            f"the model {repository} is not in the cache of the hub, and the hub cannot be reached; "
            f"connect to the internet once, name a folder that holds the model, {way_out}"
        ) from error


def ask_hub(repository: str, answers: "SimpleQueue[Exception | None]") -> None:
    """Ask the hub for a model; put None among the answers if it has it, else what went wrong."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(repository, timeout=HUB_PATIENCE)
        answers.put(None)
    except Exception as error:  # whatever it is, the other thread must hear of it
        answers.put(error)


def check_model_folder(folder: Path, name: str) -> None:
    """Make sure that a folder holds a model, and that to load it runs no code and unpickles nothing.

    Raises:
        ModelUnavailable: if not, with the file in question.
    """
    if not any((folder / settings).is_file() for settings in ("modules.json", "config.json")):
        raise ModelUnavailable(f"the folder {name} holds no model: no modules.json and no config.json")
    for path, settings in settings_of(folder):
        if isinstance(settings, dict) and "auto_map" in settings:
            raise ModelUnavailable(
                f"the model {name} brings code of its own ({path.name} has auto_map), "
                "which is never run; name another model"
            )
    safe = {path.parent for path in weights_of(folder)}
    if not safe or not safe.issuperset(path.parent for path in folder.rglob("pytorch_model*.bin")):
        raise ModelUnavailable(
            f"the model {name} has weights that are not in safetensors, the only format that is read; "
            "convert it or name another model"
        )


def settings_of(folder: Path) -> Iterator[tuple[Path, object]]:
    """Yield the settings files of a model with what they say.

    Raises:
        ModelUnavailable: if one is not JSON.
    """
    for path in sorted(folder.rglob("*config*.json")):
        try:
            yield path, json.loads(path.read_bytes())
        except ValueError as error:
            raise ModelUnavailable(f"{path} is not JSON ({error}); fetch the model again") from error


def weights_of(folder: Path) -> list[Path]:
    """Return the files with the weights of a model, in a fixed order."""
    return sorted(folder.rglob("*.safetensors"))


def digest_of(folder: Path) -> str:
    """Return 16 hexadecimal digits that tell these weights, settings and tokenizer from all others."""
    digest = sha256()
    for path in sorted({path for pattern in HUB_FILES for path in folder.rglob(pattern)}):
        with path.open("rb") as file:
            digest.update(path.relative_to(folder).as_posix().encode() + file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message, or its kind where it has none."""
    return str(error).strip().split("\n")[0] or type(error).__name__
