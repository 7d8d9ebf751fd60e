"""What a person sees in a terminal: answers, lists and progress, at any width, Chinese included."""

import re
import unicodedata
from collections.abc import Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from corpus.document import Document
from corpus.layout import reading_offset
from corpus.store import DocumentSummary
from index.answer import Result, SearchResult

INDENT = (0, 0, 0, 4)
# Marks that a terminal without colours shows too; Chinese and most others use neither as quotes.
MARK_START, MARK_END = "»", "«"
ZERO_WIDTH_RUN = re.compile(r"[\u200b-\u200d\u2060\ufeff]{2,}")
# Bidirectional controls can make a line read as what it is not; tags are invisible letters.
DECEIVING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\U000e0000-\U000e007f]")


def displayed(text: str) -> str:
    """Return text without what acts on a terminal or deceives the eye; quotes in JSON stay as they are."""
    text = DECEIVING.sub("", ZERO_WIDTH_RUN.sub("", text))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def print_answer(console: Console, result: SearchResult) -> None:
    """Print the passages that answer a question."""
    if not result.answerable:
        console.print(Text(f"Nothing here answers this: {result.no_answer_reason}.", style="bold yellow"))
        if result.results:
            console.print("The nearest passages are:")
        console.print()
    for each in result.results:
        console.print(_result(each))
        console.print()
    state = result.index
    console.print(
        Text(
            f"{state.documents} documents, {state.passages} passages, {result.timings_ms['total']:.0f} ms",
            style="dim",
        )
    )


def _result(result: Result) -> Group:
    citation = result.citation
    heading = Table.grid(expand=True, padding=(0, 1))
    heading.add_column(width=3)
    heading.add_column(ratio=1)
    heading.add_column(justify="right")
    heading.add_row(
        Text(citation.label, style="bold cyan"),
        Text(displayed(citation.title), style="bold"),
        Text(f"{result.score:.2f}", style="cyan"),
    )
    where = [citation.publisher, citation.published, *citation.section[-1:]]
    about = " · ".join(displayed(part) for part in where if part)
    place = f"{citation.source}, characters {citation.start}–{citation.end}, {result.passage_id}"
    parts = [heading, Padding(Text(about, style="dim"), INDENT)] if about else [heading]
    return Group(*parts, Padding(_marked(result), INDENT), Padding(Text(displayed(place), style="dim"), INDENT))


def _marked(result: Result) -> Text:
    quote, start = result.citation.quote, result.citation.start
    text = Text()
    position = 0
    for span in result.highlights:
        first = reading_offset(quote, result.text, span.start - start)
        last = reading_offset(quote, result.text, span.end - 1 - start) + 1
        text.append(displayed(result.text[position:first]))
        text.append(f"{MARK_START}{displayed(result.text[first:last])}{MARK_END}", style="bold green")
        position = last
    text.append(displayed(result.text[position:]))
    return text


def print_documents(console: Console, documents: Sequence[DocumentSummary]) -> None:
    """Print a list of documents."""
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for name in ("id", "title", "published", "passages"):
        table.add_column(name, justify="right" if name == "passages" else "left", no_wrap=name == "id")
    for each in documents:
        title = Text(displayed(each.title))
        title.append(f"\n{displayed(each.source)}", style="dim")
        table.add_row(each.document_id, title, each.published or "", str(each.passages))
    console.print(table)


def print_document(console: Console, document: Document) -> None:
    """Print what is known of a document, and its text as it stands."""
    facts = {
        "id": document.document_id,
        "title": document.title,
        "source": document.source,
        "language": document.language,
        "publisher": document.publisher,
        "published": document.published,
        "author": document.author,
        "url": document.url,
        "sha256": document.sha256,
    }
    print_facts(console, {name: value for name, value in facts.items() if value})
    console.print()
    console.print(Text(displayed(document.text)))


def print_facts(console: Console, facts: dict[str, str]) -> None:
    """Print names and values in two columns."""
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(name, style="dim"), Text(displayed(value)))
    console.print(table)
