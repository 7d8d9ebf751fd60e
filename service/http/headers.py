"""What every answer tells a browser, whatever it is of: to guess nothing, run nothing, frame nothing, keep nothing."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What an answer says of itself wins: the page needs more, and a file that is downloaded less.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",  # for what does not know frame-ancestors
    "Referrer-Policy": "no-referrer",  # addresses hold questions
    "Cache-Control": "no-store",  # answers hold documents, which may be deleted
}


class SafeHeaders:
    """Adds to every answer the headers that it lacks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
