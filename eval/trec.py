"""Evaluations as TREC runs, for trec_eval and whatever else reads them."""

from corpus.errors import InvalidInput
from eval.evaluation import Evaluation
from eval.judgments import scores_of

TAG = "wherefrom"


def trec_run(evaluation: Evaluation) -> str:
    """Return a run: a line `query Q0 document rank score tag` for each document found, at its best passage.

    The score is the reciprocal of the rank, so that trec_eval, which sorts by score, keeps the order of the answer.

    Raises:
        InvalidInput: if an id holds white space, which separates the columns of a run.
    """
    lines = []
    for outcome in evaluation.per_query:
        for rank, (document_id, score) in enumerate(scores_of(outcome.hits).items(), 1):
            fields = (outcome.id, "Q0", document_id, str(rank), str(score), TAG)
            if wrong := [field for field in fields if field.split() != [field]]:
                raise InvalidInput(f"the id {wrong[0]!r} holds white space, which a TREC run cannot; use another")
            lines.append(" ".join(fields))
    return "".join(f"{line}\n" for line in lines)
