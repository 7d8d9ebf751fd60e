"""What a database and its driver say, in our words."""

from collections.abc import Collection, Iterator
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


class Missing(StoreUnavailable):
    """The database, or a table that it should have, is not there."""


class Redone(StoreUnavailable):
    """A table, column or index was to be made that is there, or to be dropped that is gone."""


class Crowded(StoreAway):
    """All connections of the pool are in use."""


class Redefined(StoreAway):
    """An index was made after the state that is read, so it cannot be searched in that state."""


# By the numbers that the database gives its errors; the first that fits counts.
TOLD: tuple[tuple[Collection[int], type[WherefromError], str], ...] = (
    ({1049, 1146}, Missing, "{address} was dropped, or is no store of wherefrom ({said}); name another --store"),
    ({1050, 1060, 1061, 1091}, Redone, "{address} was changed before ({said})"),
    ({4138}, Redefined, "{address} was changed meanwhile ({said}); try again"),
    (
        {1045},
        StoreUnavailable,
        "{address}: user or password is wrong; give the password by WHEREFROM_STORE_PASSWORD or"
        " WHEREFROM_STORE_PASSWORD_FILE",
    ),
    (
        {1044, 1142, 1143, 1227, 1290, 1836},
        StoreReadOnly,
        "{address}: this user may not do that ({said}); grant it, or name another user",
    ),
    (
        {1205, 1213, 6001, 6002, 6004, 6005},
        StoreUnavailable,
        "{address}: another index is being written; try again after it",
    ),
    (
        {1021, 1041, 1114, 4013, 4030, 4184, 4733},
        StoreFull,
        "{address}: no room in the database ({said}); make room in it, and try again",
    ),
    ({1153, 1406, 4020}, InvalidInput, "a value is longer than the database takes ({said}); shorten it"),
    ({1062, 4070, 4103, 4107, 4258, 5543}, StoreDamaged, "{address} is damaged ({said}); restore a copy of it"),
    ({1040, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1317}, StoreAway, "{address} has too much to do ({said})"),
    (range(1000, 2000), StoreUnavailable, "{address} refuses: {said}; was it made by another version of wherefrom?"),
)
# All others are the network's, or the database's when it starts, ends, moves or has too much to do.
AWAY = "{address} does not answer ({said}); is it running and not overloaded?"


@contextmanager
def told(address: Address) -> Iterator[None]:
    """A block in which the errors of the driver and the pool are told in our words."""
    import sqlalchemy.exc

    try:
        yield
    except sqlalchemy.exc.TimeoutError:
        raise Crowded(f"{address}: all connections are in use; try again, or allow for more of them") from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise translated(error, address) from None


def translated(error: Exception, address: Address) -> WherefromError:
    """Return an error of the driver as one of ours."""
    origin = getattr(error, "orig", None) or error
    number, *_ = origin.args or (0,)
    said = " ".join(str(origin.args[-1] if origin.args else type(origin).__name__).split())
    kind, message = next(((kind, told) for numbers, kind, told in TOLD if number in numbers), (StoreAway, AWAY))
    return kind(message.format(address=address, said=said))
