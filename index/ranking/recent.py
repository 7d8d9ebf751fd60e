"""What was read lately, so that what is asked for again is not read again."""

import threading
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from cachetools import LRUCache

Name = TypeVar("Name")
Known = TypeVar("Known")


class Recent(Generic[Name, Known]):
    """Things by their names, the latest that were asked for. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        """Remember nothing yet, and never more than so many."""
        self._known = LRUCache[Name, Known](most)
        self._lock = threading.Lock()

    def of(self, names: Collection[Name], read: Callable[[list[Name]], Mapping[Name, Known]]) -> dict[Name, Known]:
        """Return the things of some names.

        Args:
            names: in no order.
            read: returns those that are not remembered, unless there are none; two threads may read the same.
        """
        with self._lock:
            known = {name: self._known[name] for name in names if name in self._known}
        if lacking := [name for name in names if name not in known]:
            new = read(lacking)
            with self._lock:
                self._known.update(new)
            known.update(new)
        return known
