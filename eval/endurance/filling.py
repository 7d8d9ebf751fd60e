"""A large folder, cheaply made: copies of some documents, each with vectors of its own; only the first are encoded."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from corpus.document import Document, make_document
from corpus.passage import Passage, passage_id_of
from corpus.store.sqlite import Store
from corpus.store.stored import Features
from eval.endurance.texts import write
from index.cutting import Entry
from index.models.hashing import DIMENSION, HashEncoder
from index.models.vectors import to_bytes
from index.writer import Indexer

ENCODED = 100  # documents whose features all others have, but for the vector
PARAGRAPHS = 10  # of each; most are a passage
TOGETHER = 500  # documents written in one block
SEED = 11


def fill(data_dir: Path, passages: int) -> int:
    """Make a data folder with at least so many passages, and return how many it has."""
    from index.local.threads import compute_with_one_thread  # only now: it loads FAISS
    from index.opening import open_index

    compute_with_one_thread()
    made = 0
    with Store.open(data_dir, create=True) as store:
        few = min(ENCODED, passages // PARAGRAPHS + 1)
        originals = [make_document(write(f"fill {n}", PARAGRAPHS).text, source=f"fill-{n}.txt") for n in range(few)]
        made += sum(each.passages for each in Indexer(store, HashEncoder()).add(map(Entry, originals)))
        with store.reading() as reader:
            known = [reader.passages_of(each.document_id) for each in originals]
        templates = [
            (document, [each.passage for each in stored], [each.features for each in stored])
            for document, stored in zip(originals, known, strict=True)
        ]
        copies = _copies(templates)
        while made < passages:
            with store.writing() as writer:
                for _ in range(min(TOGETHER, passages - made)):
                    document, cut, features = next(copies)
                    writer.put(document, cut, features)
                    made += len(cut)
    with open_index(data_dir, lambda choice: HashEncoder()) as opened:
        opened.index.save()
    return made


def _copies(
    templates: list[tuple[Document, list[Passage], list[Features]]],
) -> Iterator[tuple[Document, list[Passage], list[Features]]]:
    """Yield documents without end that differ from others in their ids and their random vectors."""
    random = np.random.default_rng(SEED)
    for number in count():
        document, passages, features = templates[number % len(templates)]
        name = f"copy-{number}"
        vectors = random.standard_normal((len(passages), DIMENSION), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        cut = [
            replace(each, document_id=name, passage_id=passage_id_of(name, each.quote, 0))  # none stands twice in it
            for each in passages
        ]
        own = [replace(each, vector=to_bytes(vector)) for each, vector in zip(features, vectors, strict=True)]
        yield replace(document, document_id=name, source=f"{name}.txt"), cut, own
