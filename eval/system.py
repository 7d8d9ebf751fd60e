"""What is evaluated, as the command line says it: a folder, a data folder, a service, or a set's own passages."""

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InvalidInput
from eval.sets.question_set import QuestionSet
from index.query import Method


@dataclass(frozen=True, slots=True)
class System:
    """Where to search, and how.

    Attributes:
        corpus: a folder of documents, indexed for the run.
        data_dir: a data folder.
        url: a running service.
        key: its read key.
        model: the embedding model, if not that of the index or the one that is shipped.
        cache_dir: folder of unpacked models.
        method: how to find passages in this process.
        reranker: the cross-encoder that puts the best in order, if any.
    """

    corpus: Path | None = None
    data_dir: Path | None = None
    url: str | None = None
    key: str | None = None
    model: str | None = None
    cache_dir: Path | None = None
    method: Method = Method.FULL
    reranker: str | None = None

    def check(self, question_set: QuestionSet) -> None:
        """Refuse options that do not fit a set.

        Raises:
            InvalidInput: naming the options and what to do about them.
        """
        options = {"--corpus": self.corpus, "--data-dir": self.data_dir, "--url": self.url}
        given = [option for option, value in options.items() if value is not None]
        if self.url is not None and self.model is not None:
            raise InvalidInput("a service has a model of its own; leave --model out")
        if self.url is not None and self.reranker is not None:
            raise InvalidInput("a service has its own order; leave --reranker out")
        if question_set.passages and given:
            raise InvalidInput(f"the questions bring their own passages; leave {' and '.join(given)} out")
        if not question_set.passages and len(given) != 1:
            raise InvalidInput("the questions are about a corpus; give one of --corpus DIR, --data-dir DIR, --url URL")
