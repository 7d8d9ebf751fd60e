"""The collections of a data folder, opened when they are first asked for; one model in memory serves them all."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from uuid import uuid4
from weakref import WeakValueDictionary

from corpus.errors import AlreadyExists, IndexMismatch, InvalidInput, NotFound, StoreUnavailable, WherefromError
from corpus.store.collections import DEFAULT, FOLDER, file_of, folder_of, names_in
from corpus.store.folders import sync
from index.answer import SearchResult
from index.engine import Engine
from index.models.cross_encoder import reranker_of
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import DEFAULT_MODEL
from index.opening import LoadEncoder, OpenIndex, open_index
from index.query import Query
from index.remembering import RememberingSearcher
from service.backend.collection import Collection
from service.backend.threads import Threads
from service.settings import Settings

logger = logging.getLogger(__name__)

WARM_UP = "何处"  # any question: the first one pays for what libraries put off
GONE = ".deleted-"  # how the folder of a collection is called from its deletion until it is empty


class OneModel:
    """Loads a model once, for whoever needs it."""

    def __init__(self, load: LoadEncoder) -> None:
        self._load = load
        self._lock = Lock()
        self._loaded: tuple[str, Encoder] | None = None

    @property
    def name(self) -> str:
        """What it is called, or would be if it were loaded without being told."""
        return DEFAULT_MODEL if self._loaded is None else self._loaded[0]

    def __call__(self, choice: ModelChoice) -> Encoder:
        """Return the encoder.

        Raises:
            IndexMismatch: if another one is loaded, for there is room for one.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = choice.name, self._load(choice)
            name, encoder = self._loaded
            if name != choice.name:
                raise IndexMismatch(
                    f"it was built with {choice.name}, and this service runs {name}; "
                    "serve it from a data folder of its own"
                )
            return encoder


class Collections:
    """The collections there are; all of it belongs to the event loop."""

    def __init__(
        self,
        settings: Settings,
        load_encoder: LoadEncoder,
        asking: Threads,
        writing: Threads,
        on_answer: Callable[[SearchResult], None],
        engine: Engine,
    ) -> None:
        self._settings = settings
        self._model = OneModel(load_encoder)
        self._asking = asking
        self._writing = writing
        self._on_answer = on_answer
        self._engine = engine
        self._open: dict[str, Collection] = {}
        self._files: dict[str, tuple[int, int] | None] = {}  # where those that are open are kept
        # A lock is kept while somebody has it or waits for it: anyone can think of names.
        self._opening = WeakValueDictionary[str, asyncio.Lock]()

    @property
    def names(self) -> list[str]:
        """The names of those there are, `default` first."""
        return names_in(self._settings.data_dir)

    async def get(self, name: str) -> Collection:
        """Return a collection, open.

        Raises:
            InvalidInput: if nothing may be called that.
            NotFound: if there is none of that name.
            IndexMismatch: if it was built with another model.
        """
        if name in self._open and not self._is_stale(name):
            return self._open[name]
        folder_of(self._settings.data_dir, name)
        async with self._opening.setdefault(name, asyncio.Lock()):
            await self._close_stale(name)
            if name not in self._open:
                if name != DEFAULT and name not in self.names:
                    raise NotFound(f"there is no collection {name}; GET /v1/collections lists those there are")
                await self._open_anew(name)
            return self._open[name]

    async def create(self, name: str) -> Collection:
        """Make a collection.

        Raises:
            InvalidInput: if nothing may be called that, or there are as many as there may be.
            AlreadyExists: if there is one of that name.
        """
        folder_of(self._settings.data_dir, name)
        async with self._opening.setdefault(name, asyncio.Lock()):
            await self._close_stale(name)
            names = self.names
            if name in names:
                raise AlreadyExists(f"there is a collection {name} already; write into it, or delete it first")
            if len(names) >= self._settings.collections:
                raise InvalidInput(
                    f"there are {len(names)} collections, as many as there may be; delete one, or have the operator "
                    "raise WHEREFROM_COLLECTIONS"
                )
            await self._open_anew(name)
            return self._open[name]

    async def delete(self, name: str) -> None:
        """Remove a collection with all it holds; it is gone when this returns, even if the process is killed then.

        Raises:
            NotFound: if there is none of that name.
            AlreadyExists: if it is `default`, which is always there.
        """
        if name == DEFAULT:
            raise AlreadyExists("the collection default is always there; delete its documents instead")
        folder = folder_of(self._settings.data_dir, name)
        async with self._opening.setdefault(name, asyncio.Lock()):
            if name not in self.names:
                raise NotFound(f"there is no collection {name}; GET /v1/collections lists those there are")
            known = self._open.pop(name, None)
            if known is not None:
                await known.close()
            gone = await asyncio.to_thread(_put_aside, folder)
        await asyncio.to_thread(shutil.rmtree, gone, ignore_errors=True)

    async def some(self, names: Iterable[str]) -> AsyncIterator[Collection]:
        """Yield the collections of some names; those that cannot be opened are left out, and the log tells why."""
        for name in names:
            try:
                yield await self.get(name)
            except NotFound:  # deleted meanwhile
                continue
            except WherefromError as error:
                logger.error("the collection %s cannot be opened: %s", name, error)

    async def with_jobs(self) -> list[str]:
        """Return the names of those with jobs that have not ended."""
        return await asyncio.to_thread(lambda: [name for name in self.names if self._has_jobs(name)])

    def close(self) -> None:
        """Close all, when no thread works any more; what was derived is kept."""
        while self._open:
            self._open.popitem()[1].save_and_close()

    async def _open_anew(self, name: str) -> None:
        index, resources = await asyncio.to_thread(self._open_index, name)
        self._open[name] = Collection(name, index, resources, self._asking, self._writing, self._on_answer)
        self._files[name] = file_of(self._settings.data_dir, name)

    def _is_stale(self, name: str) -> bool:
        """Return whether another process has deleted a collection that is open here; it may have made it anew."""
        return name != DEFAULT and self._files[name] != file_of(self._settings.data_dir, name)

    async def _close_stale(self, name: str) -> None:
        if name in self._open and self._is_stale(name):
            await self._open.pop(name).close()

    def _has_jobs(self, name: str) -> bool:
        folder = folder_of(self._settings.data_dir, name)
        with suppress(WherefromError), self._engine.open_truth(folder, False) as truth, truth.reading() as reader:
            return reader.jobs.count_open() > 0
        return False

    def _open_index(self, name: str) -> tuple[OpenIndex, ExitStack]:
        settings = self._settings
        resources = ExitStack()
        opened = resources.enter_context(
            open_index(
                folder_of(settings.data_dir, name),
                self._model,
                settings.model,
                reranker_of(settings.reranker),
                self._engine,
                RememberingSearcher,
                settings.model or self._model.name,
            )
        )
        opened.searcher.search(Query(WARM_UP))
        return opened, resources


def sweep(data_dir: Path) -> None:
    """Remove what deletions left behind that were cut short."""
    for folder in (data_dir / FOLDER).glob(f"{GONE}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _put_aside(folder: Path) -> Path:
    """Give a collection's folder a name that none has, durably, and return it."""
    gone = folder.with_name(f"{GONE}{folder.name}-{uuid4().hex}")
    try:
        folder.rename(gone)
        sync(folder.parent)
    except OSError as error:
        raise StoreUnavailable(f"{folder}: {error.strerror}; let this user write in the data folder") from None
    return gone
