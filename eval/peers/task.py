"""What is handed to a peer and what it hands back: the JSON on both sides of `eval.peers.driver`."""

from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel

from eval.files import parse_json, read_text

PASSAGE_SIZE = 400  # characters; longer quotations do not count, see eval.judgments
PASSAGE_OVERLAP = 50


@dataclass(frozen=True, slots=True)
class TaskDocument:
    """A document as a peer sees it; its id is the source by which evidence names it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class TaskSplit:
    """How documents are to be cut, in characters."""

    size: int = PASSAGE_SIZE
    overlap: int = PASSAGE_OVERLAP


@dataclass(frozen=True, slots=True)
class Task:
    """What every peer is given.

    Attributes:
        documents: what to index.
        questions: what to ask.
        k: passages to return.
        model: the folder of the embedding model.
        split: how to cut the documents; none where each is one passage.
    """

    documents: tuple[TaskDocument, ...]
    questions: tuple[str, ...]
    k: int
    model: str
    split: TaskSplit | None

    def as_json(self) -> dict[str, object]:
        """Return the JSON that the driver reads."""
        return asdict(self)


class PeerHit(BaseModel):
    """A passage a peer found; without offsets where its text does not stand in the document."""

    document_id: str
    start: int | None
    end: int | None
    text: str
    score: float


class PeerRun(BaseModel):
    """What a peer found for each question, in the order of the task's.

    Attributes:
        answers: hits, best first.
        passages: how many it made of the documents.
        unplaced: how many of them do not stand in their document.
        seconds: of indexing, the model's loading included, and of asking.
        versions: of everything installed in its environment.
    """

    answers: list[list[PeerHit]]
    passages: int
    unplaced: int
    seconds: dict[str, float]
    versions: dict[str, str]


def read_run(path: Path) -> PeerRun:
    """Read what the driver wrote.

    Raises:
        InvalidInput: if a search returned something else than places and scores.
        UnreadableFile: if there is no such file.
    """
    return parse_json(PeerRun, read_text(path), path.name, "search must return places and scores")
