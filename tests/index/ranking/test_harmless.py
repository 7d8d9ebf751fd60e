"""Two texts are the same words only where nothing that matters differs, in whatever language."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from index.ranking.harmless import same_wording
from index.ranking.wording import wording_of
from tests.index.ranking.twin_fixtures import FOLDER, Twins, contradictions, reprints


def same(one: str, other: str) -> bool:
    answers = {same_wording(wording_of(one), wording_of(other)), same_wording(wording_of(other), wording_of(one))}
    assert len(answers) == 1, (one, other)
    return answers.pop()


def mistaken(twins: Iterable[Twins], folded: bool) -> dict[tuple[str, str], int]:
    """How many pairs of each language and kind are not taken for what they are."""
    return dict(Counter((language, kind) for language, kind, one, other in twins if same(one, other) is not folded))


@pytest.mark.parametrize("folder", [FOLDER])
def test_what_contradicts_is_never_the_same(folder: Path) -> None:
    assert mistaken(contradictions(folder), folded=False) == {}


@pytest.mark.parametrize("folder", [FOLDER])
def test_reprints_are_the_same(folder: Path) -> None:
    assert mistaken(reprints(folder), folded=True) == {}
