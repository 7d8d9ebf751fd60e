"""Arrays are read as the library reads them that wrote them, without a copy."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.typing import NDArray
from safetensors.numpy import load

from index.local.lexical.arrays import NUMBERS, read_arrays, written

ARRAYS = st.sampled_from(sorted(NUMBERS.values())).flatmap(lambda kind: arrays_of.arrays(kind, st.integers(0, 40)))


@given(st.dictionaries(st.text(min_size=1, max_size=9), ARRAYS, max_size=6))
def test_what_is_written_is_read_as_the_library_reads_it(arrays: dict[str, NDArray[Any]]) -> None:
    data = written(arrays)
    read, expected = read_arrays(data), load(data)
    assert read.keys() == expected.keys() == arrays.keys()
    for name, each in arrays.items():
        assert (read[name].dtype, read[name].tolist()) == (each.dtype, each.tolist())
        assert read[name].flags.aligned
        assert np.array_equal(read[name], expected[name])


def test_the_same_arrays_are_the_same_bytes_and_cannot_be_written_to() -> None:
    one, other = np.arange(3, dtype=np.uint8), np.arange(4, dtype=np.int64)
    data = written({"one": one, "other": other})
    assert data == written({"other": other, "one": one})
    with pytest.raises(ValueError, match="read-only"):
        read_arrays(data)["one"][0] = 1
