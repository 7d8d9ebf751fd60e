"""What stands in the words of a web page and is no plain word: readings, formulas, buttons, code with numbered lines.

Each becomes what a reader sees, once. Done before anything is left out, so that no part of a sentence goes with it.
"""

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from corpus.files.html.formula import formula_text, tex_text
from corpus.files.html.names import names_of
from corpus.files.html.weights import HEADINGS, drop, is_gone, is_sentence

# What shows one formula more than once: to eyes, and to programs that read aloud.
SHOWN = re.compile(r"(?:katex|mathjax|mwe-math|mjx-|mjx_)", re.IGNORECASE)
TEX_SCRIPT = re.compile(r"math/tex")
WORD = re.compile(r"[^\W\d_]{3,}")  # no letter of a formula
DIGITS = re.compile(r"[\d\s]+")
ANCHOR = re.compile(r"\s*[¶#§🔗\s]+")
EDIT = re.compile(r"\[[^\[\]]*\]")
MOST_READ = 100  # pieces of words that are looked at, as many as anybody writes
MOST_AROUND = 8  # elements that a formula is shown in, one in another
LONG_BEGINNING = 2_000  # characters at the beginning of what a button opens, which tell whether it is a text
TITLES = (*HEADINGS, "summary", "dt", "legend")  # a button in one of them is its words
QUESTION = re.compile(r"[?？]\s*$")


def plain_marks(page: BeautifulSoup) -> None:
    """Replace what is no plain word in a page by what a reader sees."""
    for ruby in page.find_all("ruby"):
        if not is_gone(ruby):
            _put_readings_behind(ruby)
    _write_formulas(page)
    _keep_titles_in_buttons(page)
    for heading in page.find_all(HEADINGS):
        _drop_anchors(heading)
    for table in page.find_all("table"):
        _drop_line_numbers(table)
    for code in page.find_all("code"):
        if code.find("br") is not None and code.find_parent("pre") is None:
            code.name = "pre"


def _drop_anchors(heading: Tag) -> None:
    """Drop what stands in a heading to link to it or to change it: signs, and words in brackets that are links."""
    for link in heading.find_all(["a", "span"]):
        if is_gone(link):
            continue
        if ANCHOR.fullmatch(link.get_text()) or (
            link.find("a") is not None and EDIT.fullmatch(link.get_text(strip=True))
        ):
            link.decompose()


def _put_readings_behind(ruby: Tag) -> None:
    """Put how words are read behind them, in brackets: between them it would tear them apart."""
    following = ruby.next_sibling
    while isinstance(following, Tag) and following.name == "ruby" and len(ruby.contents) < MOST_READ:
        ruby.extend(list(following.contents))
        drop(following)
        following = following.next_sibling
    for bracket in ruby.find_all("rp"):
        bracket.decompose()
    readings = "".join(reading.extract().get_text(strip=True) for reading in ruby.find_all(["rt", "rtc"]))
    words = "".join(ruby.get_text().split("\n")).strip()
    _write(ruby, f"{words}({readings})" if readings else words)


def _write(element: Tag, words: str) -> None:
    """Put words in place of an element; taken out, it would be looked for among its siblings, however many."""
    element.clear(decompose=True)
    element.name, element.attrs = "span", {}
    element.append(NavigableString(words))


def _write_formulas(page: BeautifulSoup) -> None:
    """Write each formula once, in place of all that shows it."""
    for script in page.find_all("script", type=TEX_SCRIPT):
        for before in _shown_before(script):
            drop(before)
        _write(script, tex_text(script.get_text()))
    said = [(formula, formula_text(formula)) for formula in page.find_all("math")]
    inside: dict[int, set[str]] = {}  # what formulas there are in an element, by its `id()`
    words: dict[int, set[str]] = {}  # and what words, of those that are asked
    for formula, text in said:
        for around in islice(formula.parents, MOST_READ):
            inside.setdefault(id(around), set()).add(text)
    shown = [_what_shows(formula, inside, words) for formula, _ in said]  # all of them, before the first is written
    for (formula, text), what in zip(said, shown, strict=True):
        if not is_gone(formula):
            _write(what, text)


def _shown_before(script: Tag) -> Iterator[Tag]:
    """Yield what stands right before the source of a formula and shows it."""
    for before in islice(script.previous_siblings, MOST_READ):
        if isinstance(before, Tag) and SHOWN.search(" ".join(names_of(before))):
            yield before
        elif before.get_text(strip=True) or isinstance(before, Tag):
            return


def _what_shows(formula: Tag, inside: dict[int, set[str]], beside: dict[int, set[str]]) -> Tag:
    """Return the outermost element that shows a formula, and neither another one nor words of a text."""
    shown, words = formula, set(WORD.findall(formula.get_text(" ")))
    for around in islice(formula.parents, MOST_AROUND):
        if len(inside[id(around)]) > 1:
            break
        if around.name in ("span", "div", "mjx-container", "mjx-assistive-mml") and _shows_formulas(around):
            if id(around) not in beside:
                beside[id(around)] = set(WORD.findall(around.get_text(" ")))
            if not words.issuperset(beside[id(around)]):
                break
            shown = around
        elif around.name not in ("span", "mjx-assistive-mml"):
            break
    return shown


def _shows_formulas(element: Tag) -> bool:
    return (
        element.name.startswith("mjx-")
        or SHOWN.match(" ".join(map(str, element.get_attribute_list("class")))) is not None
    )


def _keep_titles_in_buttons(page: BeautifulSoup) -> None:
    """Keep the words of buttons that are titles or open a text, and no others."""
    buttons = page.find_all("button")
    controlled = {str(element["id"]): element for element in page.find_all(id=True)} if buttons else {}
    for button in buttons:
        if is_gone(button):
            continue  # it stood in another
        if button.find_parent(TITLES) is not None:
            button.unwrap()
        elif QUESTION.search(button.get_text()) or _opens_text(button, controlled):
            button.name = "p"
        else:
            button.clear()  # that it stood here is told by a field that nobody writes in
            button.name, button["type"] = "input", "button"


def _opens_text(button: Tag, controlled: dict[str, Tag]) -> bool:
    names = (str(button.get(name, "")).lstrip("#") for name in ("aria-controls", "data-bs-target", "data-target"))
    opened = [controlled[name] for name in names if name in controlled]
    following = button.find_next_sibling()
    opened += [following] if isinstance(following, Tag) and not opened else []
    return any(each.name not in ("nav", "button") and _begins_with_sentence(each) for each in opened)


def _begins_with_sentence(element: Tag) -> bool:
    return is_sentence("".join(islice(element.strings, MOST_READ))[:LONG_BEGINNING])


def _drop_line_numbers(table: Tag) -> None:
    """Drop the cell that numbers the lines of the code in the next, so that the code is no row of a table."""
    if table.find("pre") is None:
        return
    for cell in table.find_all(["td", "th"]):
        if DIGITS.fullmatch(cell.get_text()) and cell.find_next_sibling() is not None:
            drop(cell)
