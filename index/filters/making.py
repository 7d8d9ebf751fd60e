"""Conditions made of the fields that are filtered by most: each with one value or several, any of which will do."""

from collections.abc import Collection, Mapping, Sequence

from corpus.document import checked_date
from corpus.errors import InvalidInput
from index.filters.comparing import Operator
from index.filters.conditions import Comparison, Condition, Or, all_of
from index.filters.names import DOCUMENT_ID, FOLDER, OWN, PUBLISHED, SOURCE, TAG, YEARS, Value, column_of

LAST_YEAR = 9999


def make_condition(
    *,
    source: Collection[str] = (),
    document_id: Collection[str] = (),
    folder: Collection[str] = (),
    tag: Collection[str] = (),
    language: Collection[str] = (),
    metadata: Mapping[str, Sequence[Value]] | None = None,
    published_after: str | None = None,
    published_before: str | None = None,
    mentions_year: int | None = None,
) -> Condition | None:
    """Return the condition that all that is given holds, `None` if nothing is.

    Args:
        source: names of files, beginnings of them that end in a slash, or globs.
        document_id: ids.
        folder: folders that files are in, at any depth.
        tag: tags, of which a document has any.
        language: ISO 639 codes.
        metadata: values by key of the document's own metadata.
        published_after: this date or later; a document without a date does not pass.
        published_before: this date or earlier.
        mentions_year: the passage itself names this year, or hints at it as 去年 does.

    Raises:
        InvalidInput: if a value is empty, or no date or year.
    """
    if mentions_year is not None and not 1 <= mentions_year <= LAST_YEAR:
        raise InvalidInput(f"filter {YEARS} is {mentions_year}; give 1 to {LAST_YEAR}")
    return all_of(
        [
            any_of(SOURCE, source),
            any_of(DOCUMENT_ID, document_id),
            any_of(FOLDER, folder),
            any_of(TAG, tag),
            any_of("language", language),
            *(Comparison(OWN + key, Operator.IS, tuple(values)) for key, values in (metadata or {}).items()),
            _published(Operator.GREATER_OR_EQUAL, "published_after", published_after),
            _published(Operator.LESS_OR_EQUAL, "published_before", published_before),
            None if mentions_year is None else Comparison(YEARS, Operator.IS, (mentions_year,)),
        ]
    )


def any_of(name: str, values: Collection[Value]) -> Condition | None:
    """Return the condition that a document has one of some values under a name, `None` if there are none."""
    return compared(name, Operator.IS, values) if values else None


def compared(name: str, how: Operator, values: Collection[Value]) -> Condition:
    """Return the condition that what a document has under a name compares so with any of some values.

    Args:
        name: what is compared; see `index.filters.names.column_of`.
        how: how; the name of a file is also what begins so, where a value ends in a slash, and what matches a glob.
        values: with what.

    Raises:
        InvalidInput: as `Comparison` does.
    """
    if how is not Operator.IS or column_of(name) != SOURCE:
        return Comparison(name, how, tuple(values))
    wanted: dict[Operator, list[Value]] = {}
    for value in values:
        operator, text = _pattern(value) if isinstance(value, str) else (how, value)
        wanted.setdefault(operator, []).append(text)
    conditions = [Comparison(name, operator, tuple(texts)) for operator, texts in (wanted or {how: []}).items()]
    return Or(tuple(conditions)) if len(conditions) > 1 else conditions[0]


def _published(how: Operator, name: str, value: str | None) -> Condition | None:
    return None if value is None else Comparison(PUBLISHED, how, (checked_date(value, "filter", name),))


def _pattern(source: str) -> tuple[Operator, str]:
    """Return what a name of a file, a beginning of one or a glob asks for, by the operator that is fastest."""
    if source.endswith("/"):
        source += "*"
    inner = source.strip("*")
    if not inner or "*" in inner or "?" in inner:
        return Operator.MATCHES, source
    if source.startswith("*"):
        return Operator.CONTAINS if source.endswith("*") else Operator.ENDS_WITH, inner
    return Operator.STARTS_WITH if source.endswith("*") else Operator.IS, inner
