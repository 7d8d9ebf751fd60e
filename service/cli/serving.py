"""The commands that answer others until they are stopped: `wherefrom serve` and `wherefrom mcp`."""

import json
import logging
import os
import sys
from contextlib import suppress
from functools import partial

import typer

from corpus.errors import InvalidInput, WherefromError
from corpus.store.collections import DEFAULT
from index.home import Home
from service.cli.common import DataDir, Host, Json, Model, Port, RerankerName, Store, Workers, load_model, opened_home
from service.cli.stopping import Stopped, telling
from service.cli.terminal import counted
from service.home import home_of
from service.settings import read_settings
from service.watching.logs import AtOnceHandler, WritingHandler, written_log

logger = logging.getLogger("service.serve")


def serve(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    model: Model = None,
    reranker: RerankerName = None,
    data_dir: DataDir = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Answer over HTTP until stopped."""
    from service.cli.together import serve_together, usual_size  # slow to import, and of no use to other commands
    from service.server import serve as serve_until_stopped

    settings = read_settings(
        data_dir=data_dir, store=store, model=model, reranker=reranker, host=host, port=port, workers=workers
    )
    in_json = settings.log_format == "json"

    def announce(url: str, write_url: str | None) -> None:
        if as_json:
            typer.echo(json.dumps({"url": url} | ({} if write_url is None else {"write_url": write_url})))
            return
        if in_json:  # what follows # in the other address is a key
            logger.info("wherefrom answers at %s (documentation at %s/docs)", url, url)
            return
        lines = [f"wherefrom answers at {url} (documentation at {url}/docs); Ctrl+C stops it"]
        if write_url is not None:
            lines.append(f"to add documents, open {write_url}")
        if empty:  # perhaps it is another folder than was meant
            lines.append(f"nothing is indexed yet; run: wherefrom index PATH {home.option}")
        with suppress(OSError):  # a log whose disk is full keeps nobody from answers
            typer.echo("\n".join(lines), err=True)

    load = partial(load_model, settings, tell=logger.info if in_json else None)
    with opened_home(settings) as home:
        # What cannot be served is told before anything is loaded.
        with home.engine.open_truth(home.place(DEFAULT), True) as truth:
            with truth.reading() as reader:
                empty = not reader.state().documents and len(home.names()) == 1
            size = settings.workers or usual_size(settings, truth)
        run = serve_until_stopped if size == 1 else partial(serve_together, size=size)
        kind = WritingHandler if size == 1 else AtOnceHandler
        with written_log(settings.log_format, settings.log_level, kind):
            run(settings, home, load, announce)
            logger.info("stopped%s", _left_to_do(home))


def _left_to_do(home: Home) -> str:
    """Return what of the uploaded files is not read yet; "" if nothing is, or other servers read it."""
    waiting = 0
    for name in home.names() if home.claims is None else ():
        with suppress(WherefromError), home.engine.open_truth(home.place(name), False) as truth:
            with truth.reading() as reader:
                waiting += reader.jobs.count_open()
    wait = "waits" if waiting == 1 else "wait"
    return f"; {counted(waiting, 'uploaded file')} {wait} to be read at the next start" if waiting else ""


def mcp(model: Model = None, reranker: RerankerName = None, data_dir: DataDir = None, store: Store = None) -> None:
    """Serve the tools of the Model Context Protocol over standard input and output."""
    if sys.stdin is None or sys.stdout is None:
        raise InvalidInput("mcp speaks over standard input and output; leave both of them open")
    from service.platforms.mcp_server import serve_over_stdio  # slow to import, too

    settings = read_settings(data_dir=data_dir, store=store, model=model, reranker=reranker)
    home = home_of(settings)
    with home.engine.open_truth(home.place(DEFAULT), False):
        pass  # without documents there is nothing to serve, and no way to add any
    try:
        with telling(lambda: "the tools only read, so nothing was changed"):
            serve_over_stdio(settings, home, partial(load_model, settings))
    except Stopped as stop:
        os._exit(stop.code)  # for what `serve_over_stdio` says
