"""The page for people: files that a browser gets as they are, with headers that keep everything foreign out.

The page asks the same HTTP interface as any other client; nothing about it is known here.
"""

import json
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from corpus.files.formats import REGISTRY, suffixes
from service.http.rules import open_to_all

WEB = Path(__file__).parents[1] / "web"
ASSETS = WEB / "assets"
# The question and its answers, the documents there are, one of them at a quoted place, and the HTTP interface.
DOCS = "docs.html"
PAGES = {"/": "index.html", "/library": "library.html", "/source": "source.html", "/docs": DOCS}

# A document or a question may hold anything, so the page may load, send and run nothing but what comes with it; and
# Chromium and its kin refuse to read any text as markup there.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
# Swagger UI writes styles into what it makes, has pictures in its own, and shows those that it is answered.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FORMATS = "/assets/formats.js"
KEPT = "no-cache"  # kept, but compared by ETag each time, so that an update is one at once


@open_to_all
class PageFiles(StaticFiles):
    """Static files with the headers of the page; the others are those of every answer."""

    def file_response(self, full_path: str | PathLike[str], *args: Any, **kwargs: Any) -> Response:
        """Return a file, or that it has not changed, with our headers."""
        response = super().file_response(full_path, *args, **kwargs)
        policy = DOCS_POLICY if Path(full_path).name == DOCS else POLICY
        response.headers.update({"Content-Security-Policy": policy, "Cache-Control": KEPT})
        return response


def _formats() -> str:
    """Return the module that tells the page which files are read; what is read is written down once."""
    endings, names = json.dumps(suffixes()), json.dumps([each.name for each in REGISTRY])
    return f"export const ENDINGS = {endings};\nexport const FORMATS = {names};\n"


def add_page(app: FastAPI) -> None:
    """Make an app serve the page; it needs no key, for it holds no document."""
    files = PageFiles(directory=WEB)

    async def page(name: str, request: Request) -> Response:
        return await files.get_response(name, request.scope)

    async def described(request: Request) -> Response:
        return JSONResponse(app.openapi())

    async def formats(request: Request) -> Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": KEPT}
        return Response(_formats(), media_type="text/javascript", headers=headers)

    app.add_route(FORMATS, open_to_all(formats), include_in_schema=False)
    app.add_route("/openapi.json", open_to_all(described), include_in_schema=False)
    for path, name in PAGES.items():
        app.add_route(path, open_to_all(partial(page, name)), include_in_schema=False)
    app.mount("/docs/assets", PageFiles(directory=Path(fastapi_offline.__file__).parent / "static"))
    app.mount("/assets", PageFiles(directory=ASSETS))
