"""Arrays end to end in one file, as safetensors has them: looked at where they stand, so that nothing is read twice.

That library writes the file; it would copy what it reads. The form is its own: the length of a head in eight bytes, the
head in JSON, and the arrays, each at a place that its numbers may stand at.
"""

import json
from collections.abc import Mapping
from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

LENGTH = np.dtype("<u8")
NUMBERS = {"U64": "<u8", "I64": "<i8", "U32": "<u4", "I32": "<i4", "U8": "u1"}


def written(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays of whole numbers as `read_arrays` reads them: the same bytes for the same arrays."""
    return save(dict(arrays))


def read_arrays(data: bytes | mmap) -> dict[str, NDArray[Any]]:
    """Return the arrays in what `written` wrote and nobody has changed; they stand in it and cannot be written to."""
    length = int(np.frombuffer(data, LENGTH, 1)[0])
    begin = LENGTH.itemsize + length
    head: dict[str, dict[str, Any]] = json.loads(data[LENGTH.itemsize : begin])
    return {
        name: np.frombuffer(data, NUMBERS[each["dtype"]], each["shape"][0], begin + each["data_offsets"][0])
        for name, each in head.items()
    }
