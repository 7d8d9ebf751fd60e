"""Where the service listens: whether it can, who is there already, and which keys guard it."""

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from corpus.errors import InvalidInput
from service.cli.checkup.check import Check, failed, ok, split_error, warning
from service.http.access import is_loopback, make_access
from service.settings import Settings

PROC = Path("/proc")
TABLES = (Path("net/tcp"), Path("net/tcp6"))  # below /proc/self: of sockets
LISTENING = "0A"  # their state there
PATIENCE_SECONDS = 1.0  # for whoever listens there to say what it is
ANYWHERE = ("0.0.0.0", "::")
OTHER = "choose another --port or --host"


def check_port(settings: Settings) -> Check:
    """Look whether the address can be listened on; a service of ours that does so already is in order."""
    host, port = settings.host, settings.port
    where = f"{host} port {port}"
    if port == 0:
        return ok("port", f"a free port of {host} is taken")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        socket.create_server(address[:2], family=family).close()
    except UnicodeError:
        return failed("port", f"cannot listen on {where}: it is no name of a host", OTHER)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return failed("port", f"cannot listen on {where}: {_reason(error)}", OTHER)
        if _is_ours(host, port):
            return ok("port", f"a wherefrom answers on {where} already{_holder(port)}")
        return failed("port", f"{where} is taken{_holder(port)}", f"stop what listens there, or {OTHER}")
    return ok("port", f"{where} is free")


def _reason(error: OSError) -> str:
    resolving = isinstance(error, socket.gaierror)
    return (error.strerror if resolving or not error.errno else os.strerror(error.errno)) or str(error)


def _is_ours(host: str, port: int) -> bool:
    """Return whether a service of ours answers on this machine."""
    local = "127.0.0.1" if host in ANYWHERE else host
    if not is_loopback(local):
        return False
    with closing(HTTPConnection(local, port, timeout=PATIENCE_SECONDS)) as connection:
        try:
            connection.request("GET", "/healthz")
            return bool(json.loads(connection.getresponse().read(1_000)) == {"status": "ok"})
        except (OSError, HTTPException, ValueError):
            return False


def _holder(port: int) -> str:
    """Return which process listens on a port, as far as this user may see."""
    names = {f"socket:[{inode}]" for inode in _inodes(port)}
    for process in PROC.glob("[0-9]*"):
        with suppress(OSError):
            if any(str(each.readlink()) in names for each in (process / "fd").iterdir()):
                return f", by {(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def _inodes(port: int) -> Iterator[str]:
    for table in TABLES:
        with suppress(OSError):
            for line in (PROC / "self" / table).read_text().splitlines()[1:]:
                _, local, _, state, *_, inode = line.split()[:10]
                if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                    yield inode


def check_keys(settings: Settings) -> Check:
    """Look which keys there are, and whether others may read the files that hold them."""
    try:
        access = make_access(settings)
    except InvalidInput as error:
        return failed("keys", *split_error(error))
    readable = [str(file) for file in _key_files(settings) if file.stat().st_mode & 0o007]
    if readable:
        return warning("keys", f"everyone on this machine may read {', '.join(readable)}", f"chmod o= {readable[0]}")
    reading = "reading needs a key" if access.needs_key else "everyone who can connect may read"
    writing = "a key" if access.has_writers else "the page's key" if is_loopback(settings.host) else "nobody"
    return ok("keys", f"{access.count:,} set; {reading}, {writing} may write")


def _key_files(settings: Settings) -> Iterator[Path]:
    for word in f"{settings.read_keys},{settings.write_keys}".split(","):
        with suppress(OSError, ValueError):  # a key that is too long for the name of a file
            if word.strip() and (file := Path(word.strip())).is_file():
                yield file
