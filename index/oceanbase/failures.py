"""What a database and its driver say, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import (
    InvalidInput,
    StoreAway,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreUnavailable,
    WherefromError,
)
from index.oceanbase.address import Address

ABSENT = {1049, 1146}  # the database, a table
REDEFINED = 4138
REFUSED_USER = 1045
NOT_ALLOWED = {1044, 1142, 1143, 1227, 1290, 1836}
LOCKED = {1205, 1213, 6001, 6002, 6004, 6005}
FULL = {1021, 1041, 1114, 4013, 4030, 4184, 4733}
TOO_LONG = {1153, 1406, 4020}
DAMAGED = {1062, 4070, 4103, 4107, 4258, 5543}
OVERLOADED = {1040, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1317}
OF_STATEMENTS = range(1000, 2000)  # but for those above, they are about what was sent
# The rest is the network's, or the database's when it starts, ends, moves or has too much to do.


class Missing(StoreUnavailable):
    """The database, or a table that it should have, is not there."""


class Redefined(StoreAway):
    """An index was made after the state that is read, so it cannot be searched in that state."""


class Busy(StoreAway):
    """All connections of the pool are in use, and none came free in time."""


@contextmanager
def told(address: Address) -> Iterator[None]:
    """A block in which the errors of the driver and the pool are told in our words."""
    import sqlalchemy.exc

    try:
        yield
    except sqlalchemy.exc.TimeoutError:
        raise Busy(f"{address}: all connections are in use; raise WHEREFROM_STORE_CONNECTIONS, or ask later") from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise translated(error, address) from None


def translated(error: Exception, address: Address) -> WherefromError:
    """Return an error of the driver or the pool as one of ours."""
    origin = getattr(error, "orig", None) or error
    code, said = _told(origin)
    if code in ABSENT:
        return Missing(f"{address} was dropped, or is no store of wherefrom ({said}); name another --store")
    if code == REDEFINED:
        return Redefined(f"{address} was changed meanwhile ({said}); try again")
    if code == REFUSED_USER:
        return StoreUnavailable(
            f"{address}: user or password is wrong; give the password by WHEREFROM_STORE_PASSWORD or"
            " WHEREFROM_STORE_PASSWORD_FILE"
        )
    if code in NOT_ALLOWED:
        return StoreReadOnly(f"{address}: this user may not do that ({said}); grant it, or name another user")
    if code in LOCKED:
        return StoreUnavailable(f"{address}: another index is being written; try again after it")
    if code in FULL:
        return StoreFull(f"{address}: no room in the database ({said}); make room in it, and try again")
    if code in TOO_LONG:
        return InvalidInput(f"a value is longer than the database takes ({said}); shorten it")
    if code in DAMAGED:
        return StoreDamaged(f"{address} is damaged ({said}); restore a copy of it")
    if code in OF_STATEMENTS and code not in OVERLOADED:
        return StoreUnavailable(f"{address} refuses: {said}; was it made by another version of wherefrom?")
    return StoreAway(f"{address} does not answer ({said}); is it running and not overloaded?")


def _told(error: BaseException) -> tuple[int, str]:
    code = error.args[0] if error.args else 0
    said = " ".join(str(error.args[-1] if error.args else type(error).__name__).split())
    return (code, said) if isinstance(code, int) else (0, said)
