"""What an address says behind its question mark, read once for all who ask."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.types import Scope

from corpus.errors import InvalidInput

PARAMETERS = "wherefrom.parameters"  # of a request, once somebody asked for them
NOT_UTF8 = "�"  # stands for bytes that are none, and for itself


def parameters_of(scope: Scope) -> Sequence[tuple[str, str]]:
    """Return the parameters of an address by name, in their order; each may come several times and be empty."""
    if PARAMETERS not in scope:
        scope[PARAMETERS] = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    found: Sequence[tuple[str, str]] = scope[PARAMETERS]
    return found


def collections_in(scope: Scope) -> list[str]:
    """Return the collections that the parameters of an address name."""
    return [value for name, value in parameters_of(scope) if name == "collection" and value]


def check_utf8(scope: Scope) -> None:
    """Refuse an address whose escapes are no UTF-8: read with marks in their place, it would ask something else.

    Raises:
        InvalidInput: if it is one.
    """
    try:
        unquote_to_bytes(scope.get("raw_path", b"") + scope["query_string"]).decode()
    except UnicodeDecodeError:
        raise InvalidInput("the address is not UTF-8; escape the bytes of UTF-8, as %E4%BA%91 for 云") from None


def values_of(scope: Scope, several: frozenset[str]) -> Mapping[str, str | list[str]]:
    """Return the parameters of an address as a model takes them: the last of each name, or all where it takes several.

    Raises:
        InvalidInput: as `check_utf8`.
    """
    values: dict[str, str | list[str]] = {}
    for name, value in parameters_of(scope):
        if NOT_UTF8 in name or NOT_UTF8 in value:
            check_utf8(scope)
        if name in several:
            values[name] = [*values.get(name, ()), value]
        else:
            values[name] = value
    return values
