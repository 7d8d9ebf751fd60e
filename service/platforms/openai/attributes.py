"""What OpenAI's clients say of a file in key-value pairs, and how it becomes what is known of a document."""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from corpus.document import DocumentFacts
from corpus.files.folders.metadata import FIELDS, make_metadata
from index.filters.names import FIELDS as FIELDS_BY_NAME
from index.filters.names import Value
from service.http.bounds import NO_NUL

MOST = 16  # of a file; OpenAI promises its clients no more
LONGEST_KEY = 64  # characters
LONGEST = 512
RESERVED = "document_id"  # among the facts of a job; it is the file's id
# The key of a document's own metadata with the names of those of our fields that were given as attributes though a
# text tells them by itself: only by it they are known to be more than that.
GIVEN = "given_attributes"
TOLD_BY_THE_TEXT = ("title", "language")


def _checked(attributes: dict[str, Any]) -> dict[str, Any]:
    if len(attributes) > MOST:
        raise ValueError(f"there are {len(attributes)} pairs; give at most {MOST}")
    for key, value in attributes.items():
        if not 1 <= len(key) <= LONGEST_KEY:
            raise ValueError(f"the key {key[:LONGEST_KEY]!r} has {len(key)} characters; give 1 to {LONGEST_KEY}")
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValueError(f"{key} has {len(value)} characters; give at most {LONGEST}")
        if isinstance(value, float) and not isfinite(value):
            raise ValueError(f"{key} is a number that JSON has no word for")
    return attributes


def _checked_of_document(attributes: dict[str, Value]) -> dict[str, Value]:
    for name in (RESERVED, GIVEN):
        if name in attributes:
            raise ValueError(f"{name} has a meaning of its own here; give it another name")
    mistakes = make_metadata(_checked(attributes)).mistakes
    if mistakes:
        raise ValueError("; ".join(mistakes))
    return attributes


def _checked_texts(metadata: dict[str, str]) -> dict[str, str]:
    if make_metadata({"metadata": _checked(metadata)}).mistakes:
        raise ValueError("a value holds half of a surrogate pair or a NUL; remove it")
    return metadata


PAIRS = {"maxProperties": MOST, "propertyNames": {"minLength": 1, "maxLength": LONGEST_KEY, **NO_NUL}}
Attributes = Annotated[dict[str, Value], AfterValidator(_checked_of_document), Field(json_schema_extra=PAIRS)]
# Of a vector store.
Notes = Annotated[
    dict[str, Annotated[str, Field(json_schema_extra={"maxLength": LONGEST, **NO_NUL})]],
    AfterValidator(_checked_texts),
    Field(json_schema_extra=PAIRS),
]


def facts_of(attributes: Mapping[str, Value]) -> dict[str, Any]:
    """Return what is said of a document by attributes: our fields by what they are called anywhere, the rest as it is.

    One that is called as conditions call a field, `date` for `published`, is both, if the field can be that; else a
    condition on it would look elsewhere.
    """
    given = [name for name in TOLD_BY_THE_TEXT if name in attributes]
    return {**_named_otherwise(attributes), **attributes, **({GIVEN: given} if given else {})}


def _named_otherwise(attributes: Mapping[str, Value]) -> dict[str, Value]:
    named: dict[str, Value] = {}
    for name, value in attributes.items():
        field = FIELDS_BY_NAME.get(name.lower(), "")
        if field in FIELDS and name not in FIELDS and not make_metadata({field: value}).mistakes:
            named.setdefault(field, value)
    return named


def attributes_of(facts: DocumentFacts) -> dict[str, Value]:
    """Return what is known of a document, as attributes: its own metadata, then our fields, as many as there may be."""
    own = {key: value for key, value in facts.metadata.items() if isinstance(value, str | bool | int | float)}
    pairs = {**own, **_fields_of(facts)}
    return {key: value[:LONGEST] if isinstance(value, str) else value for key, value in list(pairs.items())[:MOST]}


def _fields_of(facts: DocumentFacts) -> dict[str, str]:
    """Return those of our fields that are known, but for what the text tells by itself."""
    given = facts.metadata.get(GIVEN)
    left_out = set(TOLD_BY_THE_TEXT) - set(given if isinstance(given, list) else ())
    fields = {name: getattr(facts, name) for name in FIELDS if name not in left_out}
    return {name: value for name, value in fields.items() if value is not None}


def patch_of(facts: DocumentFacts, attributes: Mapping[str, Value]) -> dict[str, Any]:
    """Return the change of a document (RFC 7396) after which its attributes are these and no others."""
    said = facts_of(attributes)
    own = {key: None for key, value in facts.metadata.items() if key == GIVEN or not isinstance(value, list | dict)}
    fields = {name: said.pop(name, None) for name in FIELDS if name in said or name in _fields_of(facts)}
    return {**fields, "metadata": {**own, **said}}
