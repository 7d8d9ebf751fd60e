"""Who may read and who may write, and in which collections: bearer keys, kept as hashes, compared in constant time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe

from starlette.requests import Request

from corpus.errors import InvalidInput
from corpus.store.collections import SHOWN, check_name
from service.errors import Forbidden, Unauthorized
from service.settings import Settings

HASH = re.compile(r"[0-9a-f]{64}")
MIN_KEY = 16  # characters; shorter ones can be guessed
LONGEST_NAME = 255  # bytes of a file's, on all common systems; asking for a longer one is an error of its own
TOKEN_BYTES = 32  # as many as the hash has
LINE = "HASH [read|write] [collection,…]"
# What is told besides to whoever may not write.
NONE_WRITES = " (there is none yet: set WHEREFROM_WRITE_KEYS)"
PAGE_WRITES = " (serve printed one, after #write= in the address of its page; to have others, set WHEREFROM_WRITE_KEYS)"


class Scope(IntEnum):
    """What a key opens; writing includes reading."""

    NOTHING = 0
    READ = 1
    WRITE = 2


SCOPES = {scope.name.lower(): scope for scope in (Scope.READ, Scope.WRITE)}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key opens.

    Attributes:
        digest: its SHA-256; the key itself is not kept.
        scope: whether it reads or writes.
        collections: where; everywhere if `None`.
    """

    digest: str
    scope: Scope
    collections: frozenset[str] | None = None

    def opens(self, wanted: Scope, collection: str | None) -> bool:
        """Return whether it opens a collection, any one if `None`, for what is wanted."""
        return self.scope >= wanted and (
            collection is None or self.collections is None or collection in self.collections
        )


class Access:
    """Decides what a request may do.

    Attributes:
        needs_key: whether reading takes a key.
        has_writers: whether any key may write.
    """

    def __init__(self, keys: Iterable[Key], *, needs_key: bool, page_token: str | None = None) -> None:
        """Take the keys there are.

        Args:
            keys: one may come several times, and then opens what any of them does.
            needs_key: whether reading takes a key.
            page_token: one that writes everywhere while this process runs.
        """
        of_page = [] if page_token is None else [Key(_digest(page_token), Scope.WRITE)]
        self._keys = [*keys, *of_page]
        self.needs_key = needs_key
        self.has_writers = any(key.scope is Scope.WRITE for key in self._keys)
        self._about_writing = PAGE_WRITES if of_page else "" if self.has_writers else NONE_WRITES

    @property
    def count(self) -> int:
        """How many keys there are."""
        return len(self._keys)

    def check(self, authorization: str | None, wanted: Scope, collection: str | None = None) -> None:
        """Let a request pass or refuse it.

        Args:
            authorization: the header of that name.
            wanted: what the route needs.
            collection: where, whether or not it is there; in any collection at all if `None`.

        Raises:
            Unauthorized: if a key is needed and none was given.
            Forbidden: if the key given is unknown or opens less.
        """
        if self.opens(authorization, wanted, collection):
            return
        about = self._about_writing if wanted is Scope.WRITE else ""
        if not _key_in(authorization):
            raise Unauthorized(f"this needs a key; send the header: Authorization: Bearer KEY{about}")
        what = "this" if collection is None else f"the collection {collection[:SHOWN]!r}"
        writing = " for writing" if wanted is Scope.WRITE else ""
        raise Forbidden(f"this key does not open {what}{writing}; ask the operator for one that does{about}")

    def opens(self, authorization: str | None, wanted: Scope, collection: str | None = None) -> bool:
        """Return whether `check` lets a request pass."""
        if wanted <= (Scope.NOTHING if self.needs_key else Scope.READ):
            return True
        digest = _digest(_key_in(authorization))
        # Every key is compared, so that the time taken tells nothing of which one is near.
        found = [key for key in self._keys if compare_digest(key.digest, digest)]
        return any(key.opens(wanted, collection) for key in found)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends a request, by the key in it; see `Access`."""

    access: Access
    authorization: str | None

    def check(self, wanted: Scope, collection: str | None = None) -> None:
        """Let the request pass or refuse it."""
        self.access.check(self.authorization, wanted, collection)

    def opens(self, wanted: Scope, collection: str | None = None) -> bool:
        """Return whether `check` lets it pass."""
        return self.access.opens(self.authorization, wanted, collection)


def asker_of(request: Request) -> Asker:
    """Return who sends a request."""
    return Asker(request.app.state.access, request.headers.get("authorization"))


def make_access(settings: Settings, page_token: str | None = None) -> Access:
    """Return the access rules of some settings.

    Args:
        settings: which keys there are.
        page_token: what `make_page_token` made for this process.

    Raises:
        InvalidInput: if a key is too short, a file of keys cannot be understood, or the address is not loopback and
            reading needs no key.
    """
    read = list(_keys_of(settings.read_keys, "WHEREFROM_READ_KEYS", Scope.READ))
    write = list(_keys_of(settings.write_keys, "WHEREFROM_WRITE_KEYS", Scope.WRITE))
    # A key that only reads opens nothing where everyone may read: whoever made one wants reading to need it.
    needs_key = bool(read) or any(key.scope is Scope.READ for key in write)
    if not needs_key and not is_loopback(settings.host):
        raise InvalidInput(
            f"the address is {settings.host}, which others can reach; set WHEREFROM_READ_KEYS, or listen on 127.0.0.1"
        )
    return Access([*read, *write], needs_key=needs_key, page_token=page_token)


def make_page_token(settings: Settings, *, read_only: bool = False) -> str | None:
    """Return a new key for the page, where only this machine can connect and no key may write; else `None`.

    There is none either where documents can only be read, for the page offers what its key opens.

    Raises:
        InvalidInput: as `make_access`.
    """
    if make_access(settings).has_writers or not is_loopback(settings.host):
        return None
    return None if read_only else token_urlsafe(TOKEN_BYTES)


def _key_in(authorization: str | None) -> str:
    """Return the key that a header holds; "" if it holds none."""
    scheme, _, key = (authorization or "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _digest(key: str) -> str:
    return sha256(key.encode(errors="replace")).hexdigest()


def _keys_of(text: str, setting: str, scope: Scope) -> list[Key]:
    """Return the keys of a setting; each that names a file stands for those in its lines."""
    keys = [each for word in map(str.strip, text.split(",")) if word for each in _keys_named(word, setting, scope)]
    if text and not keys:
        raise InvalidInput(f"{setting} is set but holds no key; unset it, or everyone could read where no one should")
    return keys


def _keys_named(word: str, setting: str, scope: Scope) -> list[Key]:
    if _names_a_file(word):
        return _keys_in(Path(word), setting, scope)
    if len(word) < MIN_KEY:
        raise InvalidInput(f"{setting}: a key has {len(word)} characters; use at least {MIN_KEY}")
    return [Key(sha256(word.encode(errors="surrogateescape")).hexdigest(), scope)]


def _names_a_file(word: str) -> bool:
    # A path that is mistyped must not become the key.
    short = len(word.encode(errors="surrogateescape")) <= LONGEST_NAME
    return word.startswith(("/", "./", "../")) or (short and Path(word).is_file())


def _keys_in(file: Path, setting: str, scope: Scope) -> list[Key]:
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise InvalidInput(f"{setting}: {file}: {reason}; name a file with SHA-256 hashes of keys") from None
    keys = []
    for number, line in enumerate(lines, start=1):
        try:
            keys.extend([_key_of(line.split(), scope)] if line.strip() else [])
        except InvalidInput as error:
            raise InvalidInput(f"{setting}: {file}, line {number}: {error}; write a line as {LINE}") from None
    if not keys:
        raise InvalidInput(f"{setting}: {file} must hold SHA-256 hashes of keys, one a line as {LINE}")
    return keys


def _key_of(words: list[str], scope: Scope) -> Key:
    """Return the key of a line of a file; the scope is the one where the line has none."""
    digest, *rest = words
    if not HASH.fullmatch(digest):  # which may be a key that somebody took for its hash: it is not told
        raise InvalidInput("it must hold SHA-256 of a key first, 64 of 0-9 and a-f")
    if rest and rest[0] in SCOPES:
        scope = SCOPES[rest.pop(0)]
    names = " ".join(rest).split(",") if rest else []
    return Key(digest, scope, frozenset(check_name(name.strip()) for name in names) if names else None)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
