"""Reading question sets: our JSONL here, SQuAD-style JSON and BEIR folders in rooms of their own.

A set of ours asks about a corpus that stands elsewhere; SQuAD and BEIR sets bring their own passages.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import InvalidInput, UnreadableFile
from eval.files import parse_json, read_lines
from eval.sets.beir import read_beir
from eval.sets.question_set import Evidence, Question, QuestionSet
from eval.sets.selection import EVERYTHING, Selection
from eval.sets.squad import read_squad


def read_question_set(path: Path, passages: Sequence[Path] = (), selection: Selection = EVERYTHING) -> QuestionSet:
    """Read a question set: `.jsonl` is ours, `.json` SQuAD-style, a folder BEIR.

    Args:
        path: the file or folder.
        passages: SQuAD-style files, e.g. in other languages, whose paragraphs are to be found instead, side by side.
        selection: which part of a SQuAD-style file is asked about, and which of that is not there to be found.

    Raises:
        InvalidInput: if it is none of the three, or another than SQuAD-style with options for that, or if the options
            do not fit it.
        UnreadableFile: if it cannot be read, is not well formed, or holds no question; the message names the file and
            the line.
    """
    question_set = _read(path, passages, selection)
    if not question_set.questions:
        raise UnreadableFile(f"{path}: holds no questions; give a set with one at least")
    return question_set


def _read(path: Path, passages: Sequence[Path], selection: Selection) -> QuestionSet:
    if path.suffix == ".json":
        on = " and ".join(each.name for each in passages)
        name = f"{path.name} on {on}" if on else path.name
        return replace(read_squad(path, passages, selection), name=f"{name}{selection}")
    for option in [*(["--passages"] if passages else []), *selection.options]:
        raise InvalidInput(f"{path}: only SQuAD-style JSON has passages by article; leave {option} out")
    if path.is_dir():
        return replace(read_beir(path), name=path.resolve().name)
    if path.suffix == ".jsonl":
        return replace(read_evidence_set(path), name=path.name)
    raise InvalidInput(f"{path}: not a question set; give our .jsonl, a SQuAD-style .json or a BEIR folder")


class _Evidence(BaseModel, extra="forbid"):
    doc: str
    quote: str = Field(min_length=1)


class _Line(BaseModel):
    # Nothing unknown passes: a misspelt `all` would quietly make a question easier.
    model_config = ConfigDict(extra="forbid", strict=True)
    id: str
    lang: str
    question: str
    answers: list[str]
    evidence: list[_Evidence]
    kind: str
    answerable: bool
    all: bool = False


LINE_HELP = "a line has id, lang, question, answers, evidence [{doc, quote}], kind, answerable, perhaps all"


def read_evidence_set(path: Path) -> QuestionSet:
    """Read our JSONL: questions whose answers are evidence, words that stand in a named source."""
    questions: dict[str, Question] = {}
    for place, text in read_lines(path):
        line = parse_json(_Line, text, place, LINE_HELP)
        if line.id in questions:
            raise UnreadableFile(f"{place}: id {line.id!r} was used above; give each question its own")
        if line.answerable != bool(pieces := len(line.evidence)):
            raise UnreadableFile(f"{place}: answerable is {line.answerable}, but evidence has {pieces} pieces")
        questions[line.id] = Question(
            line.id,
            line.lang,
            line.question,
            line.kind,
            line.answerable,
            tuple(Evidence(piece.doc, piece.quote) for piece in line.evidence),
            line.all,
        )
    return QuestionSet(tuple(questions.values()))
