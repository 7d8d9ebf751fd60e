"""What the tests of SQuAD-style files share: how such files are written, and what is looked at in sets."""

import json
from pathlib import Path
from typing import Any

from eval.sets.question_set import QuestionSet


def squad(*paragraphs: tuple[str, dict[str, str]]) -> str:
    """SQuAD-style JSON of paragraphs, each with its questions by id."""
    return json.dumps(
        {
            "data": [
                {
                    "title": "not part of the passages",
                    "paragraphs": [
                        {
                            "context": context,
                            "qas": [{"id": key, "question": text, "answers": []} for key, text in asked.items()],
                        }
                        for context, asked in paragraphs
                    ],
                }
            ]
        }
    )


def asked(question_id: str, *answers: tuple[str, int], impossible: bool = False) -> dict[str, Any]:
    spans = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": question_id, "question": f"{question_id}?", "answers": spans, "is_impossible": impossible}


def write_articles(path: Path, *articles: list[tuple[str, list[dict[str, Any]]]]) -> Path:
    """Write articles of paragraphs, each with its questions."""
    data = [{"paragraphs": [{"context": context, "qas": qas} for context, qas in article]} for article in articles]
    path.write_text(json.dumps({"version": "v2.0", "data": data}, ensure_ascii=False), encoding="utf-8")
    return path


def kinds(question_set: QuestionSet) -> dict[str, str]:
    for question in question_set.questions:
        assert question.answerable is (question.kind == "squad") is (question.question_id in question_set.qrels)
    return {question.question_id: question.kind for question in question_set.questions}
