"""The vector index: FAISS over the passages' vectors, each under the key of its passage.

Inner products of unit vectors, so cosines. Up to some size every vector is looked at. From there on vectors are kept
in clusters, of which the nearest to a question are looked at (IVF; Sivic and Zisserman, 2003), at the precision of the
store, sixteen bits a number.
"""

from collections.abc import Callable, Iterator
from math import log2, sqrt
from mmap import mmap
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors

Keys = NDArray[np.int64]

# From so many vectors on, looking at all of them takes about as long as a tenth of encoding the question.
CLUSTERED_FROM = 25_000
GROWTH = 4  # an index with clusters is clustered anew when it holds so many times what they were made for
RECALL = 0.99  # of the ten nearest, how many the clusters looked at must hold
QUESTIONS = 200  # by which that is measured
SAMPLE = 10_000  # vectors, of which they are made
MOST_MORE = 2  # times as many clusters to look at as before, and new ones are made
PER_CLUSTER = 40  # vectors the clusters are made from
SPARSE = 100  # a key so many times higher than keys are held makes bits for all of them too many
SEED = 20261122


class DenseIndex:
    """Unit vectors by key."""

    def __init__(self, dimension: int, clustered_from: int | None = None) -> None:
        """Make an empty index.

        Args:
            dimension: of the vectors.
            clustered_from: from how many vectors on `clustered` is worth its time, `CLUSTERED_FROM` if `None`.
        """
        self._clustered_from = CLUSTERED_FROM if clustered_from is None else clustered_from
        self._index: Any = faiss.IndexIDMap(faiss.IndexFlatIP(dimension))
        self._data: NDArray[np.uint8] | None = None  # in which its vectors stand, if it was read and not changed since
        self._moved = False  # whether vectors came or went since it was made or read

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def clusters(self) -> int:
        """How many clusters there are, 0 where every vector is looked at."""
        return int(self._index.nlist) if isinstance(self._index, faiss.IndexIVF) else 0

    @property
    def probes(self) -> int:
        """How many clusters a search looks at, 0 where there are none."""
        return int(self._index.nprobe) if self.clusters else 0

    @probes.setter
    def probes(self, probes: int) -> None:
        if self.clusters:
            self._index.nprobe = probes

    @property
    def outgrown(self) -> bool:
        """Whether there are so many vectors more, or less, that `settled` would be another index."""
        if not self.clusters:
            return len(self) >= self._clustered_from
        made_for = (self.clusters / 4) ** 2
        return len(self) < self._clustered_from or not made_for / GROWTH < len(self) < made_for * GROWTH

    def keys(self) -> Keys:
        """Return the keys held, in no order."""
        return np.concatenate([np.empty(0, np.int64), *(keys for keys, _ in self.held())])

    def held(self) -> Iterator[tuple[Keys, Vectors]]:
        """Yield all keys with their vectors, in no order, some at a time."""
        if not self.clusters:
            if len(self):
                yield faiss.vector_to_array(self._index.id_map), self._index.index.reconstruct_n(0, len(self))
            return
        dimension, lists = self._index.d, self._index.invlists
        for cluster in range(self.clusters):
            count = lists.list_size(cluster)
            if count:
                codes = faiss.rev_swig_ptr(lists.get_codes(cluster), count * lists.code_size)
                keys = np.array(faiss.rev_swig_ptr(lists.get_ids(cluster), count))
                yield keys, codes.view(np.float16).reshape(count, dimension).astype(np.float32)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Add vectors of shape `(len(keys), dimension)` under keys that are not held yet."""
        if len(keys):
            self._own()
            self._moved = True
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)

    def remove(self, keys: Keys) -> None:
        """Remove the vectors of these keys; keys that are not held are ignored."""
        if len(keys):
            self._own()
            self._moved = True
            self._index.remove_ids(keys)

    def search(self, vector: Vectors, k: int, among: Keys | None = None) -> list[tuple[int, float]]:
        """Return the `k` nearest keys with their cosines, nearest first, ties by key.

        Args:
            vector: the question's, shape `(dimension,)`.
            k: how many; fewer come back where fewer are held.
            among: the only keys wanted, all if `None`; then no cluster is passed over.
        """
        k = min(k, len(self) if among is None else len(among))
        if k == 0:
            return []
        faiss.omp_set_num_threads(1)  # OpenMP keeps this for each thread; the others of a question would spin
        parameters = None if among is None else self._only(among)
        scores, keys = self._index.search(vector.reshape(1, -1), k, params=parameters)
        # FAISS pads with -1 what it does not find.
        hits = zip(keys[0].tolist(), scores[0].tolist(), strict=True)
        found = [(key, score) for key, score in hits if key >= 0]
        if len(found) < k and among is None:  # the clusters looked at hold fewer
            return self.search(vector, k, self.keys())
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def settled(self) -> "DenseIndex":
        """Return an index of the same vectors that is as quick as it can be and finds what it must.

        What it takes to find `RECALL` is measured anew where vectors came or went. Where it has become much more, the
        vectors are others than the clusters were made for, and new clusters are made.
        """
        if len(self) < self._clustered_from:
            return self._copied_into(DenseIndex(int(self._index.d), self._clustered_from)) if self.clusters else self
        if self.outgrown:
            return self.clustered()
        if self._moved:
            before, sample = self.probes, self._sample(min(1.0, SAMPLE / len(self)))
            self.probes = _enough_probes(self._index, sample)
            self._moved = False
            if self.probes > MOST_MORE * before:
                return self.clustered()
        return self

    def clustered(self) -> "DenseIndex":
        """Return an index of the same vectors in clusters; at 100,000 it takes seconds, at a million minutes."""
        count, dimension = len(self), int(self._index.d)
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension),
            dimension,
            2 ** round(log2(4 * sqrt(count))),
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
            False,  # what is kept is the vector, not how it differs from its cluster
        )
        index.cp.seed, index.cp.spherical, index.cp.max_points_per_centroid = SEED, True, PER_CLUSTER
        sample = self._sample(min(1.0, 1.1 * PER_CLUSTER * index.nlist / count))
        index.train(sample)
        other = DenseIndex(dimension, self._clustered_from)
        other._index = index
        self._copied_into(other)
        index.nprobe = _enough_probes(index, sample)
        return other

    def _sample(self, share: float) -> Vectors:
        """Return a share of the vectors, drawn at random."""
        random = np.random.default_rng(SEED)
        return np.concatenate([vectors[random.random(len(vectors)) < share] for _, vectors in self.held()])

    def _copied_into(self, other: "DenseIndex") -> "DenseIndex":
        for keys, vectors in self.held():
            other.add(keys, vectors)
        other._moved = False
        return other

    def _only(self, among: Keys) -> Any:
        selector = self._selector(among)
        if self.clusters:
            return faiss.SearchParametersIVF(sel=selector, nprobe=self.clusters)  # type: ignore[call-arg]
        return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # set by faiss in Python

    def _selector(self, among: Keys) -> Any:
        """Return what tells the keys wanted from others: a bit for each key, which takes many keys as fast as few."""
        bits = int(among.max()) + 1
        if bits > SPARSE * len(self):
            return faiss.IDSelectorBatch(among)
        wanted = np.zeros(bits, np.bool_)
        wanted[among] = True
        return faiss.IDSelectorBitmap(np.packbits(wanted, bitorder="little"))  # type: ignore[call-arg, arg-type] # likewise

    def copy(self) -> "DenseIndex":
        """Return an index of the same vectors; what comes and goes in one does not in the other."""
        other = DenseIndex(int(self._index.d), self._clustered_from)
        other._index, other._data, other._moved = faiss.clone_index(self._index), self._data, self._moved
        return other

    def _own(self) -> None:
        """Take vectors out of what they were read from, before any is changed; a million take a third of a second."""
        if self._data is not None:
            # In pieces; `faiss.deserialize_index` has all of it in memory once more, and takes twice as long.
            reader = faiss.PyCallbackIOReader(_pieces(self._data.data))  # type: ignore[attr-defined] # the stubs lack it
            self._index, self._data = faiss.read_index(reader), None

    def to_bytes(self) -> bytes:
        """Return the index as `from_bytes` reads it."""
        data: bytes = faiss.serialize_index(self._index).tobytes()
        return data

    @classmethod
    def from_bytes(cls, data: bytes | mmap, dimension: int, clustered_from: int | None = None) -> "DenseIndex | None":
        """Return the index in bytes whose digest was checked, `None` if it is of another dimension.

        Vectors are looked at where they stand until some come or go, so processes share those of a mapped file. FAISS
        believes whatever it reads, and stops the process where dimensions differ, or where it would change such a view.
        """
        index = cls(dimension, clustered_from)
        index._data = np.frombuffer(data, dtype=np.uint8)
        reader = faiss.ZeroCopyIOReader(  # type: ignore[attr-defined] # the stubs lack it
            faiss.swig_ptr(index._data), index._data.nbytes
        )
        index._index = faiss.read_index(reader)
        return index if index._index.d == dimension else None


def _pieces(data: memoryview) -> Callable[[int], bytes]:
    """Return what reads so many bytes on each call, from the first to the last."""
    place = 0

    def read(size: int) -> bytes:
        nonlocal place
        piece = bytes(data[place : place + size])
        place += len(piece)
        return piece

    return read


def _enough_probes(index: Any, sample: Vectors) -> int:
    """Return how many clusters to look at for the recall wanted.

    It is measured by sums of two vectors drawn at random. Questions lie aside of the passages, and passages themselves
    would be found with fewer clusters; on XQuAD such a sum needs as many as a question.

    Args:
        index: all vectors in their clusters.
        sample: some of them.
    """
    drawn = sample[np.random.default_rng(SEED).integers(len(sample), size=(2, QUESTIONS))]
    questions = drawn[0] + drawn[1]
    index.nprobe = index.nlist
    _, nearest = index.search(questions, 10)
    probes = max(1, index.nlist // 64)
    while probes < index.nlist:
        index.nprobe = probes
        _, found = index.search(questions, 10)
        if np.mean([np.isin(wanted, got).mean() for wanted, got in zip(nearest, found, strict=True)]) >= RECALL:
            break
        probes += max(1, probes // 4)
    return int(min(probes, index.nlist))
