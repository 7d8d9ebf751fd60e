"""What a write costs: until it is found, and those who ask beside it."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Annotated

import typer

from eval.endurance.client import Answer, Client, Unexpected, expected
from eval.endurance.filling import fill
from eval.endurance.outcome import report
from eval.endurance.serving import serving
from eval.endurance.texts import word_of, write, write_bytes
from eval.endurance.times import times_text

FRESH_MS = 5.0  # that the first question after a write may take beyond one that nothing was written before
SLOWER = 2.0  # times as long that half of all questions may take beside an upload
UPLOADED = 2_000_000  # bytes: more than is embedded in a turn
EMBEDDING = "embedding"  # the state of a job that keeps the processor busy
POLL_S = 0.02
PATIENCE_S = 60.0
QUESTION = "Where does the ferry {} leave?"

Times = dict[str, list[float]]


def freshness(
    passages: Annotated[int, typer.Option(help="About how many are there already.", min=0)] = 100_000,
    writes: Annotated[int, typer.Option(help="How many are written, and deleted again.", min=2)] = 50,
) -> None:
    """Time the first question after a write, which must show it, beside one that nothing was written before."""
    with TemporaryDirectory() as temporary:
        made = fill(Path(temporary), passages)
        with serving(Path(temporary)) as server:
            client = server.client()
            found = fresh(client, writes)
            client.close()
    extra = {name: 1000 * (median(seconds) - median(found[QUIET])) for name, seconds in found.items()}
    figures = [("passages", f"{made:,}"), *((name, times_text(seconds)) for name, seconds in found.items())]
    figures += [(f"{name}: beyond a quiet question", f"{extra[name]:.1f} ms") for name in (ADDED, GONE)]
    late = [f"{name}: {extra[name]:.1f} ms later" for name in (ADDED, GONE) if extra[name] > FRESH_MS]
    report(figures, late)


QUIET, PUT, ADDED = "a question after none was written", "a write", "the first question after it, which finds it"
DELETE, GONE = "a deletion", "the first question after it, which does not"


def fresh(client: Client, writes: int) -> Times:
    """Write and delete documents, and return the seconds of each step.

    Raises:
        Unexpected: if a question does not show what was acknowledged before it.
    """
    found: Times = {name: [] for name in (QUIET, PUT, ADDED, DELETE, GONE)}
    for number in range(-2, writes):  # two of them pay for what is put off
        document_id, written = f"fresh-{number}", write(f"fresh {number}", 1)
        (word,) = written.words
        unwritten = word_of(f"quiet {number}")
        steps: list[tuple[str, Callable[[], bool], bool]] = [
            (QUIET, partial(_shows, client, unwritten, document_id), False),
            (PUT, partial(_done, client.put, document_id, written.text), True),
            (ADDED, partial(_shows, client, word, document_id), True),
            (DELETE, partial(_done, client.delete, document_id), True),
            (GONE, partial(_shows, client, word, document_id), False),
        ]
        for name, step, wanted in steps:
            started = perf_counter()
            if step() is not wanted:
                raise Unexpected(f"{name}: not so for {document_id}")
            found[name] += [perf_counter() - started] * (number >= 0)
    return found


def _done(write: Callable[..., Answer], *arguments: str) -> bool:
    return write(*arguments).ok


def _shows(client: Client, word: str, document_id: str) -> bool:
    """Ask for a word, and return whether a document is among the answers."""
    return any(each["document_id"] == document_id for each in expected(client.search(word))["results"])


def beside_upload(
    data_dir: Annotated[Path, typer.Option(help="Ask this data folder, which is written to.", exists=True)],
    turns: Annotated[int, typer.Option(help="Each there and back: idle, then beside an upload.", min=1)] = 6,
    questions: Annotated[int, typer.Option(help="Asked a turn.", min=2)] = 60,
) -> None:
    """Time questions beside an upload and without one, in turns; each upload is cancelled at the end of its turn."""
    with serving(data_dir, model=None) as server:
        client = server.client()
        found = beside(client, turns, questions)
        client.close()
    ratio = median(found[BESIDE]) / median(found[IDLE])
    figures = [*((name, times_text(seconds)) for name, seconds in found.items()), ("p50 times", f"{ratio:.2f}")]
    report(figures, [f"questions take {ratio:.2f} times as long beside an upload"] if ratio > SLOWER else [])


IDLE, BESIDE = "a question without an upload", "a question beside one"


def beside(client: Client, turns: int, questions: int) -> Times:
    """Ask in turns, idle and beside an upload, and return the seconds of each question.

    Raises:
        Unexpected: if an upload ends before its turn does, so that it was not beside all questions.
    """
    found: Times = {IDLE: [], BESIDE: []}
    numbers = count()
    _asked(client, numbers, questions)  # pays for what is put off
    for turn in range(turns):
        for name in (IDLE, BESIDE)[:: -1 if turn % 2 else 1]:
            if name == IDLE:
                found[name] += _asked(client, numbers, questions)
                continue
            content = write_bytes(f"beside {turn}", UPLOADED).text.encode()
            job = expected(client.upload({f"beside-{turn}.txt": content}), (202,))["jobs"][0]["id"]
            while expected(client.job(job))["state"] != EMBEDDING:
                sleep(POLL_S)
            found[name] += _asked(client, numbers, questions)
            expected(client.send("DELETE", f"/v1/jobs/{job}"))
            client.ended(job, PATIENCE_S)
    return found


def _asked(client: Client, numbers: Iterator[int], questions: int) -> list[float]:
    """Ask questions that were never asked before, and return the seconds of each."""
    seconds = []
    for number in islice(numbers, questions):
        started = perf_counter()
        expected(client.search(QUESTION.format(word_of(f"beside {number}"))))
        seconds.append(perf_counter() - started)
    return seconds
