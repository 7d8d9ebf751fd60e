"""What conditions are about, in rows: the texts that a document and its passages have under the names of conditions."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from corpus.document import DocumentFacts
from corpus.store.stored import Years
from index.filters.comparing import number_of
from index.filters.days import days_of
from index.filters.names import OWN, YEARS, texts_of
from index.oceanbase.connecting import Connection

Facet = tuple[int, int, bytes, bytes, float | None, int | None, int | None]
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
    _add(connection, collection, number, [_columns(*each) for each in _facets(facts)])


def add_years(connection: Connection, collection: int, number: int, passages: Iterable[Years]) -> None:
    """Add which years the passages of a document speak of, of which nothing is there."""
    _add(connection, collection, number, _of_years(passages))


def remove_facets(connection: Connection, collection: int, number: int) -> None:
    """Remove what is there of a document, but for what its passages say."""
    _remove(connection, collection, number, "!=")


def remove_years(connection: Connection, collection: int, number: int) -> None:
    """Remove which years the passages of a document speak of."""
    _remove(connection, collection, number, "=")


def facet_columns(facts: DocumentFacts, passages: Iterable[Years]) -> list[Facet]:
    """Return what there has to be of a document and its passages."""
    return [*(_columns(*each) for each in _facets(facts)), *_of_years(passages)]


def _add(connection: Connection, collection: int, number: int, facets: Iterable[Facet]) -> None:
    rows = [(collection, number, *facet) for facet in facets]
    connection.many(f"INSERT INTO facets ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)


def _remove(connection: Connection, collection: int, number: int, which: str) -> None:
    query = f"DELETE FROM facets WHERE collection = %s AND document = %s AND name_digest {which} %s"
    connection.run(query, collection, number, facet_digest(YEARS))


def _of_years(passages: Iterable[Years]) -> list[Facet]:
    return [_columns(YEARS, str(year)) for year in sorted({year for years in passages for year in years})]


def _facets(facts: DocumentFacts) -> Iterator[tuple[str, str]]:
    """Yield names and texts; of a document's own metadata also names without any, for they are known, too."""
    for name, texts in texts_of(facts):
        for text in dict.fromkeys(texts) or ([NOTHING] if name.startswith(OWN) else []):
            yield name, text


def _columns(name: str, text: str) -> Facet:
    number, days = number_of(text), days_of(text)
    first_last = (days.first.toordinal(), days.last.toordinal()) if days else (None, None)
    of_number = None if number is None else float(number)
    return facet_digest(name), facet_digest(text), encoded(name), encoded(text), of_number, *first_last
