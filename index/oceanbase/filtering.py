"""Conditions as the database checks them: on columns of an index table, and for the rest on the facets of documents.

A search looks at nothing but its own table, so what is not said there is found out first: as a list of documents.
"""

from collections.abc import Callable, Iterable, Sequence

from index.filters.comparing import ON_TEXTS, Operator, Wanted, compares_days, matches, number_of
from index.filters.conditions import And, Comparison, Condition, Not, Or
from index.filters.days import Days, days_of
from index.filters.names import OWN, PUBLISHED, YEARS, check_names
from index.oceanbase.connecting import Connection
from index.oceanbase.facets import encoded, facet_digest

MOST_LISTED = 20_000  # documents in a list; of more, what holds is looked up passage by passage
EXACT = 2**53  # whole numbers beyond which some have no float of their own
NOWHERE, EVERYWHERE = "1 = 0", "1 = 1"

DAYS: dict[Operator, Callable[[Days], str]] = {
    Operator.IS: lambda wanted: f"first_day <= {wanted.last.toordinal()} AND last_day >= {wanted.first.toordinal()}",
    Operator.LESS: lambda wanted: f"first_day < {wanted.first.toordinal()}",
    Operator.BEFORE: lambda wanted: f"first_day < {wanted.first.toordinal()}",
    Operator.LESS_OR_EQUAL: lambda wanted: f"first_day <= {wanted.last.toordinal()}",
    Operator.GREATER: lambda wanted: f"last_day > {wanted.last.toordinal()}",
    Operator.AFTER: lambda wanted: f"last_day > {wanted.last.toordinal()}",
    Operator.GREATER_OR_EQUAL: lambda wanted: f"last_day >= {wanted.first.toordinal()}",
}
ORDERS = {
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}


class Filtering:
    """Makes filters of conditions on a collection, in the state that a connection sees."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection

    def predicate(self, condition: Condition) -> str:
        """Return what a condition comes to: a predicate on the columns of an index table.

        Raises:
            InvalidInput: if it is on metadata that no document has.
        """
        self._check_names({each.column for each in condition.comparisons()})
        return self._of_passages(condition)

    def _check_names(self, columns: set[str]) -> None:
        own = {each: facet_digest(each) for each in sorted(columns) if each.startswith(OWN)}
        if not own:
            return
        one = f"(SELECT name FROM facets WHERE collection = {self._collection} AND name_digest = %s LIMIT 1)"
        found = self._connection.rows(" UNION ALL ".join([one] * len(own)), *own.values())
        if len(found) < len(own):
            query = "SELECT DISTINCT name FROM facets WHERE collection = %s"
            names = (name.decode() for (name,) in self._connection.rows(query, self._collection))
            check_names(columns, {name.removeprefix(OWN) for name in names if name.startswith(OWN)})

    # On the columns of an index table

    def _of_passages(self, condition: Condition) -> str:
        if not _has_column(condition):
            return self._listed(condition)
        if isinstance(condition, Comparison):
            return self._of_years(condition) if condition.column == YEARS else _of_columns(condition)
        if isinstance(condition, Not):
            return f"NOT ({self._of_passages(condition.condition)})"
        own = [each for each in condition.conditions if _has_column(each)]
        others = tuple(each for each in condition.conditions if not _has_column(each))
        parts = [*own, type(condition)(others)] if others else own
        return _joined(condition, map(self._of_passages, parts))

    def _of_years(self, comparison: Comparison) -> str:
        if comparison.operator is Operator.EMPTY:
            return "years = ''"
        met = [year for year in self._years(comparison) if _meets(comparison, year)]
        return f"years REGEXP ',({'|'.join(met)}),'" if met else NOWHERE

    def _years(self, comparison: Comparison) -> list[str]:
        """Return years among which are all that meet a comparison."""
        if comparison.operator is Operator.IS:
            numbers = map(number_of, comparison.wanted)
            return sorted({str(int(number)) for number in numbers if number is not None and number == int(number)})
        query = "SELECT DISTINCT value FROM facets WHERE collection = %s AND name_digest = %s"
        return sorted(year.decode() for (year,) in self._connection.rows(query, self._collection, facet_digest(YEARS)))

    # On documents

    def _listed(self, condition: Condition) -> str:
        """Return a predicate by which a passage is of a document that meets a condition."""
        documents = self._of_documents(condition)
        query = f"SELECT number FROM documents WHERE collection = {self._collection} AND ({documents})"
        found = self._connection.rows(f"{query} LIMIT {MOST_LISTED + 1}")
        if len(found) > MOST_LISTED:
            return f"document IN ({query})"
        return f"document IN ({','.join(str(number) for (number,) in found)})" if found else NOWHERE

    def _of_documents(self, condition: Condition) -> str:
        if isinstance(condition, Comparison):
            return self._of_facets(condition)
        if isinstance(condition, Not):
            return f"NOT ({self._of_documents(condition.condition)})"
        return _joined(condition, map(self._of_documents, condition.conditions))

    def _of_facets(self, comparison: Comparison) -> str:
        name = facet_digest(comparison.column)
        rows = f"FROM facets WHERE collection = {self._collection} AND name_digest = {name} AND value != ''"
        if comparison.operator is Operator.EMPTY:
            return f"number NOT IN (SELECT document {rows})"
        values, certain = _of_values(comparison)
        if certain:
            return f"number IN (SELECT document {rows} AND ({values}))"
        found = self._connection.rows(f"SELECT document, value {rows} AND ({values})")
        met = {str(number) for number, value in found if _meets(comparison, value.decode("utf-8", "surrogatepass"))}
        return f"number IN ({','.join(sorted(met))})" if met else NOWHERE


def _has_column(condition: Condition) -> bool:
    """Return whether any part of a condition is on a column of index tables."""
    return any(map(_is_column, condition.comparisons()))


def _is_column(comparison: Comparison) -> bool:
    if comparison.column == PUBLISHED:
        return compares_days(PUBLISHED, comparison.operator)
    return comparison.column == YEARS or (comparison.column == "language" and comparison.operator is Operator.IS)


def _of_columns(comparison: Comparison) -> str:
    if comparison.column == PUBLISHED:
        return _of_days(comparison)
    wanted = [each for each in comparison.wanted if isinstance(each, str)]  # no language is a number
    return f"language IN ({','.join(map(_literal, wanted))})" if wanted else NOWHERE


def _of_days(comparison: Comparison) -> str:
    days = filter(None, map(days_of, comparison.wanted))
    predicates = [f"first_day IS NOT NULL AND {DAYS[comparison.operator](each)}" for each in days]
    return _either(predicates)


def _of_values(comparison: Comparison) -> tuple[str, bool]:
    """Return a predicate on the texts of facets, and whether it says all; else some meet it that do not compare so."""
    how, wanted = comparison.operator, comparison.wanted
    if compares_days(comparison.column, how):
        return _of_days(comparison), True
    if how in ON_TEXTS:
        return _either(_of_letters(how, str(each)) for each in wanted), not any("?" in str(each) for each in wanted)
    if how is Operator.IS:
        texts = [str(facet_digest(each)) for each in wanted if isinstance(each, str)]
        numbers = [number for each in wanted if not isinstance(each, str) and (number := number_of(each)) is not None]
        found = [f"value_digest IN ({','.join(texts)})"] if texts else []
        found += [f"number IN ({','.join(repr(float(number)) for number in numbers)})"] if numbers else []
        return _either(found), all(abs(number) < EXACT for number in numbers)
    return _either(_in_order(how, each) for each in wanted), True


def _in_order(how: Operator, wanted: Wanted) -> str:
    """Return a predicate on how texts stand to what is wanted: numbers as numbers where both are, else as texts."""
    number, order = number_of(wanted), ORDERS[how]
    as_texts = f"value {order} {_literal(str(wanted))}"
    if number is None:
        return as_texts
    return f"CASE WHEN number IS NULL THEN {as_texts} ELSE number {order} {float(number)!r} END"


def _of_letters(how: Operator, text: str) -> str:
    length = len(encoded(text))
    if how is Operator.CONTAINS:
        return f"LOCATE({_literal(text)}, value) > 0"
    if how is Operator.STARTS_WITH:
        return f"LEFT(value, {length}) = {_literal(text)}"
    if how is Operator.ENDS_WITH:
        return f"RIGHT(value, {length}) = {_literal(text)}"
    pattern = text.replace("!", "!!").replace("%", "!%").replace("_", "!_").replace("*", "%").replace("?", "%")
    return f"value LIKE {_literal(pattern)} ESCAPE '!'"


def _meets(comparison: Comparison, text: str) -> bool:
    return any(matches(comparison.column, comparison.operator, text, each) for each in comparison.wanted)


def _literal(text: str) -> str:
    """Return a text as bytes in SQL; digits cannot end it."""
    return f"X'{encoded(text).hex()}'"


def _either(predicates: Iterable[str]) -> str:
    return " OR ".join(f"({each})" for each in predicates) or NOWHERE


def _joined(condition: And | Or, predicates: Iterable[str]) -> str:
    found: Sequence[str] = [f"({each})" for each in predicates]
    word, nothing = ("AND", EVERYWHERE) if isinstance(condition, And) else ("OR", NOWHERE)
    return f" {word} ".join(found) or nothing
