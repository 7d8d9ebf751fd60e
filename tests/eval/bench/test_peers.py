"""Other stacks are given the same passages and questions, and one that fails is left out by name."""

from pathlib import Path

import numpy as np
import pytest

from eval.bench.peers import PEERS, PeerProcess, peer_figures
from eval.peers.catalogue import read_peers
from eval.peers.environment import PeerFailed, make_environment

STACK = """# /// script
# dependencies = []
# ///
def opened(texts, vectors, model):
    print("what a stack prints is no answer")
    def search(question, k):
        if question == "fail":
            raise ValueError(question)
        return texts[:k]
    return search
"""


def test_a_stack_answers_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "plain.py").write_text(STACK)
    (tmp_path / "texts.json").write_text('["a", "b"]')
    np.save(tmp_path / "vectors.npy", np.eye(2, dtype=np.float32))
    (peer,) = read_peers(tmp_path / "stacks")
    python = make_environment(peer, tmp_path / "environments", 60)
    with PeerProcess(peer, python, tmp_path, tmp_path) as process:
        assert process.opened >= 0 and process.ask("a question\nof two lines") > 0
        assert process.cpu() > 0
        with pytest.raises(PeerFailed, match="plain ended"):
            process.ask("fail")


def test_every_stack_names_its_packages() -> None:
    assert [peer.name for peer in read_peers(PEERS)] == ["chroma", "haystack_hybrid", "txtai_hybrid"]
    assert all(peer.dependencies for peer in read_peers(PEERS))


def test_ours_is_compared_with_each() -> None:
    figures = peer_figures({"wherefrom": [0.001, 0.002, 0.003], "chroma": [0.01, 0.02, 0.03]}, 1000)
    assert figures[-1].what == "p50 of ours as a share of that of chroma"
    assert figures[-1].value == pytest.approx(0.1)
