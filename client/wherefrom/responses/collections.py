"""What a service tells of its collections."""

from wherefrom.responses.response import Response


class Collection(Response):
    """Documents that are kept and searched together, apart from those of other collections.

    Attributes:
        name: by which requests choose it.
        documents: how many there are in it.
        passages: how many these are cut into.
        model: that embeds them.
        created: when it was made, where that is known.
    """

    name: str
    documents: int
    passages: int
    model: str
    created: str | None


class Collections(Response):
    """All collections that a key opens, by name."""

    collections: list[Collection]
    request_id: str
