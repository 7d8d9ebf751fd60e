"""The documents of a server that is attacked: a large one, many small ones, and a PDF."""

from dataclasses import replace
from pathlib import Path

from corpus.document import make_document
from corpus.passage import passage_id_of
from corpus.store.originals import Original
from corpus.store.sqlite import Store
from eval.endurance.filling import fill
from eval.endurance.texts import write
from index.cutting import Entry
from index.models.hashing import HashEncoder
from index.writer import Indexer

LARGE, PICTURED = "large", "pictured"
PARAGRAPHS = 10  # of a document of `fill`
PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF
"""


def fill_victim(data_dir: Path, documents: int, large: int) -> None:
    """Make a data folder.

    Args:
        data_dir: where; nothing is there yet.
        documents: how many small ones it has, about.
        large: bytes that the text of the large one has, and its original.
    """
    from index.opening import open_index  # slow to import, and of no use to other commands

    fill(data_dir, documents * PARAGRAPHS)
    few = write("victim", PARAGRAPHS).text
    text = f"{few}\n\n" * (large // len(few.encode()) + 1)
    with Store.open(data_dir) as store:
        indexer = Indexer(store, HashEncoder())
        (indexed,) = indexer.add([Entry(make_document(few, source="victim.txt"))])
        with store.reading() as reader:
            known = reader.passages_of(indexed.document.document_id)
        for name, whole, original in (
            (LARGE, text, Original("application/octet-stream", b"\0" * large)),
            (PICTURED, few, Original("application/pdf", PAGE, 1)),
        ):
            document = make_document(whole, source=f"{name}.pdf", document_id=name)
            cut = [
                replace(each.passage, document_id=name, passage_id=passage_id_of(name, each.passage.quote, 0))
                for each in known
            ]
            with store.writing() as writer:
                writer.put(document, cut, [each.features for each in known])
                writer.originals.keep(name, original)
    with open_index(data_dir, lambda choice: HashEncoder()) as opened:
        opened.index.save()
