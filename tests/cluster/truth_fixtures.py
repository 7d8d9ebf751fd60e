"""Documents that try what a database may get wrong, and all that a reader of a store tells."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from corpus.document import Document, DocumentFacts, make_document
from corpus.parts import Part, PartKind
from corpus.passage import Page, Passage, Quotation, Span
from corpus.store.columns import whole_checksum
from corpus.store.job import JobState
from corpus.store.large import Large
from corpus.store.stored import Features, Key, Selection, Years
from corpus.store.truth import Reader
from index.models.vectors import STORED
from index.terms.packing import pack_terms

# Equal but for what a database may overlook: spaces at the end, case, composition, NUL, code points beyond the first
# plane, quotes, marks of values; and one as long as an id may be.
IDS = ("a", "a ", "A", "á", "a\u0301", "a\0", "𝒳", "'\"\\", "%s", "船" * 200)
TEXTS = ("", "a", "Ein Kai, 泊位三十六个, 🚢🚢.\n" * 3, "x" * 262_143 + "泊位🚢", "ＦＵＬＬ straße ẞ\t\\ ' \" %s\r\n")
PATHS = ("/a/b.md", "/a/B.md", "/船/c d.md", "/" + "long/" * 60 + "e.md")
SELECTIONS = (
    Selection(words="SS"),
    Selection(words="%"),
    Selection(language="en"),
    Selection(language="EN", source="aß.md"),
    Selection(source="A.md"),
)


def document_of(document_id: str, text: str, number: int) -> Document:
    return make_document(
        text,
        source=f"{document_id[:3]}{'ß' * number}.md",
        document_id=document_id,
        title=text[:40].replace("\n", " ") or None,
        language=("en", "EN", "zh", "und")[number],
        published=(None, "2026", "2026-04", "2026-04-16")[number],
        url=None if number else "",
        author=None if number % 2 else "某 ",
        metadata={"tags": ["甲", 1], "nested": {"a": None}, "null": "\0"} if number else {},
        synonyms={"船": ("boat", "舟")} if number == 2 else {},
        parts=(Part(label="i"), Part(PartKind.SHEET, "表", 0.5, ((0, 1), (4, 9)))) if number == 3 else (),
    )


def passages_of(document: Document, number: int) -> tuple[list[Passage], list[Features]]:
    """So many passages of a document, with all that passages may have."""
    passages = [
        Passage(
            f"p_{document.document_id}_{document.sha256[:8]}_{each}",
            document.document_id,
            each,
            each + 3,
            document.text[each : each + 3],
            "t ",
            ("茶", ""),
            f"searched {each}",
            (Span(0, 1),),
            (Page(0, 3, "iv"), Page(2, 4)),
            Quotation(0, 1, "#") if each else None,
        )
        for each in range(number)
    ]
    vector = np.array([1, 0, 0, 0], STORED).tobytes()
    features = [
        Features(vector, bytes(range(256)), b"", b"\0'\\%s", pack_terms({"茶": each + 1, "boat": 1}), (2022, each))
        for each in range(number)
    ]
    return passages, features


def everything(reader: Reader) -> dict[str, Any]:
    """All that a reader tells."""
    found = reader.document_ids()
    keys = reader.keys()
    return {
        "state": reader.state(),
        "sequence": reader.sequence(),
        "keys": keys,
        "documents": [reader.document(each) for each in found],
        "stored": [
            [replace(stored, checksum=whole_checksum(stored.checksum)) for stored in reader.passages_of(each)]
            for each in found
        ],
        "texts": [reader.text(each, 1, 262_144) for each in found],
        "places": [reader.large.place(each, 2, 262_145) for each in found],
        "sizes": [reader.large.size(kind, each) for each in found for kind in Large],
        "pieces": [reader.large.piece(kind, each, 3, 262_144) for each in found for kind in Large],
        "known": [
            (reader.document_sequence(each), reader.document_path(each), reader.document_checksum(each)) for each in IDS
        ],
        "counts": [reader.count_passages(each) for each in IDS],
        "facts": reader.facts(IDS),
        "facets": in_order(reader.facets()),
        "some facets": in_order(reader.facets(IDS[:3])),
        "paths": reader.document_paths(),
        "changes": [reader.changes(since) for since in range(reader.sequence() + 1)],
        "summaries": reader.summaries(3, "a"),
        "selected": [reader.summaries(9, "", each) for each in SELECTIONS],
        "ids": reader.document_ids("a", "船", 2, back=True),
        "cited": reader.cited(keys),
        "dates": reader.dates(keys),
        "synonyms": reader.synonyms(keys),
        "vectors": reader.vectors(keys),
        "tokens": reader.tokens(keys),
        "terms": reader.terms(keys),
        "searched": reader.search_texts(keys),
        "originals": [reader.originals.find(each) for each in IDS],
        "bytes": (reader.originals.sizes(IDS), reader.originals.total()),
        "uploads": (reader.uploads.all(), reader.uploads.total(), reader.uploads.created(IDS)),
        "contents": [reader.uploads.content(each) for each in IDS],
        "jobs": (
            reader.jobs.last(9),
            reader.jobs.last(2, JobState.FAILED),
            reader.jobs.open(),
            reader.jobs.count_open(),
        ),
        "unstored": [reader.jobs.unstored(), *(reader.jobs.unstored(each) for each in IDS)],
        "beginning": reader.jobs.beginning("a"),
        "files": [reader.jobs.content(each) for each in IDS],
        "notes": [reader.meta(each) for each in IDS],
        "derived": [reader.derived(each) for each in IDS],
        "errors": reader.integrity_errors(),
    }


def in_order(facets: Iterable[tuple[DocumentFacts, dict[Key, Years]]]) -> list[tuple[DocumentFacts, dict[Key, Years]]]:
    """Facets by the keys of their passages, and those without passages, whose order is not said, by their ids."""
    return sorted(facets, key=lambda each: (min(each[1], default=10**9), each[0].document_id))
