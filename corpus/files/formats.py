"""The kinds of files that are read.

A new kind is an entry of `REGISTRY` and, where its text must be extracted, a module with a `read` function.
"""

from pathlib import PurePath

from corpus.files.kind import CONTAINER_LIMIT, HTML_HEADS, OLE_HEAD, TEXT_LIMIT, ZIP_HEAD, Format, Markup
from corpus.files.text.languages import LANGUAGES

REGISTRY = (
    Format(
        "text", (".txt", ".text", ".log", ".srt", ".vtt", ".tex", ".org", ".adoc"), TEXT_LIMIT, media_type="text/plain"
    ),
    Format(
        "Markdown",
        (".md", ".markdown", ".mdx", ".mkd", ".mdown"),
        TEXT_LIMIT,
        front_matter=True,
        markup=Markup.WRITTEN,
        media_type="text/markdown",
    ),
    Format(
        "HTML",
        (".html", ".htm", ".xhtml"),
        TEXT_LIMIT,
        reader="corpus.files.html.page",
        signatures=HTML_HEADS,
        decoded=True,
        markup=Markup.EXTRACTED,
        media_type="text/html",
    ),
    Format(
        "PDF",
        (".pdf",),
        CONTAINER_LIMIT,
        reader="corpus.files.pdf.reader",
        signatures=(b"%pdf-",),
        signed=True,
        media_type="application/pdf",
    ),
    Format(
        "DOCX",
        (".docx", ".docm", ".dotx"),
        CONTAINER_LIMIT,
        reader="corpus.files.office.docx",
        signatures=(ZIP_HEAD,),
        inside=(
            "wordprocessingml.document.main",
            "wordprocessingml.template.main",
            "ms-word.document.macroEnabled.main",
            "ms-word.template.macroEnabledTemplate.main",
            "word/document.xml",
        ),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    Format(
        "RTF",
        (".rtf",),
        CONTAINER_LIMIT,
        reader="corpus.files.office.rtf",
        signatures=(b"{\\rtf",),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/rtf",
    ),
    Format(
        "PPTX",
        (".pptx", ".pptm", ".ppsx"),
        CONTAINER_LIMIT,
        reader="corpus.files.office.pptx",
        signatures=(ZIP_HEAD,),
        inside=(
            "presentationml.presentation.main",
            "presentationml.slideshow.main",
            "presentationml.template.main",
            "ms-powerpoint.presentation.macroEnabled.main",
        ),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    Format(
        "ODT",
        (".odt", ".ott"),
        CONTAINER_LIMIT,
        reader="corpus.files.office.odt",
        signatures=(ZIP_HEAD,),
        inside=("opendocument.text",),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.oasis.opendocument.text",
    ),
    Format(
        "XLSX",
        (".xlsx", ".xlsm"),
        CONTAINER_LIMIT,
        reader="corpus.files.sheets.xlsx",
        signatures=(ZIP_HEAD,),
        inside=(
            "spreadsheetml.sheet.main",
            "spreadsheetml.template.main",
            "ms-excel.sheet.macroEnabled.main",
            "xl/workbook.xml",
        ),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Format(
        "XLS",
        (".xls",),
        CONTAINER_LIMIT,
        reader="corpus.files.sheets.xls",
        signatures=(OLE_HEAD,),
        inside=("Workbook\0", "Book\0"),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.ms-excel",
    ),
    Format(
        "ODS",
        (".ods",),
        CONTAINER_LIMIT,
        reader="corpus.files.sheets.ods",
        signatures=(ZIP_HEAD,),
        inside=("opendocument.spreadsheet",),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.oasis.opendocument.spreadsheet",
    ),
    Format(
        "CSV",
        (".csv", ".tsv", ".tab"),
        TEXT_LIMIT,
        reader="corpus.files.sheets.delimited",
        decoded=True,
        markup=Markup.EXTRACTED,
        media_type="text/csv",
    ),
    Format(
        "EPUB",
        (".epub",),
        CONTAINER_LIMIT,
        reader="corpus.files.html.epub",
        signatures=(ZIP_HEAD,),
        inside=("application/epub+zip", "application/oebps-package+xml", "META-INF/container.xml"),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/epub+zip",
    ),
    Format(
        "JSON",
        (".json", ".jsonl", ".ndjson", ".geojson"),
        TEXT_LIMIT,
        reader="corpus.files.text.records",
        decoded=True,
        markup=Markup.EXTRACTED,
        media_type="application/json",
        titled_by_file=True,
    ),
    Format(
        "reStructuredText",
        (".rst", ".rest"),
        2_000_000,  # docutils takes half a minute for so many
        reader="corpus.files.text.rst",
        decoded=True,
        markup=Markup.EXTRACTED,
        media_type="text/x-rst",
    ),
    Format(
        "Jupyter notebook",
        (".ipynb",),
        CONTAINER_LIMIT,
        reader="corpus.files.text.notebook",
        decoded=True,
        markup=Markup.WRITTEN,
        media_type="application/x-ipynb+json",
    ),
    Format(
        "source code",
        tuple(LANGUAGES),
        TEXT_LIMIT,
        reader="corpus.files.text.code",
        decoded=True,
        signatures=HTML_HEADS,  # a template of a page is code all the same
        markup=Markup.EXTRACTED,
        media_type="text/plain",
    ),
    Format(
        "ZIP",
        (".zip",),
        CONTAINER_LIMIT,
        reader="corpus.files.archive",
        signatures=(ZIP_HEAD, b"pk\x05\x06"),  # or the list of an empty one
        signed=True,
        media_type="application/zip",
        holds_files=True,
    ),
    Format(
        "EML",
        (".eml",),
        CONTAINER_LIMIT,
        reader="corpus.files.mails.eml",
        markup=Markup.EXTRACTED,
        media_type="message/rfc822",
        holds_files=True,
    ),
    Format(
        "MSG",
        (".msg",),
        CONTAINER_LIMIT,
        reader="corpus.files.mails.msg",
        signatures=(OLE_HEAD,),
        inside=("__nameid_version1.0", "__properties_version1.0", "__substg1.0_"),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.ms-outlook",
        holds_files=True,
    ),
)


def format_of(path: PurePath) -> Format | None:
    """Return the format that a file's name tells, or `None` if files of that name are not read."""
    return next((each for each in REGISTRY if path.suffix.lower() in each.suffixes), None)


def holds_files(path: PurePath) -> bool:
    """Return whether files of a name hold others."""
    named = format_of(path)
    return named is not None and named.holds_files


def suffixes() -> list[str]:
    """Return how the names of the files end that are read, in alphabetical order."""
    return sorted(suffix for each in REGISTRY for suffix in each.suffixes)


def what_is_read() -> str:
    """Return what kinds of files are read, for whoever has another."""
    return f"wherefrom reads {', '.join(each.name for each in REGISTRY)}"
