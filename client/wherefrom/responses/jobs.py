"""What a service tells of files that it was given: each is a job until it is a document, or is refused."""

from typing import Literal

from wherefrom.responses.response import Response

ENDED = frozenset({"done", "failed", "cancelled"})


class Job(Response):
    """A file on its way to being a document.

    Attributes:
        id: of the job.
        state: `queued`, `reading`, `embedding`, and at last `done`, `failed` or `cancelled`.
        source: name of the file.
        collection: that the document is to stand in.
        documents: ids of what it has become.
        pages: of the file, where it has any.
        passages: that are embedded so far.
        total: passages that there are to embed; `None` before the file has been read.
        reason: why it failed, or what of its file was not read.
        created: when the file came.
        changed: when anything of this changed.
    """

    id: str
    state: Literal["queued", "reading", "embedding", "done", "failed", "cancelled"]
    source: str
    collection: str
    documents: list[str]
    pages: int | None
    passages: int
    total: int | None
    reason: str | None
    created: str
    changed: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED


class Jobs(Response):
    """Several jobs."""

    jobs: list[Job]
    request_id: str
