"""`python -m eval bench-encoder`: one question (P1) and many passages (P7), ours beside SentenceTransformer in fp32."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import fmean
from time import perf_counter, process_time
from typing import Annotated

import numpy as np
import typer

from eval.bench.figures import Figure, quantile_interval, ratio_interval
from eval.bench.reference import Cost, Reference
from eval.bench.runner import CacheOption, FolderOption, OutOption, RoundsOption, record
from eval.bench.servers import there_and_back
from eval.bench.weights import model_folder
from eval.measures import judge, ndcg
from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_questions
from index.models.encoder import Encoder, ModelChoice, Vectors
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder

OURS, REFERENCE = "wherefrom", "torch fp32"
BATCH = 32  # of the reference, as the library has it
QUICK = ("amx_bf16", "avx512_bf16")  # where bulk embedding is to be four times as fast


def bench_encoder(
    questions: Annotated[Path, typer.Argument(help="SQuAD-style JSON: its questions and paragraphs.", exists=True)],
    folder: FolderOption = Path(".bench"),
    rounds: RoundsOption = 8,
    asked: Annotated[int, typer.Option(help="Questions a round.", min=1)] = 30,
    passages: Annotated[int, typer.Option(help="Passages a round.", min=1)] = 48,
    judged: Annotated[bool, typer.Option(help="Also compare nDCG@10 of both on the whole set.")] = True,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Time the encoding of questions and passages, one thread each."""
    with record("bench-encoder", folder, out) as outcome, Reference(model_folder(cache_dir)) as reference:
        from index.local.threads import compute_with_one_thread  # only now: it loads FAISS

        compute_with_one_thread()
        encoder = load_encoder(ModelChoice(DEFAULT_MODEL), cache_dir or default_cache_dir())
        question_set = read_questions(questions)
        texts = [question.text for question in question_set.questions]
        outcome.figures += one_question(encoder, reference, texts, rounds, asked)
        quick = any(flag in outcome.machine.flags for flag in QUICK)
        documents = [document.text for document in question_set.passages]
        outcome.figures += many_passages(encoder, reference, documents, rounds, passages, 4 if quick else 1.3)
        if judged:
            outcome.figures += quality(encoder, reference, question_set)


def timed(work: Callable[[], object]) -> Cost:
    """Do some work and return what it cost in this process."""
    wall, cpu = perf_counter(), process_time()
    work()
    return Cost(perf_counter() - wall, process_time() - cpu)


def one_question(
    encoder: Encoder, reference: Reference, texts: Sequence[str], rounds: int, asked: int
) -> Iterator[Figure]:
    """Yield the figures of P1; ours with the vectors of tokens, which the full method needs."""
    prompt = encoder.spec.query_prompt
    ways: dict[str, Callable[[str], Cost]] = {
        OURS: lambda text: timed(partial(encoder.encode_queries_with_tokens, [text])),
        REFERENCE: lambda text: reference.encode([text], prompt),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for way in ways.values():
        for text in texts[:10]:
            way(text)
    chosen = Random(0).sample(texts, min(len(texts), rounds * asked))
    for turn, name in there_and_back(list(ways), rounds):
        costs[name] += [ways[name](text) for text in chosen[turn * asked : (turn + 1) * asked]]
    for name, each in costs.items():
        for kind, seconds in {"p50": [cost.wall for cost in each], "work": [cost.cpu for cost in each]}.items():
            interval = quantile_interval([1000 * value for value in seconds])
            yield interval.figure("P1", f"encoding one question, {kind}, {name}", unit="ms")
    ratio = ratio_interval([cost.wall for cost in costs[REFERENCE]], [cost.wall for cost in costs[OURS]])
    yield ratio.figure(
        "P1",
        "encoding one question, times as fast as torch fp32",
        goal=">= 6",
        reached=ratio.value >= 6,
        note="one thread each",
    )


def many_passages(
    encoder: Encoder, reference: Reference, texts: Sequence[str], rounds: int, passages: int, goal: float
) -> Iterator[Figure]:
    """Yield the figures of P7: tokens a second of work, which is of one core."""
    rates: dict[str, list[float]] = {OURS: [], REFERENCE: []}
    prompt = encoder.spec.passage_prompt
    encoder.encode_passages(texts[:4])
    reference.encode(texts[:4], prompt)
    samples = [Random(turn).sample(list(texts), min(passages, len(texts))) for turn in range(rounds)]
    for turn, name in there_and_back(list(rates), rounds):
        some = samples[turn]
        tokens = sum(min(count, encoder.spec.max_tokens) for count in encoder.count_passage_tokens(some))
        embed = partial(encoder.encode_passages, some)
        cost = timed(embed) if name == OURS else reference.encode(some, prompt, BATCH)
        rates[name].append(tokens / cost.cpu)
    for name, each in rates.items():
        yield quantile_interval(each).figure("P7", f"bulk embedding, {name}", unit="tokens/s/core")
    ratio = ratio_interval(rates[OURS], rates[REFERENCE])
    yield ratio.figure(
        "P7",
        "bulk embedding, times as fast as torch fp32",
        goal=f">= {goal} on this CPU",
        reached=ratio.value >= goal,
        note=f"{passages} passages a round, of {np.mean([len(text) for text in texts]):.0f} characters",
    )


def quality(encoder: Encoder, reference: Reference, questions: QuestionSet) -> Iterator[Figure]:
    """Yield how well the vectors of both order the passages of a set: passages by the reference, questions by both."""
    passages = reference.vectors([document.text for document in questions.passages], encoder.spec.passage_prompt)
    texts = [question.text for question in questions.questions]
    exact = reference.vectors(texts, encoder.spec.query_prompt)
    found = {
        REFERENCE: _ndcg(questions, exact, passages),
        OURS: _ndcg(questions, encoder.encode_queries(texts), passages),
    }
    for name, value in found.items():
        what = f"nDCG@10 of vectors alone on {questions.name}, questions by {name}"
        yield Figure(mark="P1", what=what, value=100 * value)
    lost = 100 * (found[REFERENCE] - found[OURS])
    what = f"points of nDCG@10 lost on {questions.name}"
    yield Figure(mark="P1", what=what, value=lost, goal="<= 0.4", reached=lost <= 0.4)


def _ndcg(questions: QuestionSet, asked: Vectors, passages: Vectors) -> float:
    ids = [document.document_id for document in questions.passages]
    cosines = asked @ passages.T
    return fmean(
        ndcg(judge(questions.qrels[question.question_id], dict(zip(ids, row.tolist(), strict=True))), 10)
        for question, row in zip(questions.questions, cosines, strict=True)
        if question.question_id in questions.qrels
    )
