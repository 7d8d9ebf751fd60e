"""`python -m eval bench-trace`: through how many files and functions of ours one question goes, asked over HTTP.

The application runs in this process and is asked through its ASGI interface, so that a profiler sees every call. This
is the one file of eval that imports the application itself: what is counted happens inside it.
"""

import asyncio
import json
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby, pairwise
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Self

import httpx
import typer

import index
from corpus.errors import InvalidInput, WherefromError
from eval.bench.runner import CacheOption
from index.models.registry import default_cache_dir, load_encoder

if TYPE_CHECKING:
    from service.settings import Settings

PACKAGES = ("corpus", "index", "service")
QUESTION = "上海对口帮扶云南投入了多少资金？"
# Asked before, so that nothing is loaded or compiled while the one is traced; none of them is asked again.
WARM_UP = ("茶叶是哪一年开始种植的？", "上海援助了多少万元？", "2016年谁对口帮扶云南？", "Who pays?", "资金多少？") * 2


class Tracer:
    """Notes calls of our functions while it is `on`, each by its file; what `sys.setprofile` takes."""

    def __init__(self) -> None:
        self._root = Path(index.__file__).parent.parent
        self._folders = tuple(f"{self._root / package}/" for package in PACKAGES)
        self.on = False
        self.calls: list[str] = []

    def __enter__(self) -> Self:
        """See the calls of this thread, and of those that begin meanwhile: searches run in threads of their own."""
        threading.setprofile(self)
        sys.setprofile(self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """Note a call; a generator that goes on counts as called again."""
        if self.on and event == "call" and (name := frame.f_code.co_filename).startswith(self._folders):
            self.calls.append(Path(name).relative_to(self._root).as_posix())

    @property
    def figures(self) -> dict[str, int]:
        """How many files are visited, how often a call is in another file than the one before, and all calls."""
        changes = sum(one != other for one, other in pairwise(self.calls))
        return {"files": len(set(self.calls)), "changes of file": changes, "calls": len(self.calls)}


async def trace_question(settings: "Settings", question: str) -> Tracer:
    """Start the application, warm it, and return how one question goes through it.

    Raises:
        InvalidInput: if the question is not answered with 200, because then nothing is searched.
        WherefromError: if the index cannot be loaded.
    """
    from service.app import create_app  # only now: it loads FAISS

    loaded: asyncio.Future[WherefromError | None] = asyncio.get_running_loop().create_future()
    with Tracer() as tracer:
        app = create_app(settings, lambda name: load_encoder(name, settings.cache_dir), loaded.set_result)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as it,
        ):
            if (error := await loaded) is not None:
                raise error
            for each in WARM_UP:
                await it.post("/v1/search", json={"query": each})
            tracer.on = True
            answer = await it.post("/v1/search", json={"query": question})
            tracer.on = False
    if answer.is_error:
        raise InvalidInput(f"{question!r} is answered with {answer.status_code}: {answer.text}; ask another question")
    return tracer


def bench_trace(
    data_dir: Annotated[Path | None, typer.Option(help="Ask this data folder.", exists=True)] = None,
    corpus: Annotated[Path | None, typer.Option(help="Index this folder and ask it.", exists=True)] = None,
    model: Annotated[str | None, typer.Option(help="Index it with this model, if not the one that is shipped.")] = None,
    question: Annotated[str, typer.Option(help="What to ask.")] = QUESTION,
    cache_dir: CacheOption = None,
    listed: Annotated[bool, typer.Option("--list", help="Print the files in the order they are visited, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count the files that one question goes through, how often it changes from one to another, and all calls."""
    from eval.local_retriever import indexed, load_once  # only now: they load FAISS
    from service.settings import Settings

    cache_dir = cache_dir or default_cache_dir()
    if data_dir is not None and corpus is None:
        opened: AbstractContextManager[Path] = nullcontext(data_dir)
    elif corpus is not None and data_dir is None:
        opened = indexed(corpus, load_once(model, cache_dir))
    else:
        raise InvalidInput("a question needs documents; give one of --data-dir DIR, --corpus DIR")
    with opened as place:
        settings = Settings(data_dir=place, cache_dir=cache_dir, read_keys="", write_keys="")
        trace = asyncio.run(trace_question(settings, question))
    if as_json:
        typer.echo(json.dumps({**trace.figures, "sequence": trace.calls} if listed else trace.figures))
        return
    if listed:
        for file, calls in groupby(trace.calls):
            typer.echo(f"{file} {len(list(calls))}")
    typer.echo(", ".join(f"{value:,} {name}" for name, value in trace.figures.items()))
