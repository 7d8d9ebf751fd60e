"""Opening a data folder for searching, with the model it was built with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotFound
from corpus.store.truth import Truth
from index.engine import Engine, Index
from index.local.index import LOCAL
from index.local.threads import compute_with_one_thread
from index.manifest import Manifest, check_manifest, make_manifest, read_manifest
from index.models.encoder import Encoder
from index.ranking.reranking import LoadReranker
from index.searcher import Searcher

LoadEncoder = Callable[[str], Encoder]


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index that is open for searching."""

    truth: Truth
    manifest: Manifest
    index: Index
    searcher: Searcher


def model_of(truth: Truth, wanted: str | None, default: str) -> str:
    """Return the model to use with a store: the one asked for, else the one it was built with, else the default."""
    if wanted is not None:
        return wanted
    with truth.reading() as reader:
        manifest = read_manifest(reader)
    return default if manifest is None else manifest.encoder.name


@contextmanager
def open_index(
    data_dir: Path,
    load_encoder: LoadEncoder,
    model: str | None = None,
    load_reranker: LoadReranker | None = None,
    engine: Engine = LOCAL,
    searcher: type[Searcher] = Searcher,
) -> Iterator[OpenIndex]:
    """Open an index for searching.

    Args:
        data_dir: its folder.
        load_encoder: makes the encoder of a model's name.
        model: must be the one that the index was built with, which is the default.
        load_reranker: makes what puts the best passages in their last order.
        engine: where documents are kept, and what finds their passages.
        searcher: what answers; a service remembers what it answered.

    Raises:
        NotFound: if there is no index.
        IndexMismatch: if it was built with another model or other rules.
    """
    compute_with_one_thread()
    with engine.open_truth(data_dir, False) as truth:
        with truth.reading() as reader:
            manifest = read_manifest(reader)
        if manifest is None:
            raise NotFound(f"{data_dir}: nothing is indexed yet; run: wherefrom index PATH --data-dir {data_dir}")
        encoder = load_encoder(model or manifest.encoder.name)
        check_manifest(manifest, make_manifest(encoder.spec, manifest.splitter))
        index = engine.open_index(truth, manifest, data_dir)
        index.heal()
        reranker = load_reranker() if load_reranker else None
        yield OpenIndex(truth, manifest, index, searcher(truth, index, encoder, reranker))
