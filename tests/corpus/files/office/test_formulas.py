"""Formulas are read as a line that says what they say, in the place where they stand."""

from pathlib import Path

import pytest

from tests.corpus.files.office.docx_makers import text_of


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def part(name: str, properties: str = "", **inner: str) -> str:
    """Return a part of a formula: m:f with m:num and m:den for example."""
    inside = "".join(f"<m:{key}>{value}</m:{key}>" for key, value in inner.items())
    said = f"<m:{name}Pr>{properties}</m:{name}Pr>" if properties else ""
    return f"<m:{name}>{said}{inside}</m:{name}>"


SQUARE = part("sSup", e=run("x"), sup=run("2"))
MATRIX = part("m", mr=f"<m:e>{run('a')}</m:e><m:e>{run('b')}</m:e>")
FORMULAS = {
    run("x≤5"): "x≤5",
    run("q=") + part("f", num=run("8M"), den=part("sSup", e=run("L"), sup=run("2"))): "q=8M/L²",
    part("f", num=run("a+b"), den=run("c−d")): "(a+b)/(c−d)",
    part("f", '<m:type m:val="noBar"/>', num=run("n"), den=run("k")): "(n¦k)",
    SQUARE: "x²",
    part("sSup", e=run("e"), sup=run("iπ")): "e^(iπ)",
    part("sSub", e=run("x"), sub=run("i")): "x_i",
    part("sSubSup", e=run("x"), sub=run("1"), sup=run("2")): "x₁²",
    part("sSup", e=run("f"), sup=run("′")): "f′",
    part("sPre", sub=run("92"), sup=run("238"), e=run("U")): "₉₂²³⁸U",
    part("rad", deg="", e=run("n+1")): "√(n+1)",
    part("rad", deg=run("3"), e=run("8")): "∛8",
    part("rad", deg=run("k"), e=run("8")): "√(k&8)",
    part("nary", '<m:chr m:val="∑"/>', sub=run("i=1"), sup=run("n"), e=SQUARE): "∑_(i=1)^n x²",
    part("nary", sub=run("0"), sup=run("1"), e=run("xdx")): "∫₀¹ xdx",
    part("d", '<m:begChr m:val="["/><m:endChr m:val=")"/>', e=run("0,1")): "[0,1)",
    "<m:d>" + 2 * f"<m:e>{run('x')}</m:e>" + "</m:d>": "(x|x)",
    part("d", e=MATRIX): "(a, b)",
    part("func", fName=run("sin"), e=run("x")): "sin x",
    part("func", fName=part("limLow", e=run("lim"), lim=run("n→∞")), e=run("a")): "lim_(n→∞)a",
    part("acc", e=run("x")): "x\u0302",
    part("bar", '<m:pos m:val="top"/>', e=run("x")): "x\u0304",
    part("phant", '<m:show m:val="0"/>', e=run("x")): "",
    part("borderBox", e=run("E=mc")): "E=mc",
    "<m:eqArr>" + "".join(f"<m:e>{run(each)}</m:e>" for each in ("a&amp;=1", "b&amp;=2")) + "</m:eqArr>": "a=1; b=2",
}


@pytest.mark.parametrize(("xml", "said"), FORMULAS.items(), ids=FORMULAS.values())
def test_a_formula_stands_in_its_sentence(tmp_path: Path, xml: str, said: str) -> None:
    before, after = ('<w:r><w:t xml:space="preserve">' + text + "</w:t></w:r>" for text in ("It is &lt;", "&gt; here."))
    body = f"<w:p>{before}<m:oMath>{xml}</m:oMath>{after}</w:p>"
    assert text_of(tmp_path, body) == f"It is <{said}> here."


def test_a_formula_may_be_a_paragraph(tmp_path: Path) -> None:
    shown = f"<m:oMathPara><m:oMath>{run('E=')}{SQUARE}</m:oMath></m:oMathPara>"
    assert text_of(tmp_path, f"<w:p>{shown}</w:p>") == "E=x²"
    assert text_of(tmp_path, shown) == "E=x²"
