"""What sends requests and waits for their answers, without an event loop and with one; all parts stand on it."""

from asyncio import sleep as later
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any, Self
from weakref import finalize

import httpx

from wherefrom.calls.call import Answer, Call
from wherefrom.errors import InvalidInput, ServiceFailed

LOCAL = "http://127.0.0.1:8000"
TIMEOUT_S = 60.0  # a service that has just started may still be reading its model
RETRIES = 2  # after the first try, where the service is busy and says when to come again


def _headers(key: str | None) -> dict[bytes, bytes]:
    return {} if key is None else {b"Authorization": f"Bearer {key}".encode()}


@contextmanager
def _url_checked(url: str) -> Iterator[None]:
    try:
        yield
    except httpx.InvalidURL as error:
        raise InvalidInput(f"{url}: {error}; write a URL such as {LOCAL}") from None


@contextmanager
def _told(call: Call[Any], url: str) -> Iterator[None]:
    """Tell in our errors what keeps a request from being sent, or its answer from coming."""
    try:
        yield
    except httpx.HTTPError as error:
        told = str(error) or type(error).__name__
        late = isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout)  # of a book that is embedded, for one
        way_out = "give the client a longer timeout" if late else "start the service or correct its URL"
        raise ServiceFailed(f"{call.place(url)}: {told}; {way_out}") from None
    except (httpx.InvalidURL, ValueError) as error:  # of an id that is too long, a name with half a character
        raise InvalidInput(f"{call.place(url)}: {error}; this cannot be sent") from None


class Sender:
    """A connection to a service. Close it after use, or use it as a block."""

    def __init__(
        self,
        base_url: str = LOCAL,
        key: str | None = None,
        *,
        collection: str | None = None,
        timeout: float = TIMEOUT_S,
        retries: int = RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Speak to the service at `base_url`.

        Args:
            base_url: where it is; a path before `/v1` may be part of it.
            key: a key of the service that opens what is asked for, if it has any.
            collection: that all requests are about which do not name another; the service's own by itself.
            timeout: seconds to wait for a connection, and for each part of an answer.
            retries: how often a request is sent again where the service is busy (503, 429) and says when to come
                again; 0 for never. The making of a collection is never sent again.
            transport: replaces the network.

        Raises:
            InvalidInput: if the address is none.
        """
        self.base_url = base_url
        self.collection = collection
        self._retries = max(retries, 0)
        with _url_checked(base_url):
            self._http = httpx.Client(base_url=base_url, headers=_headers(key), timeout=timeout, transport=transport)
        finalize(self, self._http.close)  # a retriever of LangChain, for one, is never closed

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, call: Call[Answer], collection: str | None = None) -> Answer:
        for left in range(self._retries, -1, -1):
            with _told(call, self.base_url):
                response = self._http.request(**call.request(collection or self.collection))
            pause = call.pause(response) if left else None
            if pause is None:
                break
            sleep(pause)
        return call.read(response, self.base_url)


class AsyncSender:
    """The same with an event loop."""

    def __init__(
        self,
        base_url: str = LOCAL,
        key: str | None = None,
        *,
        collection: str | None = None,
        timeout: float = TIMEOUT_S,
        retries: int = RETRIES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Speak to the service at `base_url`, as `Wherefrom` does."""
        self.base_url = base_url
        self.collection = collection
        self._retries = max(retries, 0)
        with _url_checked(base_url):
            self._http = httpx.AsyncClient(
                base_url=base_url, headers=_headers(key), timeout=timeout, transport=transport
            )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _send(self, call: Call[Answer], collection: str | None = None) -> Answer:
        for left in range(self._retries, -1, -1):
            with _told(call, self.base_url):
                response = await self._http.request(**call.request(collection or self.collection))
            pause = call.pause(response) if left else None
            if pause is None:
                break
            await later(pause)
        return call.read(response, self.base_url)
