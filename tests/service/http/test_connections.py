"""Connections one by one: how many there may be, who gives way, and how long one may take nothing."""

import asyncio
import errno
import logging
import resource
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from typing import Any

import pytest
import uvloop
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from service.http import connection as one
from service.http import connections as module
from service.http.answers import ROOM, Answers
from service.http.connection import SEND_BUFFER
from service.http.connections import Connections, most_connections
from service.http.middleware.sending import SENT, Sending
from service.http.parser import FREE_PARTS, MOST_HEADERS
from service.http.room import GivenWay
from service.http.table import Table
from service.server import Server, config_of

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE = bytes(ROOM // 3)
PATIENCE = 10.0  # far more than anything here takes
Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Served:
    """A server of a small application, within the event loop of a test."""

    def __init__(self, connections: Connections, answers: Answers, port: int) -> None:
        self.connections, self.answers, self.port = connections, answers, port
        self.working = asyncio.Event()  # where cleared, requests of /wait wait

    async def peer(self, sent: bytes = b"", limit: int = 65_536) -> Peer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=limit)
        writer.write(sent)
        await writer.drain()
        return reader, writer

    async def status(self) -> int:
        """Ask on a connection of its own."""
        reader, writer = await self.peer(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
        return int(answer.split()[1])

    async def until(self, count: int) -> None:
        """Wait until so many connections are open."""
        await until(lambda: len(self.connections) == count)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def served(most: int = 100) -> AsyncIterator[Served]:
    connections, answers = Connections(most), Answers()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        if scope["path"] == "/wait":
            await found.working.wait()
        content = LARGE if scope["path"] == "/large" else b"here"
        scope["request_id"] = "x"
        response: Response = PlainTextResponse(content)
        sending = Sending(scope, send, Table([]), answers.room)
        with suppress(GivenWay):
            async with sending.held:
                await response(scope, receive, sending)

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    server = Server(config_of(app, connections), connections)
    found = Served(connections, answers, listener.getsockname()[1])
    running = asyncio.create_task(server.serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield found
    finally:
        server.should_exit = server.force_exit = True
        await running


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test on each event loop that a server may have."""
    for new_loop in (asyncio.new_event_loop, uvloop.new_event_loop):
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(asyncio.wait_for(_awaited(test), 6 * PATIENCE))


async def _awaited(test: Callable[[], Awaitable[None]]) -> None:
    await test()


def test_the_one_that_says_nothing_for_longest_gives_way() -> None:
    async def test() -> None:
        async with served(most=3) as server:
            peers = []
            for number in range(3):
                peers.append(await server.peer())
                await server.until(number + 1)
            peers[0][1].write(GET)  # answered, it waits for less long than the others
            assert (await peers[0][0].readuntil(b"here")).startswith(b"HTTP/1.1 200 ")
            assert await server.status() == 200
            with pytest.raises(ConnectionResetError):
                await peers[1][0].read()
            assert server.connections.refused == 1
            for reader, writer in (peers[0], peers[2]):
                writer.write(GET)
                await reader.readuntil(b"here")
                writer.close()

    run(test)


def test_many_who_say_nothing_displace_nobody_between_two_requests() -> None:
    async def test() -> None:
        async with served(most=4) as server:
            reader, writer = await server.peer(GET)
            await reader.readuntil(b"here")
            silent = []
            for number in range(20):
                silent.append(await server.peer())
                await server.until(min(number + 2, 4))
            await until(lambda: server.connections.refused == 17)
            writer.write(GET)
            assert (await reader.readuntil(b"here")).startswith(b"HTTP/1.1 200 ")
            for each in (writer, *(one for _, one in silent)):
                each.close()

    run(test)


def test_those_who_asked_before_leave_half_of_the_places_to_new_ones() -> None:
    async def test() -> None:
        async with served(most=4) as server:
            kept = []
            for _ in range(4):
                kept.append(await server.peer(GET))
                await kept[-1][0].readuntil(b"here")
            new = [await server.peer() for _ in range(2)]
            await until(lambda: server.connections.refused == 2)
            assert await server.status() == 200
            for reader, _ in kept[:2]:
                with pytest.raises(ConnectionResetError):
                    await reader.read()
            for each in (*kept, *new):
                each[1].close()

    run(test)


def test_who_is_answered_before_the_end_of_a_request_waits_among_those_that_were() -> None:
    async def test() -> None:
        async with served(most=4) as server:
            early = await server.peer(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
            await early[0].readuntil(b"here")
            silent = [await server.peer() for _ in range(6)]
            await until(lambda: server.connections.refused == 3)
            early[1].write(b"the rest!" + GET)
            assert (await early[0].readuntil(b"here")).startswith(b"HTTP/1.1 200 ")
            for _, writer in (early, *silent):
                writer.close()
            await server.until(0)
            assert await server.status() == 200
            await server.until(0)
            assert not server.connections.give_way(), "of whoever has left nothing is known"

    run(test)


def test_whoever_sends_much_does_not_give_way_to_those_who_say_nothing() -> None:
    async def test() -> None:
        async with served(most=3) as server:
            reader, writer = await server.peer(b"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n")
            await server.until(1)
            silent = []
            for number in range(2):
                silent.append(await server.peer())
                await server.until(number + 2)
            writer.write(b"x" * 10_000)  # so that it waits for less long than the others
            await asyncio.sleep(0.05)
            assert await server.status() == 200
            with pytest.raises(ConnectionResetError):
                await silent[0][0].read()
            server.working.set()
            writer.write(b"x" * 10_000)
            assert (await reader.readuntil(b"here")).startswith(b"HTTP/1.1 200 ")
            for each in (writer, silent[0][1], silent[1][1]):
                each.close()

    run(test)


def test_where_all_are_worked_for_a_new_one_is_refused() -> None:
    async def test() -> None:
        async with served(most=2) as server:
            waiting = GET.replace(b"/ ", b"/wait ", 1)
            peers = [await server.peer(waiting) for _ in range(2)]
            await server.until(2)
            await asyncio.sleep(0.05)
            assert await server.status() == 503
            server.working.set()
            for reader, writer in peers:
                await reader.readuntil(b"here")
                writer.close()
            await server.until(0)
            assert await server.status() == 200

    run(test)


def test_who_takes_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "TAKE_SECONDS", 0.3)

    async def test() -> None:
        async with served() as server:
            _, writer = await server.peer(GET.replace(b"/ ", b"/large ", 1), limit=1)
            await asyncio.sleep(0.1)
            assert server.answers.room.held == len(LARGE)
            await server.until(0)
            writer.close()
            async with asyncio.timeout(PATIENCE):
                while server.answers.room.held:
                    await asyncio.sleep(0.01)

    run(test)


def test_who_takes_little_by_little_gets_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "TAKE_SECONDS", 0.5)

    async def test() -> None:
        async with served() as server:
            reader, writer = await server.peer(GET.replace(b"/ ", b"/large ", 1), limit=SENT)
            await reader.readuntil(b"\r\n\r\n")
            taken = 0
            while taken < len(LARGE):
                taken += len(await reader.read(200_000))
                await asyncio.sleep(0.02)
            writer.close()

    run(test)


def test_who_takes_something_has_as_much_time_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "TAKE_SECONDS", 0.001)

    async def test() -> None:
        left, ended = [500, 100, 100], asyncio.Event()

        class Taking(one.Connection):
            def __init__(self) -> None:
                self.loop = asyncio.get_running_loop()

            def _left(self) -> int:
                return left.pop(0)

            def hang_up(self) -> None:
                ended.set()

        Taking()._wait_for_taking(900)
        await asyncio.wait_for(ended.wait(), PATIENCE)
        assert left == []

    run(test)


def test_there_is_room_for_so_many_bytes_of_answers() -> None:
    async def test() -> None:
        async with served() as server:
            large = GET.replace(b"/ ", b"/large ", 1)
            holding = [await server.peer(large, limit=1) for _ in range(3)]
            await until(lambda: server.answers.room.held == 3 * len(LARGE))
            reader, writer = await server.peer(large)
            with pytest.raises(asyncio.IncompleteReadError):  # this app has no form of errors; the real one answers 503
                await reader.readexactly(len(LARGE))
            assert await server.status() == 200  # small answers take no room
            for _, each in [*holding, (reader, writer)]:
                each.close()
            await server.until(0)
            assert server.answers.room.held == 0

    run(test)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (GET[:-2] + b"a: b\r\n" * (MOST_HEADERS - 1) + b"\r\n", 200),
        (GET[:-2] + b"a: b\r\n" * MOST_HEADERS + b"\r\n", 431),
        (GET[:-2] + b"a:b\n" * 5_000, 431),
        (b"\x16\x03\x01\x00\xf8\x01", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 40_000, 400),
        (CHUNKED + b"1\r\nx\r\n" * FREE_PARTS + b"0\r\n\r\n", 200),
        (CHUNKED + b"28\r\n" + (b"z" * 40 + b"\r\n28\r\n") * 2_000 + b"z" * 40 + b"\r\n0\r\n\r\n", 200),
        (CHUNKED + b"no number\r\n", 400),
        (GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200),
    ],
)
def test_what_takes_long_to_read_is_refused(sent: bytes, status: int, caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        async with served() as server:
            reader, writer = await server.peer(sent)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            assert int(head.split()[1]) == status
            assert b"Retry-After" not in head, "it would be refused again"
            writer.close()

    run(test)
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING], "a stranger fills no log"


def test_a_body_in_too_many_parts_ends_the_connection() -> None:
    async def test() -> None:
        async with served() as server:
            _, writer = await server.peer(CHUNKED + b"1\r\nx\r\n" * 10 * FREE_PARTS)
            await asyncio.sleep(0.05)
            await server.until(0)
            assert await server.status() == 200
            writer.close()

    run(test)


def test_where_no_connection_can_be_accepted_another_gives_way(caplog: pytest.LogCaptureFixture) -> None:
    gone: list[str] = []

    class Waiting(one.Connection):
        def __init__(self, name: str) -> None:
            self.name = name

        def hang_up(self) -> None:
            gone.append(self.name)
            connections.leave(self)

    class Loop(asyncio.SelectorEventLoop):
        def default_exception_handler(self, context: dict[str, Any]) -> None:
            gone.append(context["message"])

    connections = Connections(5)
    for each in (Waiting("first"), Waiting("second")):
        assert connections.admit(each)
        connections.wait_for(each)
    full = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "too many")}
    with closing(Loop()) as loop:
        for _ in range(100):
            connections.on_loop_error(loop, full)
        assert gone == ["first", "second"]
        assert len(caplog.records) == 1, "once in a while, not each time"
        connections.on_loop_error(loop, {"message": "something else", "exception": ValueError("x")})
    assert gone[-1] == "something else"


def test_half_of_the_descriptors_are_for_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [256, 4_096]
    monkeypatch.setattr(resource, "getrlimit", lambda kind: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, both: limits.__setitem__(slice(None), list(both)))
    assert most_connections(100) == 100
    assert limits == [4_096, 4_096], "the process asks for as many as it may have"
    assert most_connections(10_000) == 2_048
    limits[:] = [100, resource.RLIM_INFINITY]
    assert most_connections(10_000) == 10_000
    assert limits == [module.DESCRIPTORS, resource.RLIM_INFINITY]
