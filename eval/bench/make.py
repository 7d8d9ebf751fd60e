"""`python -m eval bench-make`: data folders of many passages, for the benchmarks that search them.

Only the real passages are embedded; the vectors of made-up ones follow from theirs.
"""

import json
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from itertools import count as counting
from pathlib import Path
from time import perf_counter
from typing import Annotated

import numpy as np
import typer

from corpus.document import Document, make_document
from corpus.passage import Passage, passage_id_of
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.store.sqlite import Store
from eval.bench.passages import LONGEST, Neighbourhood, Text, joined, real_texts
from eval.bench.runner import HELD, MADE, SMALL, CacheOption, FolderOption, PassagesOption, SetsArgument, folder_name
from eval.files import write_text
from eval.remembering_encoder import Known, RememberingEncoder
from eval.sets.reading import read_question_set
from index.models.encoder import Encoder, ModelChoice, Vectors
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder

TEXTS, VECTORS = "texts.json", "vectors.npy"  # of all passages of a folder, for stacks that are not ours
REAL = "real.npz"  # the vectors and origins of the real passages
BETWEEN = "\n\n"
PER_DOCUMENT = 10  # passages, as an article of the press has
TOGETHER = 50  # documents put in
BATCH = 256  # texts embedded together

LongestOption = Annotated[int, typer.Option(help="Characters that a made-up passage has at most.", min=1)]


def bench_make(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: PassagesOption = None,
    longest: LongestOption = LONGEST,
    cache_dir: CacheOption = None,
) -> None:
    """Make data folders of 89 to 100,000 passages: real ones first, then ones made up of them."""
    wanted = [
        each for each in passages or [SMALL, 1_000, 10_000, HELD] if not (folder / folder_name(each) / MADE).exists()
    ]
    if wanted:
        encoder = load_encoder(ModelChoice(DEFAULT_MODEL), cache_dir or default_cache_dir())
        maker = Maker(encoder, sets, folder, longest)
        for count in wanted:
            typer.echo(f"{folder_name(count)}: {json.dumps(maker.make(count))}", err=True)


class KnownEncoder(RememberingEncoder):
    """Remembers tokens at half their precision.

    Attributes:
        told: the vector of each passage that is not to be encoded, and those of its tokens.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder, np.float16)
        self.told: Known = {}
        self._passages = ChainMap(self.known, self.told)


class Maker:
    """Makes data folders below a folder, of the paragraphs of some sets."""

    def __init__(self, encoder: Encoder, sets: Sequence[Path], folder: Path, longest: int = LONGEST) -> None:
        """Embed the real passages, and leave their vectors in the folder."""
        self._encoder, self._folder, self._longest = KnownEncoder(encoder), folder, longest
        split = make_splitter(SplitterSettings(), encoder.count_passage_tokens, encoder.spec.max_tokens)
        self._texts = real_texts(map(read_question_set, sets), split)
        searched = [text.search_text for text in self._texts]
        for start in range(0, len(searched), BATCH):
            self._encoder.encode_passages_with_tokens(searched[start : start + BATCH])
        vectors = np.stack([self._encoder.known[text][0] for text in searched])
        self._known = Neighbourhood(vectors, np.array([text.origin for text in self._texts], dtype=np.int64))
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / REAL, vectors=vectors, origins=self._known.origins)

    def make(self, count: int) -> dict[str, float]:
        """Write a data folder of `count` passages with its indexes, and return what it consists of."""
        from index.cutting import Entry
        from index.opening import open_index  # only now: it loads FAISS
        from index.writer import Indexer

        started, data_dir = perf_counter(), self._folder / folder_name(count)
        texts = islice(chain(self._texts, self._made_up(max(0, count - len(self._texts)))), count)
        documents = map(_document, iter(lambda: list(islice(texts, PER_DOCUMENT)), []), counting())
        searched: list[str] = []
        vectors: list[Vectors] = []
        with Store.open(data_dir, create=True) as store:
            while some := list(islice(documents, TOGETHER)):
                cut = {document.document_id: passages for document, passages in some}
                indexer = Indexer(store, self._encoder, split=partial(_cut, cut))
                list(indexer.add(Entry(document) for document, _ in some))
                new = [passage.search_text for _, passages in some for passage in passages]
                searched += new
                vectors.append(self._encoder.encode_passages_with_tokens(new).vectors)
                self._encoder.told.clear()
        with open_index(data_dir, lambda name: self._encoder) as index:
            index.index.save()
        plain_folder(data_dir).mkdir(exist_ok=True)
        np.save(plain_folder(data_dir) / VECTORS, np.concatenate(vectors))
        write_text(plain_folder(data_dir) / TEXTS, json.dumps(searched, ensure_ascii=False))
        size = sum(file.stat().st_size for file in data_dir.iterdir())
        seconds, real = perf_counter() - started, min(count, len(self._texts))
        facts = {"passages": count, "real": real, "seconds": seconds, "bytes": size, "longest": self._longest}
        write_text(data_dir / MADE, json.dumps(facts, indent=2) + "\n")
        return facts

    def _made_up(self, count: int) -> Iterator[Text]:
        """Yield made-up passages, and tell the encoder their vectors; of tokens they have a half of each."""
        for pair, vector in zip(*self._known.between(count), strict=True) if count else ():
            first, second = (self._texts[place] for place in pair)
            (_, head, rare), (_, tail, rarer) = (self._encoder.known[each.search_text] for each in (first, second))
            text = joined(first, second, self._longest)
            share = min(1.0, 2 * len(text.text) / (len(first.text) + len(second.text)))  # of both halves, that is kept
            tokens, rarities = (
                np.concatenate([_part(one[: len(one) // 2], share), _part(other[len(other) // 2 :], share)])
                for one, other in ((head, tail), (rare, rarer))
            )
            self._encoder.told[text.search_text] = vector, tokens, rarities
            yield text


def plain_folder(data_dir: Path) -> Path:
    """Return the folder beside a data folder that holds texts and vectors of its passages."""
    return data_dir.with_name(f"{data_dir.name}-plain")


def read_neighbourhood(folder: Path) -> Neighbourhood:
    """Return the vectors of the real passages that a maker has left in a folder."""
    with np.load(folder / REAL, allow_pickle=False) as arrays:
        return Neighbourhood(arrays["vectors"], arrays["origins"])


def _part(rows: Vectors, share: float) -> Vectors:
    return rows[: max(1, round(share * len(rows)))]


def _cut(passages: Mapping[str, list[Passage]], document: Document) -> list[Passage]:
    return passages[document.document_id]


def _document(texts: Sequence[Text], number: int) -> tuple[Document, list[Passage]]:
    """Return a document that consists of some texts, and its passages."""
    document, start = make_document(BETWEEN.join(text.text for text in texts), source=f"{number:06}.txt"), 0
    passages: list[Passage] = []
    for text in texts:
        passage_id, end = passage_id_of(document.document_id, text.text, len(passages)), start + len(text.text)
        reading, spans = reading_text(text.text), tuple(text.spans(start))
        passages.append(
            Passage(passage_id, document.document_id, start, end, text.text, reading, (), text.search_text, spans)
        )
        start = end + len(BETWEEN)
    return document, passages
