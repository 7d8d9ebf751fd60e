"""What is sent to workers and comes back, as bytes; it never leaves the processes and nodes of one run."""

import io
import pickle
from collections.abc import Callable
from types import MappingProxyType
from typing import Any


def packed(value: object) -> bytes:
    """Return a value as bytes; functions and classes are named, not copied, so that a receiver must have them."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    # What a document says of itself cannot be changed, and pickle does not know of such mappings.
    pickler.dispatch_table = {MappingProxyType: _reduced}
    pickler.dump(value)
    return buffer.getvalue()


def unpacked(data: bytes) -> Any:
    """Return the value that bytes hold."""
    return pickle.loads(data)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    return _fixed, (dict(mapping),)


def _fixed(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)
