"""How documents and passages are laid out in columns, and the checksums that guard them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from corpus.document import Document, DocumentFacts
from corpus.errors import StoreDamaged
from corpus.parts import Part, PartKind, pairs_of, part_of
from corpus.passage import Page, Passage, Quotation, Span
from corpus.store.stored import Changes, Features, Key, StoredPassage

FACT_COLUMNS = "document_id, source, title, sha256, language, publisher, published, url, author, metadata"
PASSAGE_COLUMNS = (
    'passage_id, document_id, start, "end", quote, text, section, search_text, sentences, pages, table_header'
)
# All that is kept of a passage, and where.
STORED = (
    "checksum, vector, sentence_vectors, token_vectors, sentence_tokens, terms.terms, years, passage_id, document_id,"
    ' start, "end", quote, passages.text, section, search_text, sentences, pages, table_header'
)
STORED_IN = "passages JOIN vectors USING (key) JOIN tokens USING (key) JOIN terms USING (key)"
QUOTED = f"checksum, years, {PASSAGE_COLUMNS}"  # what is kept of one beside its features, in one table
BETWEEN = " "  # the checksum of all that is kept of a passage, and that of what is quoted
DIGEST_BYTES = 32
FACT_NAMES = FACT_COLUMNS.split(", ")


def fact_values(document: Document) -> list[str | None]:
    """Return what FACT_COLUMNS hold of a document."""
    return [
        document.document_id,
        document.source,
        document.title,
        document.sha256,
        document.language,
        document.publisher,
        document.published,
        document.url,
        document.author,
        json.dumps(dict(document.metadata), ensure_ascii=False, sort_keys=True),
    ]


def synonyms_value(document: Document) -> str:
    """Return the synonyms of a document as they are stored."""
    return json.dumps(dict(document.synonyms), ensure_ascii=False, sort_keys=True)


def page_labels_value(document: Document) -> str:
    """Return what is told of the parts of a document as it is stored: of plain pages their labels alone."""
    return json.dumps(
        [each.label if each == Part(label=each.label) else astuple(each) for each in document.parts], ensure_ascii=False
    )


def document_checksum(document: Document) -> str:
    """Return the digest of what is stored of a document beside its text, which has a digest of its own."""
    values = [*fact_values(document), synonyms_value(document), page_labels_value(document)]
    return sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def added_digest(digest: bytes, document_id: str, text_digest: str, checksum: str, sign: int) -> bytes:
    """Return the digest of a corpus with a document more (`sign` 1) or less (-1).

    The sum of all documents' digests modulo 2^256 (Bellare and Micciancio's AdHash, 1997), so the order is no matter.
    """
    own = sha256("\0".join((document_id, text_digest, checksum)).encode()).digest()
    total = int.from_bytes(digest, "big") + sign * int.from_bytes(own, "big")
    return (total % (1 << 8 * DIGEST_BYTES)).to_bytes(DIGEST_BYTES, "big")


def facts_of(row: Sequence[Any]) -> DocumentFacts:
    """Return what a row of FACT_COLUMNS says of a document.

    Raises:
        StoreDamaged: if a column holds what was never written there.
    """
    with damage_named(f"document {row[0]}"):
        metadata = MappingProxyType(dict(json.loads(row[-1])))
        return DocumentFacts(**dict(zip(FACT_NAMES, [*row[:-1], metadata], strict=True)))


def document_of(facts: DocumentFacts, synonyms: str, page_labels: str, text: str) -> Document:
    """Return a document of its facts, its synonyms and what is told of its parts as they are stored, and its text.

    Raises:
        StoreDamaged: if the synonyms or parts are none that were ever written.
    """
    with damage_named(f"document {facts.document_id}"):
        parts = tuple(map(_part, json.loads(page_labels)))
        words = synonyms_of_value(synonyms)
    fields = {name: getattr(facts, name) for name in FACT_NAMES}
    return Document(**fields, text=text, synonyms=words, parts=parts)


def _part(told: str | Sequence[Any] | None) -> Part:
    if told is None or isinstance(told, str):
        return Part(label=told)
    return part_of(*told)


def _page(start: int, number: int, label: str | None, *more: Any) -> Page:
    if not more:
        return Page(start, number, label)
    kind, ocr, rows = more
    return Page(start, number, label, PartKind(kind), ocr, pairs_of(rows))


def _page_value(page: Page) -> Sequence[Any]:
    """Return a page of a passage as it is stored: a plain one by what pages have."""
    plain = (page.start, page.number, page.label)
    return plain if page == Page(*plain) else astuple(page)


def synonyms_of_value(value: str) -> Mapping[str, tuple[str, ...]]:
    """Return the synonyms of a document from what is stored of them."""
    return MappingProxyType({word: tuple(others) for word, others in dict(json.loads(value)).items()})


def passage_values(passage: Passage) -> list[str | int | None]:
    """Return what PASSAGE_COLUMNS hold of a passage."""
    header = passage.table_header
    return [
        passage.passage_id,
        passage.document_id,
        passage.start,
        passage.end,
        passage.quote,
        passage.text,
        json.dumps(passage.section, ensure_ascii=False),
        passage.search_text,
        json.dumps([(span.start, span.end) for span in passage.sentences]),
        json.dumps(list(map(_page_value, passage.pages)), ensure_ascii=False),
        None if header is None else json.dumps([header.start, header.end, header.quote], ensure_ascii=False),
    ]


def passage_of(row: Sequence[Any]) -> Passage:
    """Return the passage in a row of PASSAGE_COLUMNS.

    Raises:
        StoreDamaged: if a column holds what was never written there.
    """
    passage_id, document_id, start, end, quote, text, section, search_text, sentences, pages, header = row
    with damage_named(f"passage {passage_id}"):
        return Passage(
            passage_id,
            document_id,
            start,
            end,
            quote,
            text,
            section=tuple(json.loads(section)),
            search_text=search_text,
            sentences=tuple(Span(*span) for span in json.loads(sentences)),
            pages=tuple(_page(*page) for page in json.loads(pages)),
            table_header=None if header is None else Quotation(*json.loads(header)),
        )


def changes_of(rows: Iterable[tuple[str, int, int, int, int]]) -> Changes:
    """Return what came and went with changes in their order: of each the document, the keys removed and those added.

    Args:
        rows: document id, first and last key removed, first and last key added, the last ones exclusive.
    """
    added: dict[Key, None] = {}
    removed: list[Key] = []
    documents: dict[str, None] = {}
    for document_id, removed_from, removed_to, added_from, added_to in rows:
        documents[document_id] = None
        for key in range(removed_from, removed_to):
            if key in added:
                del added[key]
            else:
                removed.append(key)
        added.update(dict.fromkeys(range(added_from, added_to)))
    return Changes(list(added), removed, list(documents))


def years_value(years: Sequence[int]) -> str:
    """Return years as they are stored."""
    return " ".join(map(str, years))


def years_of_value(value: str) -> tuple[int, ...]:
    """Return stored years."""
    return tuple(map(int, value.split()))


def passage_checksum(passage: Passage, features: Features) -> str:
    """Return the digest of all that is stored of a passage."""
    return whole_checksum(passage_checksums(passage, features))


def passage_checksums(passage: Passage, features: Features) -> str:
    """Return the digest of all that is stored of a passage, and that of it without its features, as they are stored."""
    digest = sha256(_quoted(passage, features.years))
    quoted = digest.hexdigest()
    for part in (features.vector, features.sentence_vectors, features.token_vectors, features.sentence_tokens):
        digest.update(part)
    digest.update(features.terms)
    return f"{digest.hexdigest()}{BETWEEN}{quoted}"


def whole_checksum(checksums: str) -> str:
    """Return the first of the digests that are stored of a passage; former versions wrote no other."""
    return checksums.partition(BETWEEN)[0]


def _quoted(passage: Passage, years: Sequence[int]) -> bytes:
    return json.dumps([*passage_values(passage), *years], ensure_ascii=False).encode()


def quoted_of(row: Sequence[Any]) -> Passage | None:
    """Return the passage in a row of what QUOTED names; `None` where a former version wrote no checksum for that.

    Raises:
        StoreDamaged: if anything of it is not as it was stored.
    """
    checksums, years, *columns = row
    passage = passage_of(columns)
    with damage_named(f"passage {passage.passage_id}"):
        _, _, checksum = checksums.partition(BETWEEN)
        quoted = _quoted(passage, years_of_value(years))
    if checksum and sha256(quoted).hexdigest() != checksum:
        raise _damaged(passage)
    return passage if checksum else None


def stored_passage_of(row: Sequence[Any]) -> StoredPassage:
    """Return the passage in a row of a key and what STORED names."""
    key, checksum, vector, of_sentences, of_tokens, counts, terms, years, *columns = row
    passage = passage_of(columns)
    with damage_named(f"passage {passage.passage_id}"):
        features = Features(vector, of_sentences, of_tokens, counts, terms, years_of_value(years))
        return StoredPassage(key, passage, features, checksum)


def undamaged(stored: StoredPassage) -> Passage:
    """Return a stored passage.

    Raises:
        StoreDamaged: if anything of it is not as it was stored.
    """
    if not is_whole(stored):
        raise _damaged(stored.passage)
    return stored.passage


def is_whole(stored: StoredPassage) -> bool:
    """Return whether all of a stored passage is as it was stored."""
    checksums = passage_checksums(stored.passage, stored.features)
    return stored.checksum in (checksums, whole_checksum(checksums))


def _damaged(passage: Passage) -> StoreDamaged:
    return StoreDamaged(f"passage {passage.passage_id} of {passage.document_id} is damaged; run: wherefrom verify")


@contextmanager
def damage_named(owner: str) -> Iterator[None]:
    """Tell what is damaged where reading it fails."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise StoreDamaged(f"{owner} is damaged in the store ({error}); index its file again") from None
