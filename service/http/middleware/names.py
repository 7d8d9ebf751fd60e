"""By which names a service without read keys may be called, and from which pages: by its own and from its own.

A web page could otherwise have its own name lead a browser to this service and read everything (DNS rebinding). What
keys guard is safe from that, for no web page knows one: with read keys, any name is right.
"""

import re
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import WherefromError
from service.errors import SHOWN, Forbidden, Misdirected, error_response
from service.http.access import Access
from service.settings import Settings

# A name or an address, and a port. A dot at the end of a name means that it is whole; some clients leave it there.
HOST = re.compile(r"(?:\[([0-9a-f.]*:[0-9a-f.:]*)\]|([\w-]+(?:\.[\w-]+)*)\.?)(?::\d*)?", re.ASCII | re.IGNORECASE)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WAY_OUT = "its operator sets WHEREFROM_PUBLIC_URL to the address that is meant, or WHEREFROM_READ_KEYS"


class OwnNames:
    """Refuses requests that call the service by another name, or that pages of other sites send.

    The answer to a wrong name is 421: it says that this is not the server of that name, and is not kept by any cache.
    """

    def __init__(self, app: ASGIApp, settings: Settings, access: Access) -> None:
        self._app = app
        own = (*LOOPBACK, _written(settings.host), _written(settings.public_host))
        self._names = None if access.needs_key else frozenset(own) - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] == "http" and self._names is not None:
            try:
                _check(Headers(scope=scope), self._names)
            except WherefromError as error:
                await error_response(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _check(headers: Headers, names: frozenset[str]) -> None:
    hosts = headers.getlist("host")
    if not hosts:
        raise Misdirected("the request names no host; send the header Host: 127.0.0.1")
    for host in hosts:
        if _called(host) not in names:
            raise Misdirected(f"without keys, this service is not called {host[:SHOWN]!r} but localhost; {WAY_OUT}")
    for origin in filter(None, headers.getlist("origin")):
        if _called(origin.partition("://")[2]) not in names:
            raise Forbidden(f"without keys, a page of {origin[:SHOWN]!r} may not ask this service; {WAY_OUT}")


def _called(host: str) -> str:
    """Return the name or address in a `Host` header in the one form in which they are compared; "" if it is none."""
    match = HOST.fullmatch(host)
    return _written(match[1] or match[2]) if match else ""


def _written(name: str) -> str:
    """Return a name in lower case, and an address in its short form."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name.lower().removesuffix(".")
