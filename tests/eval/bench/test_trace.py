"""A trace holds the calls of our functions, those in other threads too, and nothing else."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from corpus.errors import InvalidInput
from eval.bench.trace import Tracer, trace_question
from index.terms.terms import digest_of
from tests.eval.eval_fixtures import Command, write_corpus
from tests.service_fixtures import make_index, settings_of


def test_files_changes_and_calls_are_counted() -> None:
    tracer = Tracer()
    assert tracer.figures == {"files": 0, "changes of file": 0, "calls": 0}
    tracer.calls = ["a", "a", "b", "a", "c"]
    assert tracer.figures == {"files": 3, "changes of file": 3, "calls": 5}


def test_only_our_functions_are_noted_and_only_while_it_is_on() -> None:
    with Tracer() as tracer:
        digest_of("before")
        tracer.on = True
        json.dumps(["not ours"])
        digest_of("红茶")
        tracer.on = False
        digest_of("after")
    assert set(tracer.calls) == {"index/terms/terms.py"}
    calls, tracer.on = [*tracer.calls], True
    digest_of("unseen")
    assert tracer.calls == calls


def test_a_question_is_followed_from_the_service_into_the_store(tmp_path: Path) -> None:
    settings = settings_of(make_index(tmp_path))
    trace = asyncio.run(trace_question(settings, "渔港有多少泊位？"))
    assert {"service/http/routes.py", "service/backend/collection.py", "index/searcher.py"} <= set(trace.calls)
    assert any(file.startswith("corpus/store/") for file in trace.calls)
    assert trace.figures["files"] <= trace.figures["changes of file"] < trace.figures["calls"]


def test_a_question_that_is_refused_is_not_traced(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"is answered with 422.*ask another question"):
        asyncio.run(trace_question(settings_of(make_index(tmp_path)), " "))


def test_the_command_indexes_a_folder_and_prints_figures(command: Command, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus")
    code, out, _ = command("bench-trace", "--corpus", folder, "--model", "hash", "--json", "--list")
    found = json.loads(out)
    assert code == 0 and found["calls"] == len(found["sequence"]) > found["changes of file"] > found["files"]
    code, out, _ = command("bench-trace", "--corpus", folder, "--model", "hash")
    assert code == 0 and re.fullmatch(r"[\d,]+ files, [\d,]+ changes of file, [\d,]+ calls\n", out)
    code, _, err = command("bench-trace")
    assert code == 2 and "--data-dir" in err
