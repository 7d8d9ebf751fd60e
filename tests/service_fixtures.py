"""What the tests of the service and the command line share: a small corpus, its index, encoders that misbehave."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore

from corpus.document import make_document
from corpus.store.sqlite import Store
from index.cutting import Entry
from index.local.index import LocalIndex
from index.models.encoder import Encoded, EncoderSpec
from index.models.hashing import HashEncoder
from index.syncing import index_paths
from index.writer import Indexer
from service.settings import Settings

HARBOUR = """---
title: 海湾渔港改造通报
publisher: 海湾日报
published: 2024-05-06
rating: 5
---
# 渔港改造 🚢

2024年，海湾渔港完成改造，新增泊位36个，可停靠渔船

420艘。改造费用为14。24亿元，其中财政拨款1.8亿元。沿岸居民的搬迁于当年9月完成。

## 渔民培训

合作社为1500名渔民开设了航海与急救课程，每期为期两周。
"""
LIGHTHOUSE = """The lighthouse keepers

In 1931 the lighthouse at Grey Point was staffed by three keepers. Each of them stood watch for eight hours.
The lamp burned 14 litres of paraffin a night. It was electrified in 1958.
"""
LIBRARY = """---
title: The travelling library
published: "2023"
url: https://example.org/library
author: A. Reader
---
The travelling library owns 6200 books and visits 19 villages. A visit lasts two hours.
"""
FILES = {"harbour.md": HARBOUR, "lighthouse.txt": LIGHTHOUSE, "library.md": LIBRARY}

READ_KEY = "a-key-that-may-read"
WRITE_KEY = "a-key-that-may-write"


def write_files(folder: Path, files: dict[str, str] = FILES) -> Path:
    """Write a small corpus into a folder and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def make_index(base: Path, files: dict[str, str] = FILES) -> Path:
    """Index a small corpus and return the data folder."""
    data_dir = base / "data"
    with Store.open(data_dir, create=True) as store:
        indexer = Indexer(store, HashEncoder())
        list(index_paths(store, indexer, [write_files(base / "files", files)]))
        LocalIndex(store, indexer.manifest, data_dir).save()
    return data_dir


def unservable(folder: Path) -> Path:
    """Return a data folder that can never be: its parent is a file."""
    parent = folder / "a-file"
    parent.touch()
    return parent / "data"


def put_text(data_dir: Path, text: str, source: str) -> str:
    """Add a document as another process would, and return its id."""
    with Store.open(data_dir) as store:
        (indexed,) = Indexer(store, HashEncoder()).add([Entry(make_document(text, source=source))])
    return indexed.document.document_id


def settings_of(
    data_dir: Path, *, searches: int = 2, waiting: int = 64, read_keys: str = "", write_keys: str = ""
) -> Settings:
    """Return settings that do not depend on the environment."""
    return Settings(
        data_dir=data_dir,
        model="hash",
        host="127.0.0.1",
        port=0,
        searches=searches,
        waiting=waiting,
        read_keys=read_keys,
        write_keys=write_keys,
    )


class OtherEncoder(HashEncoder):
    """The hash encoder under another name, so another model."""

    @property
    def spec(self) -> EncoderSpec:
        return replace(super().spec, name="other")


class GatedEncoder(HashEncoder):
    """Answers only while its gate is open."""

    def __init__(self) -> None:
        self.gate = Event()
        self.gate.set()
        self.entered = Semaphore(0)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        self.entered.release()
        if not self.gate.wait(timeout=30):
            raise TimeoutError("the test never opened the gate")
        return super().encode_queries_with_tokens(texts)


class FailingEncoder(HashEncoder):
    """Fails in a way that nobody foresaw when asked a certain question."""

    FATAL = "what nobody foresaw"
    SECRET = "the secret of /home/operator/model.bin"

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        if self.FATAL in texts:
            raise RuntimeError(self.SECRET)
        return super().encode_queries_with_tokens(texts)


def without_space(text: str | Iterable[str]) -> str:
    """Return text without any white space."""
    return "".join("".join(text).split())
