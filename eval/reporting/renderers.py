"""The files a report is written to: Markdown always, HTML where the extra `report` is installed."""

from collections.abc import Callable
from pathlib import Path

from corpus.errors import InvalidInput, WherefromError
from eval.reporting import markdown
from eval.reporting.report import Report

Renderer = Callable[[Report], str]


class LibraryMissing(WherefromError):
    """What was asked for needs a library that is not installed."""


def renderer_for(path: Path) -> Renderer:
    """Return what writes a report in the format that the suffix of `path` names.

    Raises:
        InvalidInput: if no format has that suffix.
        LibraryMissing: if the format needs a library that is not installed.
    """
    match path.suffix.lower():
        case ".md":
            return markdown.render
        case ".html":
            return _page()
    raise InvalidInput(f"{path}: a report is written as .html or .md; name the file so")


def _page() -> Renderer:
    try:
        from eval.reporting import html  # only now: its libraries come with an extra
    except ModuleNotFoundError as error:
        install = "pip install 'wherefrom[report]', or write a .md"
        raise LibraryMissing(f"an HTML report needs {error.name}, which is not installed; {install}") from None
    return html.render
