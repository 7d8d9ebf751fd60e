"""How far the indexing is: what is counted, what is estimated, and how it looks at any width."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from corpus.document import make_document
from corpus.files.folders.folder import Skipped
from index.cutting import Indexed, Outcome
from service.cli.progress import Meter, duration
from tests.command_fixtures import Command
from tests.service_fixtures import write_files


class Clock:
    """A clock that goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def indexed(source: str, passages: int, outcome: Outcome = Outcome.ADDED) -> Indexed:
    return Indexed(make_document("text", source=source), outcome, passages, 1)


def quiet(clock: Clock) -> Progress:
    return Progress(console=Console(file=io.StringIO()), disable=True, get_time=clock)


def test_the_estimate_goes_by_size() -> None:
    clock = Clock()
    meter = Meter(quiet(clock), {"small.md": 1_000, "bad.pdf": 3_000, "large.md": 4_000, "new.md": 2_000}, 4)
    assert meter.line == "indexing: 0 of 4 files, 0 passages"
    for clock.now, event in ((10, indexed("small.md", 2)), (40, Skipped("bad.pdf", "no PDF", failed=True))):
        meter.note(event)
    assert meter.line == "indexing: 2 of 4 files, about 1 min left, 2 passages"  # 6,000 bytes at 100 a second
    clock.now = 60
    meter.watch(["large.md"], 10, 20)
    assert meter.line == "indexing: 2 of 4 files, about 40 s left, 12 passages"
    clock.now = 80
    meter.watch(["large.md"], 20, 20)
    meter.note(indexed("large.md", 20))
    assert meter.line == "indexing: 3 of 4 files, about 20 s left, 22 passages"
    meter.note(Skipped("notes.csv", ".csv is not read"))  # is not among those that are counted
    meter.note(indexed("new.md", 1_000, Outcome.UNCHANGED))
    assert meter.line == "indexing: 4 of 4 files, 22 passages"


def test_a_file_that_holds_others_counts_once() -> None:
    meter = Meter(quiet(Clock()), {"old/port.zip": 1_000, "a.eml": 500, "b.md": 500}, 3)
    for source in ("old/port.zip/a.md", "old/port.zip/deep/b.md", "a.eml/list.pdf", "a.eml", "b.md"):
        meter.note(indexed(source, 1))
    assert meter.line == "indexing: 3 of 3 files, 5 passages"


def test_nothing_that_was_told_is_taken_back() -> None:
    meter = Meter(quiet(Clock()), {"a.md": 10, "b.md": 10}, 2)
    meter.watch(["a.md", "b.md"], 8, 8)
    told = [meter.line]
    for source in ("a.md", "b.md"):
        meter.note(indexed(source, 4))
        told.append(meter.line)
    assert [re.findall(r"(\d) of 2 files, 8 passages", line) for line in told] == [["0"], ["1"], ["2"]]


def test_documents_without_files_are_counted_alike() -> None:
    clock = Clock()
    meter = Meter(quiet(clock), None, 4)
    for clock.now in (30.0, 60.0):
        meter.note(indexed("a.md", 1))
    assert meter.line == "indexing: 2 of 4 documents, about 1 min left, 2 passages"
    unknown = Meter(quiet(clock), None, None)
    unknown.note(indexed("a.md", 1))
    assert unknown.line == "indexing: 1 document, 1 passage"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "1 s"), (59.4, "59 s"), (60, "1 min"), (89, "1 min"), (3_570, "1 h 0 min"), (7_500, "2 h 5 min")],
)
def test_durations(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_line_is_told_again_and_again_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("service.cli.progress.LINE_SECONDS", 0.002)
    wherefrom = Command(monkeypatch, capsys, tmp_path / "data")
    files = write_files(tmp_path / "files", {f"{number}.md": "A ferry. " * 200 for number in range(60)})
    done = wherefrom("index", files, "--json").succeeded()
    lines = done.err.splitlines()
    counts = [
        re.fullmatch(r"indexing: (\d+) of 60 files(?:, about \d+ s left)?, (\d+) passages?", each) for each in lines
    ]
    assert len(lines) > 3
    assert all(counts), lines
    files_told = [int(found[1]) for found in counts if found]
    assert files_told == sorted(files_told)
    assert wherefrom("index", files, "--rebuild").succeeded().err.startswith("indexing: ")
    assert "0 of 0" not in wherefrom("index", "--rebuild").succeeded().err
