"""Asking everyone the same: wherefrom in this process, every peer in its own, on one question set after another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from corpus.document import Document
from corpus.files.folder import Skipped, read_documents
from eval.evaluation import Evaluation
from eval.peers.catalogue import Peer
from eval.peers.environment import PeerFailed, make_environment, run_peer
from eval.peers.retriever import RunRetriever
from eval.peers.task import Task, TaskDocument, TaskSplit
from eval.retriever import Retriever
from eval.running import evaluate
from eval.sets.question_set import QuestionSet
from index.query import Method

OURS = "wherefrom"
K = 10  # as deep as the measures look

Say = Callable[[str], None]
"""Tells a user what is being done, for it takes minutes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question set and what it is asked of.

    Attributes:
        title: what reports call it.
        question_set: the questions, perhaps with passages of their own.
        corpus: the folder to index where they have none.
    """

    title: str
    question_set: QuestionSet
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The embedding model of everyone: its name for us, its folder for the peers, and where we unpack models."""

    name: str
    folder: str
    cache_dir: Path


@dataclass(frozen=True, slots=True)
class Standing:
    """What came of a question set with one stack.

    Attributes:
        evaluation: judged as `eval run` judges.
        seconds: of `index`, the model's loading included unless it was loaded already, and of `search`.
        unplaced: passages that do not stand word for word in their document and can answer nothing.
    """

    evaluation: Evaluation
    seconds: Mapping[str, float]
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """All that came of a question set.

    Attributes:
        title: of the set.
        standings: by stack, ours first.
        failed: why a peer has no standing.
    """

    title: str
    standings: Mapping[str, Standing]
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where peers run: in the environments below a folder, no task and no installation longer than a limit."""

    environments: Path
    timeout_s: float


def measure_all(
    sets: Sequence[Asked], peers: Sequence[Peer], model: Model, workshop: Workshop, say: Say
) -> Iterator[Block]:
    """Yield what came of each question set; a peer that fails is named with the reason, and the others go on."""
    installed, unusable = _install(peers, workshop, say)
    for asked in sets:
        say(f"{asked.title}: {OURS}")
        standings, failed = {OURS: measure_ours(asked, model)}, dict(unusable)
        for peer, python in installed.items():
            say(f"{asked.title}: {peer.name}")
            try:
                standings[peer.name] = measure_peer(peer, python, asked, model, workshop.timeout_s)
            except PeerFailed as error:
                failed[peer.name] = str(error)
        yield Block(asked.title, standings, failed)


def measure_ours(asked: Asked, model: Model) -> Standing:
    """Return the standing of what we serve."""
    started = perf_counter()
    with _open_ours(asked, model) as retriever:
        indexed = perf_counter()
        evaluation = evaluate(asked.question_set, retriever, K)
    return Standing(evaluation, {"index": indexed - started, "search": perf_counter() - indexed})


def measure_peer(peer: Peer, python: Path, asked: Asked, model: Model, timeout_s: float) -> Standing:
    """Return the standing of a peer, run with the Python of its environment.

    Raises:
        PeerFailed: if it does not finish its task.
    """
    documents = _documents_of(asked)
    task = make_task(asked, documents, model)
    run = run_peer(peer, python, task, timeout_s)
    evaluation = evaluate(asked.question_set, RunRetriever(documents, task, run), K)
    return Standing(replace(evaluation, versions=run.versions), run.seconds, run.unplaced)


def make_task(asked: Asked, documents: Sequence[Document], model: Model) -> Task:
    """Return what peers are given: a corpus to be split, or the passages of the set to be left whole."""
    return Task(
        documents=tuple(TaskDocument(document.source, document.text) for document in documents),
        # Two questions of the same words have the same answer.
        questions=tuple(dict.fromkeys(question.text for question in asked.question_set.questions)),
        k=K,
        model=model.folder,
        split=None if asked.corpus is None else TaskSplit(),
    )


def _install(peers: Sequence[Peer], workshop: Workshop, say: Say) -> tuple[dict[Peer, Path], dict[str, str]]:
    pythons, failed = {}, {}
    for peer in peers:
        say(f"{peer.name}: making its environment, unless it is there")
        try:
            pythons[peer] = make_environment(peer, workshop.environments, workshop.timeout_s)
        except PeerFailed as error:
            failed[peer.name] = f"it cannot be installed: {error}"
    return pythons, failed


def _open_ours(asked: Asked, model: Model) -> AbstractContextManager[Retriever]:
    from eval import local_retriever  # only now: it loads FAISS

    def ignore(done: int) -> None: ...

    if asked.corpus is not None:
        return local_retriever.search_folder(asked.corpus, Method.FULL, model.name, model.cache_dir, ignore)
    return local_retriever.search_passages(
        asked.question_set.passages, Method.FULL, model.name, model.cache_dir, ignore
    )


def _documents_of(asked: Asked) -> Sequence[Document]:
    if asked.corpus is None:
        # What is empty cannot be found; we leave it out as well.
        return [passage for passage in asked.question_set.passages if passage.text]
    return [found[1] for found in read_documents([asked.corpus]) if not isinstance(found, Skipped)]
