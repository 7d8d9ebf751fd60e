"""The collections of a home, opened when they are first asked for; one model in memory serves them all."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from corpus.errors import AlreadyExists, InvalidInput, NotFound, WherefromError
from corpus.store.collections import DEFAULT, check_name
from corpus.store.truth import Reader
from index.answer import SearchResult
from index.home import Home
from index.models.cross_encoder import reranker_of
from index.opening import LoadEncoder, OpenIndex, open_index
from index.query import Query
from index.remembering import RememberingSearcher
from service.backend.collection import Collection
from service.backend.one_model import OneModel
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
        home: Home,
        load_encoder: LoadEncoder,
        asking: Threads,
        writing: Threads,
        on_answer: Callable[[SearchResult], None],
    ) -> None:
        self._settings = settings
        self._home = home
        self._model = OneModel(load_encoder)
        self._asking = asking
        self._writing = writing
        self._keeping = Threads("keep", 1, settings.collections, yielding=True)
        self._on_answer = on_answer
        self._open: dict[str, Collection] = {}
        # A lock is kept while somebody has it or waits for it: anyone can think of names.
        self._opening = WeakValueDictionary[str, asyncio.Lock]()

    async def names(self) -> list[str]:
        """Return the names of those there are, `default` first."""
        return await asyncio.to_thread(self._home.names)

    async def get(self, name: str) -> Collection:
        """Return a collection, open.

        Raises:
            InvalidInput: if nothing may be called that.
            NotFound: if there is none of that name.
            IndexMismatch: if it was built with another model.
        """
        if name in self._open and not self._open[name].replaced:
            return self._open[name]
        check_name(name)
        async with self._opening.setdefault(name, asyncio.Lock()):
            if name in self._open and self._open[name].replaced:
                await self._open.pop(name).close()
            if name not in self._open:
                if name != DEFAULT and name not in await self.names():
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
        check_name(name)
        async with self._opening.setdefault(name, asyncio.Lock()):
            names = await self.names()
            if name in names:
                raise AlreadyExists(f"there is a collection {name} already; write into it, or delete it first")
            if name in self._open:  # another process has deleted it
                await self._open.pop(name).close()
            if len(names) >= self._settings.collections:
                raise InvalidInput(
                    f"there are {len(names)} collections, as many as there may be; delete one, or have the operator "
                    "raise WHEREFROM_COLLECTIONS"
                )
            await asyncio.to_thread(self._home.make, name, self._begin)
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
        check_name(name)
        async with self._opening.setdefault(name, asyncio.Lock()):
            if name not in await self.names():
                raise no_collection(name)
            known = self._open.pop(name, None)
            if known is not None:
                await known.close()
            await asyncio.to_thread(self._home.remove, name)

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
        return await asyncio.to_thread(lambda: [name for name in self._home.names() if self._has_jobs(name)])

    async def each(self, work: Callable[[Reader], T], among: Iterable[str] | None = None) -> dict[str, T]:
        """Read something in every collection, or in some, open or not, and return it by name.

        Those that cannot be read are left out.
        """
        found = {}
        for name in await self.names() if among is None else among:
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
        index, resources = await asyncio.to_thread(self._open_index, self._home.place(name))
        threads = (self._asking, self._writing, self._keeping)
        self._open[name] = Collection(name, index, resources, *threads, self._on_answer, partial(self.get, name))
        self._open[name].keep()

    def _has_jobs(self, name: str) -> bool:
        with suppress(WherefromError):
            return self._read(name, lambda reader: reader.jobs.count_open() > 0)
        return False

    def _read(self, name: str, work: Callable[[Reader], T]) -> T:
        with self._home.engine.open_truth(self._home.place(name), False) as truth, truth.reading() as reader:
            return work(reader)

    def _begin(self, place: Path) -> None:
        self._open_index(place)[1].close()

    def _open_index(self, place: Path) -> tuple[OpenIndex, ExitStack]:
        settings = self._settings
        resources = ExitStack()
        opened = resources.enter_context(
            open_index(
                place,
                self._model,
                settings.model,
                reranker_of(settings.reranker),
                self._home.engine,
                RememberingSearcher,
                settings.model or self._model.name,
            )
        )
        opened.searcher.search(Query(WARM_UP))
        return opened, resources


def no_collection(name: str) -> NotFound:
    """Return the error of a name that no collection has."""
    return NotFound(f"there is no collection {name}; GET /v1/collections lists those there are")
