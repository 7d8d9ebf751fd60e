"""Opening a data folder for searching, with the model it was built with."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotFound, StoreUnavailable
from corpus.store.stored import moment
from corpus.store.truth import Truth
from index.engine import Engine, Index
from index.home import Home
from index.local.home import LocalHome
from index.local.index import LOCAL
from index.local.threads import compute_with_one_thread
from index.manifest import Manifest, chosen_model, read_manifest
from index.models.encoder import Encoder, ModelChoice
from index.models.reranker import LoadReranker
from index.oceanbase.address import is_address, read_address
from index.oceanbase.connecting import CONNECTIONS, Database
from index.oceanbase.home import OceanBaseHome
from index.ranking.confidence import confidence_of
from index.searcher import Searcher
from index.writer import Indexer

logger = logging.getLogger(__name__)

LoadEncoder = Callable[[ModelChoice], Encoder]
CREATED = "created"  # the note of a store that says when a service began it
CONFIDENCE = "confidence"  # the note of a store that holds a record of confidence


def home_at(store: str | None, data_dir: Path, password: str, connections: int = CONNECTIONS) -> Home:
    """Return the home that an address or a folder names; a database is not asked before something is.

    Args:
        store: the address or folder; `data_dir` if there is none.
        data_dir: a data folder.
        password: for an address.
        connections: how many to a database may be open at a time.

    Raises:
        InvalidInput: if the address is none.
    """
    if store and is_address(store):
        return OceanBaseHome(Database(read_address(store, password), connections))
    return LocalHome(Path(store) if store else data_dir)


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index that is open for searching."""

    truth: Truth
    manifest: Manifest
    index: Index
    searcher: Searcher
    indexer: Indexer


def model_of(truth: Truth, wanted: str | None, default: str, *, anew: bool = False) -> ModelChoice:
    """Return the model to put documents into a store with: the store's own, unless all vectors are made anew.

    Args:
        truth: where to.
        wanted: the model asked for, if any.
        default: the model where none is asked for and the store has none.
        anew: whether all vectors are made anew, so that any model and arithmetic will do.

    Raises:
        IndexMismatch: if the store was built with another model than is asked for, and is not made anew.
    """
    if anew and wanted is not None:
        return ModelChoice(wanted)
    with truth.reading() as reader:
        manifest = read_manifest(reader)
    if manifest is None:
        return ModelChoice(default if wanted is None else wanted)
    return ModelChoice(manifest.encoder.name) if anew else chosen_model(manifest, wanted)


def keep_index(truth: Truth, data_dir: Path, engine: Engine = LOCAL) -> None:
    """Write what is derived from a truth anew, so that nothing is left of what was deleted; without a model.

    Args:
        truth: whose index it is.
        data_dir: where it is kept.
        engine: what derives it.
    """
    with truth.reading() as reader:
        manifest = read_manifest(reader)
    if manifest is None:
        return
    try:
        engine.open_index(truth, manifest, data_dir).save()
    except (OSError, StoreUnavailable) as error:
        logger.warning("%s: what is derived still holds what was deleted, until the next index: %s", data_dir, error)


@contextmanager
def open_index(
    data_dir: Path,
    load_encoder: LoadEncoder,
    model: str | None = None,
    load_reranker: LoadReranker | None = None,
    engine: Engine = LOCAL,
    searcher: type[Searcher] = Searcher,
    default: str | None = None,
) -> Iterator[OpenIndex]:
    """Open an index for searching and writing.

    Args:
        data_dir: its folder.
        load_encoder: makes the encoder of a model's name.
        model: must be the one that the index was built with, which is the default.
        load_reranker: makes what puts the best passages in their last order.
        engine: where documents are kept, and what finds their passages.
        searcher: what answers; a service remembers what it answered.
        default: the model of an index that is begun where there is none; if `None`, none is.

    Raises:
        NotFound: if there is no index.
        IndexMismatch: if it was built with another model or other rules.
    """
    compute_with_one_thread()
    with engine.open_truth(data_dir, default is not None) as truth:
        with truth.reading() as reader:
            manifest, kept = read_manifest(reader), reader.meta(CONFIDENCE)
        if manifest is None and default is None:
            raise NotFound(f"{data_dir}: nothing is indexed yet; run: wherefrom index PATH --data-dir {data_dir}")
        encoder = load_encoder(model_of(truth, model, default or ""))
        indexer = Indexer(truth, encoder, manifest.splitter if manifest else None)
        if manifest is None:
            with truth.writing() as writer:
                writer.set_meta(CREATED, moment())
        index = engine.open_index(truth, indexer.manifest, data_dir)
        index.heal()
        reranker = load_reranker() if load_reranker else None
        record = confidence_of(encoder.spec, kept)
        yield OpenIndex(truth, indexer.manifest, index, searcher(truth, index, encoder, reranker, record), indexer)
