"""What a database says, told so that whoever reads it knows what to do, and nothing that is secret."""

import pytest
from sqlalchemy import exc

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
from index.oceanbase.failures import Crowded, Missing, told

ADDRESS = Address("root", "db.example", 2881, "law", "open sesame")


@pytest.mark.parametrize(
    ("arguments", "kind", "way_out"),
    [
        ((1049, "Unknown database 'law'"), Missing, "--store"),
        ((1146, "Table 'law.documents' doesn't exist"), Missing, "--store"),
        ((1045, "Access denied for user 'root'"), StoreUnavailable, "WHEREFROM_STORE_PASSWORD"),
        ((1142, "INSERT command denied"), StoreReadOnly, "grant"),
        ((1205, "Lock wait timeout exceeded"), StoreUnavailable, "another index is being written"),
        ((4184, "Server out of disk space"), StoreFull, "make room"),
        ((4013, "No memory or reach tenant memory limit"), StoreFull, "make room"),
        ((1406, "Data too long for column 'document_id'"), InvalidInput, "shorten"),
        ((1062, "Duplicate entry 'p_1'"), StoreDamaged, "restore"),
        ((1040, "Too many connections"), StoreAway, "too much to do"),
        ((1064, "You have an error in your SQL syntax"), StoreUnavailable, "another version"),
        ((4012, "Timeout, query has reached the maximum query timeout"), StoreAway, "does not answer"),
        ((2013, "Lost connection\nto MySQL server during query"), StoreAway, "does not answer"),
        ((0, ""), StoreAway, "does not answer"),
        ((), StoreAway, "does not answer"),
        (("Packet sequence number wrong",), StoreAway, "does not answer"),
    ],
)
def test_each_error_is_of_its_kind(arguments: tuple[object, ...], kind: type[WherefromError], way_out: str) -> None:
    with pytest.raises(WherefromError, match=way_out) as caught, told(ADDRESS):
        raise exc.OperationalError("SELECT 1", (), Exception(*arguments))
    assert type(caught.value) is kind
    assert "sesame" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_crowded_pool_is_not_taken_for_a_database_that_is_away() -> None:
    with pytest.raises(Crowded, match="in use"), told(ADDRESS):
        raise exc.TimeoutError("QueuePool limit")
