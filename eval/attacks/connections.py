"""The attacks on connections: heads, bodies and answers that never end, and more connections than there may be."""

from collections.abc import Iterator
from urllib.parse import urlencode

from eval.attacks.crowd import Attack, posting, requests
from eval.attacks.victim import LARGE, PICTURED
from eval.endurance.client import HOST

MANY, SOME = 200, 8  # of those who do little, and of those who do much
TAKE_NOTHING = 100
HEAD = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n".encode()
CHUNKED = posting("/v1/search", "Transfer-Encoding: chunked")
TLS_HELLO = bytes.fromhex("16030100f8010000f40303") + bytes(64) + b"\x13\x01\x13\x02"
QUESTION = urlencode({"q": "Where does the ferry leave?", "k": 50, "context_sentences": 3})
# The routes whose answers can be large.
LARGE_ANSWERS = {
    "a document": f"/v1/documents/{LARGE}",
    "a part of a document": f"/v1/documents/{LARGE}?start=1000&end=9000000",
    "the list of documents": "/v1/documents?limit=1000",
    "a search": f"/v1/search?{QUESTION}",
    "an original": f"/v1/documents/{LARGE}/original",
    "a file's text": f"/v1/vector_stores/wherefrom/files/{LARGE}/content",
    "a file": f"/v1/files/{LARGE}/content",
    "a page": f"/v1/documents/{PICTURED}/pages/1?width=2000",
    "the OpenAPI": "/openapi.json",
    "a script": "/assets/ask.js",
    "the documentation": "/docs/assets/swagger-ui-bundle.js",
    "the figures": "/metrics",
}


def attacks(silent: int, job: str) -> Iterator[Attack]:
    """Yield them.

    Args:
        silent: how many connections say nothing.
        job: the id of one, which can be watched.
    """
    yield Attack("nothing", 0)
    yield Attack("heads that never end", MANY, HEAD + b"X-Endless: ", b"x", again=True)
    yield Attack("bodies that never end", MANY, posting("/v1/search", "Content-Length: 60000"), b"x", again=True)
    yield Attack("bodies in chunks of a byte", SOME, CHUNKED, b"1\r\nx\r\n" * 20_000, pause=0, again=True)
    yield Attack("bodies in small chunks", SOME, CHUNKED, (b"40\r\n" + b"x" * 64 + b"\r\n") * 900, 0, again=True)
    yield Attack("thousands of tiny headers", SOME, HEAD + b"a:b\r\n" * 9_000 + b"\r\n", again=True)
    yield Attack("headers without end", SOME, HEAD, b"a: b\r\n" * 1_000, pause=0, again=True)
    yield Attack("a header of 10 MB", SOME, HEAD + b"X-Huge: " + b"x" * 10_000_000, again=True)
    yield Attack(
        "a body of 1 GB", SOME, posting("/v1/search", "Content-Length: 1000000000"), b"x" * 65_536, 0, again=True
    )
    yield Attack(
        "bodies that go on after the answer", SOME, CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n", 0, again=True
    )
    yield Attack("broken chunks", MANY, CHUNKED + b"no number\r\n\r\n", again=True)
    yield Attack("garbage", MANY, bytes(range(256)) * 16, again=True)
    yield Attack("TLS on a plain port", MANY, TLS_HELLO, again=True)
    yield Attack("half-closed", MANY, requests("/healthz"), halves=True, again=True)
    yield Attack("resets in the middle", MANY, requests(LARGE_ANSWERS["a document"]), leaves=0.2, reads=0)
    yield Attack("resets in the head", MANY, HEAD, leaves=0.1)
    pipelined = requests(*["/healthz"] * 200)
    yield Attack("pipelined requests", SOME, pipelined, pipelined, pause=0)
    yield Attack("pipelined requests, taking nothing", SOME, pipelined, pipelined, pause=0, reads=0)
    yield Attack("Expect: 100-continue", MANY, posting("/v1/search", "Expect: 100-continue", "Content-Length: 60000"))
    yield Attack("upgrades", MANY, HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", again=True)
    yield Attack("silent", silent)
    yield Attack("silent, again and again", silent, again=True)
    yield Attack("taking a byte a second", TAKE_NOTHING, requests(LARGE_ANSWERS["a document"]), reads=1)
    for what, path in {**LARGE_ANSWERS, "a job's events": f"/v1/jobs/{job}/events"}.items():
        yield Attack(f"taking nothing of {what}", TAKE_NOTHING, requests(path), reads=0)
