"""Asking everyone the same: wherefrom in this process, every peer in its own; and what came of it, as a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.document import Document
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from eval.answers import JudgedAnswer, answerable, by_language, mean_of
from eval.evaluation import Evaluation
from eval.peers.environment import Peer, PeerFailed, make_environment
from eval.peers.process import PeerRetriever, running_peer, write_task
from eval.reporting.renderers import markdown_table
from eval.reporting.tables import plain_table
from eval.resampling import randomisation_test
from eval.running import evaluate
from eval.sets.question_set import QuestionSet
from eval.system import System

OURS = "wherefrom"
K = 10  # as deep as the measures look
MEASURES = ("R@1", "R@3", "R@5", "MRR@10", "nDCG@10")
TESTED = "MRR@10"  # whose difference to ours p is of
SEED = 0

Say = Callable[[str], None]
"""Tells a user what is being done, for it takes minutes."""


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """What came of a question set: an evaluation of each stack, ours first, or the reason why there is none."""

    title: str
    standings: dict[str, Evaluation]
    failed: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the leaderboard as a file keeps it."""
        stacks = {name: evaluation.as_json() for name, evaluation in self.standings.items()}
        return {"questions": self.title, "stacks": stacks, "failed": self.failed}


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where peers run: in the environments below a folder, no task and no installation longer than a limit.

    All of them embed with the model of a folder.
    """

    environments: Path
    timeout_s: float
    model: Path | str

    def install(self, peers: Sequence[Peer], say: Say) -> tuple[dict[Peer, Path], dict[str, str]]:
        """Return the Python of each peer, and why others have none."""
        pythons, failed = {}, {}
        for peer in peers:
            say(f"{peer.name}: making its environment, unless it is there")
            try:
                pythons[peer] = make_environment(peer, self.environments, self.timeout_s)
            except PeerFailed as error:
                failed[peer.name] = f"it cannot be installed: {error}"
        return pythons, failed

    def evaluate(self, peer: Peer, python: Path, question_set: QuestionSet, corpus: Path | None) -> Evaluation:
        """Return what a peer makes of a folder, which it splits, or of a set's own passages, which stay whole.

        Raises:
            PeerFailed: if it does not finish its task.
        """
        documents = _documents(question_set, corpus)
        with TemporaryDirectory(prefix="wherefrom-task-") as folder:
            texts = {document.source: document.text for document in documents}
            task = write_task(Path(folder, "task.json"), texts, self.model, split=corpus is not None)
            with running_peer(peer, python, task, self.timeout_s) as process:
                evaluation = evaluate(question_set, PeerRetriever(process, documents), K)
                return replace(evaluation, versions=process.prepared["versions"])


def compete(
    sets: Sequence[tuple[QuestionSet, System]], peers: Sequence[Peer], workshop: Workshop, say: Say
) -> Iterator[Leaderboard]:
    """Yield what came of each question set; a peer that fails is named with the reason, and the others go on.

    Args:
        sets: each with our system, whose corpus the peers are given, too.
        peers: whom to ask beside us.
        workshop: where they run.
        say: told what is done.
    """
    from eval.local_retriever import open_system  # only now: it loads FAISS

    installed, unusable = workshop.install(peers, say)
    for question_set, system in sets:
        title = question_set.name
        say(f"{title}: {OURS}")
        with open_system(system, question_set) as retriever:
            board = Leaderboard(title, {OURS: evaluate(question_set, retriever, K)}, dict(unusable))
        for peer, python in installed.items():
            say(f"{title}: {peer.name}")
            try:
                board.standings[peer.name] = workshop.evaluate(peer, python, question_set, system.corpus)
            except PeerFailed as error:
                board.failed[peer.name] = str(error)
        yield board


def as_markdown(boards: Iterable[Leaderboard]) -> str:
    """Return some rows for each question set: all its languages, then each group; ours in bold."""
    boards = list(boards)
    columns = ("questions", "language", "stack", *MEASURES, "p")
    rows = plain_table(columns, (row for board in boards for row in _rows(board)), len(columns))
    failed = [(board.title, name, reason) for board in boards for name, reason in board.failed.items()]
    notes = "".join(f"\n- {title}: {name} was not measured: {reason}" for title, name, reason in failed)
    return f"{markdown_table(rows, str)}\n" + (f"{notes}\n" if notes else "")


def _rows(board: Leaderboard) -> Iterator[tuple[str, ...]]:
    groups = {name: _by_language(evaluation) for name, evaluation in board.standings.items()}
    title = board.title
    for language, ours in groups[OURS].items():
        label = f"{language} ({len(ours)})"
        for name, of_stack in groups.items():
            answers = of_stack[language]
            means = mean_of(answers)
            cells = [name, *(f"{means[measure]:.3f}" for measure in MEASURES)]
            a, b = ([each.measures[TESTED] for each in of] for of in (ours, answers))
            told = "" if name == OURS else f"{randomisation_test(a, b, SEED):.4f}"
            yield (title, label, *(f"**{cell}**" if name == OURS else cell for cell in cells), told)
            title = label = ""  # said once


def _by_language(evaluation: Evaluation) -> dict[str, list[JudgedAnswer]]:
    judged = answerable(evaluation.per_query)
    groups = by_language(judged)
    return groups if len(groups) == 1 else {"all": judged, **groups}


def _documents(question_set: QuestionSet, corpus: Path | None) -> list[Document]:
    if corpus is not None:
        return [found[1] for found in read_documents([corpus]) if not isinstance(found, Skipped)]
    return [passage for passage in question_set.passages if passage.text]  # what is empty cannot be found
