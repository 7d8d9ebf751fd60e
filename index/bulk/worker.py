"""The process of a worker: a length and as many bytes in, the same out, until there are no more.

The first that it reads is its plan, and the first that it writes is nothing: it is ready.
"""

import os
import sys
from struct import Struct
from typing import IO

from index.bulk.packing import packed, unpacked
from index.bulk.work import Work

LENGTH = Struct(">Q")


def send(stream: IO[bytes], data: bytes) -> None:
    """Write bytes with their length before them."""
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Return the bytes that were sent.

    Raises:
        EOFError: if they end too early, because the other side is gone.
    """
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def main() -> None:
    """Work until there is nothing more to read. What libraries print must not end up among the answers."""
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        work = Work(unpacked(receive(requests)))
        send(answers, b"")
        while True:
            try:
                request = receive(requests)
            except EOFError:
                break
            send(answers, packed(work(unpacked(request))))
        work.close()


if __name__ == "__main__":
    main()
