"""Who may do nothing here, or for whom there is no room, is told so by key, address and method alone.

So who has no key learns nothing of what there is, of what is right and of how much is read; and who asks while no more
may wait costs those who are answered next to nothing. Where a body names a collection, its route asks for that again.
"""

from collections.abc import Iterator, Mapping

from starlette.routing import Mount
from starlette.types import Scope

from corpus.store.collections import DEFAULT
from service.http.access import Access
from service.http.access import Scope as AccessScope
from service.http.address import collections_in
from service.http.middleware.headers import header
from service.http.rules import RULE, Rule
from service.http.table import Entry, Table
from service.settings import Settings

OPEN, READING = Rule(AccessScope.NOTHING), Rule(AccessScope.READ)
# Clients of MCP look below for whom to ask for a key, and must be told that nobody is there.
WELL_KNOWN = "/.well-known/"
# The parameters of paths that name a collection: by its own name, and as platforms call it.
NAME, CALLED = "name", "vector_store_id"


class Guard:
    """Finds the route of a request, and refuses what may not come to it."""

    def __init__(self, table: Table, access: Access, settings: Settings) -> None:
        self._table = table
        self._access = access
        self._default = settings.knowledge_id

    def check(self, scope: Scope) -> None:
        """Note the route of a request and what it needs, or refuse the request.

        Raises:
            Unauthorized, Forbidden: as `Access.check`.
            Overloaded: if it asks a question, and as many wait as may.
        """
        there = self._table.at(scope["path"])
        entry = next((each for each in there if scope["method"] in each.methods), None)
        if entry is not None and not isinstance(entry.route, Mount):
            scope["route"] = entry.route  # for those who count requests by it; the router may never see this one
        rule = scope[RULE] = entry.rule if entry else _of_nothing(scope["path"], there)
        needed = rule.needed(scope["method"])
        if needed is not AccessScope.NOTHING:
            key = header(scope["headers"], b"authorization") or None
            self._access.check(key, needed)
            for name in self._named(scope, (entry and entry.parameters(scope["path"])) or {}):
                self._access.check(key, needed, name)
        if rule.asks:
            scope["app"].state.backend.check_room()

    def _named(self, scope: Scope, parameters: Mapping[str, str]) -> Iterator[str]:
        """Yield the collections that an address names, in its path or as a parameter."""
        if NAME in parameters:
            yield parameters[NAME]
        if called := parameters.get(CALLED):
            yield DEFAULT if called == self._default else called
        yield from collections_in(scope)


def _of_nothing(path: str, there: list[Entry]) -> Rule:
    """Return what is needed to be told that there is no such route: no more than to read."""
    is_open = any(each.rule == OPEN for each in there)
    return OPEN if is_open or path.startswith(WELL_KNOWN) else READING
