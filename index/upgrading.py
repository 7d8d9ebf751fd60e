"""Bringing an index of an older version up to date, from the texts and the metadata in its own store."""

from collections.abc import Iterator
from pathlib import Path

from corpus.store.sqlite import Store
from corpus.store.upgrade import upgrading
from index.cutting import Entry, Indexed, put_anew, splitter_of
from index.manifest import MANIFEST, begun_with, make_manifest, says, write_manifest
from index.models.encoder import ModelChoice
from index.opening import LoadEncoder
from index.writer import rebuild


def upgrade(data_dir: Path, load_encoder: LoadEncoder, default: str) -> Iterator[Indexed]:
    """Cut and embed every document anew where the store or the manifest is of an older version.

    Nothing is yielded where all is up to date. All of it becomes durable together, when the iterator ends. The model
    and the length of passages stay those the index was built with.

    Args:
        data_dir: of the index.
        load_encoder: makes the encoder that is wanted.
        default: the model of an index that names none.

    Raises:
        NotFound, IndexMismatch, StoreUnavailable, StoreDamaged: as `corpus.store.upgrade.upgrading` does.
    """
    with upgrading(data_dir) as old:
        if old is not None:
            store, writer = old
            name, settings = begun_with(store.notes.get(MANIFEST))
            encoder = load_encoder(ModelChoice(name or default))
            write_manifest(writer, make_manifest(encoder.spec, settings))
            split = splitter_of(encoder, settings)
            for document, path in store.documents:
                yield put_anew(writer, encoder, split, Entry(document, path))
            return
    with Store.open(data_dir) as truth:
        with truth.reading() as reader:
            text = reader.meta(MANIFEST)
        name, settings = begun_with(text)
        encoder = load_encoder(ModelChoice(name or default))
        if text is not None and not says(text, make_manifest(encoder.spec, settings)):
            yield from rebuild(truth, encoder, settings)
