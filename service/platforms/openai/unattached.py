"""Uploaded files that are attached to nothing: how many there may be, and how long they are kept."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT
from corpus.store.truth import Reader
from corpus.store.uploads import Upload
from service.backend.backend import Backend
from service.errors import Crowded
from service.platforms.platform import Running
from service.settings import Settings

logger = logging.getLogger(__name__)

EXPIRES_SECONDS = 7 * 24 * 3600  # after a file came, if it is attached to nothing then
SWEPT_SECONDS = 3600.0  # between two looks for such files
LOADED_SECONDS = 0.2  # between two looks whether the collections are there
MOST = 1_000  # files that are attached to nothing
MOST_BYTES = 2_000_000_000  # that they have together: a hundred of the largest
PREFIX, AFTER_PREFIX = "file-", "file."  # of the ids of uploaded files, and what comes after all of them


async def holders(backend: Backend, file_id: str) -> list[str]:
    """Return the names of the collections that a file is attached to: it is a document there, or was to become one."""

    def holds(reader: Reader) -> bool:
        return reader.document_sequence(file_id) is not None or bool(reader.jobs.unstored(file_id))

    return [name for name, held in (await backend.collections.each(holds)).items() if held]


async def attachments(backend: Backend) -> dict[str, set[str]]:
    """Return which uploaded files are attached, by the names of the collections that can be read."""

    def held(reader: Reader) -> set[str]:
        becoming = {job.document_id for job in reader.jobs.unstored() if job.document_id}
        return {*reader.document_ids(PREFIX, AFTER_PREFIX), *becoming}

    return await backend.collections.each(held)


async def check_room(backend: Backend, size: int) -> None:
    """Refuse a file of so many bytes where as many as may wait are attached to nothing.

    Raises:
        Crowded: then.
    """
    default = await backend.collections.get(DEFAULT)
    files, total = await default.read(lambda reader: reader.uploads.total())
    if files < MOST and total + size <= MOST_BYTES:
        return
    waiting = await _unattached(backend)
    if len(waiting) >= MOST or sum(each.bytes for each in waiting) + size > MOST_BYTES:
        raise Crowded(
            f"{len(waiting):,} files of {MOST:,} at most, and of {MOST_BYTES:,} bytes together, are attached to no "
            "vector store; attach or delete some"
        )


async def sweep(backend: Backend, now: float) -> list[str]:
    """Remove the files that came long ago and are attached to nothing, and return their ids.

    Nothing is removed where a collection cannot be read, for it may need the files.
    """
    there = set(await backend.collections.names())
    waiting = await _unattached(backend, there)
    expired = [each.upload_id for each in waiting if each.created + EXPIRES_SECONDS <= now]
    if expired:
        default = await backend.collections.get(DEFAULT)
        await default.note(lambda writer: writer.uploads.remove(expired))
    return expired


async def _unattached(backend: Backend, needed: set[str] | None = None) -> list[Upload]:
    """Return the files that are attached to nothing; none unless all collections that are needed can be read."""
    default = await backend.collections.get(DEFAULT)
    uploads = await default.read(lambda reader: reader.uploads.all())
    held = await attachments(backend)
    if needed is not None and not needed <= set(held):
        logger.warning("no uploaded files are removed, for not every collection can be read")
        return []
    attached = set[str]().union(*held.values())
    return [each for each in uploads if each.upload_id not in attached]


def sweeping(app: FastAPI, settings: Settings) -> Running:
    """Return what removes such files while an app runs: once it is loaded, and now and then."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        task = asyncio.create_task(_sweep_now_and_then(app))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return run


async def _sweep_now_and_then(app: FastAPI) -> None:
    backend: Backend = app.state.backend
    while not backend.ready:
        await asyncio.sleep(LOADED_SECONDS)
    while True:
        try:
            if gone := await sweep(backend, time.time()):
                logger.info("%d uploaded files are removed, attached to nothing for long", len(gone))
        except WherefromError as error:
            logger.warning("uploaded files are not looked through: %s", error)
        except Exception:  # a fault of ours must not end it for good
            logger.exception("uploaded files are not looked through")
        await asyncio.sleep(SWEPT_SECONDS)
