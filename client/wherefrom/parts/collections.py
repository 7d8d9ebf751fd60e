"""Collections as a whole."""

from wherefrom.calls.collections import collections_call, create_collection_call, delete_collection_call
from wherefrom.parts.sending import AsyncSender, Sender
from wherefrom.responses import Collection


class Collections(Sender):
    """What makes and removes collections of a service."""

    def collections(self) -> list[Collection]:
        """Return all collections that the key opens, by name."""
        return self._send(collections_call()).collections

    def create_collection(self, name: str) -> Collection:
        """Make a collection; its name is of small letters, digits, `_` and `-`. If there is one, that fails (409)."""
        return self._send(create_collection_call(name))

    def delete_collection(self, name: str) -> None:
        """Remove a collection with all that is in it; `default` stays (409)."""
        self._send(delete_collection_call(name))


class AsyncCollections(AsyncSender):
    """The same with an event loop."""

    async def collections(self) -> list[Collection]:
        """Return all collections that the key opens, by name."""
        return (await self._send(collections_call())).collections

    async def create_collection(self, name: str) -> Collection:
        """Make a collection; its name is of small letters, digits, `_` and `-`. If there is one, that fails (409)."""
        return await self._send(create_collection_call(name))

    async def delete_collection(self, name: str) -> None:
        """Remove a collection with all that is in it; `default` stays (409)."""
        await self._send(delete_collection_call(name))
