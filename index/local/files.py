"""The files of the index on one machine: what they are called, and those that nothing reads any more."""

from pathlib import Path

from corpus.store.folders import sweep
from index.terms.terms import TERMS_VERSION

DENSE_FILE = "dense.faiss"
RECORD_FILE = "vectors.bin"
LEXICAL = "lexical-"
LEXICAL_FILE = f"{LEXICAL}{TERMS_VERSION}.safetensors"
COPIED = (DENSE_FILE,)  # into memory, once passages come or go; until then it is mapped, as the others always are
FILES = (*COPIED, LEXICAL_FILE, RECORD_FILE)


def sweep_asides(data_dir: Path) -> None:
    """Remove what killed processes left while they wrote."""
    for name in FILES:
        sweep(data_dir, name)


def remove_older(data_dir: Path) -> None:
    """Remove the files of older versions, which would keep what is deleted."""
    for path in (each for kind in (".npz", ".safetensors") for each in data_dir.glob(f"{LEXICAL}*{kind}")):
        version = path.stem.removeprefix(LEXICAL)
        if path.name != LEXICAL_FILE and version.isdecimal() and int(version) <= TERMS_VERSION:
            path.unlink(missing_ok=True)
