"""What the tests of backups share: data folders with collections, tar files made by hand, and processes that stop."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from corpus.document import make_document
from corpus.store.collections import folder_of
from corpus.store.sqlite import DATABASE_FILE, Store
from tests.conftest import ROOT
from tests.store_fixtures import put, read, state

Head = Callable[[tarfile.TarInfo], object]


def plain(head: tarfile.TarInfo) -> None:
    """Leave the head of a member as it is."""


def make_data(data_dir: Path, collections: Mapping[str, Sequence[str]]) -> Path:
    """Make collections of documents without passages, by the texts of these."""
    for name, texts in collections.items():
        with Store.open(folder_of(data_dir, name), create=True) as store:
            for number, text in enumerate(texts):
                put(store, make_document(text, source=f"{name}-{number}.txt"))
    return data_dir


def texts_in(data_dir: Path, name: str) -> set[str]:
    with Store.open(folder_of(data_dir, name)) as store:
        return {read(store, lambda reader, each=each: reader.document(each)).text for each in ids_in(store)}  # type: ignore[misc]


def ids_in(store: Store) -> list[str]:
    return read(store, lambda reader: reader.document_ids())


def digest_in(data_dir: Path, name: str) -> str:
    with Store.open(folder_of(data_dir, name)) as store:
        return state(store).corpus_digest


def store_bytes(folder: Path, *texts: str) -> bytes:
    """Return a whole store of documents, in one file."""
    make_data(folder, {"default": texts})
    return (folder / DATABASE_FILE).read_bytes()


def listing(stores: Mapping[str, bytes]) -> bytes:
    """Return the list of a backup of these stores."""
    collections = [{"name": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in stores.items()]
    return json.dumps({"format": 1, "collections": collections}).encode()


def write_tar(file: Path, members: Sequence[tuple[str, bytes, Head]], *, form: int = tarfile.GNU_FORMAT) -> Path:
    """Write a tar file of members, each with its name, what it holds, and what is done to its head."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as tar:
        for name, data, change in members:
            head = tarfile.TarInfo(name)
            head.size = len(data)
            change(head)
            tar.addfile(head, io.BytesIO(data))
    file.write_bytes(gzip.compress(stream.getvalue(), 1) if file.suffix == ".gz" else stream.getvalue())
    return file


# Ends the process at the call of a number, before it is done, as if it were killed there.
STOPPING = """
import os, sys
from pathlib import Path
calls, stop = 0, int(sys.argv[1])
def counted(call):
    def stopping(*arguments, **named):
        global calls
        calls += 1
        if calls == stop:
            os._exit(9)
        return call(*arguments, **named)
    return stopping
for name in ("fsync", "replace", "rename", "mkdir", "unlink", "rmdir"):
    setattr(os, name, counted(getattr(os, name)))
from corpus.store.backup import back_up
from corpus.store.restore import restore
{call}
print(calls)
"""


def stopped(call: str, at: int, *arguments: object) -> int:
    """Run a call in a process that ends at a number of calls of the system, and return its exit code."""
    command = [sys.executable, "-c", STOPPING.replace("{call}", call), str(at), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert done.returncode in (0, 9), done.stderr
    return done.returncode
