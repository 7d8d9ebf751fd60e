"""A peer in a process of its own, without a network: it does a task, then answers questions."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from typing import IO, Any

from corpus.document import Document
from eval.peers import driver
from eval.peers.environment import Peer, PeerFailed, end_session
from eval.retriever import Answer, CitedHit

LAST_ERROR = re.compile(r"^[\w.]*(?:Error|Exception|Exit|Interrupt)\b.*", re.MULTILINE)
SPLIT = {"size": 400, "overlap": 50}  # characters of a passage; longer quotations do not count, see eval.judgments
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
# No hub, and nobody is told what is run.
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}


def write_task(
    file: Path, documents: Mapping[str, str], model: Path | str, *, split: bool = False, vectors: Path | None = None
) -> Path:
    """Write what a peer is given.

    Args:
        file: where to.
        documents: the texts to index by their ids.
        model: the folder of the embedding model.
        split: whether to cut the documents; else each is one passage.
        vectors: a file of the passages' vectors, where they are known.
    """
    texts = [{"id": name, "text": text} for name, text in documents.items()]
    task = {"documents": texts, "model": str(model), "split": SPLIT if split else None}
    file.write_text(json.dumps({**task, "vectors": vectors and str(vectors)}, ensure_ascii=False), "utf-8")
    return file


class PeerProcess:
    """A peer that has done its task, as `prepared` says; see `driver.Driver`."""

    def __init__(self, process: "subprocess.Popen[str]", said: IO[str]) -> None:
        self._process, self._said = process, said
        self._cpu = 0.0
        self.prepared = self._read()

    def ask(self, question: str, k: int) -> dict[str, Any]:
        """Return the answer to a question.

        Raises:
            PeerFailed: if the peer ends before it answers.
        """
        if self._process.stdin:
            with suppress(BrokenPipeError):  # then it has ended, and says why elsewhere
                self._process.stdin.write(json.dumps([question, k]) + "\n")
                self._process.stdin.flush()
        found = self._read()
        self._cpu += found["cpu"]
        return found

    def cpu(self) -> float:
        """Return the seconds of work of all questions so far."""
        return self._cpu

    def _read(self) -> dict[str, Any]:
        if self._process.stdout and (line := self._process.stdout.readline()):
            found: dict[str, Any] = json.loads(line)
            return found
        status = self._process.wait()
        self._said.seek(0)
        errors = LAST_ERROR.findall(self._said.read())
        raise PeerFailed(errors[-1].strip() if errors else f"exit status {status}")


@contextmanager
def running_peer(
    peer: Peer, python: Path, task: Path, timeout_s: float, variables: Mapping[str, str] = ONE_THREAD
) -> Iterator[PeerProcess]:
    """Run a peer in a folder of its own that is gone afterwards, with whatever it leaves running.

    Args:
        peer: which one.
        python: that of its environment.
        task: the file of what it does before it is asked.
        timeout_s: seconds that all of it may take.
        variables: of its environment, beside those that keep it quiet.

    Raises:
        PeerFailed: if it fails or takes too long.
    """
    # -I: neither this folder, with our module names, nor PYTHONPATH is looked into; -B: no bytecode beside scripts.
    command = [str(python), "-IB", driver.__file__, str(peer.script.resolve()), str(task.resolve())]
    pipe = subprocess.PIPE
    env = {**os.environ, **QUIET, **variables}
    late: list[bool] = []
    with (
        TemporaryDirectory(prefix="wherefrom-peer-") as folder,
        TemporaryFile("w+", errors="replace") as said,
        subprocess.Popen(
            command, cwd=folder, env=env, stdin=pipe, stdout=pipe, stderr=said, encoding="utf-8", start_new_session=True
        ) as process,
    ):

        def stop() -> None:
            late.append(True)
            end_session(process)

        timer = Timer(timeout_s, stop)
        timer.start()
        try:
            yield PeerProcess(process, said)
        except PeerFailed:
            if late:
                raise PeerFailed(f"it took more than {timeout_s:g} seconds") from None
            raise
        finally:
            timer.cancel()
            end_session(process)


class PeerRetriever:
    """A peer as what is judged; its task is some documents, known by the sources by which evidence names them."""

    def __init__(self, process: PeerProcess, documents: Sequence[Document]) -> None:
        self._process = process
        self._by_source = {document.source: document for document in documents}
        self._texts = {document.document_id: document.text for document in documents}

    def ask(self, question: str, k: int) -> Answer:
        """Return what is found; no peer says how sure it is, so every answer counts as given."""
        found = self._process.ask(question, k)["hits"]
        return Answer(1.0, True, tuple(self._hit(rank, hit) for rank, hit in enumerate(found, 1)))

    def document_text(self, document_id: str) -> str:
        """Return the text of a document."""
        return self._texts[document_id]

    def describe(self) -> Mapping[str, object]:
        """Return what is searched, and how many of its passages do not stand in their documents."""
        told = {name: self._process.prepared[name] for name in ("passages", "unplaced")}
        return {"documents": len(self._texts), **told}

    def _hit(self, rank: int, hit: Mapping[str, Any]) -> CitedHit:
        document = self._by_source[hit["document_id"]]
        # One that stands nowhere keeps its rank and covers nothing.
        start, end = hit["start"] or 0, hit["end"] or 0
        where = (f"{document.source}:{start}-{end}", document.document_id, document.source, start, end)
        return CitedHit(rank, *where, hit["score"], hit["text"], document.sha256)
