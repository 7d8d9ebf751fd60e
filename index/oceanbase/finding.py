"""Finding passages in one state of a collection: by its index table, and by what is counted of its terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import StoreDamaged
from corpus.store.stored import Key
from index.models.encoder import Vectors
from index.oceanbase.columns import columns
from index.oceanbase.driver import LOOKED_AT
from index.oceanbase.failures import Missing, Redefined
from index.oceanbase.index_tables import IndexTable
from index.oceanbase.payload import Payload
from index.oceanbase.reader import OceanBaseReader
from index.oceanbase.scoring import Scoring, Wanted, digested, question_weights
from index.oceanbase.sparse import question_vector
from index.oceanbase.statistics import TermCounts
from index.terms.terms import LexicalQuestion, digest_of

CANDIDATES = 200  # passages whose BM25 is computed, for the best fifty
MORE_CANDIDATES = 4  # times as many as are asked for, where that is more
MOST_CANDIDATES = 2_000  # where passages of other terms, which share a dimension with one asked for, are in the way
# By the index of a column so many times as many are asked for, and so many at least: at the edge some are missed. Of a
# hundred thousand passages' fifty nearest .996 were found without, and 1.000 with it.
WIDER, FEWEST = 2, 100
# The order of what is found: by the index of the column, if it has one, or by comparing all.
FOUND = ("distance", "passage_key")
BY_INDEX, BY_ALL = "ORDER BY distance APPROXIMATE", "ORDER BY distance, passage_key"


@dataclass
class _Question:
    """A question by its words.

    Attributes:
        asked: the question, which is known by its identity while it is held here.
        wanted: what counts as one term, each.
        weights: what each term counts where candidates are looked for; none where no passage holds any.
        fewest: so many passages at least hold one of the terms.
        scoring: the scores of passages, once it is known how many hold what is wanted.
    """

    asked: LexicalQuestion
    wanted: Sequence[Wanted]
    weights: Mapping[int, float]
    fewest: int
    scoring: Scoring | None = None


class Finding:
    """Nearest vectors and highest BM25 scores in the state that a reader sees; for one thread."""

    def __init__(self, reader: OceanBaseReader, table: IndexTable, *, indexed: bool) -> None:
        """Find in the state of a reader.

        Args:
            reader: of the collection.
            table: of its passages.
            indexed: whether these are so many that they are found by indexes.
        """
        self._indexed = indexed
        self._connection = reader.connection
        self._passages = reader.state().passages
        self._table = table
        self._payload = Payload(reader)
        self._counts = TermCounts(reader.connection, reader.collection)
        self._nearest: Sequence[Key] = ()  # by their vectors; their BM25 scores will be asked for
        self._questions: dict[int, _Question] = {}

    def dense(self, vector: Vectors, k: int, among: str | None) -> list[Key]:
        """Return the `k` passages whose vectors are nearest to one."""
        literal = f"X'{vector.astype('<f4').tobytes().hex()}'"
        found = self._best("vector", literal, k, among, exact=k > LOOKED_AT)
        self._nearest = found
        return found

    def lexical(self, question: LexicalQuestion, k: int, among: str | None) -> list[Key]:
        """Return the `k` passages of the highest BM25 scores above 0."""
        read, scores = self._read(question), dict[Key, float]()
        for limit in (max(CANDIDATES, MORE_CANDIDATES * k), MOST_CANDIDATES) if read.weights else ():
            keys = self._candidates(read, limit, among)
            scoring = self._scoring(read, keys if among is None else None)
            found = scoring.scores(self._payload.terms(keys))
            scores = {key: score for key, score in found.items() if score > 0}
            if len(keys) < limit or len(scores) >= min(k, read.fewest):
                break
        return sorted(scores, key=lambda key: (-scores[key], key))[:k]

    def scores(self, question: LexicalQuestion, keys: Sequence[Key]) -> dict[Key, float]:
        """Return the BM25 scores of some passages."""
        scoring = self._scoring(self._read(question), None)
        return scoring.scores(self._payload.terms(keys))

    def _read(self, question: LexicalQuestion) -> _Question:
        """Return a question by its words, with what is counted of them; the names in it are counted on the way."""
        if id(question) not in self._questions:
            terms = digested(question)
            self._counts.read({*terms.digests, *map(digest_of, question.names)}, terms.sounds)
            wanted = terms.sounding(self._counts.sounding)
            holding = self._counts.holding
            weights = question_weights(wanted, holding, self._passages)
            fewest = max((holding[digest] for digest in weights), default=0)
            self._questions[id(question)] = _Question(question, wanted, weights, fewest)
        return self._questions[id(question)]

    def _scoring(self, question: _Question, candidates: Sequence[Key] | None) -> Scoring:
        """Return what scores passages for a question.

        Args:
            question: the question.
            candidates: the passages that may have the highest scores, whatever the condition, where they are known.
        """
        if question.scoring is None:
            if candidates is None:
                candidates = self._candidates(question, CANDIDATES, None) if question.weights else []
            looked_at = self._payload.terms([*candidates, *self._nearest])
            average = max(self._counts.total / max(self._passages, 1), 1.0)
            question.scoring = Scoring(question.wanted, self._counts.holding, self._passages, average, looked_at)
        return question.scoring

    def _candidates(self, question: _Question, k: int, among: str | None) -> list[Key]:
        literal = f"'{question_vector(question.weights)}'"
        return self._best("terms", literal, k, among, exact=False)

    def _best(self, column: str, literal: str, k: int, among: str | None, *, exact: bool) -> list[Key]:
        """Return the `k` passages of the highest inner product of a column with a vector, ties by key.

        Args:
            column: of the index table.
            literal: the vector as the database reads it.
            k: how many.
            among: a predicate that they must meet, if any; then all are compared, for by its indexes the database
                chooses before it looks at that, and finds .15 of the nearest where one in seven meets it.
            exact: whether the index of the column is not to be used.
        """
        if not self._passages:
            return []
        by_index = self._indexed and not exact and among is None
        where = f" WHERE {among}" if among else ""
        query = (
            f"SELECT passage_key, negative_inner_product({column}, {literal}) AS distance"
            f" FROM {self._table.name}{where}"
        )
        order = f"{BY_INDEX} LIMIT {max(WIDER * k, FEWEST)}" if by_index else f"{BY_ALL} LIMIT {k}"
        try:
            found = columns(self._connection, FOUND, f"{query} {order}")
        except Redefined:
            found = columns(self._connection, FOUND, f"{query} {BY_ALL} LIMIT {k}")
        except Missing:
            raise StoreDamaged(f"{self._table.name} is missing; it is derived anew where wherefrom starts") from None
        return [key for _, key in sorted(zip(*found, strict=True))][:k]
