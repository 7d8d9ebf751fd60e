"""`python -m eval uploads`: many upload at once; whoever is refused is told when to come again, and nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from time import perf_counter, sleep
from typing import Annotated

import typer

from corpus.document import document_id_of
from eval.endurance.checking import document_faults
from eval.endurance.client import LOST, Answer
from eval.endurance.ledger import DEFAULT, Place, Version
from eval.endurance.outcome import report
from eval.endurance.serving import Server, serving
from eval.endurance.texts import Written, write_bytes

BUSY = {429, 503}
PATIENCE_S = 1800.0  # for all jobs
LOOKED_UP = 2  # words at each end of a text that must be found


@dataclass(slots=True)
class Uploaded:
    """What came of uploading at once.

    Attributes:
        taken: the job of each file, and what it writes.
        statuses: how often an upload was answered how.
        before: megabytes that the server held at first, and its peak then.
        peak: megabytes that it held at most.
        seconds: until all were taken, and until all were done.
        faults: what may not be.
    """

    taken: dict[str, tuple[str, Written]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    before: float = 0.0
    peak: float = 0.0
    seconds: tuple[float, float] = (0.0, 0.0)
    faults: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        yield from ((f"answered {status}", f"{count:,}") for status, count in sorted(self.statuses.items()))
        yield "all taken, all done", f"after {self.seconds[0]:.1f} s, after {self.seconds[1]:.1f} s"
        yield "resident memory before, and at its peak", f"{self.before:.0f} MB, {self.peak:.0f} MB"


def uploads(
    files: Annotated[int, typer.Option(help="How many are uploaded at once.", min=1)] = 100,
    size: Annotated[int, typer.Option(help="Bytes of each.", min=1)] = 1_000_000,
    model: Annotated[str, typer.Option(help="The embedding model.")] = "hash",
) -> None:
    """Upload many files at the same moment, come again when told to, and look for each of them in the end."""
    with TemporaryDirectory() as temporary:
        found = uploaded(Path(temporary), files, size, model)
    report(found.figures(), found.faults)


def uploaded(data_dir: Path, files: int, size: int, model: str = "hash") -> Uploaded:
    """Upload files of a size at once, and return what came of it."""
    found, together = Uploaded(), Barrier(files)
    with serving(data_dir, model) as server:
        found.before, started = server.resident()["now"], perf_counter()
        with ThreadPoolExecutor(files) as pool:
            for each in [pool.submit(_upload, server, number, size, together, found) for number in range(files)]:
                each.result()
        taken = perf_counter() - started
        client = server.client()
        for name, (job_id, written) in found.taken.items():
            job = client.ended(job_id, PATIENCE_S)
            if job["state"] != "done":
                found.faults.append(f"{name} was taken and its job is {job}")
                continue
            document_id = document_id_of(name)
            looked_up = Written(written.text, written.words[:LOOKED_UP] + written.words[-LOOKED_UP:])
            found.faults += document_faults(client, Place(DEFAULT, document_id), Version(looked_up, name))
        found.seconds = taken, perf_counter() - started
        found.peak = server.resident()["peak"]
        client.close()
    return found


def _upload(server: Server, number: int, size: int, together: Barrier, found: Uploaded) -> None:
    """Upload a file until it is taken, waiting in between for as long as is asked."""
    name, client = f"upload-{number}.txt", server.client(timeout=PATIENCE_S)
    written = write_bytes(name, size)
    content = written.text.encode()
    together.wait()
    try:
        while not (answer := client.upload({name: content})).ok:
            found.statuses[answer.status] += 1
            if not _honest(answer):
                found.faults.append(f"{name} is answered with {answer.told} {dict(answer.headers)}")
                return
            sleep(float(answer.headers["retry-after"]))
        found.statuses[answer.status] += 1
        found.taken[name] = answer.json["jobs"][0]["id"], written
    except LOST as error:
        found.faults.append(f"{name}: the connection was lost: {error!r}")
    finally:
        client.close()


def _honest(answer: Answer) -> bool:
    return answer.status in BUSY and float(answer.headers.get("retry-after", 0)) > 0
