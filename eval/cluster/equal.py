"""`python -m eval cluster-equal`: whether a database answers as the engine of one machine does, of equal passages."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cluster.stores import StoreOption, collection, copied, database_at
from eval.evaluation import Evaluation
from eval.quality.places import Place, read_places
from eval.reporting.tables import Table, plain_table
from eval.reporting.terminal import print_json, print_table
from eval.retriever import Answer
from eval.running import evaluate
from eval.sets.question_set import QuestionSet

if TYPE_CHECKING:
    from eval.local_retriever import LocalRetriever
    from index.models.encoder import Encoder
    from index.oceanbase.connecting import Database

MEASURES = ("R@1", "R@5", "MRR@10")  # that are to differ by no more than .005
NAME = "cluster_equal"  # of the collection


@dataclass
class Watched:
    """A retriever, and what came first for each question that it was asked, and how long that took.

    Attributes:
        retriever: who answers.
        first: the first passage for each question, none where nothing was found.
        seconds: of each answer.
    """

    retriever: "LocalRetriever"
    first: dict[str, str | None] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def ask(self, question: str, k: int) -> Answer:
        """Return the best passages for a question."""
        started = perf_counter()
        answer = self.retriever.ask(question, k)
        self.seconds.append(perf_counter() - started)
        self.first[question] = answer.hits[0].passage_id if answer.hits else None
        return answer

    def document_text(self, document_id: str) -> str:
        """Return the canonical text of a document."""
        return self.retriever.document_text(document_id)

    def describe(self) -> Mapping[str, object]:
        """Return what is searched, and how."""
        return self.retriever.describe()


@dataclass(frozen=True, slots=True)
class Equality:
    """One question set, asked of both.

    Attributes:
        name: of the set.
        passages: that were searched.
        folder: what the engine of one machine answers.
        database: what the database answers.
        same: the share of questions whose first passage is the same.
        milliseconds: of the middle question, of both.
    """

    name: str
    passages: int
    folder: Evaluation
    database: Evaluation
    same: float
    milliseconds: tuple[float, float]

    def as_json(self) -> dict[str, object]:
        """Return it as JSON has it, without the single questions."""
        return {
            "questions": self.name,
            "passages": self.passages,
            "folder": {name: self.folder.measures[name] for name in MEASURES},
            "database": {name: self.database.measures[name] for name in MEASURES},
            "same_first": self.same,
            "p50_ms": {"folder": self.milliseconds[0], "database": self.milliseconds[1]},
        }


def cluster_equal(
    sets: Annotated[
        list[str], typer.Argument(metavar="SET[@WHERE]…", help="Sets, where they are asked, or folders of sets.")
    ],
    store: StoreOption = None,
    indexed_from: Annotated[
        int | None, typer.Option(help="So many passages are found by the indexes of the database.", min=1)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a set, instead of a table.")] = False,
) -> None:
    """Ask question sets of a folder and of a database that holds the same passages, and say how the answers differ."""
    from eval.local_retriever import load_once
    from eval.remembering_encoder import RememberingEncoder

    encoder = RememberingEncoder(load_once(None, None))
    found = []
    with database_at(store) as database:
        for place in read_places(sets):
            for equality in _compared(place, encoder, database, indexed_from):
                found.append(equality)
                if as_json:
                    print_json(equality.as_json())
    if not as_json:
        print_table("the same questions of a folder and of a database", equality_table(found), width=150)


def _compared(place: Place, encoder: "Encoder", database: "Database", indexed_from: int | None) -> Iterator[Equality]:
    """Index the documents of a place, copy them to the database, and ask the question sets of both."""
    from eval.local_retriever import LocalRetriever, indexed
    from index.oceanbase.engine import engine_of
    from index.oceanbase.index import INDEXED_FROM
    from index.opening import open_index

    engine = engine_of(database, indexed_from or INDEXED_FROM)
    with ExitStack() as stack:
        data_dir = stack.enter_context(indexed(place.documents, encoder))
        name = stack.enter_context(collection(database, NAME))
        folder = stack.enter_context(open_index(data_dir, lambda choice: encoder))
        with engine.open_truth(name, False) as truth:
            copied(folder.truth, truth)
        there = stack.enter_context(open_index(name, lambda choice: encoder, engine=engine))
        there.index.save()
        for question_set in place.question_sets:
            yield _asked(question_set, LocalRetriever(folder), LocalRetriever(there))


def _asked(question_set: QuestionSet, folder: "LocalRetriever", database: "LocalRetriever") -> Equality:
    own, theirs = Watched(folder), Watched(database)
    own_run, their_run = evaluate(question_set, own), evaluate(question_set, theirs)
    same = [own.first[question] == theirs.first[question] for question in own.first]
    passages = int(str(folder.describe()["passages"]))
    milliseconds = (1000 * median(own.seconds), 1000 * median(theirs.seconds))
    return Equality(question_set.name, passages, own_run, their_run, sum(same) / len(same), milliseconds)


def equality_table(found: list[Equality]) -> Table:
    """Return what was found as a table: of each measure what the folder has, and the database."""
    columns = ["questions", "passages"]
    columns += [heading for measure in MEASURES for heading in (measure, "database")]
    rows = [
        (
            each.name,
            f"{each.passages:,}",
            *(f"{run.measures[name]:.4f}" for name in MEASURES for run in (each.folder, each.database)),
            f"{each.same:.2%}",
            *(f"{milliseconds:.1f}" for milliseconds in each.milliseconds),
        )
        for each in found
    ]
    return plain_table([*columns, "same first", "p50 ms", "database"], rows)
