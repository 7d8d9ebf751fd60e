"""A peer's run as a retriever, so that what judges us judges it."""

from collections.abc import Mapping, Sequence

from corpus.document import Document
from eval.peers.task import PeerHit, PeerRun, Task
from eval.retriever import Answer, AnswerHit


class RunRetriever:
    """Answers the questions of a task as a peer has answered them."""

    def __init__(self, documents: Sequence[Document], task: Task, run: PeerRun) -> None:
        """Take the documents of the task, and the run that was made of it."""
        self._by_source = {document.source: document for document in documents}
        self._texts = {document.document_id: document.text for document in documents}
        self._answers = dict(zip(task.questions, run.answers, strict=True))
        self._index = {"model": task.model, "documents": len(documents), "passages": run.passages}

    def ask(self, question: str, k: int) -> Answer:
        """Return what was found; no peer says how sure it is, so every answer counts as given."""
        hits = self._answers[question][:k]
        return Answer(1.0, True, tuple(self._hit(rank, hit) for rank, hit in enumerate(hits, 1)))

    def document_text(self, document_id: str) -> str:
        """Return the text of a document."""
        return self._texts[document_id]

    def describe(self) -> Mapping[str, object]:
        """Return what was searched."""
        return self._index

    def _hit(self, rank: int, hit: PeerHit) -> AnswerHit:
        document = self._by_source[hit.document_id]
        # One that stands nowhere keeps its rank and covers nothing.
        start, end = hit.start or 0, hit.end or 0
        return AnswerHit(
            rank=rank,
            passage_id=f"{document.source}:{start}-{end}",
            document_id=document.document_id,
            source=document.source,
            start=start,
            end=end,
            score=hit.score,
            quote=hit.text,
            document_sha256=document.sha256,
        )
