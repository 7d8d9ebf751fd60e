"""Libraries that compute are told to use one thread, and obey."""

import faiss
import numpy as np
from threadpoolctl import threadpool_info

from index.threads import compute_with_one_thread


def test_linear_algebra_and_faiss_use_one_thread() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    compute_with_one_thread()
    pools = threadpool_info()
    assert pools
    assert {pool["num_threads"] for pool in pools} == {1}
    assert faiss.omp_get_max_threads() == 1
