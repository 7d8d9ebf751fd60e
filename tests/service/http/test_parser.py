"""Requests as they come in: one after the other, in one go or by bytes, and nothing that could be read in two ways."""

import asyncio

import pytest

from tests.service.http.test_connections import CHUNKED, GET, run, served

HOST = b"Host: x\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST
QUIET = 0.05  # seconds in which no other answer comes, where there should be none
BLANK_LINES = CHUNKED + b"4\r\n\r\n\r\n\r\n8\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n"


async def answers(sent: bytes, step: int) -> list[int]:
    """Return the statuses of all that is answered to so many bytes at a time."""
    async with served() as server:
        reader, writer = await server.peer()
        for first in range(0, len(sent), step):
            if writer.is_closing():
                break
            writer.write(sent[first : first + step])
            await asyncio.sleep(0)
        came = b""
        try:
            while part := await asyncio.wait_for(reader.read(65_536), QUIET if came else 5.0):
                came += part
        except (TimeoutError, ConnectionResetError):  # it waits for another request; or bytes of ours met a closed door
            pass
        writer.close()
    return [int(line.split()[1]) for line in came.replace(b"here", b"").split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


@pytest.mark.parametrize("step", [1, 7, 65_536])
@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (GET * 3, [200] * 3),
        (CHUNKED + b"3\r\nabc\r\n0\r\n\r\n" + GET, [200, 200]),
        (BLANK_LINES + GET, [200, 200]),
        (CHUNKED + b"1\r\na\r\n0\r\nHost: evil\r\nA: b\r\n\r\n" + GET, [200, 200]),
        (POST + b"Content-Length: 3\r\n\r\nabc" + GET, [200, 200]),
        (POST + b"Connection: Upgrade\r\nUPGRADE: h2c\r\nContent-Length: 3\r\n\r\nabc" + GET, [200, 200]),
        ("GET /?q=你好 HTTP/1.1\r\n".encode() + HOST + b"\r\n", [200]),
        (b"GET / HTTP/1.0\r\n\r\n", [200]),
        (b"GET / HTTP/1.1\r\n" + HOST * 2 + b"\r\n", [400]),
        (b"GET / HTTP/1.1\r\n\r\n", [400]),
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", [400]),
        (b"GET /\r\n\r\n", [400]),
        (b"GET / HTTP/1.1\nHost: x\n\n", [400]),
        (b"CONNECT x:443 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
        (b"CONNECT /x HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    ],
)
def test_each_request_is_answered_once_however_it_comes(sent: bytes, statuses: list[int], step: int) -> None:
    async def test() -> None:
        assert await answers(sent, step) == statuses

    run(test)


@pytest.mark.parametrize(
    "twofold",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 3\r\nContent-Length: 3\r\n",
        b"Content-Length: +3\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"A: b\r\n c: d\r\n",
        b"Content-Length : 3\r\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(twofold: bytes) -> None:
    async def test() -> None:
        assert await answers(POST + twofold + b"\r\nabc", 65_536) in ([400], [200, 400])

    run(test)
