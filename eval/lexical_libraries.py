"""Libraries that one might take instead of our lexical engine. All but SQLite come with the extra `bench`."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from eval.lexical_engines import LexicalEngine, NoUpdate, Terms, Wherefrom, WherefromWhole, plain_terms
from index.local.bm25 import K1, B, LexicalQuestion


class SqliteFts5:
    """SQLite's full-text index; it takes the terms as words of a text."""

    module: ClassVar[str] = "sqlite3"

    def build(self, folder: Path, passages: Iterable[Terms]) -> None:
        """Index passages and keep the index in a folder."""
        self.open(folder)
        with self._connection:
            self._connection.execute(
                "CREATE VIRTUAL TABLE passages USING fts5(terms, tokenize=\"ascii tokenchars '.'\")"
            )
            rows = ((number, " ".join(terms)) for number, terms in enumerate(passages))
            self._connection.executemany("INSERT INTO passages (rowid, terms) VALUES (?, ?)", rows)
        self._connection.close()

    def open(self, folder: Path) -> None:
        """Open the index of a folder for questions."""
        import sqlite3

        self._connection = sqlite3.connect(folder / "index.sqlite3")

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        wanted = " OR ".join(f'"{term}"' for term in plain_terms(question))
        query = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return [number for (number,) in self._connection.execute(query, (wanted, k))]

    def replace(self, passages: Mapping[int, Terms], first: int) -> None:
        """Put other passages, numbered from `first`, in the place of some."""
        with self._connection:
            self._connection.executemany("DELETE FROM passages WHERE rowid = ?", [(number,) for number in passages])
            rows = [(first + place, " ".join(terms)) for place, terms in enumerate(passages.values())]
            self._connection.executemany("INSERT INTO passages (rowid, terms) VALUES (?, ?)", rows)


class Tantivy:
    """Tantivy, a search engine in Rust after the design of Lucene."""

    module: ClassVar[str] = "tantivy"

    HEAP = 200_000_000  # bytes, for one thread

    def build(self, folder: Path, passages: Iterable[Terms]) -> None:
        """Index passages and keep the index in a folder."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True, indexed=True)
        builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
        self._index = self._with_tokenizer(tantivy.Index(builder.build(), path=str(folder)))
        writer = self._index.writer(self.HEAP, 1)
        for number, terms in enumerate(passages):
            writer.add_document(tantivy.Document(number=number, terms=" ".join(terms)))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        """Open the index of a folder for questions."""
        import tantivy

        self._index = self._with_tokenizer(tantivy.Index.open(str(folder)))
        self._searcher = self._index.searcher()

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        from tantivy import Occur, Query

        terms = [Query.term_query(self._index.schema, "terms", term) for term in plain_terms(question)]
        found = self._searcher.search(Query.boolean_query([(Occur.Should, term) for term in terms]), k, count=False)
        return [self._searcher.doc(address)["number"][0] for _, address in found.hits]

    def replace(self, passages: Mapping[int, Terms], first: int) -> None:
        """Put other passages, numbered from `first`, in the place of some."""
        import tantivy

        writer = self._index.writer(self.HEAP, 1)
        for number in passages:
            writer.delete_documents_by_term("number", number)
        for place, terms in enumerate(passages.values()):
            writer.add_document(tantivy.Document(number=first + place, terms=" ".join(terms)))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    @staticmethod
    def _with_tokenizer(index: Any) -> Any:
        import tantivy

        index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        return index


class BuiltAnew:
    """What engines share that know no update."""

    def replace(self, passages: Mapping[int, Terms], first: int) -> None:
        """Refuse.

        Raises:
            NoUpdate: always.
        """
        raise NoUpdate


class Bm25s(BuiltAnew):
    """bm25s: scores worked out beforehand, in a sparse matrix, added up by compiled code. It knows no update."""

    module: ClassVar[str] = "bm25s"

    def build(self, folder: Path, passages: Iterable[Terms]) -> None:
        """Index passages and keep the index in a folder."""
        import bm25s

        index = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numba")
        index.index(list(passages), show_progress=False)
        index.save(folder, show_progress=False)

    def open(self, folder: Path) -> None:
        """Open the index of a folder for questions, and compile what answers them."""
        import bm25s

        self._index = bm25s.BM25.load(folder)
        vocabulary = json.loads((folder / "vocab.index.json").read_text(encoding="utf-8"))
        self._known = frozenset(vocabulary)
        self.ask(LexicalQuestion([next(iter(vocabulary))], ()), 1)

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        terms = [term for term in plain_terms(question) if term in self._known]
        found, _ = self._index.retrieve([terms], k=k, show_progress=False, n_threads=1)
        return [int(number) for number in found[0]]


class RankBm25(BuiltAnew):
    """rank-bm25, what most tutorials take. It keeps nothing on disk and knows no update."""

    module: ClassVar[str] = "rank_bm25"

    def build(self, folder: Path, passages: Iterable[Terms]) -> None:
        """Keep the passages: the index is built when it is opened."""
        (folder / "passages.txt").write_text("\n".join(map(" ".join, passages)), encoding="utf-8")

    def open(self, folder: Path) -> None:
        """Build the index."""
        from rank_bm25 import BM25Okapi

        with (folder / "passages.txt").open(encoding="utf-8") as lines:
            self._index = BM25Okapi((line.split() for line in lines), k1=K1, b=B)

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        scores = self._index.get_scores(plain_terms(question))
        return [int(number) for number in (-scores).argsort(kind="stable")[:k]]


# What each engine is called in reports; the first is the one the others are compared with.
ENGINES: Mapping[str, type[LexicalEngine]] = {
    "wherefrom": Wherefrom,
    "wherefrom, whole": WherefromWhole,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
    "SQLite FTS5": SqliteFts5,
    "rank-bm25": RankBm25,
}
