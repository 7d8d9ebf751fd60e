"""A collection that is open: asked and written beside the event loop, and closed when nobody uses it any more."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from corpus.errors import NotFound, WherefromError
from corpus.store.truth import Reader, Writer
from index.answer import SearchResult
from index.opening import OpenIndex
from index.query import Query
from service.backend.threads import Threads
from service.watching.requests import note_question

logger = logging.getLogger(__name__)

T = TypeVar("T")

Stop = Callable[[], None]

SAVED_EVERY = 5_000  # passages that came or went; a start reads some 60,000 a second anew


class Collection:
    """An open index under its name. All of it belongs to the event loop, but for the work that it hands to threads.

    Attributes:
        name: of the collection.
    """

    def __init__(
        self,
        name: str,
        index: OpenIndex,
        resources: ExitStack,
        asking: Threads,
        writing: Threads,
        keeping: Threads,
        on_answer: Callable[[SearchResult], None],
    ) -> None:
        """Take over an index that was opened, and what closes it."""
        self.name = name
        self._index = index
        self._resources = resources
        self._asking = asking
        self._writing = writing
        self._keeping = keeping
        self._saved: asyncio.Task[None] | None = None
        self._on_answer = on_answer
        self._users = 0
        self._stops: list[Stop] = []
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def model(self) -> str:
        """Name of the embedding model."""
        return self._index.manifest.encoder.name

    async def search(self, query: Query) -> SearchResult:
        """Answer a question.

        Raises:
            InvalidInput: if its condition is on metadata that no document has.
            Overloaded: if too many wait already.
        """
        note_question(query.text)
        result = await self.run(lambda index: index.searcher.search(query))
        self._on_answer(result)
        return result

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        """Do some work on the index beside the event loop, among the questions."""
        return await self._use(self._asking, work)

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Read documents and passages, all of one state."""

        def read(index: OpenIndex) -> T:
            with index.truth.reading() as reader:
                return work(reader)

        return await self.run(read)

    async def write(
        self, work: Callable[[OpenIndex], T], threads: Threads | None = None, stop: Stop | None = None
    ) -> T:
        """Do some work that writes documents; it is durable, and the next question finds it, when this returns.

        Args:
            work: what is done.
            threads: where, if it must not keep those waiting who write otherwise.
            stop: ends the work where the collection is closed; without, that waits until the work is done.
        """

        def write(index: OpenIndex) -> T:
            done = work(index)
            _follow(index)
            return done

        stops = [] if stop is None else [stop]
        self._stops += stops
        try:
            done = await self._use(self._writing if threads is None else threads, write)
        finally:
            for each in stops:
                self._stops.remove(each)
        if self._index.index.unsaved >= SAVED_EVERY and self._saved is None:
            self._saved = asyncio.create_task(self._save())
        return done

    async def note(self, work: Callable[[Writer], T]) -> T:
        """Write what is no document, all of it or nothing."""

        def write(index: OpenIndex) -> T:
            with index.truth.writing() as writer:
                return work(writer)

        return await self._use(self._writing, write)

    async def close(self) -> None:
        """Refuse whoever comes, wait for whoever is here, and close; what is derived is not kept."""
        self._closing = True
        for stop in self._stops:
            stop()
        await self._idle.wait()
        await asyncio.to_thread(self._resources.close)

    def close_now(self) -> None:
        """Close; no thread may work here any more."""
        self._resources.close()

    async def _save(self) -> None:
        """Keep what is derived, so that the next start is quick, while questions and writes go on."""
        try:
            await self._use(self._keeping, lambda index: index.index.save())
        except (OSError, WherefromError) as error:
            logger.warning("the index cannot be kept; the next start reads it anew: %s", error)
        finally:
            self._saved = None

    async def _use(self, threads: Threads, work: Callable[[OpenIndex], T]) -> T:
        if self._closing:
            raise NotFound(f"the collection {self.name} is being deleted")
        self._users += 1
        self._idle.clear()
        using = asyncio.ensure_future(threads.run(lambda: work(self._index)))
        using.add_done_callback(self._left)
        return await asyncio.shield(using)  # whoever waits may go away; the thread stays until it is done

    def _left(self, using: asyncio.Future[T]) -> None:
        self._users -= 1
        if not self._users:
            self._idle.set()


def _follow(index: OpenIndex) -> None:
    """Bring the index to what was written, so that no question waits for it.

    What fails here is no failure of the write: a question brings the index to the truth by itself.
    """
    try:
        index.searcher.state()
    except WherefromError as error:
        logger.warning("the index does not follow what was written: %s", error)
