"""What RTF is made into: texts in the making, with their tables, and what holds between two of its braces."""

import re
from dataclasses import dataclass, field

from corpus.files.office.blocks import BULLET, Blocks
from corpus.files.office.tables import Cell, add_table

DECORATION = re.compile(r"[^\w☐☑☒]*|[o§]")  # a sign before an item that is no number


@dataclass(slots=True)
class Group:
    """What holds between two braces; a group in it begins with all of that.

    Attributes:
        into: which of the texts that are caught its letters belong to, empty where they are of the text itself.
        skipped: whether nothing of it is read.
        starred: whether it began with a star: programs that do not know it shall pass it over.
        font: the number of the font.
        unread: how many letters for older programs follow one of Unicode.
        deleted: whether a revision took its letters out.
        raised: `sup` or `sub` where its letters stand above or below the line.
        in_table: whether its paragraph is in a cell.
        level: of its paragraph as a heading, 1 outermost; 0 for others.
        depth: of its paragraph in a list.
    """

    into: str = ""
    skipped: bool = False
    starred: bool = False
    font: int | None = None
    unread: int = 1
    deleted: bool = False
    raised: str = ""
    in_table: bool = False
    level: int = 0
    depth: int = 0


@dataclass(slots=True)
class Flow:
    """A text in the making: that of the file, of a note, of a header or of a box.

    Attributes:
        blocks: what is done of it.
        said: the letters of the paragraph that is read.
        label: the number or sign that stands before it.
        boxes: what stands beside it.
        cell: what is done of the cell that is read.
        row: the cells that are done of the row.
        rows: those that are done of the table.
        merged: of each cell of the row whether it belongs to the one above, `v`, or before it, `h`.
        merging: the same of the cell that is being defined.
    """

    blocks: Blocks = field(default_factory=Blocks)
    said: list[str] = field(default_factory=list)
    label: str = ""
    boxes: list[Blocks] = field(default_factory=list)
    cell: Blocks = field(default_factory=Blocks)
    row: list[Blocks] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    merging: str = ""

    def end_definition(self) -> None:
        """Add the definition of a cell of the row."""
        self.merged.append(self.merging)
        self.merging = ""

    def end_paragraph(self, group: Group) -> None:
        """Add the paragraph that was read."""
        text, label = "".join(self.said), self.label.strip()
        self.said, self.label = [], ""
        if not group.in_table and not self.row:
            self.end_table()
        blocks = self.cell if group.in_table else self.blocks
        if group.level and text.strip():
            blocks.heading(group.level, f"{label} {text}" if label else text)
        elif label:
            blocks.item(group.depth, f"{BULLET if DECORATION.fullmatch(label) else label} ", text)
        else:
            blocks.paragraph(text)
        for box in self.boxes:
            blocks.extend(box)
        self.boxes = []

    def end_cell(self, group: Group) -> None:
        """Add the cell that was read."""
        group.in_table = True
        self.end_paragraph(group)
        self.row.append(self.cell)
        self.cell = Blocks()

    def end_row(self) -> None:
        """Add the row that was read; a cell that belongs to the one before it makes that one wider."""
        cells: list[Cell] = []
        for number, content in enumerate(self.row):
            merged = self.merged[number] if number < len(self.merged) else ""
            if merged == "h" and cells:
                cells[-1] = Cell(cells[-1].content, cells[-1].columns + 1, cells[-1].goes_on)
            else:
                cells.append(Cell(content, goes_on=merged == "v"))
        self.rows.append(cells)
        self.row = []

    def end_table(self) -> None:
        """Add the table that was read, if there was one."""
        if self.row:
            self.end_row()
        if self.rows:
            add_table(self.rows, self.blocks)
            self.rows = []

    def done(self, group: Group) -> Blocks:
        """Return all that was read."""
        self.end_paragraph(group)
        self.end_table()
        self.blocks.extend(self.cell)  # of a row without an end
        return self.blocks
