"""Where a database is, as users write it: `oceanbase://user@host:port/database`, with the password elsewhere."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from corpus.errors import InvalidInput

SCHEME = "oceanbase"
PORT = 2881
RULE = f"write {SCHEME}://USER@HOST:PORT/DATABASE"
DATABASE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Address:
    """A database and who asks it.

    Attributes:
        user: as OceanBase writes it, with the tenant where there is one: `wherefrom@tenant`.
        host: name or address.
        port: of the MySQL protocol.
        database: name of the database, which is made if it is not there.
        password: never shown.
    """

    user: str
    host: str
    port: int
    database: str
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """What messages call it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEME}://{self.user}@{host}:{self.port}/{self.database}"


def is_address(store: str) -> bool:
    """Return whether a text is meant to name a database rather than a folder, rightly or not."""
    return "://" in store or store.startswith(f"{SCHEME}:")


def read_address(store: str, password: str = "") -> Address:
    """Return the address that a text names.

    Raises:
        InvalidInput: if it names none, or holds a password, which would be shown in lists of processes and in logs.
    """
    try:
        parts = urlsplit(store)
        port = PORT if parts.port is None else parts.port
    except ValueError:
        raise InvalidInput(f"{_hidden(store)} is no address of a database; {RULE}") from None
    if parts.password is not None:
        raise InvalidInput(
            f"{_hidden(store)} holds a password; give it by WHEREFROM_STORE_PASSWORD or WHEREFROM_STORE_PASSWORD_FILE"
        )
    database = parts.path.removeprefix("/")
    if parts.scheme != SCHEME or not (parts.username and parts.hostname and database) or parts.query or parts.fragment:
        raise InvalidInput(f"{_hidden(store)} is no address of a database; {RULE}")
    if not DATABASE.fullmatch(database):
        raise InvalidInput(f"{database!r} is no name of a database; use 1 to 63 letters, digits and _, a letter first")
    return Address(unquote(parts.username), parts.hostname, port, database, password)


def _hidden(store: str) -> str:
    """Return a text as it may be shown: without what stands between a user and a host."""
    return repr(re.sub(r"(:/*[^:@/]*):.*@", r"\1:…@", store))
