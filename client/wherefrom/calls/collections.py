"""The requests about collections as a whole, which no choice of one reaches."""

from wherefrom.calls.call import Call, json_body, nothing, segment
from wherefrom.responses import Collection, Collections


def collections_call() -> Call[Collections]:
    """Return the request for all collections."""
    return Call("GET", "/v1/collections", Collections.model_validate_json, scoped=False)


def create_collection_call(name: str) -> Call[Collection]:
    """Return the request that makes a collection."""
    sent = json_body({"name": name})
    parse = Collection.model_validate_json
    return Call("POST", "/v1/collections", parse, sent=sent, repeatable=False, scoped=False)


def delete_collection_call(name: str) -> Call[None]:
    """Return the request that removes a collection and all that is in it."""
    return Call("DELETE", f"/v1/collections/{segment(name)}", nothing, scoped=False)
