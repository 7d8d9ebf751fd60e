"""The collection that a request is about: named in its address or its body, and open to whoever sent it."""

from typing import Annotated

from fastapi import Depends, Query, Request

from corpus.errors import InvalidInput
from corpus.store.collections import DEFAULT, NAME, SHOWN
from service.backend.backend import Backend
from service.backend.collection import Collection
from service.backend.collections import no_collection
from service.http.access import Scope, asker_of
from service.http.address import collections_in
from service.http.bounds import COLLECTION
from service.http.requests import NAMED
from service.settings import Settings

CollectionName = Annotated[str | None, Query(json_schema_extra=COLLECTION, description=NAMED)]


async def opened(request: Request, scope: Scope, named: str | None = None) -> Collection:
    """Return the collection of a request.

    Args:
        request: whose address may name it.
        scope: what is done with it.
        named: what the body says, if it says anything.

    Raises:
        Unauthorized, Forbidden: if the request may not do that there, whether or not there is such a collection.
        InvalidInput: if address and body name two, or nothing can be called that.
        NotFound: if there is none of that name.
        NotReady: if the collections are not loaded.
    """
    name = name_of(request, named)
    asker_of(request).check(scope, name)
    backend: Backend = request.app.state.backend
    return await backend.collections.get(name)


async def called(request: Request, name: str, scope: Scope) -> Collection:
    """Return the collection that another platform calls so: by its name, or by the setting that stands for `default`.

    Raises:
        NotFound: if there is none; and as `opened`.
    """
    settings: Settings = request.app.state.settings
    named = DEFAULT if name == settings.knowledge_id else name
    if not NAME.fullmatch(named):
        raise no_collection(repr(name[:SHOWN]))
    return await opened(request, scope, named)


def name_of(request: Request, named: str | None = None) -> str:
    """Return the name of the collection that a request is about.

    Raises:
        InvalidInput: if it names two.
    """
    names = {each for each in (*collections_in(request.scope), named) if each}
    if len(names) > 1:
        told = " and ".join(repr(name) for name in sorted(names))
        raise InvalidInput(f"collection is {told} in one request; name one")
    return next(iter(names), DEFAULT)


async def _reading(request: Request, collection: CollectionName = None) -> Collection:
    return await opened(request, Scope.READ, collection)


async def _writing(request: Request, collection: CollectionName = None) -> Collection:
    return await opened(request, Scope.WRITE, collection)


ReadCollection = Annotated[Collection, Depends(_reading)]
WriteCollection = Annotated[Collection, Depends(_writing)]
