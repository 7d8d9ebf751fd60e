"""What is asked of tables: the row of a name comes first among the passages of its table, and no row is a total."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest

from corpus.document import make_document
from corpus.passage import Passage, Span
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.query import Signal
from index.ranking.rows import lacks_total, rows_named, with_named_row
from index.ranking.signals import Candidate

PORTS = "Marsk Marsk|North Marsk|South Ulm Ulm|North Ulm|South Varde Varde|North Varde|South".replace("|", "_").split()
TABLE = "# Ports\n\n| Port | Ships | Cranes |\n|---|---|---|\n" + "".join(
    f"| {name.replace('_', ' ')} | {40 + place} | {place} |\n" for place, name in enumerate(PORTS)
)
VILLAGES = "# 各村\n\n| 村名 | 人口 |\n| --- | --- |\n" + "".join(
    f"| {first}{last} | {place * 7 + 200} |\n"
    for place, (first, last) in enumerate((a, b) for a in ("古榕", "南湾", "白沙") for b in "村寨坝堡")
)


class Passages:
    """A reader of the passages of some texts, by their places."""

    def __init__(self, *texts: str) -> None:
        split = make_splitter(SplitterSettings(limit=120, target=90), lambda texts: [1] * len(texts), 512)
        documents = (make_document(text, source=f"{number}.md") for number, text in enumerate(texts))
        self.all = [passage for document in documents for passage in split(document)]

    def passages(self, keys: Sequence[Key]) -> Mapping[Key, Passage]:
        return {key: self.all[key] for key in keys}

    def order(self, question: str) -> list[str]:
        """Return the quotes, best first, of candidates of which each is better than the one that stands after it."""
        candidates = [Candidate(key, 0.9 - key / 100, {Signal.DENSE: 0.5}) for key in range(len(self.all))]
        judged = with_named_row(cast(FeatureReader, self), question, candidates)
        assert {each.key for each in judged} == set(range(len(self.all)))
        return [self.all[each.key].quote for each in sorted(judged, key=lambda each: -each.score)]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How many ships does Varde have?", "| Varde |"),
        ("how many cranes are in ulm south", "| Ulm South |"),
        ("Marsk: ships?", "| Marsk |"),
    ],
)
def test_the_row_of_the_name_comes_first(question: str, row: str) -> None:
    assert row in Passages(TABLE).order(question)[0]


def test_a_name_may_share_its_characters_with_others() -> None:
    assert "| 白沙坝 |" in Passages(VILLAGES).order("白沙坝有多少人口")[0]
    assert "| 南湾堡 |" in Passages(VILLAGES).order("南湾堡人口")[0]


def test_nothing_changes_where_no_row_is_named_or_the_best_is_no_row_of_that_table() -> None:
    ports = Passages(TABLE)
    assert ports.order("Where do most ships go?") == [each.quote for each in ports.all]
    prose = Passages("Varde lies on the west coast, and many ships go there every week.", TABLE)
    assert prose.order("How many ships does Varde have?") == [each.quote for each in prose.all]
    others = Passages("| Lake | Depth |\n|---|---|\n| Onar | 5 |\n| Visk | 7 |\n", TABLE)
    assert others.order("How many ships does Varde have?") == [each.quote for each in others.all]


def test_names_of_columns_are_no_names_of_rows() -> None:
    table = "| Ships | Cranes |\n|---|---|\n" + "".join(
        f"| Vessel of line {number} | {number} |\n" for number in range(12)
    )
    passages = Passages(table)
    assert passages.order("Which ships have cranes?") == [each.quote for each in passages.all]


LEDGER = (
    "# Ledger\n\nThis ledger lists all devices.\n\n| Device | Room |\n|---|---|\n| Pump 3 | A12 |\n| Total | 41 |\n"
)


@pytest.mark.parametrize(
    ("question", "answer", "lacks"),
    [
        ("How many devices are there in total?", "This ledger lists all devices.", True),
        ("How many devices are there in all?", "| Pump 3 | A12 |", True),
        ("How many devices are there altogether?", "| Total | 41 |", False),
        ("How many rooms does pump 3 have in total?", "| Pump 3 | A12 |", False),
        ("In which room is pump 3?", "| Pump 3 | A12 |", False),
        ("一共有多少台设备", "| Pump 3 | A12 |", True),
        ("共有几台设备", "| Pump 3 | A12 |", True),
        ("什么是共有产权", "| Pump 3 | A12 |", False),
        ("Is smoking allowed in all rooms?", "| Pump 3 | A12 |", False),
        ("Где больше всего насосов?", "| Pump 3 | A12 |", False),
        ("Сколько всего насосов?", "| Pump 3 | A12 |", True),
    ],
)
def test_one_row_is_no_total(question: str, answer: str, lacks: bool) -> None:
    split = make_splitter(SplitterSettings(), lambda texts: [1] * len(texts), 512)
    (passage,) = split(make_document(LEDGER, source="a.md"))
    start = passage.start + passage.quote.index(answer)
    assert lacks_total(question, passage, Span(start, start + len(answer)), True) is lacks
    assert not lacks_total(question, passage, None, True)
    assert not (answer.startswith("|") and lacks_total(question, passage, Span(start, start + len(answer)), False))


def test_a_sentence_that_speaks_of_a_total_answers_in_words_too() -> None:
    split = make_splitter(SplitterSettings(), lambda texts: [1] * len(texts), 512)
    said = "Insgesamt ein Dutzend."
    (passage,) = split(make_document(LEDGER.replace("This ledger lists all devices.", said), source="a.md"))
    start = passage.start + passage.quote.index(said)
    assert not lacks_total("Wie viele sind es insgesamt?", passage, Span(start, start + len(said)), True)


def test_a_bar_in_a_name_is_of_the_name() -> None:
    split = make_splitter(SplitterSettings(), lambda texts: [1] * len(texts), 512)
    text = "| Line | Ships |\n|---|---|\n| Ulm \\| Varde | 9 |\n| Marsk | 7 |\n"
    (passage,) = split(make_document(text, source="a.md"))
    assert not rows_named("How many ships has Ulm?", passage, 0)
    assert rows_named("How many ships are on Ulm | Varde?", passage, 0)


def test_a_total_in_prose_is_answered_as_any_other() -> None:
    split = make_splitter(SplitterSettings(), lambda texts: [1] * len(texts), 512)
    (passage,) = split(make_document("The harbour has cranes of all kinds.", source="a.md"))
    assert not lacks_total("How many cranes are there in total?", passage, Span(passage.start, passage.end), True)


def test_the_row_of_the_name_is_marked_unless_a_sentence_is_about_it() -> None:
    split = make_splitter(SplitterSettings(), lambda texts: [1] * len(texts), 512)
    text = "Unit: tonnes. Varde is dredged in May.\n\n| Port | Ships |\n|---|---|\n| Varde North | 9 |\n| Varde | 7 |\n"
    (passage,) = split(make_document(text, source="a.md"))
    said = [span.of(text) for span in passage.sentences]
    row = frozenset({said.index("| Varde | 7 |")})
    assert rows_named("How many ships has Varde?", passage, 0) == row
    assert rows_named("How many ships has Varde?", passage, said.index("| Varde North | 9 |")) == row
    assert not rows_named("When is Varde dredged?", passage, said.index("Varde is dredged in May."))
    assert rows_named("How many ships has Varde?", passage, said.index("| Varde | 7 |")) == row
    assert not rows_named("Where are most ships?", passage, 0)
