"""Serving with several processes at one address, as `wherefrom serve` does: what they share, and what each does."""

import gc
import logging
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.store.collections import DEFAULT
from corpus.store.truth import Truth
from index.home import Home
from index.models.encoder import Encoder, ModelChoice
from index.models.making.graph import GRAPH_ARITHMETIC
from index.models.registry import DEFAULT_MODEL, HASH_MODEL
from index.opening import LoadEncoder, model_of
from index.terms.terms import read_question
from service.backend.backend import WARM_UP_LATIN
from service.home import home_of
from service.http.access import make_page_token
from service.server import addresses_of, answer, listen
from service.settings import Settings
from service.watching.logs import written_log
from service.workers.accepting import Counts
from service.workers.errands import Errands
from service.workers.supervising import Supervisor
from service.workers.worker import Worker

logger = logging.getLogger("service.serve")

USUAL_MOST = 4  # processes where nobody says how many; each holds indexes of its own, which may be large


def usual_size(settings: Settings, truth: Truth) -> int:
    """Return how many processes are to serve where nobody says: as many as there are cores to have, up to a few.

    One where processes cannot be forked off safely, or where each would load a model of its own.

    Raises:
        IndexMismatch: if the store was built with another model than is asked for.
    """
    choice = model_of(truth, settings.model, settings.model or DEFAULT_MODEL)
    is_shared = choice.name in (DEFAULT_MODEL, HASH_MODEL) or choice.arithmetic == GRAPH_ARITHMETIC
    if sys.platform != "linux" or settings.reranker or not is_shared:
        return 1
    import joblib  # slow to import; it knows of affinity, and of the share of a container

    return min(int(joblib.cpu_count()), USUAL_MOST)


def serve_together(
    settings: Settings, home: Home, load_encoder: LoadEncoder, announce: Callable[[str, str | None], None], size: int
) -> None:
    """Serve with so many processes until told to stop; see `service.server.serve`."""
    page_token = make_page_token(settings, read_only=home.read_only)
    load = loaded_once(settings, home, load_encoder)
    with (
        TemporaryDirectory(prefix="wherefrom-") as figures,
        listen(settings.host, settings.port) as listener,
        Errands.between_processes() as errands,
    ):
        addresses = addresses_of(listener, page_token)
        # Where each process does the jobs that it claims, there is nothing to take up, and a connection is not to be
        # shared: each has a home of its own.
        takes_up = home.claims is None and home.take()
        if home.claims is not None:
            home.close()
        home_here = partial(home_of, settings)

        def work(number: int, waits: bool, tell: Callable[[], None]) -> None:
            worker = Worker(number, size, takes_up, errands, counts, Path(figures), waits)
            with written_log(settings.log_format, settings.log_level):
                answer(worker.share_of(settings), home_here(), load, listener, page_token, tell, worker)

        counts = Counts(size)
        gc.collect()
        gc.freeze()  # what is here stays, and is not copied for having been looked at
        Supervisor(size, work, lambda: announce(*addresses), counts.tell).run()


def loaded_once(settings: Settings, home: Home, load_encoder: LoadEncoder) -> LoadEncoder:
    """Return what gives every process that is forked off the model that is loaded here, where that can be.

    A model that computes with torch has threads, which would be missing there, as would any others that were begun:
    each process loads its own then.
    """
    with home.engine.open_truth(home.place(DEFAULT), True) as truth:
        choice = model_of(truth, settings.model, settings.model or DEFAULT_MODEL)
    encoder = load_encoder(choice)
    read_question(WARM_UP_LATIN)  # reads the dictionaries
    if "torch" in sys.modules or threading.active_count() > 1:
        return load_encoder

    def give(wanted: ModelChoice) -> Encoder:
        return encoder if wanted == choice else load_encoder(wanted)

    return give
