"""`python -m eval bench-encoder`: one question (P1) and many passages (P7), ours beside SentenceTransformer in fp32."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import fmean
from time import perf_counter, process_time
from typing import Any

from eval.bench.runner import OURS, WARM_UP, Bench, in_turns, milliseconds
from eval.measures import judge, ndcg, ranked
from eval.resampling import quantile_interval, ratio_interval
from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_question_set
from index.models.encoder import Encoder, ModelChoice, Vectors
from index.models.making.embedded import unpack_embedded_model
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder

REFERENCE = "torch fp32"
PASSAGES = 48  # a round
QUICK = ("amx_bf16", "avx512_bf16")  # where bulk embedding is to be four times as fast

Encode = Callable[..., Any]  # texts and the `prompt` before each, to unit vectors


def bench_encoder(bench: Bench) -> None:
    """Time the encoding of questions and paragraphs, one thread each, and compare nDCG@10 of both."""
    from index.local.threads import compute_with_one_thread  # only now: it loads FAISS

    cache_dir = bench.cache_dir or default_cache_dir()
    reference = load_reference(unpack_embedded_model(cache_dir))
    compute_with_one_thread()
    encoder = load_encoder(ModelChoice(DEFAULT_MODEL), cache_dir)
    one_question(bench, encoder, reference)
    for path in bench.sets:
        question_set = read_question_set(path)
        many_passages(bench, encoder, reference, [passage.text for passage in question_set.passages])
        quality(bench, encoder, reference, question_set)


def load_reference(folder: Path) -> Encode:
    """Return the model of a folder in single precision and one thread, as sentence-transformers has it."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": "float32"})
    return partial(model.encode, normalize_embeddings=True, show_progress_bar=False)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Do some work and return the seconds it took, and the seconds of work of this process."""
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def one_question(bench: Bench, encoder: Encoder, reference: Encode) -> None:
    """Add the figures of P1; ours with the vectors of tokens, which the full method needs."""
    theirs = partial(reference, prompt=encoder.spec.query_prompt)

    def ask(encode: Encode, texts: Sequence[str]) -> list[tuple[float, float]]:
        return [timed(partial(encode, [text])) for text in texts]

    variants = {OURS: partial(ask, encoder.encode_queries_with_tokens), REFERENCE: partial(ask, theirs)}
    costs = in_turns(variants, bench.turns(), bench.take(WARM_UP))
    for name, found in costs.items():
        for kind, seconds in zip(("p50", "work"), zip(*found, strict=True), strict=True):
            bench.add("P1", f"encoding one question, {kind}, {name}", quantile_interval(milliseconds(seconds)), "ms")
    ratio = ratio_interval([wall for wall, _ in costs[REFERENCE]], [wall for wall, _ in costs[OURS]])
    bench.add("P1", "encoding one question, times as fast as torch fp32", ratio, "", ">= 6", "one thread each")


def many_passages(bench: Bench, encoder: Encoder, reference: Encode, texts: Sequence[str]) -> None:
    """Add the figures of P7: tokens a second of work, which is of one core."""

    def rate(encode: Encode, some: Sequence[str]) -> list[float]:
        tokens = sum(min(count, encoder.spec.max_tokens) for count in encoder.count_passage_tokens(some))
        return [tokens / timed(partial(encode, some))[1]]

    theirs = partial(reference, prompt=encoder.spec.passage_prompt)
    variants = {OURS: partial(rate, encoder.encode_passages), REFERENCE: partial(rate, theirs)}
    count = min(PASSAGES, len(texts))
    rates = in_turns(variants, [Random(turn).sample(texts, count) for turn in range(bench.rounds)], texts[:4])
    for name, found in rates.items():
        bench.add("P7", f"bulk embedding, {name}", quantile_interval(found), "tokens/s/core")
    goal = f">= {4 if any(flag in bench.results.machine for flag in QUICK) else 1.3} on this CPU"
    note = f"{count} passages a round, of {fmean(map(len, texts)):.0f} characters"
    ratio = ratio_interval(rates[OURS], rates[REFERENCE])
    bench.add("P7", "bulk embedding, times as fast as torch fp32", ratio, "", goal, note)


def quality(bench: Bench, encoder: Encoder, reference: Encode, asked: QuestionSet) -> None:
    """Add how well the vectors of both order the passages of a set: passages by the reference, questions by both."""
    texts = [question.text for question in asked.questions]
    passages = reference([passage.text for passage in asked.passages], prompt=encoder.spec.passage_prompt)
    questions = {REFERENCE: reference(texts, prompt=encoder.spec.query_prompt), OURS: encoder.encode_queries(texts)}
    found = {name: 100 * _ndcg(asked, vectors @ passages.T) for name, vectors in questions.items()}
    for name, value in found.items():
        bench.add("P1", f"nDCG@10 of vectors alone on {asked.name}, questions by {name}", value)
    bench.add("P1", f"points of nDCG@10 lost on {asked.name}", found[REFERENCE] - found[OURS], goal="<= 0.4")


def _ndcg(asked: QuestionSet, cosines: Vectors) -> float:
    ids = [passage.document_id for passage in asked.passages]
    scores = {each.question_id: row.tolist() for each, row in zip(asked.questions, cosines, strict=True)}
    rankings = {name: ranked(dict(zip(ids, scores[name], strict=True))) for name in asked.qrels}
    return fmean(ndcg(judge(relevance, rankings[name]), 10) for name, relevance in asked.qrels.items())
