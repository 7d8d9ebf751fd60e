"""What the tests of the HTTP interface share: an app that is served in this process, and the forms of its answers."""

from threading import Event
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from corpus.errors import WherefromError
from index.engine import Engine
from index.home import Home
from index.local.home import LocalHome
from index.local.index import LOCAL
from index.models.encoder import Encoder, ModelChoice
from index.models.hashing import HashEncoder
from index.opening import LoadEncoder
from service.app import create_app
from service.settings import Settings

QUESTION = "改造费用是多少"
JSON = {"Content-Type": "application/json"}

CITATION = {
    "label": str,
    "document_id": str,
    "title": str,
    "source": str,
    "publisher": (str, None),
    "published": (str, None),
    "url": (str, None),
    "section": [str],
    "page": (int, None),
    "page_label": (str, None),
    "sheet": (str, None),
    "row": (int, None),
    "slide": (int, None),
    "part": (str, None),
    "ocr": (float, None),
    "start": int,
    "end": int,
    "quote": str,
    "table_header": ({"start": int, "end": int, "quote": str}, None),
    "document_sha256": str,
}
RESULT = {
    "rank": int,
    "passage_id": str,
    "document_id": str,
    "text": str,
    "score": float,
    "scores": {name: float for name in ("dense", "sentence", "tokens", "sentence_tokens", "lexical", "rerank")},
    "citation": CITATION,
    "highlights": [{"start": int, "end": int}],
    "best_highlight": ({"start": int, "end": int}, None),
    "context": ({"before": str, "after": str}, None),
    "also_in": [CITATION],
}
ANSWER = {
    "query": str,
    "language": str,
    "answerable": bool,
    "confidence": float,
    "calibrated": bool,
    "no_answer_reason": (str, None),
    "results": [RESULT],
    "index": {"id": str, "model": str, "documents": int, "passages": int},
    "timings_ms": {name: float for name in ("encode", "search", "rerank", "total")},
    "request_id": str,
}
DOCUMENT = {
    "document_id": str,
    "source": str,
    "title": str,
    "text": str,
    "start": int,
    "end": int,
    "characters": int,
    "sha256": str,
    "language": str,
    "publisher": (str, None),
    "published": (str, None),
    "url": (str, None),
    "author": (str, None),
    "metadata": {},
    "sequence": int,
    "original": ({"media_type": str, "pages": (int, None), "bytes": int}, None),
    "request_id": str,
}
SUMMARY = {
    "document_id": str,
    "source": str,
    "title": str,
    "language": str,
    "publisher": (str, None),
    "published": (str, None),
    "url": (str, None),
    "sha256": str,
    "characters": int,
    "passages": int,
    "sequence": int,
}

# Routes of the documentation, each with an address that needs no index to be refused.
GUARDED = {
    "GET /v1/search": "/v1/search?q=x",
    "POST /v1/search": "/v1/search",
    "GET /v1/documents": "/v1/documents",
    "GET /v1/documents/{document_id}": "/v1/documents/d_1",
    "GET /v1/passages/{passage_id}": "/v1/passages/p_1",
}
# Routes that write, or that show what was written; their own tests say who may, and what each takes.
WRITTEN = (
    "PUT /v1/documents/{document_id}",
    "PATCH /v1/documents/{document_id}",
    "DELETE /v1/documents/{document_id}",
    "POST /v1/documents",
    "POST /v1/documents:batch",
    "GET /v1/documents/{document_id}/original",
    "GET /v1/documents/{document_id}/pages/{number}",
    "GET /v1/jobs",
    "GET /v1/jobs/{job_id}",
    "GET /v1/jobs/{job_id}/events",
    "DELETE /v1/jobs/{job_id}",
    "GET /v1/collections",
    "POST /v1/collections",
    "GET /v1/collections/{name}",
    "DELETE /v1/collections/{name}",
    "POST /v1/files",
    "GET /v1/files",
    "GET /v1/files/{file_id}",
    "GET /v1/files/{file_id}/content",
    "DELETE /v1/files/{file_id}",
    "POST /v1/vector_stores",
    "GET /v1/vector_stores",
    "GET /v1/vector_stores/{vector_store_id}",
    "POST /v1/vector_stores/{vector_store_id}",
    "DELETE /v1/vector_stores/{vector_store_id}",
    "POST /v1/vector_stores/{vector_store_id}/files",
    "GET /v1/vector_stores/{vector_store_id}/files",
    "GET /v1/vector_stores/{vector_store_id}/files/{file_id}",
    "POST /v1/vector_stores/{vector_store_id}/files/{file_id}",
    "DELETE /v1/vector_stores/{vector_store_id}/files/{file_id}",
    "GET /v1/vector_stores/{vector_store_id}/files/{file_id}/content",
    "POST /v1/vector_stores/{vector_store_id}/file_batches",
    "GET /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}",
    "POST /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel",
    "GET /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files",
)
UNGUARDED = {"GET /healthz": "/healthz", "GET /readyz": "/readyz", "GET /health": "/health"}
# Routes whose form other platforms have set; their own tests say who may ask.
FOREIGN = {
    "POST /retrieval": "/retrieval",
    "POST /v1/vector_stores/{vector_store_id}/search": "/v1/vector_stores/wherefrom/search",
    "POST /open-webui/search": "/open-webui/search",
}
NO_SCHEMA = {"GET /docs": "/docs", "GET /openapi.json": "/openapi.json"}


def hash_encoder(choice: ModelChoice) -> Encoder:
    assert choice == ModelChoice("hash", "hash")
    return HashEncoder()


class Serving:
    """An app that is loaded, or has failed to load, and a client of it."""

    def __init__(
        self,
        settings: Settings,
        load_encoder: LoadEncoder = hash_encoder,
        engine: Engine = LOCAL,
        page_token: str | None = None,
        home: Home | None = None,
    ) -> None:
        self.loaded = Event()
        self.failure: WherefromError | None = None
        home = home or LocalHome(settings.data_dir, engine)
        self.app: FastAPI = create_app(settings, load_encoder, self._on_loaded, home, page_token)
        self.client = TestClient(self.app, "http://127.0.0.1", raise_server_exceptions=False)

    def _on_loaded(self, failure: WherefromError | None) -> None:
        self.failure = failure
        self.loaded.set()

    def __enter__(self) -> TestClient:
        self.client.__enter__()
        assert self.loaded.wait(timeout=30)
        return self.client

    def __exit__(self, *error: Any) -> None:
        self.client.__exit__(*error)


def assert_error(response: Response, status: int, error_type: str, *secrets: object) -> str:
    """Check the one form of errors, and that no secret of the server is in it; return the message."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["error", "error_type", "request_id"]
    assert body["error_type"] == error_type
    assert body["request_id"] == response.headers["x-request-id"]
    message: str = body["error"]
    assert message
    assert "\n" not in message
    for secret in ("Traceback", "pydantic", "starlette", "sqlite", ".py", "/tmp", *map(str, secrets)):
        assert secret not in response.text
    assert ("retry-after" in response.headers) == (status == 503)
    return message


def assert_shape(value: object, shape: Any, where: str = "answer") -> None:
    """Check that a value has the keys and types of a shape, in its order, and no others."""
    if isinstance(shape, tuple):
        if value is not None:
            assert_shape(value, shape[0], where)
    elif isinstance(shape, dict):
        assert isinstance(value, dict), where
        assert list(value) == list(shape), where
        for key, inner in shape.items():
            assert_shape(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for item in value:
            assert_shape(item, shape[0], f"{where}[]")
    else:
        assert type(value) is shape, f"{where} is {value!r}"


def ask(client: TestClient, query: str = QUESTION, **more: object) -> dict[str, Any]:
    response = client.post("/v1/search", json={"query": query, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def send(client: TestClient, route: str, path: str, credential: str | None) -> Response:
    method = route.split()[0]
    headers = {} if credential is None else {"Authorization": credential}
    body = {"query": "x"} if method == "POST" else None
    return client.request(method, path, json=body, headers=headers)


def operations(client: TestClient) -> dict[str, dict[str, Any]]:
    paths = client.get("/openapi.json").json()["paths"]
    return {f"{method.upper()} {path}": how for path, methods in paths.items() for method, how in methods.items()}
