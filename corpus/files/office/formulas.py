"""Formulas of Office as a line of text, in the way that Office itself lets them be typed: (a+b)/c, x_i, x², √(n+1).

A line and not LaTeX, so that the words and figures of a formula are found and quoted as a reader would type them.
"""

import re
from collections.abc import Callable, Iterable

from corpus.files.office.ooxml import Element, M, W, local
from corpus.files.text.markdown import RAISABLE, raised

# What needs no parentheses: a number, a letter or word with its marks, or what is in some already.
WHOLE = re.compile(r"[\w.,%°′″\u0300-\u036f⁰¹²³⁴-₉]*|[√∛∜]?\([^()]*\)|\|[^|]*\||\[[^\[\]]*\]|\S")
SIGN_BETWEEN = re.compile(r"\w$")
ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
SUM = "∫"  # what an operator without a sign is
OVER, UNDER = "\u0304", "\u0332"  # bars of one letter
PRIMES = frozenset("′″‴'*")


def formula(element: Element) -> str:
    """Return what a formula, or a part of one, says."""
    return "".join(_part(child) for child in element)


def _part(element: Element) -> str:
    write = _PARTS.get(local(element))
    if write is not None and element.tag.startswith(M):
        return write(element)
    if element.tag in (M + "t", W + "t"):
        return element.text or ""
    return "" if local(element).endswith("Pr") else formula(element)


def _of(element: Element, name: str) -> str:
    found = element.find(M + name)
    return "" if found is None else formula(found).strip()


def _property(element: Element, name: str, usual: str) -> str:
    """Return the value of a property of a part, the usual one where it has none."""
    found = element.find(f"{M}{local(element)}Pr/{M}{name}")
    return usual if found is None else found.get(M + "val", "")


def _whole(text: str) -> str:
    return text if WHOLE.fullmatch(text) else f"({text})"


def _fraction(element: Element) -> str:
    above, below = _whole(_of(element, "num")), _whole(_of(element, "den"))
    if _property(element, "type", "bar") == "noBar":
        return f"({above}¦{below})"
    return f"{above}/{below}"


def _raised(text: str, kind: str) -> str:
    if not text or text in PRIMES:
        return text
    if RAISABLE.fullmatch(text):
        return raised(text, kind)
    return ("^" if kind == "sup" else "_") + (text if len(text) == 1 else f"({text})")


def _scripts(element: Element) -> str:
    base = _whole(_of(element, "e"))
    return base + _raised(_of(element, "sub"), "sub") + _raised(_of(element, "sup"), "sup")


def _scripts_before(element: Element) -> str:
    return _raised(_of(element, "sub"), "sub") + _raised(_of(element, "sup"), "sup") + _whole(_of(element, "e"))


def _root(element: Element) -> str:
    degree, inside = _of(element, "deg"), _of(element, "e")
    if degree in ROOTS:
        return ROOTS[degree] + _whole(inside)
    return f"√({degree}&{inside})"


def _operator(element: Element) -> str:
    sign = _property(element, "chr", SUM)
    return f"{sign}{_raised(_of(element, 'sub'), 'sub')}{_raised(_of(element, 'sup'), 'sup')} {_of(element, 'e')}"


def _delimited(element: Element) -> str:
    inside = _property(element, "sepChr", "|").join(formula(each).strip() for each in element.iterfind(M + "e"))
    return _property(element, "begChr", "(") + inside + _property(element, "endChr", ")")


def _rows(element: Element) -> str:
    return "; ".join(", ".join(_each(row.iterfind(M + "e"))) for row in element.iterfind(M + "mr"))


def _equations(element: Element) -> str:
    return "; ".join(each.replace("&", "") for each in _each(element.iterfind(M + "e")))


def _each(elements: Iterable[Element]) -> list[str]:
    return [formula(each).strip() for each in elements]


def _function(element: Element) -> str:
    name, inside = _of(element, "fName"), _of(element, "e")
    return f"{name} {inside}" if SIGN_BETWEEN.search(name) else f"{name}{_whole(inside)}"


def _accented(element: Element) -> str:
    mark, base = _property(element, "chr", "\u0302"), _of(element, "e")
    return base + mark if len(base) == 1 else f"{_whole(base)}{mark}" if base else ""


def _barred(element: Element) -> str:
    base = _of(element, "e")
    mark = OVER if _property(element, "pos", "bot") == "top" else UNDER
    return base + mark if len(base) == 1 else f"{_whole(base)}{mark}" if base else ""


def _limit(element: Element) -> str:
    kind = "sub" if local(element) == "limLow" else "sup"
    return _whole(_of(element, "e")) + _raised(_of(element, "lim"), kind)


def _hidden(element: Element) -> str:
    return "" if _property(element, "show", "1") in ("0", "off", "false") else _of(element, "e")


_PARTS: dict[str, Callable[[Element], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "rad": _root,
    "nary": _operator,
    "d": _delimited,
    "m": _rows,
    "eqArr": _equations,
    "func": _function,
    "acc": _accented,
    "bar": _barred,
    "limLow": _limit,
    "limUpp": _limit,
    "phant": _hidden,
}
