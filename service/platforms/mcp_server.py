"""The Model Context Protocol, over HTTP at `/mcp` and over standard input and output.

Requests stand alone: nothing is kept between them, so that any of several processes can answer the next one.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as McpTool
from pydantic import ValidationError
from starlette.requests import Request
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from corpus.errors import WherefromError
from corpus.splitting.hidden import seen
from index.home import Home
from index.opening import LoadEncoder
from service.backend.backend import Backend
from service.citations import Base, base_of
from service.errors import INTERNAL, Overloaded, count_refusal, invalid, public_message, request_id_of
from service.http.access import Scope
from service.http.middleware.bodies import BODY_LIMIT
from service.http.opened import opened
from service.http.rules import reads
from service.platforms.mcp_tools import TOOLS, UNTRUSTED, InCollection, SearchArguments, SearchPassagesArguments
from service.platforms.questions import fitting
from service.settings import Settings

logger = logging.getLogger(__name__)

INSTRUCTIONS = (
    "Answers questions with passages from a collection of documents, and says of each where it is from. "
    "Search first, in the words of the question; fetch to read on. Cite the url, or the title where it is empty. "
    f"{UNTRUSTED}"
)
Context = ServerRequestContext[Any, Any]
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def make_server(find_backend: Callable[[], Backend], settings: Settings) -> Server[Any]:
    """Return the server of the tools.

    Args:
        find_backend: returns what answers, when a tool is called.
        settings: where links to documents point that have no url, if no request says it.
    """

    async def list_tools(context: Context, asked: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_description(name) for name in TOOLS])

    async def call_tool(context: Context, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in TOOLS:
            raise MCPError(INVALID_PARAMS, f"there is no tool {asked.name!r}; there are {', '.join(TOOLS)}")
        request: Request | None = context.request
        request_id = str(context.request_id) if request is None else request_id_of(request)
        try:
            arguments = _arguments(asked)
            if isinstance(arguments, SearchArguments | SearchPassagesArguments):
                arguments.query = fitting(arguments.query, request)
            if request is None:
                collection = await find_backend().collections.get(arguments.collection or settings.collection)
                # Nothing serves pages here; a service beside this process is known by what was set alone.
                base = Base(settings.public_url, collection.name)
            else:
                collection = await opened(request, Scope.READ, arguments.collection)
                base = base_of(request, collection.name)
            answer = _seen(await TOOLS[asked.name].call(collection, arguments, base))
        except WherefromError as error:
            if request is not None and isinstance(error, Overloaded):
                count_refusal(request, error)
            return _told(public_message(error, request_id))
        except Exception:
            logger.exception("tool %s failed at request %s", asked.name, request_id)
            return _told(INTERNAL)
        text = TextContent(text=json.dumps(answer, ensure_ascii=False))
        return CallToolResult(content=[text], structured_content=answer)

    return Server(
        "wherefrom",
        version=version("wherefrom"),
        title="wherefrom",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


@reads
class McpEndpoint:
    """Serves the tools over HTTP. It runs while the block of `running` does."""

    def __init__(self, server: Server[Any]) -> None:
        self._server = server
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """A block in which requests are answered."""
        self._manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            max_request_body_size=BODY_LIMIT,
        )
        async with self._manager.run():
            yield

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._manager is not None:
            await self._manager.handle_request(scope, receive, send)


def serve_over_stdio(settings: Settings, home: Home, load_encoder: LoadEncoder) -> None:
    """Serve the tools over standard input and output until the input ends.

    A `SystemExit` that a signal raises ends it, too; the caller has to end the process then by `os._exit`, for a thread
    waits for a line of the input, and nothing can end that.

    Raises:
        WherefromError: if the index cannot be loaded.
    """
    backend = Backend(settings, home, load_encoder)
    runner = asyncio.Runner()
    try:
        runner.run(_serve(backend, settings))
    except SystemExit:
        runner.run(backend.close())
        raise
    except BaseException:
        runner.close()
        raise
    runner.close()


async def _serve(backend: Backend, settings: Settings) -> None:
    try:
        await backend.load()  # before the first message: a client may call a tool right after it
        if backend.failure is not None:
            raise backend.failure
        server = make_server(lambda: backend, settings)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        await backend.close()


def _arguments(asked: CallToolRequestParams) -> InCollection:
    try:
        return TOOLS[asked.name].arguments.model_validate(asked.arguments or {})
    except ValidationError as error:
        raise invalid(error) from None


def _seen(answer: Any) -> Any:
    """Return the values of an answer without characters that nobody sees: a model would read them all the same."""
    if isinstance(answer, str):
        return seen(answer)
    if isinstance(answer, dict):
        return {name: _seen(value) for name, value in answer.items()}
    return [_seen(value) for value in answer] if isinstance(answer, list | tuple) else answer


def _told(problem: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=problem)], is_error=True)


def _description(name: str) -> McpTool:
    tool = TOOLS[name]
    return McpTool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        output_schema=tool.answer.model_json_schema(),
        annotations=READ_ONLY,
    )
