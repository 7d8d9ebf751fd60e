"""reStructuredText as docutils reads it, with nothing inserted, run or fetched, laid out as web pages are.

Directives and roles that docutils does not know, most of them Sphinx's, say what is in them.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree
from docutils.parsers.rst import Directive, directives, roles

from corpus.files.allowance import grant
from corpus.files.extract import Extract, stated_author
from corpus.files.folders.metadata import Metadata
from corpus.files.html.markdown import markdown_of
from corpus.files.html.nesting import parsed
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes

BYTE_SECONDS, BYTE_MEMORY = 60e-6, 2_000  # granted, several times what it takes
LONGEST_LINE = 1_000_000
SETTINGS = {
    "_disable_config": True,  # a file of settings that lies about is not ours
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 6,  # never
    "report_level": 2,  # whatever is wrong, for what could not be read stands in what is told of it
    "line_length_limit": LONGEST_LINE,
    "embed_stylesheet": False,
    "stylesheet_path": "",
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "output_encoding": "unicode",
}
# Directives of Sphinx that only steer it, and those whose content is code.
STEERING = frozenset(
    "toctree index highlight tabularcolumns currentmodule module py:currentmodule py:module default-domain".split()
)
CODE = frozenset("literalinclude testcode testsetup testoutput doctest ipython prompt console productionlist".split())
HISTORY = frozenset({"versionadded", "versionchanged", "versionremoved", "deprecated"})  # what their names say counts
TARGET = re.compile(r"\s*<[^<>]*>$")  # where a role leads


def read(path: Path, decoding: Decoding = STRICT) -> Extract:
    """Return what a text says, and its title and author.

    Raises:
        UnreadableFile: if its encoding cannot be told.
    """
    data = read_bytes(path)
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    text = decode(data, path.name, decoding=decoding).removeprefix("\ufeff")
    settings = SETTINGS | {"warning_stream": io.StringIO()}
    with _tolerance():
        document = publish_doctree(text, settings_overrides=settings)
    _tidy(document)
    page = parsed(publish_from_doctree(document, writer="html5", settings_overrides=settings))
    author = next(iter(document.findall(nodes.author)), None)
    return Extract(
        markdown_of(page.body or page),
        Metadata(title=document.get("title") or None, author=stated_author(author.astext()) if author else None),
    )


def _tidy(document: nodes.document) -> None:
    """Put what could not be read where it is told of, as it was written, and take out what repeats the headings."""
    for message in list(document.findall(nodes.system_message)):
        message.parent.replace(message, [each for each in message if isinstance(each, nodes.literal_block)])
    document.parse_messages.clear()
    document.transform_messages.clear()
    for topic in list(document.findall(nodes.topic)):
        if "contents" in topic["classes"]:
            topic.parent.remove(topic)


class _AnyOption(dict[str, Callable[[str], str]]):
    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged  # type: ignore[no-any-return]


class _Unknown(Directive):  # type: ignore[misc]
    """A directive that is not known: what it is about, a paragraph, and what it says."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption({"": directives.unchanged})

    def run(self) -> list[nodes.Node]:
        if self.name in STEERING:
            return []
        said = nodes.container()
        if self.arguments:
            about, _ = self.state.inline_text(self.arguments[0], self.lineno)
            named = [nodes.Text(f"{self.name}: ")] if self.name in HISTORY else []
            said += nodes.paragraph("", "", *named, *about)
        if self.name in CODE:
            said += nodes.literal_block("", "\n".join(self.content))
        else:
            self.state.nested_parse(self.content, self.content_offset, said)
        return [said]


def _role(name: str, raw: str, text: str, *rest: object) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return what a role that is not known shows."""
    return [nodes.inline(raw, TARGET.sub("", nodes.unescape(text)).lstrip("~!") or text)], []


@contextmanager
def _tolerance() -> Iterator[None]:
    """Have what docutils does not know read as what it says."""
    directive, role = directives.directive, roles.role

    def any_directive(name: str, *rest: object) -> tuple[type[Directive], list[nodes.Node]]:
        found, _ = directive(name, *rest)
        return found or _Unknown, []

    def any_role(name: str, *rest: object) -> tuple[object, list[nodes.Node]]:
        found, _ = role(name, *rest)
        return found or _role, []

    directives.directive, roles.role = any_directive, any_role
    try:
        yield
    finally:
        directives.directive, roles.role = directive, role
