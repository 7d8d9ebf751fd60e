"""What is no plain word in a page is read as a reader sees it, once: readings, formulas, buttons, anchors and code."""

from pathlib import Path

import pytest

from tests.corpus.files.html.test_html import read_page

MATHML = (
    "<math><semantics><mrow><mi>x</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>"
    "</mrow>{}</semantics></math>"
)
TEX = '<annotation encoding="application/x-tex">x=\\frac{a+1}{b}</annotation>'
IN_TEX = "$x=\\frac{a+1}{b}$"
IN_LINE = "x = (a + 1)/b"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<ruby>港<rt>みなと</rt></ruby>へ", "港(みなと)へ"),
        ("<ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>湾", "東京(とうきょう)湾"),
        ("<ruby>東<rt>とう</rt></ruby><ruby>京<rt>きょう</rt></ruby>湾", "東京(とうきょう)湾"),
        ("<ruby><rb>船</rb><rt></rt></ruby>", "船"),
    ],
)
def test_readings_stand_behind_the_words(tmp_path: Path, markup: str, text: str) -> None:
    assert read_page(tmp_path, f"<p>{markup}</p>").text == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (MATHML.format(TEX), IN_TEX),
        (MATHML.format(""), IN_LINE),
        (
            f'<span class="katex"><span class="katex-mathml">{MATHML.format(TEX)}</span>'
            '<span class="katex-html" aria-hidden="true"><span>x</span>=<span>b</span><span>a+1</span></span></span>',
            IN_TEX,
        ),
        (
            '<span class="MathJax_Preview">x=a+1b</span><span class="MathJax"><nobr aria-hidden="true">x=a+1b</nobr>'
            f'<span class="MJX_Assistive_MathML">{MATHML.format("")}</span></span>'
            '<script type="math/tex">x=\\frac{a+1}{b}</script>',
            IN_TEX,
        ),
        (
            '<mjx-container class="MathJax"><mjx-math aria-hidden="true"><mjx-c>x=</mjx-c></mjx-math>'
            f"<mjx-assistive-mml>{MATHML.format('')}</mjx-assistive-mml></mjx-container>",
            IN_LINE,
        ),
        (
            f'<span class="mwe-math-element"><span style="display:none">{MATHML.format(TEX)}</span>'
            '<img alt="{\\displaystyle x}" src="f.svg"></span>',
            IN_TEX,
        ),
        ('<math alttext="{\\displaystyle n^{2}}"><mi>n</mi></math>', "$n^{2}$"),
    ],
)
def test_a_formula_comes_once(tmp_path: Path, markup: str, text: str) -> None:
    assert read_page(tmp_path, f"<p>Let {markup} hold.</p>").text == f"Let {text} hold."


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<msup><mi>n</mi><mn>2</mn></msup>", "n^2"),
        ("<msub><mi>h</mi><mrow><mi>m</mi><mi>a</mi><mi>x</mi></mrow></msub>", "h_max"),
        ("<msubsup><mi>s</mi><mn>1</mn><mrow><mi>k</mi><mo>−</mo><mn>1</mn></mrow></msubsup>", "s_1^(k − 1)"),
        ("<msqrt><mn>2</mn><mi>g</mi></msqrt>", "√(2g)"),
        ("<mroot><mi>V</mi><mn>3</mn></mroot>", "√[3](V)"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd></mtr></mtable>",
            "1, 0; 0",
        ),
        ("<mi>f</mi><mo>\u2061</mo><mo>(</mo><mi>t</mi><mo>)</mo>", "f(t)"),
    ],
)
def test_a_formula_without_tex_is_written_in_a_line(tmp_path: Path, formula: str, text: str) -> None:
    assert read_page(tmp_path, f"<p><math>{formula}</math></p>").text == text


def test_words_that_are_called_a_formula_are_words(tmp_path: Path) -> None:
    page = '<p>It is <span class="katex-html">never</span> <i class="MathJax">open</i> at night.</p>'
    assert read_page(tmp_path, page).text == "It is never open at night."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h2><button>When?</button></h2><p>At noon.</p>", "## When?\n\nAt noon."),
        ("<button>Is it free?</button><p>It is.</p>", "Is it free?\n\nIt is."),
        (
            '<button aria-controls="a">Hours</button><p>Below.</p><div id="a">From nine to four. Closed at night</div>',
            "Hours\n\nBelow.\n\nFrom nine to four. Closed at night",
        ),
        ("<details><summary>Can it be mended?</summary>It can.</details>", "Can it be mended?\n\nIt can."),
        ("<p>Text.</p><button>Print</button>", "Text."),
        ("<p>Text.</p><button aria-controls=m>Menu</button><nav id=m><a href=a>Four words are in.</a></nav>", "Text."),
        ('<h2>Ice<a class="headerlink" href="#ice">¶</a></h2><p>Text.</p>', "## Ice\n\nText."),
        ('<h2>Ice<span>[<a href="/edit">edit</a>]</span></h2><p>Text.</p>', "## Ice\n\nText."),
        ("<h2>Ice [2]</h2><p>Text.</p>", "## Ice [2]\n\nText."),
    ],
)  # fmt: skip
def test_buttons_are_read_where_they_are_titles(tmp_path: Path, markup: str, text: str) -> None:
    assert read_page(tmp_path, markup).text == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<pre>a = 1<br>b = 2</pre>", "```\na = 1\nb = 2\n```"),
        ("<pre><code><div>a = 1</div><div>b = 2</div></code></pre>", "```\na = 1\nb = 2\n```"),
        ("<pre>```\nfence\n```</pre>", "````\n```\nfence\n```\n````"),
        ("<code>a = 1<br>b = 2</code>", "```\na = 1\nb = 2\n```"),
        (
            "<table><tr><td class='nos'><pre>1\n2</pre></td><td class='code'><pre>a = 1\nb = 2</pre></td></tr></table>",
            "```\na = 1\nb = 2\n```",
        ),
        (
            '<div class="code-toolbar"><pre>a = 1</pre><div class="toolbar"><button>Copy</button></div></div>',
            "```\na = 1\n```",
        ),
    ],
)
def test_code_stays_code(tmp_path: Path, markup: str, text: str) -> None:
    assert read_page(tmp_path, f"<p>Run:</p>{markup}").text == f"Run:\n\n{text}"


@pytest.mark.parametrize("tag", "address aside fieldset figure form header legend main summary details".split())
def test_elements_that_begin_a_line_do(tmp_path: Path, tag: str) -> None:
    page = f"<div>The mole is closed.<{tag}>Boats lie outside it.</{tag}>Ropes are checked.</div>"
    assert read_page(tmp_path, page).text in (
        "The mole is closed.\n\nBoats lie outside it.\n\nRopes are checked.",
        "Boats lie outside it.",  # what a page marks as its content
    )


@pytest.mark.parametrize("shown", ["katex", "MathJax", "mwe-math-element"])
def test_each_of_several_formulas_in_one_container_is_written(tmp_path: Path, shown: str) -> None:
    formulas = "".join(
        f"<math><mi>{name}</mi><mo>=</mo><mn>{number}</mn></math>; " for number, name in enumerate("abc")
    )
    said = read_page(tmp_path, f'<p>With <span class="{shown}">{formulas}</span> it holds.</p>').text
    assert [name for name in ("a=0", "b=1", "c=2") if name not in said.replace(" ", "")] == []


def test_a_formula_shown_twice_in_one_container_is_written_once(tmp_path: Path) -> None:
    formula = "<math><mi>q</mi></math>"
    said = read_page(tmp_path, f'<p>With <span class="katex">{formula}{formula}</span> it holds.</p>').text
    assert said == "With q it holds."


@pytest.mark.parametrize("name", ["mathjax_process", "MathJax", "katex-page"])
def test_words_beside_a_formula_stay_whatever_is_around_them(tmp_path: Path, name: str) -> None:
    said = read_page(tmp_path, f'<div class="{name}">The load <math><mi>q</mi></math> is small.</div>').text
    assert said == "The load q is small."


def test_formulas_of_which_some_are_the_same_are_all_written(tmp_path: Path) -> None:
    formulas = "".join(f"<math><mi>{name}</mi></math>" for name in "aab")
    assert read_page(tmp_path, f'<p><span class="katex">{formulas}</span></p>').text == "aab"
