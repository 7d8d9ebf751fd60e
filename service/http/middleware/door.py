"""What every request passes on its way in, and its answer on the way out, in the order in which it stands here."""

from asyncio import CancelledError
from collections.abc import Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import WherefromError
from service.errors import NotReady, error_response
from service.http.access import Access
from service.http.answers import Answers
from service.http.direct import Direct
from service.http.middleware.bodies import TOGETHER, Bodies
from service.http.middleware.guard import Guard
from service.http.middleware.headers import give_id
from service.http.middleware.last_resort import failed
from service.http.middleware.names import OwnNames
from service.http.middleware.sending import Sending
from service.http.middleware.turns import Turns
from service.http.room import GivenWay
from service.http.table import Table
from service.settings import Settings
from service.watching.requests import Watched, Watcher
from service.workers.worker import Worker


class Door:
    """Lets requests in to their routes.

    They wait for their turn before anything is done for them, and are counted however they end. What fails in what
    follows is answered, and that answer has the methods and headers of any other. A body may nobody send for whom the
    guard has no use, nor by a name that is not ours. All that is done for every request is done here, in one function
    around the route: each more around it costs as much as what it does.
    """

    def __init__(
        self,
        app: ASGIApp,
        table: Table,
        access: Access,
        settings: Settings,
        worker: Worker,
        answers: Answers,
        watchers: Sequence[Watcher],
    ) -> None:
        """Take what is inside, and what it takes to know who may come there."""
        self._app = app
        self._table = table
        self._answers = answers
        self._watchers = watchers
        self._turns = Turns()
        self._names = OwnNames(settings, access)
        self._guard = Guard(table, access, settings)
        self._bodies = Bodies(settings.upload_bytes, worker.share(TOGETHER))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = Watched(scope)
        sending = Sending(scope, send, self._table, self._answers.room)
        try:
            if await self._turns.come(scope):
                await self._answer(scope, receive, sending)
        finally:
            scope["method"] = sending.asked
            watched.end(self._watchers, sending.status)

    async def _answer(self, scope: Scope, receive: Receive, sending: Sending) -> None:
        """Answer a request, whatever happens."""
        give_id(scope)
        try:
            await self._let_in(scope, receive, sending)
        except (ClientDisconnect, GivenWay):
            return  # whoever gives way has the connection closed before the end of the answer, as the client can tell
        except CancelledError:  # the last that happens to a request, so nobody waits for it to go on
            if not sending.begun:
                told = error_response(Request(scope), NotReady("the service stops; ask again in a moment"))
                await told(scope, receive, sending)
        except Exception:
            if sending.begun:
                raise
            await failed(Request(scope))(scope, receive, sending)

    async def _let_in(self, scope: Scope, receive: Receive, sending: Sending) -> None:
        """Have a request answered by its route, or tell why not."""
        try:
            self._names.check(scope)
            self._guard.check(scope)
            async with sending.held:
                receive = await self._bodies.read(scope, receive, sending.held)
                route = scope.get("route")
                if isinstance(route, Direct):
                    response = await route.answer(Request(scope, receive))
                    await response(scope, receive, sending)
                else:
                    await self._app(scope, receive, sending)
        except WherefromError as error:
            if sending.begun:
                raise
            await error_response(Request(scope), error)(scope, receive, sending)
