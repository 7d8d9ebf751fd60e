"""Connections that behave badly together: what each sends and takes, again and again, until it is over."""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep

from eval.endurance.client import HOST

TICK_S = 0.05
CONNECT_S = 2.0  # a server whose queue is full does not answer at all
MOST = 262_144  # bytes taken at a time
RESET = struct.pack("ii", 1, 0)  # with SO_LINGER, a connection is reset when it is closed


@dataclass(frozen=True, slots=True)
class Attack:
    """What a number of connections do.

    Attributes:
        name: of it, for people.
        count: how many there are at a time.
        opening: what each sends at first.
        drip: what each sends after that, whenever `pause` seconds have passed and all before is sent.
        reads: bytes that each takes a second; without, all that comes.
        again: whether another takes the place of one that was hung up on.
        leaves: seconds after which each resets its connection and another takes its place.
        halves: whether each says that it sends nothing more.
    """

    name: str
    count: int
    opening: bytes = b""
    drip: bytes = b""
    pause: float = 0.5
    reads: int | None = None
    again: bool = False
    leaves: float | None = None
    halves: bool = False


@dataclass(slots=True)
class Crowd:
    """Those who carry out an attack on a port of this machine.

    Attributes:
        opened: connections in all.
        hung_up: those that the server ended.
    """

    attack: Attack
    port: int
    opened: int = 0
    hung_up: int = 0
    _members: "list[_Member]" = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Attack for so long, and leave nothing open."""
        ends = monotonic() + seconds
        try:
            self._fill(ends)
            while (now := monotonic()) < ends:
                self._members = [each for each in self._members if self._goes_on(each, now)]
                if self.attack.again or self.attack.leaves is not None:
                    self._fill(ends)
                sleep(TICK_S)
        finally:
            for each in self._members:
                each.close(reset=False)

    def _fill(self, ends: float) -> None:
        for _ in range(self.attack.count - len(self._members)):
            if monotonic() > ends:
                return
            with suppress(OSError):
                self._members.append(_Member(self.attack, self.port))
                self.opened += 1

    def _goes_on(self, member: "_Member", now: float) -> bool:
        if self.attack.leaves is not None and now - member.opened > self.attack.leaves:
            member.close(reset=True)
            return False
        if member.step(now):
            return True
        self.hung_up += 1
        member.close(reset=False)
        return False


class _Member:
    """One connection of an attack."""

    def __init__(self, attack: Attack, port: int) -> None:
        self._attack = attack
        self._socket = socket.create_connection((HOST, port), timeout=CONNECT_S)
        self._socket.setblocking(False)
        self.opened = self._sent = self._read = monotonic()
        self._pending = memoryview(attack.opening)
        self.step(self.opened)
        if attack.halves:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    def step(self, now: float) -> bool:
        """Send and take what is to be sent and taken by now; return whether the server is still there."""
        try:
            if not self._pending and now - self._sent >= self._attack.pause:
                self._pending = memoryview(self._attack.drip)
            self._send(now)
            return self._take(now)
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self, *, reset: bool) -> None:
        """Leave."""
        if reset:
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._socket.close()

    def _send(self, now: float) -> None:
        while self._pending:
            with suppress(BlockingIOError):
                self._pending = self._pending[self._socket.send(self._pending) :]
                self._sent = now
                continue
            return

    def _take(self, now: float) -> bool:
        """Take what is due; return whether the server is still there."""
        due = MOST if self._attack.reads is None else int((now - self._read) * self._attack.reads)
        if due:
            self._read = now
            return bool(self._socket.recv(due))
        return not self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def requests(*heads: str) -> bytes:
    """Return requests without bodies, one behind another."""
    return b"".join(f"GET {head} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() for head in heads)


def posting(path: str, *headers: str) -> bytes:
    """Return the head of a request that has a body."""
    told = "".join(f"{each}\r\n" for each in headers)
    return f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{told}\r\n".encode()


def named(attacks: Iterator[Attack], chosen: str | None) -> list[Attack]:
    """Return the attacks whose names hold a word, all without one."""
    return [each for each in attacks if chosen is None or chosen in each.name]
