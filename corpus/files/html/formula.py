"""A formula of a web page in one line: as TeX where the page has it, else with `^`, `_`, `/` and `√`."""

import re

from bs4 import Tag
from bs4.element import NavigableString

UNSEEN = re.compile("[\u2061-\u2064\u200b]")  # signs that say how a formula is meant, and are not seen
STYLE = re.compile(r"\{\\(?:displaystyle|textstyle)\s*(.*)\}", re.DOTALL)
LONGEST_ALONE = 1  # characters that need no brackets around them
SPACED = re.compile(r"[=<>≤≥≠≈≡+\-−±→⇒∈]")
# Where the parts of an element stand: below, above.
RAISED = {
    "msup": ("^",),
    "mover": ("^",),
    "msub": ("_",),
    "munder": ("_",),
    "msubsup": ("_", "^"),
    "munderover": ("_", "^"),
}
UNREAD = ("annotation", "annotation-xml", "mphantom", "none", "mprescripts")


def formula_text(formula: Tag) -> str:
    """Return what a `math` element says."""
    written = formula.find("annotation", encoding=re.compile("tex", re.IGNORECASE))
    tex = (written.get_text() if written is not None else str(formula.get("alttext", ""))).strip()
    if not tex:
        return " ".join(_line(formula).split())
    return tex_text(tex)


def tex_text(tex: str) -> str:
    """Return TeX as a text shows it: between dollars."""
    styled = STYLE.fullmatch(tex.strip())
    return f"${' '.join((styled[1] if styled else tex).split())}$"


def _line(element: Tag) -> str:
    name = element.name.rpartition(":")[2]
    parts = [child for child in element.children if isinstance(child, Tag) and child.name not in UNREAD]
    match name:
        case "mi" | "mn" | "mtext" | "ms":
            return " ".join(element.get_text().split())
        case "mo":
            sign = UNSEEN.sub("", element.get_text().strip())
            return f" {sign} " if SPACED.fullmatch(sign) else sign
        case "mfrac" if len(parts) == 2:
            return "/".join(map(_closed, parts))
        case "msqrt":
            return f"√({''.join(map(_line, parts))})"
        case "mroot" if len(parts) == 2:
            return f"√[{_line(parts[1])}]({_line(parts[0])})"
        case "mtr" | "mlabeledtr":
            return ", ".join(map(_line, parts))
        case "mtable":
            return "; ".join(map(_line, parts))
        case "mfenced":
            return f"{element.get('open', '(')}{', '.join(map(_line, parts))}{element.get('close', ')')}"
        case _ if name in RAISED and len(parts) == 1 + len(RAISED[name]):
            raised = (f"{sign}{_closed(part)}" for sign, part in zip(RAISED[name], parts[1:], strict=True))
            return _line(parts[0]) + "".join(raised)
        case _:
            return "".join(map(_line, parts)) if parts else _own(element)


def _own(element: Tag) -> str:
    return " ".join("".join(child for child in element.children if type(child) is NavigableString).split())


def _closed(part: Tag) -> str:
    line = _line(part).strip()
    return line if len(line) <= LONGEST_ALONE or line.isalnum() else f"({line})"
