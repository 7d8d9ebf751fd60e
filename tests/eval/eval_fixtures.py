"""What the tests of evaluation share: a text of three colours, questions on it, who answers, and the command line."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.document import text_digest
from eval.__main__ import main
from eval.retriever import Answer, CitedHit
from eval.sets.question_set import Evidence, Question, QuestionSet

TEXT = "The east is red. The west is blue. The north is white."
SOURCE = "colours.txt"
RED, BLUE, WHITE = "The east is red.", "The west is blue.", "The north is white."


def cited(rank: int, quote: str, document_id: str = "d_1") -> CitedHit:
    start = TEXT.find(quote)
    return CitedHit(
        rank, f"p_{start}", document_id, SOURCE, start, start + len(quote), 1 / rank, quote, text_digest(TEXT)
    )


class FakeRetriever:
    """Answers from a list, and keeps count of what it was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int]] = []

    def ask(self, question: str, k: int) -> Answer:
        self.asked.append((question, k))
        return self.answers[question]

    def document_text(self, document_id: str) -> str:
        return TEXT

    def describe(self) -> Mapping[str, object]:
        return {"id": "i_1", "model": "fake", "documents": 1, "passages": 3}


def asks(question_id: str, language: str, quote: str | None, kind: str = "entity") -> Question:
    evidence = () if quote is None else (Evidence(SOURCE, quote),)
    return Question(question_id, language, f"{question_id}?", kind, quote is not None, evidence)


QUESTIONS = QuestionSet(
    (
        asks("q1", "en", "red"),
        asks("q2", "zh", "blue"),
        asks("q3", "zh-Hant", "white", kind="list"),
        asks("q4", "en", None, kind="unanswerable"),
    ),
    name="colours.jsonl",
)
ANSWERS = {
    "q1?": Answer(0.9, True, (cited(1, RED), cited(2, BLUE))),
    "q2?": Answer(0.4, False, (cited(1, RED), cited(2, BLUE))),
    "q3?": Answer(0.8, True, (cited(1, RED),)),
    "q4?": Answer(0.5, False, (cited(1, WHITE),)),
}
BETTER_ANSWERS = {
    **ANSWERS,
    "q2?": Answer(0.9, True, (cited(1, BLUE),)),
    "q3?": Answer(0.9, True, (cited(1, WHITE),)),
}


class Command:
    """`python -m eval`, run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Return exit code, output and messages; an error is one line of them."""
        self.monkeypatch.setattr(sys, "argv", ["eval", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = self.capsys.readouterr()
        code = int(stopped.value.code or 0)
        if code:
            assert err.startswith("error: ") and err.count("\n") == 1, err
        return code, out, err


def write_corpus(folder: Path) -> Path:
    folder.mkdir()
    (folder / "town.txt").write_text("The east of the town is red.\n\nThe west of the town is blue.\n")
    return folder


def write_questions(path: Path) -> Path:
    """Write two questions on the corpus, one of which it answers."""
    evidence = [{"doc": "town.txt", "quote": "east of the town"}]
    lines = [
        {"id": "q1", "question": "What is red?", "kind": "entity", "answerable": True, "evidence": evidence},
        {"id": "q2", "question": "Who is green?", "kind": "unanswerable", "answerable": False, "evidence": []},
    ]
    path.write_text("\n".join(json.dumps({"lang": "en", "answers": [], **line}) for line in lines))
    return path


ENGLISH = {"red": ("The east is red.", "What is red?"), "blue": ("The west is blue.", "What is blue?")}
CHINESE = {"red": ("东方是红色的。", "什么是红色的？"), "blue": ("西方是蓝色的。", "什么是蓝色的？")}


def write_squad(path: Path) -> Path:
    """Write a SQuAD-style file: three paragraphs of one article, a question on each."""
    return write_paragraphs(path, {**ENGLISH, "white": ("The north is white.", "What is white?")})


def write_parallel(folder: Path) -> tuple[Path, Path]:
    """Write two SQuAD-style files of the same two paragraphs, in Chinese and in English."""
    return write_paragraphs(folder / "zh.json", CHINESE), write_paragraphs(folder / "en.json", ENGLISH)


def write_paragraphs(path: Path, asked: Mapping[str, tuple[str, str]]) -> Path:
    """Write a SQuAD-style file of one article: a paragraph and a question on it by the id of the question."""
    paragraphs = [
        {"context": context, "qas": [{"id": name, "question": question}]} for name, (context, question) in asked.items()
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path
