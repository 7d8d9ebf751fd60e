"""The Model Context Protocol as a platform; what is served is in `mcp_server`, what can be called in `mcp_tools`."""

from fastapi import FastAPI
from starlette.routing import Route

from service.platforms.platform import Platform, Running
from service.settings import Settings


def _attach(app: FastAPI, settings: Settings) -> Running:
    # Its library takes a third of a second to import, which no other command should wait for.
    from service.platforms.mcp_server import McpEndpoint, make_server

    endpoint = McpEndpoint(make_server(lambda: app.state.backend, settings))
    app.router.routes.append(Route("/mcp", endpoint, methods=["POST"], include_in_schema=False))
    return endpoint.running


PLATFORM = Platform("Model Context Protocol", attach=_attach)
