"""What our own OpenAPI allows and forbids, sent to every route: no error of the server, and no form but those told."""

import subprocess
import sys
from pathlib import Path

from tests.server_fixtures import environment, serving
from tests.service_fixtures import WRITE_KEY, make_index

EXAMPLES = 8  # an operation; docs/contributing.md has the command for more
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
)


def test_no_request_breaks_what_is_promised(tmp_path: Path) -> None:
    with serving(make_index(tmp_path), WHEREFROM_WRITE_KEYS=WRITE_KEY) as server:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json"]
        command += ["--header", f"Authorization: Bearer {WRITE_KEY}", "--checks", ",".join(CHECKS)]
        command += ["--max-examples", str(EXAMPLES), "--generation-deterministic", "--no-color", "--warnings", "off"]
        variables = environment(SCHEMATHESIS_HOOKS="tests.service.http.fuzz_hooks")
        done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        assert server.process.poll() is None
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
