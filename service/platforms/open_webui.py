"""Open WebUI's external web search: `POST` of a question and a count, a bare list of links in return."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from corpus.splitting.hidden import seen_in_one_line
from index.query import MAX_K, Query
from service.citations import base_of, link, told_text
from service.http.examples import LINK, QUESTIONS, TEXT
from service.http.opened import ReadCollection
from service.http.routes import IN_COLLECTION, TOO_LARGE
from service.http.rules import asks
from service.platforms.platform import Platform
from service.platforms.questions import ASKED, QUESTION, fitting


class WebSearchRequest(BaseModel):
    """A question as Open WebUI asks it; fields of later versions are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": QUESTIONS[0], "count": 3}]})

    query: str = Field(json_schema_extra=QUESTION, description=ASKED)
    count: int = Field(5, ge=1, le=MAX_K, description=f"How many results at most, 1 to {MAX_K}.")


class WebResultOut(BaseModel):
    """A passage as Open WebUI takes it."""

    link: str = Field(description="Url of the document, or else the page here that shows the quote in it.")
    title: str = Field(description="Title of the document.")
    snippet: str = Field(description="The passage; rows of a table stand under the names of their columns.")


router = APIRouter(prefix="/open-webui", tags=["platforms"], responses=IN_COLLECTION)


@router.post("/search", response_model=list[WebResultOut], responses=TOO_LARGE)
@asks
async def web_search(request: Request, body: WebSearchRequest, collection: ReadCollection) -> list[dict[str, Any]]:
    """Answer as an external web search of Open WebUI."""
    found = await collection.search(Query(fitting(body.query, request), body.count))
    base = base_of(request, collection.name)
    return [
        {
            "link": link(each.citation, base),
            "title": seen_in_one_line(each.citation.title),
            "snippet": told_text(each),
        }
        for each in found.results
    ]


PLATFORM = Platform(
    "Open WebUI",
    [router],
    {"WebResultOut": [{"link": LINK, "title": "The new harbour", "snippet": TEXT}]},
)
