"""What is behind the interfaces: collections, loaded and warmed beside the event loop, and the jobs that fill them."""

import asyncio
import logging
import time
from collections.abc import Callable

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT
from index.answer import SearchResult
from index.home import Home
from index.opening import LoadEncoder
from index.terms.terms import read_question
from service.backend.collection import Collection
from service.backend.collections import Collections
from service.backend.drawing import Drawing
from service.backend.jobs import JobRunner
from service.backend.threads import Threads
from service.errors import NotReady
from service.settings import Settings
from service.workers.worker import ALONE, Worker

logger = logging.getLogger(__name__)

# The first question in Latin script pays for a dictionary, about a second; it is read while the model is loaded.
WARM_UP_LATIN = "wherefrom"
WRITERS = 2  # documents written at a time for somebody who waits; each is embedded with as many threads as cores


class Backend:
    """Opens the collections in the background and answers from them without blocking the event loop."""

    def __init__(
        self,
        settings: Settings,
        home: Home,
        load_encoder: LoadEncoder,
        on_answer: Callable[[SearchResult], None] = lambda result: None,
        worker: Worker = ALONE,
    ) -> None:
        self.home = home
        self._asking = Threads("search", settings.searches, settings.waiting)
        self._writing = Threads("write", worker.share(WRITERS), settings.waiting)
        self._collections = Collections(settings, home, load_encoder, self._asking, self._writing, on_answer)
        self.drawing = Drawing()
        self.jobs = JobRunner(self._collections, home, settings, worker)
        self._default: Collection | None = None
        self.failure: WherefromError | None = None

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self._default is not None

    @property
    def pending(self) -> int:
        """How many requests wait for an index or use one."""
        return self._asking.pending + self._writing.pending

    def check_room(self) -> None:
        """Refuse a question that finds as many waiting as may wait.

        Raises:
            Overloaded: saying when to ask again.
        """
        self._asking.check_room()

    async def check(self) -> None:
        """See whether questions can be answered.

        Raises:
            NotReady: as `collections`.
            StoreUnavailable: if the store cannot be reached.
        """
        _ = self.collections
        await asyncio.to_thread(self.home.check)

    @property
    def collections(self) -> Collections:
        """The collections.

        Raises:
            NotReady: if they are not loaded yet or cannot be; why is told to whoever started the service.
        """
        if self._default is not None:
            return self._collections
        if self.failure is not None:
            raise NotReady("the index cannot be loaded; the operator of this service was told why")
        raise NotReady("the model and the index are being loaded; ask again in a moment")

    async def load(self) -> None:
        """Open the default collection and read the dictionary, then go on with jobs; an error is kept in `failure`."""
        started = time.monotonic()
        try:
            opening = self._collections.get(DEFAULT)
            default, _ = await asyncio.gather(opening, asyncio.to_thread(read_question, WARM_UP_LATIN))
            await self.jobs.start()
            for remark in await asyncio.to_thread(self.home.remarks):
                logger.warning("%s", remark)
            self._default = default
        except WherefromError as error:
            self.failure = error
        except Exception as error:  # a library's own; to those who wait it makes no difference
            logger.exception("the index cannot be loaded")
            self.failure = NotReady(f"the index cannot be loaded: {type(error).__name__}: {error}")
        else:
            logger.debug("ready after %.1f s", time.monotonic() - started)

    async def close(self) -> None:
        """Finish the questions that run, leave jobs where they are, then close the collections."""
        await self.jobs.stop()
        self.drawing.close()
        self._asking.close()
        self._writing.close()
        self._collections.close()
        self._default = None
        await asyncio.to_thread(self.home.close)
