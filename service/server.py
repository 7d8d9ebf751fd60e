"""Running the application: the socket, the first lines a person sees, and an orderly end."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from corpus.errors import InvalidInput, WherefromError
from index.home import Home
from index.opening import LoadEncoder
from service.app import create_app
from service.http.access import make_page_token
from service.http.connection import QUIET, SEND_BUFFER, Connection
from service.http.connections import ACCEPTED, QUEUED, Connections, most_connections
from service.settings import Settings
from service.workers.accepting import Acceptor, Counts
from service.workers.worker import ALONE, Worker

GRACE_SECONDS = 5  # for requests that were accepted before the signal to stop; all is over well within ten
# For how long a thread may compute before another has its turn. The event loop gives its turn away whenever it reads or
# writes, and waits for so long to have it back: beside two threads that compute, a refusal took 26 ms at Python's 5 ms,
# and takes 3 at this.
TURN_SECONDS = 0.001


def serve(
    settings: Settings, home: Home, load_encoder: LoadEncoder, announce: Callable[[str, str | None], None]
) -> None:
    """Serve until told to stop.

    Args:
        settings: all that can be chosen.
        home: where documents are kept.
        load_encoder: makes the encoder of a model.
        announce: tells a person where to look, once questions are answered, and where to write, if only the page may.

    Raises:
        InvalidInput: if the address cannot be listened on.
        WherefromError: if the index cannot be loaded.
    """
    page_token = make_page_token(settings, read_only=home.read_only)
    with listen(settings.host, settings.port) as listener:
        addresses = addresses_of(listener, page_token)
        answer(settings, home, load_encoder, listener, page_token, lambda: announce(*addresses))


def answer(
    settings: Settings,
    home: Home,
    load_encoder: LoadEncoder,
    listener: socket.socket,
    page_token: str | None,
    on_ready: Callable[[], None],
    worker: Worker = ALONE,
) -> None:
    """Answer whoever comes to a socket, until told to stop; as `serve`.

    Args:
        settings: all that can be chosen; of limits, the share of this process.
        home: where documents are kept.
        load_encoder: makes the encoder of a model.
        listener: the socket.
        page_token: the key by which the page writes, if any.
        on_ready: called once questions are answered.
        worker: which of the processes that answer at this socket this one is.
    """
    failures: list[WherefromError] = []

    def on_loaded(error: WherefromError | None) -> None:
        if error is not None:
            failures.append(error)
            server.should_exit = True
        elif not server.should_exit:
            gc.freeze()  # what is loaded stays; to look for garbage among it takes a tenth of a second each time
            on_ready()

    sys.setswitchinterval(TURN_SECONDS)
    app = create_app(settings, load_encoder, on_loaded, home, page_token, worker)
    connections: Connections = app.state.connections
    connections.most = most_connections(settings.connections)
    server = Server(config_of(app, connections), connections, worker)
    with _stopped_by_signals(server):
        server.run(sockets=[listener])
    if failures:
        raise failures[0]


def config_of(app: ASGIApp, connections: Connections) -> uvicorn.Config:
    """Return how uvicorn is to serve an application."""
    logging.getLogger(QUIET).setLevel(logging.ERROR)  # it warns of each request that is none: a stranger fills the log
    return uvicorn.Config(
        app,
        http=partial(Connection, connections=connections),  # type: ignore[arg-type] # called like the class
        loop="auto",  # uvloop where there is one
        ws="none",
        backlog=ACCEPTED,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


class Server(uvicorn.Server):
    """uvicorn's, with a queue before it that is longer than what is accepted in one go."""

    def __init__(self, config: uvicorn.Config, connections: Connections, worker: Worker = ALONE) -> None:
        super().__init__(config)
        self._connections = connections
        self._worker = worker

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        asyncio.get_running_loop().set_exception_handler(self._connections.on_loop_error)
        counts = self._worker.counts
        await super().startup(sockets if counts is None else [])
        for each in sockets or ():
            each.listen(QUEUED)
            if counts is not None:
                self.servers.append(self._acceptor(each, counts))  # type: ignore[arg-type] # it is closed as they are

    def _acceptor(self, listener: socket.socket, counts: Counts) -> Acceptor:
        """Return what shares the connections at a socket with other processes."""
        speak: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        number, count = self._worker.number, self._connections.__len__
        told = {"server_state": self.server_state, "app_state": self.lifespan.state}
        make_protocol = partial(speak, config=self.config, **told)
        beside = partial(counts.fewest_beside, number)
        acceptor = Acceptor(listener, partial(counts.tell, number), beside, count, make_protocol)
        self._connections.on_change = acceptor.tell
        return acceptor


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address.

    Raises:
        InvalidInput: if that cannot be.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=128)
        # asyncio does this for sockets that it makes itself only. Without it the body of an answer waits for the
        # client to acknowledge its head, which clients put off for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    except (OSError, UnicodeError) as error:
        reason = _reason(error)
        way_out = "choose another --port or --host; wherefrom doctor tells who is there"
        raise InvalidInput(f"cannot listen on {host} port {port}: {reason}; {way_out}") from None
    return listener


def _reason(error: OSError | UnicodeError) -> str:
    """Return why nothing can listen there, in the system's words alone: Python may have added the address to them."""
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "it is no name of a host"


def addresses_of(listener: socket.socket, page_token: str | None) -> tuple[str, str | None]:
    """Return where a socket is reached, and where the page writes, if it has a key."""
    host, port = listener.getsockname()[:2]
    url = f"http://[{host}]:{port}" if listener.family is socket.AF_INET6 else f"http://{host}:{port}"
    return url, None if page_token is None else f"{url}/#write={page_token}"


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Make signals stop the server without failure.

    uvicorn has handlers of its own while it runs, and raises a signal again when all is done: without ours, which
    it restores before, the process would end as if killed.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
