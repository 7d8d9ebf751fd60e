"""A collection that is open: asked and written beside the event loop, and closed when nobody uses it any more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from time import monotonic
from typing import TypeVar

from corpus.errors import NotFound, StoreReplaced, WherefromError
from corpus.store.collections import DEFAULT
from corpus.store.truth import Reader, Writer
from index.answer import SearchResult
from index.opening import OpenIndex
from index.query import Query
from service.backend.threads import Reserved, Threads, cost_of
from service.watching.requests import note_question

logger = logging.getLogger(__name__)

T = TypeVar("T")

Stop = Callable[[], None]

SAVED_EVERY = 5_000  # passages that came or went; a start reads some 60,000 a second anew
FORGOTTEN_SECONDS = 20.0  # after which nothing of what was deleted or replaced is left in any file
SHARE = 20  # of the time at most is spent on that: keeping a large index takes longer, and is done less often


class Collection:
    """An open index under its name. All of it belongs to the event loop, but for the work that it hands to threads.

    Attributes:
        name: of the collection.
        replaced: whether it was found that another process has deleted it, and may have made it anew.
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
        again: "Callable[[], Awaitable[Collection]]",
    ) -> None:
        """Take over an index that was opened, what closes it, and what opens the one that has come in its place."""
        self.name = name
        self.replaced = False
        self._index = index
        self._resources = resources
        self._asking = asking
        self._writing = writing
        self._keeping = keeping
        self._kept: asyncio.Task[None] | None = None
        self._keeping_took = 0.0  # seconds, the last time
        self._on_answer = on_answer
        self._again = again
        self._users = 0
        self._stops: list[Stop] = []
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def model(self) -> str:
        """Name of the embedding model."""
        return self._index.manifest.encoder.name

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self._index.truth.read_only

    async def search(self, query: Query) -> SearchResult:
        """Answer a question.

        Raises:
            InvalidInput: if its condition is on metadata that no document has.
            Overloaded: if too many wait already.
        """
        (answer,) = await self.search_each([query], lambda answer: answer)
        return answer

    async def search_each(self, queries: Sequence[Query], view: Callable[[SearchResult], T]) -> list[T]:
        """Answer several questions, or none of them if there is not room for all; each is queued after the last.

        Args:
            queries: the questions, one or more.
            view: makes of an answer what is wanted of it, beside the event loop.

        Raises:
            InvalidInput, Overloaded: as `search`.
        """
        for query in queries:
            note_question(query.text)
        with self._asking.reserved([cost_of(query.text) for query in queries]) as reserved:
            return [await self._answer(reserved, query, view) for query in queries]

    async def _answer(self, reserved: Reserved, query: Query, view: Callable[[SearchResult], T]) -> T:
        def answer(index: OpenIndex) -> tuple[SearchResult, T]:
            found = index.searcher.search(query)
            return found, view(found)

        found, wanted = await self._use(reserved, answer)
        self._on_answer(found)
        return wanted

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
        self.keep()
        return done

    async def note(self, work: Callable[[Writer], T]) -> T:
        """Write what is no document, all of it or nothing."""

        def write(index: OpenIndex) -> T:
            with index.truth.writing() as writer:
                return work(writer)

        done = await self._use(self._writing, write)
        self.keep()
        return done

    def keep(self) -> None:
        """Keep what is derived, so that the next start is quick, and leave nothing of what was deleted; not at once.

        To be called after each write, and at the start: the process before may have been killed in between.
        """
        if self._kept is None and not self._closing:
            pause = max(FORGOTTEN_SECONDS, SHARE * self._keeping_took)
            many = self._index.index.unsaved >= SAVED_EVERY
            self._kept = asyncio.create_task(self._keep(0.0 if many else pause))

    async def close(self) -> None:
        """Refuse whoever comes, wait for whoever is here, and close; what is derived is not kept."""
        self._closing = True
        for stop in self._stops:
            stop()
        self._keep_no_more()
        await self._idle.wait()
        await asyncio.to_thread(self._resources.close)

    def close_now(self) -> None:
        """Close; no thread may work here any more."""
        self._keep_no_more()
        self._resources.close()

    def _keep_no_more(self) -> None:
        if self._kept is not None:
            self._kept.cancel()

    async def _keep(self, pause: float) -> None:
        await asyncio.sleep(pause)
        started, settled = monotonic(), True
        try:
            settled = await self._use(self._keeping, _keep)
        except (OSError, WherefromError) as error:
            logger.warning("the index cannot be kept; the next start reads it anew: %s", error)
            settled = not self._index.index.stale
        finally:
            self._kept, self._keeping_took = None, monotonic() - started
        if not settled:
            self.keep()

    async def _use(self, threads: Threads | Reserved, work: Callable[[OpenIndex], T]) -> T:
        """Do some work here, or where the collection is by now, if another process has deleted and made it anew."""
        if not self.replaced:
            try:
                return await self._use_own(threads, work)
            except StoreReplaced:
                if self.name == DEFAULT:  # which nobody deletes; it would be begun anew, and answer with nothing
                    raise
                self.replaced = True
        anew = await self._again()
        return await anew._use(threads if isinstance(threads, Threads) else self._asking, work)

    async def _use_own(self, threads: Threads | Reserved, work: Callable[[OpenIndex], T]) -> T:
        if self._closing:
            raise NotFound(f"the collection {self.name} is being deleted")
        using = threads.run(lambda: work(self._index), self._left)
        self._users += 1
        self._idle.clear()
        return await using  # whoever waits may go away; the thread stays until it is done

    def _left(self) -> None:
        self._users -= 1
        if not self._users:
            self._idle.set()


def _keep(index: OpenIndex) -> bool:
    """Write what is derived where that is worth it, and return whether nothing that was deleted is left."""
    if index.truth.read_only:
        return True
    if index.index.stale or index.index.unsaved >= SAVED_EVERY:
        index.index.save()
    return index.truth.settle()


def _follow(index: OpenIndex) -> None:
    """Bring the index to what was written, so that no question waits for it.

    What fails here is no failure of the write: a question brings the index to the truth by itself.
    """
    try:
        index.searcher.state()
    except WherefromError as error:
        logger.warning("the index does not follow what was written: %s", error)
