"""The names that conditions go by, and the texts that a document has under each of them.

A value is a text to a condition: numbers and truths as JSON writes them, in lower case, for texts compare without
regard to case. Ids keep theirs, because two ids may differ in nothing else.
"""

from collections.abc import Collection, Iterator, Mapping
from re import split

from corpus.document import DocumentFacts
from corpus.errors import InvalidInput

Value = str | int | float | bool

DOCUMENT_ID = "document_id"
FOLDER = "folder"
SOURCE = "source"
TAG = "tag"
PUBLISHED = "published"
YEARS = "mentions_year"  # what a passage has, not its document
# What a condition may call each field; any other name is looked up in the document's own metadata.
NAMES: Mapping[str, tuple[str, ...]] = {
    "author": ("author",),
    DOCUMENT_ID: ("document_id", "file_id", "doc_id", "id"),
    FOLDER: ("folder",),
    "language": ("language", "lang"),
    YEARS: ("mentions_year",),
    PUBLISHED: ("published", "published_at", "published_date", "publish_date", "date"),
    "publisher": ("publisher",),
    SOURCE: ("source", "document_name", "filename", "file_name", "file"),
    TAG: ("tag", "tags"),
    "title": ("title", "name"),
    "url": ("url", "link"),
}
FIELDS = {name: field for field, names in NAMES.items() for name in names}
OWN = "metadata."  # before a name, it is one of the document's own metadata even if a field is called so, too
LISTED = 20  # names of metadata that an error lists


def column_of(name: str) -> str:
    """Return what is compared under a name: a field, or `metadata.` and a key of the document's own metadata."""
    return FIELDS.get(name.lower()) or OWN + name.removeprefix(OWN)


def check_names(columns: Collection[str], own: Collection[str]) -> None:
    """Refuse what nothing is known by.

    Args:
        columns: what conditions are about.
        own: all keys of the documents' own metadata.

    Raises:
        InvalidInput: if a key is not among them, because a misspelt one would find nothing in silence, or everything.
    """
    for column in columns:
        if column.startswith(OWN) and (name := column.removeprefix(OWN)) not in own:
            known = ", ".join([*NAMES, *sorted(own)[:LISTED]])
            raise InvalidInput(f"the condition is on {name!r}, which no document has; there are {known}")


def texts_of(facts: DocumentFacts) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts that a document has under every name, with the name."""
    columns = [*NAMES, *(OWN + key for key in facts.metadata)]
    return ((column, values_of(facts, column)) for column in columns if column != YEARS)


def values_of(facts: DocumentFacts, column: str) -> list[str]:
    """Return the texts that a document has under a name, none where nothing is known."""
    if column.startswith(OWN):
        found = _listed(facts.metadata.get(column.removeprefix(OWN)))
    elif column == FOLDER:
        found = _folders(facts.source)
    elif column == TAG:
        found = [tag for name in NAMES[TAG] for tag in _tags(facts.metadata.get(name))]
    else:
        found = _listed(getattr(facts, column))
    return [text_of(value, column) for value in found if isinstance(value, str | int | float) and value != ""]


def text_of(value: Value, column: str) -> str:
    """Return a value as it is compared under a name."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text if column == DOCUMENT_ID else text.casefold()


def _folders(source: str) -> list[object]:
    """Return the folder a file is in and those that this is in."""
    parts = source.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def _listed(found: object) -> list[object]:
    return list(found) if isinstance(found, list | tuple) else [found]


def _tags(found: object) -> list[object]:
    """Return tags, which may be a list or a text with commas."""
    return [
        tag
        for each in _listed(found)
        for tag in (split(r"\s*[,，]\s*", each.strip()) if isinstance(each, str) else [each])
    ]
