"""Which routes there are, and which of them a request comes to, known before the router is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.routing import BaseRoute, Mount, Route

from service.http.rules import Rule, rule_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")  # in the order in which they are told


@dataclass(frozen=True, slots=True)
class Entry:
    """A route.

    Attributes:
        route: as the router has it.
        methods: that it takes; HEAD wherever GET is.
        rule: what it needs.
    """

    route: Route | Mount
    methods: frozenset[str]
    rule: Rule

    def parameters(self, path: str) -> Mapping[str, str] | None:
        """Return the parameters in a path, `None` if it is not one of this route."""
        match = self.route.path_regex.match(path)
        return match.groupdict() if match else None


class Table:
    """All routes, in the order in which the router tries them."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        """Take them; routers within are passed over, for their routes come by themselves."""
        self._entries = [_entry(route) for route in routes if isinstance(route, Route | Mount)]
        # Most requests come to a path without parameters; all routes together are not tried again for each of them.
        self._known = {each.route.path: self._tried(each.route.path) for each in self._entries}

    def at(self, path: str) -> list[Entry]:
        """Return the routes that a path leads to, whatever their methods."""
        return self._known[path] if path in self._known else self._tried(path)

    def allowed(self, path: str) -> list[str]:
        """Return the methods that a path takes, whichever of its routes takes them."""
        taken = frozenset[str]().union(*(each.methods for each in self.at(path)))
        return [method for method in METHODS if method in taken]

    def _tried(self, path: str) -> list[Entry]:
        return [each for each in self._entries if each.route.path_regex.match(path)]


def _entry(route: Route | Mount) -> Entry:
    if isinstance(route, Mount):  # what is mounted here are files
        return Entry(route, frozenset({"GET", "HEAD"}), rule_of(route.app))
    methods = frozenset(route.methods or ())
    return Entry(route, methods | {"HEAD"} if "GET" in methods else methods, rule_of(route.endpoint))
