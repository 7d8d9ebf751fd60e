"""What conditions are about, in rows: the texts that documents and passages have under the names of conditions."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from corpus.document import DocumentFacts
from corpus.store.stored import Key, Years
from index.filters.comparing import number_of
from index.filters.days import days_of
from index.filters.names import YEARS, texts_of
from index.oceanbase.connecting import Connection

Facet = tuple[object, ...]
OF_DOCUMENT = 0  # the key of a passage in rows that are of a document
COLUMNS = "collection, document, passage_key, name_digest, value_digest, name, value, number, first_day, last_day"


def facet_digest(text: str) -> int:
    """Return the 64-bit digest that a name or a text is looked up by."""
    return int.from_bytes(blake2b(encoded(text), digest_size=8).digest(), "little")


def encoded(text: str) -> bytes:
    """Return a text as rows have it; halves of surrogate pairs stay what they are."""
    return text.encode("utf-8", "surrogatepass")


def add_facets(
    connection: Connection, collection: int, number: int, facts: DocumentFacts, years: Sequence[tuple[Key, Years]]
) -> None:
    """Add what conditions are about of a document and its passages, of which nothing is there."""
    rows = [(collection, number, *each) for each in _facets(facts, years)]
    marks = ", ".join(["%s"] * 10)
    connection.many(f"INSERT INTO facets ({COLUMNS}) VALUES ({marks})", rows)


def remove_facets(connection: Connection, collection: int, number: int, *, passages: bool = True) -> None:
    """Remove what is there of a document, and of its passages unless they stay."""
    only = "" if passages else f" AND passage_key = {OF_DOCUMENT}"
    connection.run(f"DELETE FROM facets WHERE collection = %s AND document = %s{only}", collection, number)


def _facets(facts: DocumentFacts, years: Sequence[tuple[Key, Years]]) -> Iterator[Facet]:
    for name, texts in texts_of(facts):
        for text in dict.fromkeys(texts):
            yield OF_DOCUMENT, *_facet(name, text)
    for key, of_passage in years:
        for year in dict.fromkeys(of_passage):
            yield key, *_facet(YEARS, str(year))


def _facet(name: str, text: str) -> Facet:
    number, days = number_of(text), days_of(text)
    first_last = (days.first.toordinal(), days.last.toordinal()) if days else (None, None)
    # Numbers are compared as floats; one beyond them is none there.
    return facet_digest(name), facet_digest(text), encoded(name), encoded(text), _float(number), *first_last


def _float(number: int | float | None) -> float | None:
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None
