"""The text of a PPTX, a slide after the other: titles, text in the order it is read, tables, charts and notes."""

from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.office.blocks import Blocks, check_text
from corpus.files.office.headers import header_lines
from corpus.files.office.ooxml import Package, R
from corpus.files.office.slides import P, SlideReader
from corpus.files.zip_parts import opened
from corpus.parts import PART_END, Part, PartKind

USUAL_PART = "ppt/presentation.xml"
MOST_SLIDES = 5_000  # each is a part of the file, which may have twice as many


def read(path: Path) -> Extract:
    """Return the text, the slides and the properties of a PPTX.

    Raises:
        UnreadableFile: if it is damaged, no PPTX, or more than a document can be.
    """
    with opened(path, "PPTX") as parts:
        return _extract(Package(parts))


def _extract(package: Package) -> Extract:
    main = package.main(USUAL_PART)
    root = None if main is None else package.tree(main)
    if main is None or root is None or root.tag != P + "presentation":
        raise UnreadableFile(f"it is a ZIP without {USUAL_PART}, so no PPTX; give it the ending of what it is")
    relations, reader = package.relations(main), SlideReader(package)
    ids = [each.get(R + "id", "") for each in root.iterfind(f"{P}sldIdLst/{P}sldId")]
    if len(ids) > MOST_SLIDES:
        raise UnreadableFile(f"it has {len(ids):,} slides, more than the {MOST_SLIDES:,} of a document; split it")
    texts, told, said = [], [], ""
    for name in dict.fromkeys(relations[each].target for each in ids if each in relations):
        slide, blocks = reader.read(name), Blocks()
        blocks.heading(slide.level, slide.title)
        blocks.extend(slide.content)
        blocks.extend(reader.notes(name))
        for line in header_lines(slide.footers, said):
            blocks.paragraph(line)  # once, on the first slide that has it
            said += f" {line}"
        texts.append(f"{blocks.text()}\n{PART_END}".lstrip("\n"))
        told.append(Part(PartKind.SLIDE, slide.title or None))
    text = "".join(texts)
    check_text(text)
    return Extract(text, package.properties(), tuple(told))
