"""The OpenAPI document as FastAPI generates it, with what FastAPI leaves out and without what is not so."""

from typing import Any

from service.http.examples import RESPONSES
from service.platforms.examples import RESPONSES as CONTRACT_RESPONSES

FOREIGN_ERRORS = ("HTTPValidationError", "ValidationError")  # FastAPI's own forms, which no route here answers in


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a generated document, changed in place.

    FastAPI leaves out of examples what is null, and so what can be null; and it says of routes whose errors are
    of another platform's form that they answer 422 in its own.
    """
    components = schema["components"]["schemas"]
    for name, examples in (RESPONSES | CONTRACT_RESPONSES).items():
        components[name]["examples"] = examples
    for methods in schema["paths"].values():
        for operation in methods.values():
            if FOREIGN_ERRORS[0] in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    for name in FOREIGN_ERRORS:
        components.pop(name, None)
    return schema
