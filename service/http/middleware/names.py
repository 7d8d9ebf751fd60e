"""By which names a service without read keys may be called, and from which pages: by its own and from its own.

A web page could otherwise have its own name lead a browser to this service and read everything (DNS rebinding). What
keys guard is safe from that, for no web page knows one: with read keys, any name is right.
"""

import re
from functools import lru_cache
from ipaddress import ip_address

from starlette.types import Scope

from service.errors import SHOWN, Forbidden, Misdirected
from service.http.access import Access
from service.settings import Settings

# A name or an address, and a port. A dot at the end of a name means that it is whole; some clients leave it there.
HOST = re.compile(r"(?:\[([0-9a-f.]*:[0-9a-f.:]*)\]|([\w-]+(?:\.[\w-]+)*)\.?)(?::\d*)?", re.ASCII | re.IGNORECASE)
KEPT = 64  # headers that are not read again, each of which may fill a head
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WAY_OUT = "its operator sets WHEREFROM_PUBLIC_URL to the address that is meant, or WHEREFROM_READ_KEYS"


class OwnNames:
    """Refuses requests that call the service by another name, or that pages of other sites send.

    The answer to a wrong name is 421: it says that this is not the server of that name, and is not kept by any cache.
    """

    def __init__(self, settings: Settings, access: Access) -> None:
        own = (*LOOPBACK, _written(settings.host), _written(settings.public_host))
        self._names = None if access.needs_key else frozenset(own) - {""}

    def check(self, scope: Scope) -> None:
        """Let a request pass or refuse it.

        Raises:
            Misdirected: if it calls the service by a name that is not its own, or by none.
            Forbidden: if a page of another site sends it.
        """
        if self._names is None:
            return
        hosts = _all(scope, b"host")
        if not hosts:
            raise Misdirected("the request names no host; send the header Host: 127.0.0.1")
        for host in hosts:
            if _called(host) not in self._names:
                raise Misdirected(f"without keys, this service is not called {host[:SHOWN]!r} but localhost; {WAY_OUT}")
        for origin in filter(None, _all(scope, b"origin")):
            if _called(origin.partition("://")[2]) not in self._names:
                raise Forbidden(f"without keys, a page of {origin[:SHOWN]!r} may not ask this service; {WAY_OUT}")


def _all(scope: Scope, header: bytes) -> list[str]:
    """Return the values of a header, which may come several times."""
    return [value.decode("latin-1") for name, value in scope["headers"] if name == header]


@lru_cache(KEPT)
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
