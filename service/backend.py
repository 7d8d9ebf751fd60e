"""The index behind the service: loaded and warmed beside the event loop, and asked beside it too.

Encoding a question takes milliseconds of pure computation. It runs in a few threads of its own, so that the
loop goes on answering health checks; what waits is counted, and what cannot wait is refused at once.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

from corpus.errors import WherefromError
from corpus.store.truth import Reader
from index.answer import SearchResult
from index.engine import Engine
from index.local.index import LOCAL
from index.models.cross_encoder import reranker_of
from index.opening import LoadEncoder, OpenIndex, open_index
from index.query import Query
from index.remembering import RememberingSearcher
from index.terms.terms import read_question
from service.errors import NotReady, Overloaded
from service.settings import Settings

logger = logging.getLogger(__name__)

WARM_UP = "何处"  # any question: the first one pays for what libraries put off
# The first one in Latin script pays for a dictionary, about a second; it is read while the model is loaded.
WARM_UP_LATIN = "wherefrom"

T = TypeVar("T")


class Backend:
    """Loads an index in the background and answers from it without blocking the event loop."""

    def __init__(
        self,
        settings: Settings,
        load_encoder: LoadEncoder,
        on_answer: Callable[[SearchResult], None] = lambda result: None,
        engine: Engine = LOCAL,
    ) -> None:
        self._settings = settings
        self._load_encoder = load_encoder
        self._on_answer = on_answer
        self._engine = engine
        self._threads = ThreadPoolExecutor(settings.searches, thread_name_prefix="search")
        self._resources = ExitStack()
        self._index: OpenIndex | None = None
        self._pending = 0
        self.failure: WherefromError | None = None

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self._index is not None

    @property
    def pending(self) -> int:
        """How many requests wait for the index or use it."""
        return self._pending

    def ready_index(self) -> OpenIndex:
        """Return the index.

        Raises:
            NotReady: if it is not loaded yet or cannot be; why is told to whoever started the service.
        """
        if self._index is not None:
            return self._index
        if self.failure is not None:
            raise NotReady("the index cannot be loaded; the operator of this service was told why")
        raise NotReady("the model and the index are being loaded; ask again in a moment")

    async def load(self) -> None:
        """Open the index, ask it a first question and read the dictionary; an error is kept in `failure`."""
        started = time.monotonic()
        try:
            run = asyncio.get_running_loop().run_in_executor
            opening = run(self._threads, self._open)
            self._index, _ = await asyncio.gather(opening, run(self._threads, read_question, WARM_UP_LATIN))
        except WherefromError as error:
            self.failure = error
        except Exception as error:  # a library's own; to those who wait it makes no difference
            logger.exception("the index cannot be loaded")
            self.failure = NotReady(f"the index cannot be loaded: {type(error).__name__}: {error}")
        else:
            logger.info("ready after %.1f s", time.monotonic() - started)

    def close(self) -> None:
        """Finish the questions that run, then close the index."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._resources.close()
        self._index = None

    async def search(self, query: Query) -> SearchResult:
        """Answer a question.

        Raises:
            InvalidInput: if its condition is on metadata that no document has.
            Overloaded: if too many wait already.
            NotReady: if the index is not loaded.
        """
        result = await self.run(lambda index: index.searcher.search(query))
        self._on_answer(result)
        return result

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        """Do some work on the index beside the event loop."""
        index = self.ready_index()
        if self._pending >= self._settings.searches + self._settings.waiting:
            raise Overloaded(f"{self._pending} requests are waiting already; ask again in a moment")
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, index)
        finally:
            self._pending -= 1

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Read documents and passages beside the event loop, all of one state."""

        def read(index: OpenIndex) -> T:
            with index.truth.reading() as reader:
                return work(reader)

        return await self.run(read)

    def _open(self) -> OpenIndex:
        settings = self._settings
        opened = self._resources.enter_context(
            open_index(
                settings.data_dir,
                self._load_encoder,
                settings.model,
                reranker_of(settings.reranker),
                self._engine,
                RememberingSearcher,
            )
        )
        opened.searcher.search(Query(WARM_UP))
        return opened
