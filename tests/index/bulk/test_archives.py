"""An index follows archives as it follows folders: what is in them comes, stays and goes with them."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files.folders.folder import Skipped
from corpus.store.sqlite import Store
from index.cutting import Indexed, Outcome
from index.syncing import Event, PruneRefused, Removed
from tests.corpus.files.archive_makers import zipped
from tests.index.bulk.bulk_fixtures import Here, by_itself, by_workers, held, open_store

QUAY, CRANE, FERRY = "The quay is 300 metres long.", "The crane lifts 40 tonnes.", "The ferry leaves at nine."
Index = Callable[..., list[Event]]


@pytest.fixture(params=["by itself", "by workers"])
def index(request: pytest.FixtureRequest) -> Index:
    def by(store: Store, *paths: Path, prune: bool = False) -> list[Event]:
        if request.param == "by itself":
            return by_itself(store, *paths, prune=prune)
        return by_workers(store, Here(), *paths, prune=prune)

    return by


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (folder := tmp_path / "files").mkdir()
    for number in range(3):  # so that no more than half of all goes at once
        (folder / f"beside-{number}.txt").write_text(f"Beacon {number} burns at night.")
    return folder


def outcomes(events: list[Event]) -> dict[str, str]:
    told = {each.document.source: str(each.outcome) for each in events if isinstance(each, Indexed)}
    return {source: outcome for source, outcome in told.items() if not source.startswith("beside")}


def removed(events: list[Event]) -> list[str]:
    assert not [each for each in events if isinstance(each, PruneRefused)]
    return [Path(each.path).name for each in events if isinstance(each, Removed)]


def paths_in(store: Store) -> dict[str, str]:
    with store.reading() as reader:
        return reader.document_paths()


def test_members_come_stay_and_change_one_by_one(tmp_path: Path, files: Path, index: Index) -> None:
    archive = files / "port.zip"
    archive.write_bytes(zipped({"quay.txt": QUAY, "deep/crane.txt": CRANE}))
    with open_store(tmp_path / "data") as store:
        assert outcomes(index(store, files)) == {"port.zip/deep/crane.txt": "added", "port.zip/quay.txt": "added"}
        assert str(archive / "deep" / "crane.txt") in paths_in(store)
        again = index(store, files)
        assert {each.outcome for each in again if isinstance(each, Indexed)} == {Outcome.UNCHANGED}
        archive.write_bytes(zipped({"quay.txt": QUAY, "deep/crane.txt": FERRY, "new.txt": CRANE}))
        assert outcomes(index(store, files)) == {
            "port.zip/quay.txt": "unchanged",
            "port.zip/deep/crane.txt": "updated",
            "port.zip/new.txt": "added",
        }


def test_what_is_gone_from_an_archive_goes_when_it_is_pruned(tmp_path: Path, files: Path, index: Index) -> None:
    archive = files / "port.zip"
    archive.write_bytes(zipped({"quay.txt": QUAY, "crane.txt": CRANE}))
    with open_store(tmp_path / "data") as store:
        index(store, files)
        archive.write_bytes(zipped({"quay.txt": QUAY}))
        assert removed(index(store, files)) == []
        assert len(paths_in(store)) == 5
        assert removed(index(store, files, prune=True)) == ["crane.txt"]
        archive.unlink()
        assert removed(index(store, files, prune=True)) == ["quay.txt"]


def test_an_archive_that_cannot_be_read_keeps_all(tmp_path: Path, files: Path, index: Index) -> None:
    archive = files / "port.zip"
    archive.write_bytes(zipped({"quay.txt": QUAY, "crane.txt": CRANE}))
    with open_store(tmp_path / "data") as store:
        index(store, files)
        archive.write_bytes(b"PK\3\4 half of it")
        events = index(store, files, prune=True)
        assert [each.source for each in events if isinstance(each, Skipped)] == ["port.zip"]
        assert removed(events) == []
        assert len(paths_in(store)) == 5


def test_a_member_that_cannot_be_read_keeps_its_version(tmp_path: Path, files: Path, index: Index) -> None:
    archive = files / "port.zip"
    inner = zipped({"crane.txt": CRANE})
    archive.write_bytes(zipped({"quay.txt": QUAY, "inner.zip": inner, "gone.txt": FERRY}))
    with open_store(tmp_path / "data") as store:
        index(store, files)
        archive.write_bytes(zipped({"quay.txt": b"\0\1\2\xff", "inner.zip": b"PK\3\4"}))
        assert removed(index(store, files, prune=True)) == ["gone.txt"]
        assert sorted(Path(path).name for path in paths_in(store))[-2:] == ["crane.txt", "quay.txt"]


def test_a_folder_in_place_of_an_archive(tmp_path: Path, files: Path, index: Index) -> None:
    archive = files / "port.zip"
    archive.write_bytes(zipped({"quay.txt": QUAY, "crane.txt": CRANE}))
    with open_store(tmp_path / "data") as store:
        index(store, files)
        archive.unlink()
        archive.mkdir()
        (archive / "quay.txt").write_text(QUAY)
        events = index(store, files, prune=True)
        assert outcomes(events) == {"port.zip/quay.txt": "unchanged"}
        assert removed(events) == ["crane.txt"]


def test_an_archive_that_is_named_by_itself(tmp_path: Path, index: Index) -> None:
    archive = tmp_path / "port.zip"
    archive.write_bytes(zipped({"quay.txt": QUAY, "crane.txt": CRANE, "ferry.txt": FERRY}))
    with open_store(tmp_path / "data") as store:
        assert len(outcomes(index(store, archive))) == 3
        archive.write_bytes(zipped({"quay.txt": QUAY, "crane.txt": CRANE}))
        assert removed(index(store, archive, prune=True)) == ["ferry.txt"]


def test_an_archive_that_moved_keeps_its_documents(tmp_path: Path, index: Index) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    (old / "port.zip").write_bytes(zipped({"quay.txt": QUAY}))
    with open_store(tmp_path / "data") as store:
        index(store, old)
        (id_before,) = paths_in(store).values()
        (old / "port.zip").rename(new / "port.zip")
        assert outcomes(index(store, new)) == {"port.zip/quay.txt": "unchanged"}
        assert paths_in(store) == {str(new / "port.zip" / "quay.txt"): id_before}


def test_two_archives_of_a_name(tmp_path: Path, index: Index) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "port.zip").write_bytes(zipped({"quay.txt": f"{QUAY} {folder}"}))
    with open_store(tmp_path / "data") as store:
        index(store, tmp_path / "one", tmp_path / "two")
        assert len(set(paths_in(store).values())) == 2
        again = index(store, tmp_path / "one", tmp_path / "two")
        assert {each.outcome for each in again if isinstance(each, Indexed)} == {Outcome.UNCHANGED}


TREES = st.dictionaries(
    st.sampled_from(["quay.txt", "deep/crane.md", "deep/河.txt", "in.zip", "x.bin"]),
    st.sampled_from([QUAY, f"# Crane\n\n{CRANE}", "河很长。\n\n2019年种了两万棵树。", FERRY, " "]),
    min_size=1,
)


def write_tree(folder: Path, tree: Mapping[str, str], *, packed: bool) -> None:
    """Write a tree into an archive, or into a folder of its name, in place of the one before."""
    place = folder / "port.zip"
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    files = {name: zipped({"in.txt": text}) if name == "in.zip" else text.encode() for name, text in tree.items()}
    if packed:
        place.write_bytes(zipped(files))
        return
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)


def without_paths(store: Store, folder: Path) -> list[object]:
    documents, digest = held(store)
    assert isinstance(documents, list)
    told = [(document, Path(path).relative_to(folder), passages) for document, path, passages in documents]
    return [told, digest]


@settings(max_examples=4, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_an_index_of_archives_is_that_of_the_folders(trees: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as scratch:
        seen = []
        for how in ("packed", "packed by workers", "unpacked"):
            (folder := Path(scratch, how)).mkdir()
            (folder / "beside.txt").write_text("Beacons burn at night.")
            with open_store(Path(scratch, f"{how} data")) as store:
                for tree in trees:
                    write_tree(folder, tree, packed=how != "unpacked")
                    if "workers" in how:
                        by_workers(store, Here(), folder)
                    else:
                        by_itself(store, folder)
                seen.append(without_paths(store, folder))
        assert seen[0] == seen[1] == seen[2]
