"""What was used last, remembered up to a number of things."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class RecentlyUsed(Generic[K, V]):
    """Values by key, of which the one used longest ago is forgotten first; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[K, V] = OrderedDict()

    def recall(self, key: K) -> V | None:
        """Return the value of a key, `None` if it is not remembered."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def remember(self, key: K, value: V) -> None:
        """Remember a value, and forget what there is no room for."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
