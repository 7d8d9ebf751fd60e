"""What a person sees in a terminal: answers, lists and facts, at any width, Chinese included."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from corpus.document import Document
from corpus.passage import Citation
from corpus.splitting.layout import reading_offset, reading_text
from corpus.store.stored import DocumentSummary
from index.answer import Result, SearchResult
from service.cli.wrapping import print_line, print_lines, wrapped

INDENT = 4
ALMOST = 0.99  # what rounds to certainty is not certain
# Marks that a terminal without colours shows too; Chinese and most others use neither as quotes.
MARK_START, MARK_END = "»", "«"
LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Bidirectional controls can make a line read as what it is not; tags are invisible letters.
DECEIVING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\U000e0000-\U000e007f]")
# One of these joins letters or chooses a form; a run of them can only hide something.
HIDDEN_RUN = re.compile(r"[\u200b-\u200d\u2060\ufeff]{2,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")


def displayed(text: str) -> str:
    """Return text without what acts on a terminal or deceives the eye; quotes in JSON stay as they are."""
    text = LINE_BREAK.sub("\n", text).replace("\t", " " * INDENT)
    text = "".join(c for c in DECEIVING.sub("", text) if c == "\n" or unicodedata.category(c) != "Cc")
    # Half a surrogate pair, as in names of files that are not UTF-8, cannot be written at all.
    return HIDDEN_RUN.sub("", text).encode(errors="replace").decode()


def one_line(text: str) -> str:
    """Return text as displayed, in one line."""
    return " ".join(displayed(text).split())


def counted(number: int, noun: str) -> str:
    """Return a number and its noun, in the plural if need be."""
    return f"{number:,} {noun}" + "s" * (number != 1)


def print_answer(console: Console, result: SearchResult) -> None:
    """Print the passages that answer a question."""
    if not result.answerable:
        print_lines(console, Text(f"Nothing here answers this: {result.no_answer_reason}.", style="bold yellow"))
    elif not result.results:
        best = f"the best passage here has {result.confidence:.2f}"
        print_lines(console, Text(f"No passage has the confidence asked for; {best}.", style="bold yellow"))
    if result.results and not result.answerable:
        print_lines(console, Text("The nearest passages are:\n"))
    for each in result.results:
        _print_result(console, each)
        print_line(console, Text())
    state = result.index
    counts = f"{counted(state.documents, 'document')}, {counted(state.passages, 'passage')}"
    print_lines(console, Text(f"{counts}, {result.timings_ms['total']:.0f} ms", style="dim"))


def _print_result(console: Console, result: Result) -> None:
    citation = result.citation
    _print_heading(console, citation.label, one_line(citation.title), f"{result.score:.2f}")
    told = {one_line(each) for each in (citation.title, citation.sheet, citation.part) if each}
    section = " › ".join(each for each in map(one_line, citation.section) if each not in told)
    about = (citation.publisher, citation.published, section, *_places(citation))
    _print_aside(console, " · ".join(one_line(part) for part in about if part))
    before, after = (result.context.before, result.context.after) if result.context else ("", "")
    _print_aside(console, reading_text(before))
    if citation.table_header:
        _print_aside(console, one_line(citation.table_header.quote))
    print_lines(console, _marked(result), INDENT)
    _print_aside(console, reading_text(after))
    place = f"{citation.source}, characters {citation.start}–{citation.end}, {result.passage_id}"
    _print_aside(console, one_line(place))
    for other in result.also_in:
        _print_aside(console, one_line(f"also in {other.source}, characters {other.start}–{other.end}"))


def _places(citation: Citation) -> Iterator[str]:
    """Yield on which page, or in which row of which sheet, a citation stands, and whether it was read in a picture."""
    places = {
        "page": citation.page_label or citation.page,
        "sheet": citation.sheet,
        "row": citation.row,
        "slide": citation.slide,
        "part": citation.part,
    }
    yield from (f"{name} {place}" for name, place in places.items() if place is not None)
    if citation.ocr is not None:
        yield f"read in a picture, {min(citation.ocr, ALMOST):.0%} sure"


def _print_aside(console: Console, text: str) -> None:
    """Print what stands beside a quote, if anything does."""
    if text:
        print_lines(console, Text(displayed(text), style="dim"), INDENT)


def _print_heading(console: Console, label: str, title: str, score: str) -> None:
    """Print a title as the heading of a result, with the score at the right end of its first line."""
    label = label.ljust(INDENT - 1) + " "
    width = console.width - len(label)
    first, *rest = wrapped(Text(title, style="bold"), width - len(score) - 2)
    gap = max(width - cell_len(first.plain) - len(score), 1)
    print_line(console, Text(label, style="bold cyan") + first + Text(" " * gap + score, style="cyan"))
    for line in rest:
        print_line(console, Text(" " * len(label)) + line)


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
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("title", overflow="fold")
    table.add_column("published", no_wrap=True)
    table.add_column("passages", justify="right")
    for each in documents:
        facts = each.facts
        title = Text(one_line(facts.title))
        title.append(f"\n{one_line(facts.source)}", style="dim")
        table.add_row(facts.document_id, title, facts.published or "", str(each.passages))
    _print_unfilled(console, table)


def print_document(console: Console, document: Document) -> None:
    """Print what is known of a document, and its text."""
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
    print_line(console, Text())
    print_lines(console, Text(displayed(document.text)))


def print_facts(console: Console, facts: Mapping[str, str]) -> None:
    """Print names and values in two columns."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(Text(name, style="dim"), Text(one_line(value)))
    _print_unfilled(console, table)


def _print_unfilled(console: Console, table: RenderableType) -> None:
    """Print a table without the spaces that fill its lines up."""
    for segments in console.render_lines(table, pad=False):
        line = Text.assemble(*((segment.text, segment.style or "") for segment in segments))
        line.rstrip()
        print_line(console, line)
