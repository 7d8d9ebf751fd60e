"""Which documents may answer, as JSON says it: the native fields, and the comparisons of OpenAI's form."""

from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from corpus.errors import InvalidInput
from index.filters.comparing import Operator
from index.filters.conditions import And, Condition, Not, Or, all_of
from index.filters.making import compared, make_condition
from index.filters.names import Value
from service.http import bounds


class Request(BaseModel):
    """What all requests share: a field we do not know is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _without_half_pairs(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("it holds half of a surrogate pair; send it as UTF-8")
    return value


Text = Annotated[str, AfterValidator(_without_half_pairs)]
OneOrSeveral = Annotated[list[Text], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)]
# What each type of filter is, and whether it is that or its opposite.
OPERATORS: dict[str, tuple[Operator, bool]] = {
    "eq": (Operator.IS, False),
    "ne": (Operator.IS, True),
    "gt": (Operator.GREATER, False),
    "gte": (Operator.GREATER_OR_EQUAL, False),
    "lt": (Operator.LESS, False),
    "lte": (Operator.LESS_OR_EQUAL, False),
    "in": (Operator.IS, False),
    "nin": (Operator.IS, True),
}


class ComparisonFilter(BaseModel):
    """A condition on an attribute."""

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"] = Field(description="How to compare.")
    key: str = Field(description="An attribute of the document, or a key of its metadata.")
    value: Value | list[Value] = Field(
        description="What to compare with; of several, any. Of `source` also `reports/` and globs, as in `filters`."
    )

    def condition(self) -> Condition:
        """Return it as we compare."""
        how, negated = OPERATORS[self.type]
        wanted = tuple(self.value) if isinstance(self.value, list) else (self.value,)
        comparison = compared(self.key, how, wanted)
        return Not(comparison) if negated else comparison


class CompoundFilter(BaseModel):
    """Conditions of which all must hold, or any."""

    type: Literal["and", "or"] = Field(description="Whether all must hold, or any.")
    filters: list["Filter"] = Field(min_length=1, description="The conditions.")

    def condition(self) -> Condition:
        """Return it as we compare."""
        return (And if self.type == "and" else Or)(tuple(each.condition() for each in self.filters))


Filter = Annotated[Union[ComparisonFilter, CompoundFilter], Field(discriminator="type")]  # noqa: UP007 # it recurs


class PlainFilters(Request):
    """Which documents may answer, by what fits into an address; every condition given must hold."""

    source: OneOrSeveral = Field(
        [], description="File name, or several; `reports/` for all below a folder, `*` for any characters, `?` for one."
    )
    document_id: OneOrSeveral = Field([], description="Document id, or several.")
    folder: OneOrSeveral = Field([], description="Folder that the file is in, at any depth, or several.")
    tag: OneOrSeveral = Field([], description="A tag, of the document's `tags` or `tag`, or several.")
    language: OneOrSeveral = Field([], description="ISO 639 code of the document's language, or several.")
    published_after: str | None = Field(
        None, json_schema_extra=bounds.WHEN, description="This date or later: 2026, 2026-04 or 2026-04-16."
    )
    published_before: str | None = Field(None, json_schema_extra=bounds.WHEN, description="This date or earlier.")
    mentions_year: int | None = Field(
        None,
        json_schema_extra=bounds.YEAR,
        description="The passage names this year, or hints at it as 去年 does.",
    )

    def condition_with(self, metadata: dict[str, list[Value]]) -> Condition | None:
        """Return the condition of these fields and of values by key of the documents' own metadata."""
        given = self.model_fields_set & PlainFilters.model_fields.keys()
        fields: dict[str, Any] = {name: getattr(self, name) for name in given}
        return make_condition(**fields, metadata=metadata) if fields or metadata else None


class FiltersIn(PlainFilters):
    """Which documents may answer; every condition given must hold."""

    metadata: dict[str, Value | list[Value]] = Field(
        {}, description="Values by key of the document's own metadata, each one or several."
    )
    where: Filter | None = Field(None, description="Any other condition, in the form of OpenAI's filters.")

    def condition(self) -> Condition | None:
        """Return the condition for the index, `None` if nothing is asked for.

        Raises:
            InvalidInput: if a value is missing, empty or no date.
        """
        metadata = {key: value if isinstance(value, list) else [value] for key, value in self.metadata.items()}
        return all_of([self.condition_with(metadata), self.where.condition() if self.where else None])


def metadata_of(pairs: list[str]) -> dict[str, list[Value]]:
    """Return values by key, of `key:value` as an address holds them.

    Raises:
        InvalidInput: if there is no colon.
    """
    found: dict[str, list[Value]] = {}
    for pair in pairs:
        key, colon, value = pair.partition(":")
        if not colon:
            raise InvalidInput(f"metadata is {pair!r}; write key:value")
        found.setdefault(key, []).append(value)
    return found
