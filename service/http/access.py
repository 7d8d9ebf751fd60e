"""Who may read and who may write: bearer keys, kept as hashes and compared in constant time."""

import re
from collections.abc import Iterable
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path

from corpus.errors import InvalidInput
from service.errors import Forbidden, Unauthorized
from service.settings import Settings

HASH = re.compile(r"[0-9a-f]{64}")
MIN_KEY = 16  # characters; shorter ones can be guessed
LONGEST_NAME = 255  # of a file, on all common systems; asking for a longer one is an error of its own


class Scope(IntEnum):
    """What a key opens; writing includes reading."""

    NOTHING = 0
    READ = 1
    WRITE = 2


class Access:
    """Decides what a request may do.

    Attributes:
        needs_key: whether reading takes a key.
    """

    def __init__(self, read_hashes: Iterable[str], write_hashes: Iterable[str]) -> None:
        self._scopes = [(each, Scope.READ) for each in read_hashes] + [(each, Scope.WRITE) for each in write_hashes]
        self.needs_key = any(scope is Scope.READ for _, scope in self._scopes)

    def check(self, authorization: str | None, wanted: Scope) -> None:
        """Let a request pass or refuse it.

        Args:
            authorization: the header of that name.
            wanted: what the route needs.

        Raises:
            Unauthorized: if a key is needed and none was given.
            Forbidden: if the key given is unknown or opens less.
        """
        granted = Scope.NOTHING if self.needs_key else Scope.READ
        if granted >= wanted:
            return
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Unauthorized("this needs a key; send the header: Authorization: Bearer KEY")
        if self._scope_of(key.strip()) < wanted:
            raise Forbidden("this key does not open this; ask the operator for one that does")

    def _scope_of(self, key: str) -> Scope:
        digest = sha256(key.encode(errors="replace")).hexdigest()
        # Every key is compared, so that the time taken tells nothing of which one is near.
        matches = [scope for known, scope in self._scopes if compare_digest(known, digest)]
        return max(matches, default=Scope.NOTHING)


def make_access(settings: Settings) -> Access:
    """Return the access rules of some settings.

    Raises:
        InvalidInput: if a key is too short, or the address is not loopback and there are no read keys.
    """
    read, write = (
        _hashes(keys, f"WHEREFROM_{name}_KEYS")
        for name, keys in (("READ", settings.read_keys), ("WRITE", settings.write_keys))
    )
    if not read and not is_loopback(settings.host):
        raise InvalidInput(
            f"WHEREFROM_HOST is {settings.host}, which others can reach; "
            "set WHEREFROM_READ_KEYS, or listen on 127.0.0.1"
        )
    return Access(read, write)


def _hashes(keys: str, setting: str) -> list[str]:
    """Return the hashes of comma-separated keys; one that names a file stands for the hashes in its lines."""
    hashes = [each for key in map(str.strip, keys.split(",")) if key for each in _hashes_of(key, setting)]
    if keys and not hashes:
        raise InvalidInput(f"{setting} is set but holds no key; unset it, or everyone could read where no one should")
    return hashes


def _hashes_of(key: str, setting: str) -> list[str]:
    if _names_a_file(key):
        return _hashes_in(Path(key), setting)
    if len(key) < MIN_KEY:
        raise InvalidInput(f"{setting}: a key has {len(key)} characters; use at least {MIN_KEY}")
    return [sha256(key.encode(errors="surrogateescape")).hexdigest()]


def _names_a_file(key: str) -> bool:
    # A path that is mistyped must not become the key.
    return key.startswith(("/", "./", "../")) or (len(key) <= LONGEST_NAME and Path(key).is_file())


def _hashes_in(file: Path, setting: str) -> list[str]:
    try:
        lines = file.read_text("utf-8").split()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise InvalidInput(f"{setting}: {file}: {reason}; name a file with SHA-256 hashes of keys") from None
    if not lines or not all(map(HASH.fullmatch, lines)):
        raise InvalidInput(f"{setting}: {file} must hold SHA-256 hashes of keys, in lower case, one a line")
    return lines


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
