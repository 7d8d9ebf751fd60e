"""Texts of kinds that are hard on whoever reads them, as long as one likes, and questions of the same kinds."""

import base64
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import count

Kind = Callable[[int], Iterator[str]]
"""Yields the pieces of a text, given how many of them are wanted at most."""

SEED = 15
WORDS = "river bridge report council harbour teacher winter market station village engine letter garden valley".split()
HAN = "山河桥村水电年月人民工作学校医院火车站台公路新闻天气市场花园老师船"


def text_of(kind: str, characters: int) -> str:
    """Return a text of a kind, of so many characters."""
    pieces, length = list[str](), 0
    for piece in KINDS[kind](characters):
        pieces.append(piece)
        length += len(piece)
        if length >= characters:
            break
    return "".join(pieces)[:characters]


def _repeated(*pieces: str) -> Kind:
    """Return a kind that says the same again and again."""
    return lambda most: (piece for _ in range(most) for piece in pieces)


def _numbered(form: str) -> Kind:
    """Return a kind whose pieces are numbered."""
    return lambda most: (form.format(number) for number in range(most))


def _said(form: str, words: list[str], length: int) -> Kind:
    """Return a kind of so many words by chance in each piece, always the same ones."""

    def said(most: int) -> Iterator[str]:
        chance = random.Random(SEED)
        return (form.format("".join(chance.choices(words, k=length))) for _ in range(most))

    return said


def _bytes(form: Callable[[bytes], bytes], line: int) -> Kind:
    """Return a kind of bytes by chance in a form of letters, so many to a line."""

    def said(most: int) -> Iterator[str]:
        chance = random.Random(SEED)
        return (form(chance.randbytes(line)).decode() for _ in range(most))

    return said


def _first(beginning: str, rest: Kind) -> Kind:
    """Return a kind with something before it."""

    def said(most: int) -> Iterator[str]:
        yield beginning
        yield from rest(most)

    return said


_SPACED = [f"{word} " for word in WORDS]
KINDS: Mapping[str, Kind] = {
    "short lines": _numbered("line {}\n"),
    "short Chinese lines": _said("{}\n", list(HAN), 4),
    "lines of prose": _said("{}\n", _SPACED, 8),
    "lines that differ in nothing": _repeated("the same line again\n"),
    "lines of one character": _said("{}\n", list("abc"), 1),
    "lines with a comma": _said("{},\n", _SPACED, 4),
    "names with commas": _said("{}, name, word\n", WORDS, 1),
    "names and what goes by them": _said("Name: {}\n", _SPACED, 3),
    "paragraphs": _said("{}.\n\n", _SPACED, 30),
    "blank lines": _first("a", _repeated("\n")),
    "one line in English": _said("{}", _SPACED, 9),
    "one line in Chinese": _said("{}", list(HAN), 9),
    "one word": _repeated("a"),
    "one line of spaces": lambda most: iter(["a", " " * (most - 2), "b"]),
    "one line of marks": _repeated("。", "！", ".", ")"),
    "headings": _numbered("# Heading {}\n"),
    "headings of all levels": lambda most: (f"{'#' * (1 + number % 6)} h{number}\n" for number in range(most)),
    "plain headings": _numbered("Heading {}\n\n"),
    "underlined headings": _numbered("Heading {}\n---\n\n"),
    "a heading without end": _first("# ", _said("{}", _SPACED, 9)),
    "texts below a heading of 5,000 letters": _first("# " + "word " * 1000 + "\n", _said("{}.\n\n", _SPACED, 30)),
    "rows of a table": _first("| a | b |\n| --- | --- |\n", _numbered("| row {} | 12 |\n")),
    "rules of tables": _repeated("| --- | --- |\n"),
    "tables of two rows": _numbered("name;place;day\nx;y;{0}\nz;w;{0}\n\n"),
    "rows with commas": _first("name,place,count\n", _numbered("river,{},12\n")),
    "nested lists": lambda most: (f"{'  ' * (number % 40)}- item {number}\n" for number in range(most)),
    "nested quotes": lambda most: (f"{'>' * (number % 60 + 1)} said {number}\n" for number in range(most)),
    "lines that quotes in quotes go on with": _first("> " * 30 + "said\n", _said("{}\n", list("abc"), 1)),
    "fences in lists": _repeated("- ```\n"),
    "indented lines": _repeated("    code\n\n"),
    "a comment without end": _first("# Heading\n\n<!--\n", _numbered("# line {}\n")),
    "a line of quote marks": _repeated(">"),
    "fences": _numbered("```\ncode {}\n"),
    "form feeds": _first("a", _repeated("\f")),
    "pages": _numbered("Report of the council\nand on page {0} it says that\n- {0} -\f"),
    "pages edged with marks": lambda most: (f"{'-' * 400}1{'-' * 400}a\f" for _ in range(most)),
    "captions between halves": _numbered(
        "the sentence goes on, and so does the line of {} words that\n\nA picture. 摄\n\n"
    ),
    "years": lambda most: (
        f"in {1900 + number % 120}, FY{number % 90 + 10}, 昭和{number % 60 + 1}年 " for number in count()
    ),
    "digits": _repeated("0123456789"),
    "digits and commas": _repeated("123,456,"),
    "dates": _numbered("2024-01-{:02}, 3/4/2025, 11. März, "),
    "telephone numbers": _numbered("+49 30 {:07} "),
    "numerals": _repeated("dreizehn" * 9, " ", "quatre-vingt-dix-" * 9, " "),
    "Chinese numerals": _repeated("一万", "十三", "百分之"),
    "hidden characters": _repeated("a\u200b\u200d\ufe0f\u202e"),
    "combining marks": _repeated("e\u0301\u0316"),
    "emoji": _repeated("👩‍👩‍👧‍👦"),
    "right-to-left": _said("{} ", ["كتاب ", "מים ", "نهر "], 6),
    "square brackets": _repeated("["),
    "round brackets": _repeated("("),
    "curly quotes": _repeated("”", "“", "a"),
    "base64": _bytes(base64.b64encode, 57),
    "lines of base64": _bytes(base64.encodebytes, 57),
    "a picture": _first("![a](data:image/png;base64,", _bytes(base64.b64encode, 57)),
    "pictures": lambda most: (
        f"![a](data:image/png;base64,{chunk})\n\nText {number}.\n\n"
        for number, chunk in enumerate(_bytes(base64.b64encode, 570)(most))
    ),
    "hexadecimal": _bytes(lambda data: data.hex().encode(), 32),
    "letters with hyphens": _repeated("a-"),
    "addresses": _numbered("https://example.org/a/{}?b=c&d=e "),
    "line ends of all kinds": _numbered("line {}\r\nand\rmore\u2028and\x0bmore\x85\n"),
    "Markdown's marks": _repeated("**", "__", "`", "*a*"),
}


def questions(length: int) -> Iterator[tuple[str, str]]:
    """Yield each kind with a question of so many characters that is of it."""
    for kind in KINDS:
        if question := text_of(kind, length).strip():
            yield kind, question
