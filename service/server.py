"""Running the application: the socket, the first lines a person sees, and an orderly end."""

import socket
from collections.abc import Callable

import uvicorn

from corpus.errors import InvalidInput, WherefromError
from index.opening import LoadEncoder
from service.app import create_app
from service.settings import Settings

GRACE_SECONDS = 10  # for requests that were accepted before the signal to stop


def serve(settings: Settings, load_encoder: LoadEncoder, announce: Callable[[str], None]) -> None:
    """Serve until told to stop.

    Args:
        settings: all that can be chosen.
        load_encoder: makes the encoder of a model's name.
        announce: tells a person where to look, once questions are answered.

    Raises:
        InvalidInput: if the address cannot be listened on.
        WherefromError: if the index cannot be loaded.
    """
    failures: list[WherefromError] = []

    def on_loaded(error: WherefromError | None) -> None:
        if error is not None:
            failures.append(error)
            server.should_exit = True
        else:
            announce(f"http://{settings.host}:{listener.getsockname()[1]}")

    app = create_app(settings, load_encoder, on_loaded)
    listener = _listen(settings.host, settings.port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    with listener:
        server.run(sockets=[listener])
    if failures:
        raise failures[0]


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=128)
    except OSError as error:
        reason = error.strerror or error
        raise InvalidInput(f"cannot listen on {host} port {port}: {reason}; choose another --port or --host") from None
    listener.set_inheritable(True)
    return listener
