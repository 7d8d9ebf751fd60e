"""A database as the home of collections, shared by any number of servers. None of them keeps anything of its own."""

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock, Thread
from time import monotonic

from corpus.errors import StoreUnavailable, WherefromError
from corpus.store.collections import DEFAULT, check_name
from index.engine import Engine
from index.oceanbase import collections
from index.oceanbase.claims import OceanBaseClaims
from index.oceanbase.connecting import Database
from index.oceanbase.engine import engine_of

logger = logging.getLogger(__name__)

CHECKED_SECONDS = 1.0  # for which the last look at the database counts: anyone may ask whether the service is ready


class OceanBaseHome:
    """A database; see `index.home.Home`.

    Attributes:
        database: it.
        engine: what opens the collections in it.
        claims: how its jobs are shared out among servers.
    """

    engine: Engine
    claims: OceanBaseClaims

    def __init__(self, database: Database) -> None:
        self.database = database
        self.engine = engine_of(database)
        self.claims = OceanBaseClaims(database)
        self._serves = False
        self._scratch: Path | None = None
        self._checking = Lock()
        self._checked = -CHECKED_SECONDS
        self._failure: StoreUnavailable | None = None

    def __str__(self) -> str:
        """Return the address, without a password."""
        return str(self.database.address)

    @property
    def option(self) -> str:
        """How a command names it."""
        return f"--store {self}"

    @property
    def read_only(self) -> bool:
        """Whether this user may only read here."""
        with self.engine.open_truth(self.place(DEFAULT), False) as truth:
            return truth.read_only

    def place(self, name: str) -> Path:
        """Return a collection's name, by which the engine opens it."""
        return Path(check_name(name))

    def names(self) -> list[str]:
        """Return the names of the collections that there are."""
        return collections.names(self.database)

    def make(self, name: str, begin: Callable[[Path], None]) -> None:
        """Make a collection, and take it back if it cannot be begun."""
        collections.make(self.database, name, anew=True)
        try:
            begin(self.place(name))
        except BaseException:
            with suppress(WherefromError):
                collections.delete(self.database, name)
            raise

    def remove(self, name: str) -> None:
        """Remove a collection; what it held is cleared away while nobody waits."""
        collections.delete(self.database, name)
        self._clear()

    def take(self) -> bool:
        """Begin to serve, beside others: jobs are claimed one by one, and what is left of the others' is anyone's."""
        self._serves = True
        self._clear()
        return False

    def scratch(self) -> Path:
        """Return a temporary folder, which goes with this process."""
        if self._scratch is None:
            self._scratch = Path(mkdtemp(prefix="wherefrom-"))
        return self._scratch

    def room(self) -> None:
        """Return that the room of a database is not known here."""

    def remarks(self) -> list[str]:
        """Return whether this user may only read."""
        return [f"{self}: this user may not write here; documents are only read"] if self.read_only else []

    def check(self) -> None:
        """See whether the database answers, or did a moment ago."""
        with self._checking:
            if monotonic() - self._checked >= CHECKED_SECONDS:
                self._failure = None
                try:
                    self.database.check()
                except StoreUnavailable as error:
                    self._failure = error
                self._checked = monotonic()
            failure = self._failure
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Give back what this server has claimed, and close the connections."""
        if self._serves:
            with suppress(WherefromError):  # the claims run out by themselves
                self.claims.release()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None
        self.database.close()

    def _clear(self) -> None:
        Thread(target=_clear, args=[self.database], name="clear", daemon=True).start()


def _clear(database: Database) -> None:
    """Clear away what is left of collections that were deleted, by whichever server; the next start tries again."""
    try:
        collections.clear(database)
    except WherefromError as error:
        logger.warning("deleted collections are not cleared away yet: %s", error)
