"""What tests of copying share: documents with passages and features, all that a store holds, and a copy of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.document import Document, make_document
from corpus.passage import Passage
from corpus.store.columns import whole_checksum
from corpus.store.copied import Copied, Side
from corpus.store.copying import Copying
from corpus.store.job import JobState
from corpus.store.originals import Original
from corpus.store.stored import Features
from corpus.store.truth import Reader, Truth
from tests.store_fixtures import delete, passage_of, put, read

SOURCE, TARGET = "the source", "the target"


def same_model(notes: Mapping[str, str], others: Mapping[str, str]) -> bool:
    return notes.get("model") == others.get("model")


def features_of(text: str) -> Features:
    data = text.encode()
    return Features(data, data * 2, data * 40, bytes([len(data) % 251]), data[::-1], (1931, 2024))


def document_of(number: int, text: str = "") -> tuple[Document, list[Passage], list[Features]]:
    """Return a document of some sentences, with a passage of each."""
    text = text or f"渡口 {number} opens at dawn. 🚢 It closes at dusk.\n\nBoat {number} carries {number * 7} lamps."
    document = make_document(text, source=f"{number}.txt", synonyms={"boat": ("船",)}, metadata={"number": number})
    half = len(text) // 2
    spans = ((0, half), (half, len(text)))
    passages = [passage_of(document, f"p{number}-{start}", start, end, f"boat {start}") for start, end in spans]
    return document, passages, [features_of(each.quote) for each in passages]


def fill(store: Truth, numbers: Sequence[int], model: str = "one") -> None:
    with store.writing() as writer:
        writer.set_meta("model", model)
        for number in numbers:
            writer.put(*document_of(number), path=Path(f"/files/{number}.txt"))


def copy(source: Truth, target: Truth, *, replacing: bool = False) -> Copied:
    work = Copying(Side(SOURCE, source), Side(TARGET, target), same_model, replace=replacing)
    for _ in work.run():
        pass
    return work.copied


def held(truth: Truth) -> object:
    """Return all that a store holds, numbers that it gives aside."""

    def look(reader: Reader) -> object:
        ids = reader.document_ids()
        return (
            [reader.document(each) for each in ids],
            [
                [(kept.passage, kept.features, whole_checksum(kept.checksum)) for kept in reader.passages_of(each)]
                for each in ids
            ],
            [reader.originals.find(each) for each in ids],
            reader.document_paths(),
            {name: value for name, value in reader.comparing.notes().items() if value},
            [(each, reader.uploads.content(each.upload_id)) for each in reader.uploads.all()],
            [
                (replace(each, state=JobState.QUEUED, passages=0), reader.jobs.content(each.job_id))
                for each in reader.jobs.open()
            ],
            replace(reader.state(), sequence=0),
        )

    return read(truth, look)


def order(truth: Truth) -> list[str]:
    """Return the passages in the order of their keys."""
    return read(truth, lambda reader: [each.passage_id for each in reader.passages(reader.keys()).values()])


def act(store: Truth, number: int, what: str) -> None:
    document, passages, features = document_of(number, "" if what == "put" else f"Other words of {number}. {what}.")
    with store.writing() as writer:
        there = writer.document_sequence(document.document_id) is not None
        if what == "delete":
            if there:
                writer.delete(document.document_id)
        else:
            writer.put(document, passages, features)
            if what == "file":
                writer.originals.keep(document.document_id, Original("text/plain", bytes([number])))


def change(store: Truth) -> None:
    """Do everything that can be done to a store: a new document, a new version, one less."""
    document, passages, features = document_of(2, "Boat 2 is now a ferry. It is blue.")
    put(store, document, passages, features)
    delete(store, document_of(1)[0].document_id)
    put(store, *document_of(99))
