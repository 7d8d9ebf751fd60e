"""The forms that the client reads are those that the service says it writes, field by field."""

import json
from typing import Any

import httpx
import pytest

from service.http.written import LineOut
from tests.conftest import ROOT
from wherefrom import ServiceFailed, responses
from wherefrom.calls.documents import document_call
from wherefrom.responses import Response

DESCRIBED = json.loads((ROOT / "tests" / "golden" / "openapi.json").read_text("utf-8"))
GOLDEN = {
    **DESCRIBED["components"]["schemas"],
    "BatchLineOut": LineOut.model_json_schema(),
}  # of lines, OpenAPI has no word
FORMS = [form for form in vars(responses).values() if isinstance(form, type) and issubclass(form, Response)]
# What is told to people and not to programs, and how forms that stand in a description of their own are found.
TOLD = {"description", "title", "examples", "default", "$defs"}


def name_there(name: str) -> str:
    """Return what the service calls a form."""
    return name if name.endswith("Response") else f"{name}Out"


def bare(schema: Any) -> Any:
    """Return what a schema says to programs, with the service's names of forms."""
    if isinstance(schema, list):
        return [bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        # The client reads values that a newer service may add to.
        return {"type": "string"} if "enum" in GOLDEN.get(name, {}) else name_there(name.removesuffix("Out"))
    return {key: bare(value) for key, value in schema.items() if key not in TOLD}


@pytest.mark.parametrize("form", [form for form in FORMS if form is not Response])
def test_a_form_is_that_of_the_service(form: type[Response]) -> None:
    here, there = form.model_json_schema(mode="serialization"), GOLDEN[name_there(form.__name__)]
    here = here if "properties" in here else here["$defs"][form.__name__]  # one that holds others of its kind
    fields = {name: bare(field) for name, field in here["properties"].items()}
    assert fields == {name: bare(field) for name, field in there["properties"].items()}
    assert set(here["required"]) == set(there["required"])


def test_the_comparison_sees_what_differs() -> None:
    citation = GOLDEN["CitationOut"]["properties"]
    assert bare(citation["page"]) != bare(citation["url"])
    assert bare({"$ref": "#/$defs/Span"}) == bare({"$ref": "#/components/schemas/SpanOut"}) == "SpanOut"
    assert bare({"items": {"$ref": "#/$defs/Span"}}) != bare({"items": {"$ref": "#/$defs/Context"}})


def test_what_a_newer_service_adds_is_passed_over() -> None:
    example = GOLDEN["DocumentOut"]["examples"][0]
    call = document_call("d_1")
    read = call.read(httpx.Response(200, json={**example, "of_tomorrow": [1]}), "http://service")
    assert read.model_dump(exclude_unset=True) == example
    del example["text"]
    with pytest.raises(ServiceFailed, match="text: Field required"):
        call.read(httpx.Response(200, json=example), "http://service")
