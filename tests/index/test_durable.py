"""Derived files are written whole or not at all, and never read unless they are what was written."""

from pathlib import Path

import numpy as np
import pytest

from index.durable import map_whole, write_whole

DATA = bytes(range(256)) * 20


def test_what_is_written_is_read_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    write_whole(path, b"before")
    digest = write_whole(path, DATA)
    mapped = map_whole(path, digest)
    assert mapped is not None
    assert mapped[:] == DATA
    write_whole(path, b"after")
    assert mapped[:] == DATA, "what is mapped stays what it was"
    assert [file.name for file in tmp_path.iterdir()] == ["x.bin"]


def test_no_damaged_file_is_ever_handed_on(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    digest = write_whole(path, DATA)
    random = np.random.default_rng(0)
    for _ in range(300):
        damaged = bytearray(DATA)
        damaged[random.integers(len(DATA))] ^= 1 << random.integers(8)
        path.write_bytes(damaged)
        assert map_whole(path, digest) is None
    for length in random.integers(0, len(DATA), 50):
        path.write_bytes(DATA[:length])
        assert map_whole(path, digest) is None
    path.unlink()
    assert map_whole(path, digest) is None


def test_a_write_that_fails_leaves_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.bin"
    digest = write_whole(path, DATA)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"after")
    left = map_whole(path, digest)
    assert left is not None
    assert left[:] == DATA
    assert len(list(tmp_path.iterdir())) == 1
