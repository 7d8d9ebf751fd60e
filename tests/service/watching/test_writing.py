"""The thread that writes the log: in order, never waited for, and honest about what it drops."""

import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from service.watching.logs import STOP_SECONDS, WAITING, WritingHandler, written_log


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("service", logging.INFO, "", 1, message, (), None)


def test_a_reader_that_reads_nothing_holds_up_nobody_and_learns_what_was_dropped(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    handler, number = WritingHandler(writer), 15_000
    started = monotonic()
    for each in range(number):
        handler.handle(record(f"{each:099}"))
    handler.stop()
    assert monotonic() - started < STOP_SECONDS + 2
    lines, dropped = list[int](), 0
    with os.fdopen(os.dup(reader)) as log:
        while len(lines) + dropped < number:
            line = log.readline()
            if told := re.search(r"(\d+) lines of the log were dropped: ", line):
                dropped += int(told[1])
            else:
                lines.append(int(line))
    assert lines == sorted(set(lines))  # some of the last may have found room that was made meanwhile
    assert len(lines) > WAITING / 100
    assert dropped > 0


def test_lines_go_on_where_the_file_does_not_wait(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    os.set_blocking(writer, False)
    handler = WritingHandler(writer)
    for each in range(1_000):
        handler.handle(record(f"{each:0199}"))
    read = b""
    while len(read) < 200_000:
        read += os.read(reader, 65_536)
    handler.stop()
    assert [int(each) for each in read.split()] == list(range(1_000))


def test_a_reader_that_is_gone_is_no_failure(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    handler = WritingHandler(os.dup(writer))
    os.close(os.dup(reader))
    handler.handle(record("seen"))
    assert os.read(reader, 10) == b"seen\n"
    handler.stop()


def test_a_disk_that_was_full_goes_on_to_hold_the_log(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    log, descriptor = tmp_path / "log", os.open("/dev/full", os.O_WRONLY)
    handler = WritingHandler(descriptor)
    handler.handle(record("lost"))
    handler.handle(record("lost, too"))
    ends = monotonic() + STOP_SECONDS
    while handler._dropped < 2 and monotonic() < ends:
        sleep(0.01)
    with log.open("wb") as roomy:
        os.dup2(roomy.fileno(), descriptor)
    handler.handle(record("kept"))
    handler.stop()
    os.close(descriptor)
    kept, told = log.read_text().splitlines()
    assert kept == "kept"
    assert told.startswith("2 lines of the log were dropped: ")


def test_warnings_of_libraries_are_lines_and_their_chatter_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "log").open("w") as log:
        monkeypatch.setattr(sys, "stderr", log)
        with written_log("text", "debug"):
            logging.getLogger("somelibrary").info("chatter")
            logging.getLogger("somelibrary").warning("odd\nthing")
            logging.getLogger("index.local.index").debug("ours")
            with warnings.catch_warnings():
                warnings.simplefilter("always")
                warnings.warn("old ways", UserWarning, stacklevel=1)
    lines = [line.partition(" ")[2] for line in (tmp_path / "log").read_text().splitlines()]
    assert lines[:2] == ["warning odd\\nthing", "debug ours"]
    assert "UserWarning: old ways" in lines[2]
    assert len(lines) == 3


def test_nothing_is_written_where_standard_error_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    before = logging.getLogger().handlers
    with written_log("json", "info"):
        assert logging.getLogger().handlers is before
