"""The OpenAPI document as FastAPI generates it, with what FastAPI leaves out and without what is not so."""

from typing import Any

from service.http.examples import RESPONSES
from service.http.written import LineIn, LineOut
from service.platforms.registry import PLATFORMS

LINES = (LineIn, LineOut)
FOREIGN_ERRORS = ("HTTPValidationError", "ValidationError")  # FastAPI's own forms, which no route here answers in


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a generated document, changed in place.

    FastAPI leaves out of examples what is null, and so what can be null; and it says of routes whose errors are
    of another platform's form that they answer 422 in its own.
    """
    components = schema["components"]["schemas"]
    for model in LINES:  # of which a body is no value of JSON, so that FastAPI does not know them
        components[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
    for examples in (RESPONSES, *(platform.examples for platform in PLATFORMS)):
        for name, of_schema in examples.items():
            components[name]["examples"] = of_schema
    for methods in schema["paths"].values():
        for operation in methods.values():
            if FOREIGN_ERRORS[0] in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    for name in FOREIGN_ERRORS:
        components.pop(name, None)
    return schema
