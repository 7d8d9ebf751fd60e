"""The whole interface over any engine says what it says over the one that comes inside."""

from pathlib import Path
from typing import Any

import pytest

from index.engine import Engine
from index.local.index import LOCAL
from tests.conformance.engines import ENGINES
from tests.http_fixtures import Serving
from tests.service_fixtures import make_index, settings_of

RETRIEVAL = {"knowledge_id": "wherefrom", "query": "渔船", "retrieval_setting": {"top_k": 3, "score_threshold": 0.0}}
REQUESTS = {
    "url": ("GET", "/v1/search?q=改造费用是多少&k=3", None),
    "question": ("POST", "/v1/search", {"query": "How many keepers staffed the lighthouse?", "context_sentences": 1}),
    "questions": ("POST", "/v1/search", {"queries": ["渔港改造", "the library"], "k": 2}),
    "filters": ("POST", "/v1/search", {"query": "2024年", "filters": {"language": ["zh"], "mentions_year": 2024}}),
    "nothing": ("POST", "/v1/search", {"query": "x", "filters": {"source": ["none.md"]}}),
    "documents": ("GET", "/v1/documents?limit=2", None),
    "dify": ("POST", "/retrieval", RETRIEVAL),
    "openai": ("POST", "/v1/vector_stores/wherefrom/search", {"query": "books", "max_num_results": 2}),
    "open webui": ("POST", "/open-webui/search", {"query": "books", "count": 2}),
    "ready": ("GET", "/readyz", None),
    "no document": ("GET", "/v1/documents/d_none", None),
    "no passage": ("GET", "/v1/passages/p_none", None),
}


def told(value: Any, about: bool = False) -> Any:
    """What an answer says, without when and to whom; numbers as far as arithmetic agrees, if `about`."""
    if isinstance(value, dict):
        return {key: told(each, about) for key, each in value.items() if key not in ("timings_ms", "request_id")}
    if isinstance(value, list):
        return [told(each, about) for each in value]
    return pytest.approx(value, abs=2e-4) if about and isinstance(value, float) else value


def answers(data_dir: Path, engine: Engine) -> dict[str, Any]:
    with Serving(settings_of(data_dir), engine=engine) as client:
        found = {name: client.request(method, path, json=body) for name, (method, path, body) in REQUESTS.items()}
        first = found["question"].json()["results"][0]
        for kind in ("document", "passage"):
            found[kind] = client.get(f"/v1/{kind}s/{first[f'{kind}_id']}")
        return {name: {"status": response.status_code, "body": response.json()} for name, response in found.items()}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_route_says_the_same(tmp_path: Path, engine: str) -> None:
    data_dir = make_index(tmp_path)
    expected, got = answers(data_dir, LOCAL), answers(data_dir, ENGINES[engine])
    assert {each["status"] for each in got.values()} == {200, 404}
    assert told(got) == told(expected, about=True)
