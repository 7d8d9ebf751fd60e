"""What conditions are about, in rows: the texts that a document and its passages have under the names of conditions."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from corpus.document import DocumentFacts
from corpus.store.stored import Years
from index.filters.comparing import number_of
from index.filters.days import days_of
from index.filters.names import OWN, YEARS, texts_of
from index.oceanbase.connecting import Connection

COLUMNS = "collection, document, name_digest, value_digest, name, value, number, first_day, last_day"
NOTHING = ""  # the text in the row of a name that a document has no text under; none is empty


def facet_digest(text: str) -> int:
    """Return the 64-bit digest that a name or a text is looked up by."""
    return int.from_bytes(blake2b(encoded(text), digest_size=8).digest(), "little")


def encoded(text: str) -> bytes:
    """Return a text as rows have it; halves of surrogate pairs stay what they are."""
    return text.encode("utf-8", "surrogatepass")


def add_facets(connection: Connection, collection: int, number: int, facts: DocumentFacts) -> None:
    """Add what conditions are about of a document, of which nothing is there."""
    _add(connection, collection, number, _facets(facts))


def add_years(connection: Connection, collection: int, number: int, passages: Iterable[Years]) -> None:
    """Add which years the passages of a document speak of, of which nothing is there."""
    years = sorted({year for of_passage in passages for year in of_passage})
    _add(connection, collection, number, ((YEARS, str(year)) for year in years))


def remove_facets(connection: Connection, collection: int, number: int) -> None:
    """Remove what is there of a document, but for what its passages say."""
    connection.run(
        "DELETE FROM facets WHERE collection = %s AND document = %s AND name_digest != %s",
        collection,
        number,
        facet_digest(YEARS),
    )


def remove_years(connection: Connection, collection: int, number: int) -> None:
    """Remove which years the passages of a document speak of."""
    connection.run(
        "DELETE FROM facets WHERE collection = %s AND document = %s AND name_digest = %s",
        collection,
        number,
        facet_digest(YEARS),
    )


def _add(connection: Connection, collection: int, number: int, facets: Iterable[tuple[str, str]]) -> None:
    rows = [(collection, number, *_columns(name, text)) for name, text in facets]
    connection.many(f"INSERT INTO facets ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)


def _facets(facts: DocumentFacts) -> Iterator[tuple[str, str]]:
    """Yield names and texts; of a document's own metadata also names without any, for they are known, too."""
    for name, texts in texts_of(facts):
        for text in dict.fromkeys(texts) or ([NOTHING] if name.startswith(OWN) else []):
            yield name, text


def _columns(name: str, text: str) -> tuple[object, ...]:
    number, days = number_of(text), days_of(text)
    first_last = (days.first.toordinal(), days.last.toordinal()) if days else (None, None)
    of_number = None if number is None else float(number)
    return facet_digest(name), facet_digest(text), encoded(name), encoded(text), of_number, *first_last
