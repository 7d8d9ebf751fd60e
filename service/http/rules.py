"""What a route needs, said where it is defined: who may call it, and what its requests are.

One of which nothing is said is for reading if it is a GET, and for writing else: a new route is guarded.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.types import Scope as AsgiScope

from service.http.access import Scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})
RULE = "wherefrom_rule"  # of an endpoint, and of a request once it is known
Endpoint = TypeVar("Endpoint")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route needs.

    Attributes:
        needs: what a key has to open; it follows from the method if `None`.
        asks: whether it asks questions and does nothing else; it is refused early then, while as many wait as may.
        takes_documents: whether its body may be as large as a document.
    """

    needs: Scope | None = None
    asks: bool = False
    takes_documents: bool = False

    def needed(self, method: str) -> Scope:
        """Return what a key has to open for a request of a method."""
        if self.needs is not None:
            return self.needs
        return Scope.READ if method in READING else Scope.WRITE


def open_to_all(endpoint: Endpoint) -> Endpoint:
    """Say that a route needs no key: it holds no document."""
    return _said(endpoint, needs=Scope.NOTHING)


def reads(endpoint: Endpoint) -> Endpoint:
    """Say that a route only reads, though it is a POST."""
    return _said(endpoint, needs=Scope.READ)


def asks(endpoint: Endpoint) -> Endpoint:
    """Say that a route asks questions and does nothing else."""
    return _said(endpoint, needs=Scope.READ, asks=True)


def takes_documents(endpoint: Endpoint) -> Endpoint:
    """Say that the body of a route's requests may be as large as a document."""
    return _said(endpoint, takes_documents=True)


def rule_of(endpoint: object) -> Rule:
    """Return what was said of a route's endpoint."""
    rule: Rule = getattr(endpoint, RULE, Rule())
    return rule


def rule_in(scope: AsgiScope) -> Rule:
    """Return the rule of the route that a request comes to, once the guard has found it."""
    rule: Rule = scope.get(RULE, Rule())
    return rule


def _said(endpoint: Endpoint, **said: Any) -> Endpoint:
    setattr(endpoint, RULE, replace(rule_of(endpoint), **said))
    return endpoint
