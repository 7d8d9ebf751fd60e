"""Who may do nothing here is told so before anything else of the request is looked at: address, method, body, size.

So they learn nothing of what there is, of what is right and of how much is read. What a key opens in which collection
is asked again where the collection is known for certain; a body may name it.
"""

import re
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT, NAME
from service.errors import error_response
from service.http.access import Access
from service.http.access import Scope as AccessScope
from service.http.bodies import header
from service.http.methods import allowed, route_of
from service.settings import Settings

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# The page, its files and the documentation hold no document; nor does what says that the process is alive. Clients of
# MCP look below /.well-known for whom to ask for a key, and must be told that nobody is there.
OPEN = re.compile(
    r"/|/library|/source|/docs|/openapi\.json|/healthz|/readyz|/health|/(?:docs/)?assets(?:/.*)?|/\.well-known/.*",
    re.DOTALL,
)
QUESTIONS = re.compile(r"/v1/search|/retrieval|/open-webui/search|/mcp|/v1/vector_stores/[^/]+/search")
# Where an address names a collection: in its path, or as a parameter.
NAMING = re.compile(r"/v1/(?:collections|vector_stores)/([^/]+)(?:/.*)?", re.DOTALL)
NAMED = re.compile(r"/v1/(?:search|documents|passages|jobs)(?:[/:].*)?|/open-webui/search", re.DOTALL)


class Guard:
    """Refuses requests by their key, the address and the method alone."""

    def __init__(self, app: ASGIApp, access: Access, settings: Settings) -> None:
        self._app = app
        self._access = access
        self._default = settings.knowledge_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] == "http" and not OPEN.fullmatch(scope["path"]):
            key = header(scope["headers"], b"authorization") or None
            try:
                wanted = self._wanted(scope, key)
                self._access.check(key, wanted)
                self._access.check(key, wanted, self._collection(scope))
            except WherefromError as error:
                scope["route"] = route_of(scope)  # for those who count requests by it; no router has seen this one
                await error_response(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _wanted(self, scope: Scope, key: str | None) -> AccessScope:
        """Return what a request needs; one that no route takes needs to read, to be told so."""
        if scope["method"] in READING or QUESTIONS.fullmatch(scope["path"]):
            return AccessScope.READ
        if self._access.opens(key, AccessScope.WRITE):
            return AccessScope.WRITE
        return AccessScope.WRITE if scope["method"] in allowed(scope) else AccessScope.READ

    def _collection(self, scope: Scope) -> str | None:
        """Return the collection that the address names; `None` where it names none, or not one."""
        if named := NAMING.fullmatch(scope["path"]):
            name = DEFAULT if named[1] == self._default else named[1]
        elif NAMED.fullmatch(scope["path"]):
            names = parse_qs(scope["query_string"].decode("latin-1")).get("collection", [])
            name = names[0] if len(names) == 1 else ""
        else:
            return None
        return name if NAME.fullmatch(name) else None
