"""Which lines are headings or code by the marks of Markdown, where CommonMark has them, by the tokens of markdown-it.

In a Markdown file all of CommonMark's blocks count. Other texts are read for headings with `#` and for fences, which
web pages and documents of an office are made into; not for indents and underlines, which are no marks there: Chinese
paragraphs begin with wide spaces, those of a letter with four narrow ones, and a line of dashes parts two texts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdx", ".mkd", ".mdown", ".ipynb")  # whose text people wrote in it
# A text without any of these, as most are, has no such lines.
MARK = re.compile(r"#{1,6}[ \t]|```|~~~")
MARKDOWN_MARK = re.compile(rf"{MARK.pattern}|^[ \t]*(?:#{{1,6}}|=+|-+)[ \t]*$|^(?: {{4}}| {{0,3}}\t)", re.MULTILINE)
CONTAINERS = ["blockquote", "list"]
RULES = [*CONTAINERS, "fence", "heading", "paragraph"]
MARKDOWN_RULES = [*RULES, "code", "hr", "html_block", "lheading"]
DEEPEST = 12  # blocks inside each other, two for a level of a list; what is deeper is text
CODE = ("fence", "code_block")
UNDERLINES = ("=", "-")
FULL_STOPS = (".", "。")  # end what was meant for a paragraph above a rule, for all that it is shown as
LONGEST_HEADING = 400  # code points; each passage below has it with it, and what is longer is a text


@dataclass(frozen=True, slots=True)
class Marks:
    """What marks say of the lines of a text, which are counted from 0.

    Attributes:
        code: the lines of blocks of code, fences among them, in which no other mark counts.
        headings: the levels of those that are headings.
        continued: those that go on with the heading in the line before.
        markdown: whether all headings that are underlined are among them.
    """

    code: frozenset[int]
    headings: Mapping[int, int]
    continued: frozenset[int]
    markdown: bool


def is_markdown(source: str) -> bool:
    """Return whether a document is Markdown, by the name of its file."""
    return PurePath(source).suffix.lower() in MARKDOWN_SUFFIXES


def read_marks(text: str, *, markdown: bool) -> Marks:
    """Return what the marks in a text say of its lines; it costs a few seconds for each megabyte at worst."""
    if not (MARKDOWN_MARK if markdown else MARK).search(text):
        return Marks(frozenset(), {}, frozenset(), markdown)
    found = _Found()
    parser = _parser(markdown)
    parser.block.parse(text.replace("\f", " "), parser, {}, found)  # a page may begin with a heading
    found.take()
    return Marks(frozenset(found.code), found.headings, frozenset(found.continued), markdown)


@cache
def _parser(markdown: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST})
    parser.block.ruler.enableOnly(MARKDOWN_RULES if markdown else RULES)
    return parser


class _Found(list[Token]):
    """Stands for the list of all tokens and keeps what they say only: of a megabyte they would take a gigabyte."""

    def __init__(self) -> None:
        super().__init__()
        self.code: set[int] = set()
        self.headings: dict[int, int] = {}
        self.continued: set[int] = set()
        self._heading: Token | None = None  # whose words are in the token after it
        self._last: Token | None = None  # which markdown-it fills only after it has appended it

    def append(self, token: Token) -> None:
        """Take what the token before says."""
        self.take()
        self._last = token

    def take(self) -> None:
        """Take what the last token says."""
        heading, token = self._heading, self._last
        self._heading = token if token and token.type == "heading_open" else None
        if token and token.map and token.type in CODE:
            self.code.update(range(*token.map))
        elif token and heading and heading.map and _is_heading(heading, token.content):
            first, end = heading.map
            lines = range(first, end - (heading.markup in UNDERLINES))
            self.headings.update(dict.fromkeys(lines, int(heading.tag[1])))
            self.continued.update(lines[1:])


def _is_heading(token: Token, words: str) -> bool:
    """Return whether a heading is one of the document; those in lists and quotes are theirs."""
    paragraph = token.markup in UNDERLINES and words.endswith(FULL_STOPS)
    return token.level == 0 and 0 < len(words) <= LONGEST_HEADING and not paragraph
