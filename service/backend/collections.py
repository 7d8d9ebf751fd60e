"""The collections of a data folder, opened when they are first asked for; one model in memory serves them all."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4
from weakref import WeakValueDictionary

from corpus.errors import AlreadyExists, InvalidInput, NotFound, WherefromError
from corpus.store.collections import DEFAULT, file_of, folder_of, names_in
from corpus.store.folders import refused, sync
from corpus.store.truth import Reader
from index.answer import SearchResult
from index.engine import Engine
from index.models.cross_encoder import reranker_of
from index.opening import LoadEncoder, OpenIndex, open_index
from index.query import Query
from index.remembering import RememberingSearcher
from service.backend.collection import Collection
from service.backend.one_model import OneModel
from service.backend.processes import GONE, MAKING
from service.backend.threads import Threads
from service.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")

WARM_UP = "何处"  # any question: the first one pays for what libraries put off


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
        self._keeping = Threads("keep", 1, settings.collections, yielding=True)
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
                    raise no_collection(name)
                await self._open_anew(name)
            return self._open[name]

    async def create(self, name: str) -> Collection:
        """Make a collection, wholly or not at all.

        Raises:
            InvalidInput: if nothing may be called that, or there are as many as there may be.
            AlreadyExists: if there is one of that name.
            StoreUnavailable: if it cannot be kept.
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
            await asyncio.to_thread(self._make, name)
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
                raise no_collection(name)
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

    async def each(self, work: Callable[[Reader], T], among: Iterable[str] | None = None) -> dict[str, T]:
        """Read something in every collection, or in some, open or not, and return it by name.

        Those that cannot be read are left out.
        """
        found = {}
        for name in self.names if among is None else among:
            with suppress(WherefromError):
                known = self._open.get(name)
                found[name] = await (known.read(work) if known else self._writing.run(partial(self._read, name, work)))
        return found

    def close(self) -> None:
        """Close all, when no thread works any more."""
        self._keeping.close()
        while self._open:
            self._open.popitem()[1].close_now()

    async def _open_anew(self, name: str) -> None:
        folder = folder_of(self._settings.data_dir, name)
        index, resources = await asyncio.to_thread(self._open_index, folder)
        threads = (self._asking, self._writing, self._keeping)
        self._open[name] = Collection(name, index, resources, *threads, self._on_answer)
        self._open[name].keep()
        self._files[name] = file_of(self._settings.data_dir, name)

    def _is_stale(self, name: str) -> bool:
        """Return whether another process has deleted a collection that is open here; it may have made it anew."""
        return name != DEFAULT and self._files[name] != file_of(self._settings.data_dir, name)

    async def _close_stale(self, name: str) -> None:
        if name in self._open and self._is_stale(name):
            await self._open.pop(name).close()

    def _has_jobs(self, name: str) -> bool:
        with suppress(WherefromError):
            return self._read(name, lambda reader: reader.jobs.count_open() > 0)
        return False

    def _read(self, name: str, work: Callable[[Reader], T]) -> T:
        folder = folder_of(self._settings.data_dir, name)
        with self._engine.open_truth(folder, False) as truth, truth.reading() as reader:
            return work(reader)

    def _make(self, name: str) -> None:
        """Make a collection where none is seen, and give it its name once it is whole."""
        folder = folder_of(self._settings.data_dir, name)
        made = _aside(folder, MAKING)
        try:
            _, resources = self._open_index(made)
            resources.close()
            _rename(made, folder)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise

    def _open_index(self, folder: Path) -> tuple[OpenIndex, ExitStack]:
        settings = self._settings
        resources = ExitStack()
        opened = resources.enter_context(
            open_index(
                folder,
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


def no_collection(name: str) -> NotFound:
    """Return the error of a name that no collection has."""
    return NotFound(f"there is no collection {name}; GET /v1/collections lists those there are")


def _put_aside(folder: Path) -> Path:
    """Give a collection's folder a name that none has, durably, and return it."""
    gone = _aside(folder, GONE)
    _rename(folder, gone)
    return gone


def _aside(folder: Path, beginning: str) -> Path:
    return folder.with_name(f"{beginning}{folder.name}-{uuid4().hex}")


def _rename(folder: Path, name: Path) -> None:
    try:
        folder.rename(name)
        sync(name.parent)
    except OSError as error:
        raise refused(folder, error, "make room in the data folder") from None
