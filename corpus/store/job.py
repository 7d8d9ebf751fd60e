"""The job: a file that was accepted and is read, cut and embedded while nobody waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Any


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = auto()
    READING = auto()
    EMBEDDING = auto()
    DONE = auto()
    FAILED = auto()
    CANCELLED = auto()

    @property
    def ended(self) -> bool:
        """Whether nothing more becomes of it."""
        return self in ENDED


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Job:
    """A file on its way to a document, or to several.

    Attributes:
        job_id: its name.
        state: how far it is.
        source: name of the file.
        created: when it was accepted, in UTC: `2026-11-26T20:51:07Z`.
        changed: when this was written.
        document_id: of the document it becomes, the first of several, where that is known; chosen by whoever sent the
            file, or its name's.
        facts: what the sender said of the document.
        pages: how many the file has, once it was read and if it has any.
        passages: how many are embedded.
        total: how many there are, once the document was cut.
        reason: why it failed, or what of its file could not be read, for the sender.
        documents: the ids of all that are stored, if its file holds several.
    """

    job_id: str
    state: JobState
    source: str
    created: str
    changed: str
    document_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    pages: int | None = None
    passages: int = 0
    total: int | None = None
    reason: str | None = None
    documents: tuple[str, ...] = ()
