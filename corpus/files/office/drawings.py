"""What drawings of office files say: the figures of charts, and the texts of diagrams."""

from corpus.files.office.blocks import Blocks
from corpus.files.office.ooxml import A, Element, Package, R

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
DRAWN = (C + "chart", DGM + "relIds")  # what stands for one in a part
MOST_POINTS = 10_000  # of a chart; who draws more does not mean them to be read
# What of a diagram is its text and not how it is drawn.
NODES = frozenset({"node", "asst"})


def add_drawing(package: Package, part: str, drawing: Element, blocks: Blocks) -> None:
    """Add what a drawing in a part says, if it is a chart or a diagram."""
    relations = package.relations(part)
    for element in drawing.iter(*DRAWN):
        chart = element.tag == C + "chart"
        relation = relations.get(element.get(R + ("id" if chart else "dm"), ""))
        root = None if relation is None else package.tree(relation.target)
        if root is not None:
            (_add_chart if chart else _add_diagram)(root, blocks)


def drawn_text(element: Element) -> str:
    """Return the text in an element of a drawing, its paragraphs in lines."""
    paragraphs = element.iter(A + "p")
    return "\n".join("".join(text.text or "" for text in each.iter(A + "t")) for each in paragraphs)


def _add_chart(root: Element, blocks: Blocks) -> None:
    """Add the title of a chart and its figures as a table: a row for each category, a column for each series."""
    title = root.find(f"{C}chart/{C}title")
    if title is not None:
        blocks.paragraph(drawn_text(title))
    series = list(root.iter(C + "ser"))
    names = [" ".join(_points(each, "tx").values()) for each in series]
    categories: dict[int, str] = {}
    for each in series:
        categories |= _points(each, "cat") or _points(each, "xVal")
    columns = [_points(each, "val") or _points(each, "yVal") for each in series]
    places = sorted({*categories, *(place for column in columns for place in column)})[:MOST_POINTS]
    if places:
        rows = [[categories.get(place, ""), *(column.get(place, "") for column in columns)] for place in places]
        blocks.table([["", *names], *rows])


def _points(series: Element, kind: str) -> dict[int, str]:
    """Return what the points of a series say, by their places."""
    found = series.find(C + kind)
    points = () if found is None else found.iter(C + "pt")
    said = {each.get("idx", ""): each.findtext(C + "v") or "" for each in points}
    if found is not None and not said and (value := found.findtext(C + "v")):
        said = {"0": value}
    return {int(place): value for place, value in said.items() if place.isascii() and place.isdigit()}


def _add_diagram(root: Element, blocks: Blocks) -> None:
    for point in root.iter(DGM + "pt"):
        if point.get("type", "node") in NODES:
            blocks.item(0, "- ", drawn_text(point))
