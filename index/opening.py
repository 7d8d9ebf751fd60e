"""Opening a data folder: to put documents in, or to search it, with the model it was built with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotFound
from corpus.store.sqlite import Store
from index.local.engine import LocalEngine
from index.local.threads import compute_with_one_thread
from index.manifest import Manifest, check_manifest, make_manifest, read_manifest
from index.models.encoder import Encoder
from index.ranking.reranking import LoadReranker
from index.searcher import Searcher

LoadEncoder = Callable[[str], Encoder]


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index that is open for searching."""

    store: Store
    manifest: Manifest
    engine: LocalEngine
    searcher: Searcher


def model_of(store: Store, wanted: str | None, default: str) -> str:
    """Return the model to use with a store: the one asked for, else the one it was built with, else the default."""
    if wanted is not None:
        return wanted
    manifest = read_manifest(store)
    return default if manifest is None else manifest.encoder.name


@contextmanager
def open_index(
    data_dir: Path, load_encoder: LoadEncoder, model: str | None = None, load_reranker: LoadReranker | None = None
) -> Iterator[OpenIndex]:
    """Open an index for searching; `model` must be the one it was built with, which is the default.

    Raises:
        NotFound: if there is no index.
        IndexMismatch: if it was built with another model or other rules.
    """
    compute_with_one_thread()
    with Store.open(data_dir) as store:
        manifest = read_manifest(store)
        if manifest is None:
            raise NotFound(f"{data_dir}: nothing is indexed yet; run: wherefrom index PATH --data-dir {data_dir}")
        encoder = load_encoder(model or manifest.encoder.name)
        check_manifest(manifest, make_manifest(encoder.spec, manifest.splitter))
        engine = LocalEngine(store, manifest, data_dir)
        engine.heal()
        yield OpenIndex(store, manifest, engine, Searcher(encoder, engine, load_reranker() if load_reranker else None))
